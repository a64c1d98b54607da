"""Which processes of a service the user's files and the defaults define, told without anything that runs."""

from app.paths import Home
from app.wiring.own_files.files import layered
from app.wiring.plans.kinds import KINDS
from services.core.errors import UserError
from services.orchestrator.definitions import process_files


def defined_for(home: Home, service: str) -> frozenset[str]:
    """The names of those that would start with Dreamscape; a file with a mistake defines nothing yet."""
    own = {kind for kind, made in KINDS.items() if made.service == service}
    names = {name.removesuffix(".yaml") for name in layered(service, home.strategies)}
    for path in (*home.processes.glob("*.yaml"), *home.processes.glob("*.yml")):
        try:
            definition = process_files.load(path, KINDS)
        except UserError:  # told at the start, where nothing of it runs
            continue
        if definition.enabled and definition.kind in own:
            names.add(definition.name)
    return frozenset(names)

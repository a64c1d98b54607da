"""A child interpreter of ours works without window, store, settings or any client that it does not use."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.paths import Home
from app.program import Program
from app.settings.model import Project
from app.wiring.plans.project_plans import project_plan
from services.core.process import Isolation, Process
from services.core.store.schema import events
from services.orchestrator.commands import CancelProcess
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.history.projections import Processes
from tests.support.loaded import Campaign, Loaded, Trader, Watch
from tests.support.projects import commit, environment, write
from tests.support.until import until


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Program]:
    program = Program(Home(tmp_path / "home", "a test"), {"PATH": os.environ["PATH"]})
    program.run_steps()
    yield program
    program.close()


def as_told(plan: Plan, kind: type[Process]) -> Plan:
    """The same plan, by a class that tells what was imported."""
    modules = (*plan.modules, kind.__module__)
    assert plan.isolation is Isolation.PROCESS
    return replace(plan, name="told", path=f"{kind.__module__}:{kind.__name__}", modules=modules, triggers=())


def what_is_loaded(program: Program, plan: Plan) -> Loaded:
    """Run the plan in its child until it has really worked, end it, and hear what it tells."""
    orchestrator = program.engine.orchestrator
    program.engine.ask(lambda: orchestrator.begin(orchestrator.define(plan)))

    def row():
        return program.engine.view.value(Processes).named("told")

    def told() -> list[str]:
        with program.engine.store.reading.connect() as connection:
            query = select(events.c.payload).where(events.c.name == Loaded.type_name)
            return list(connection.execute(query).scalars())

    until(lambda: told() or (row() and row().state == "running" and row().doing))
    if not told():
        program.engine.commands.dispatch(CancelProcess("told")).result(30)
    until(told)
    return Loaded.decode(told()[0], 1)


@pytest.mark.parametrize(("name", "kind"), [("macd-eth-btc", Trader), ("build-in-public", Campaign)])
def test_the_bots_load_nothing_that_they_do_not_use(running: Program, name: str, kind: type[Process]) -> None:
    plan = running.engine.orchestrator.units[name].plan
    running.engine.commands.dispatch(CancelProcess(name)).result(30)
    loaded = what_is_loaded(running, as_told(plan, kind))
    assert loaded.heavy == []
    assert loaded.total > 100


def test_the_project_watch_loads_nothing_that_it_does_not_use(running: Program, tmp_path: Path) -> None:
    project = write(tmp_path / "small", {"test_small.py": "def test_small():\n    assert 1 + 1 == 2\n"})
    environment(project / ".venv")
    write(project, {".gitignore": ".venv\n"})
    commit(project)
    loaded = what_is_loaded(running, as_told(project_plan(Project(path=project), running.home), Watch))
    assert loaded.heavy == []

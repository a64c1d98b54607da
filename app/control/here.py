"""Commands carried out in this very process, when no instance runs: under the lock, on the stored state."""

from __future__ import annotations

import os
from functools import partial

from app.control.answers import Answers
from app.control.at_rest import AtRest
from app.control.client import NotRunning, ask
from app.control.lock import HomeLock, HomeTaken
from app.control.one_decision import DecisionFields
from app.control.protocol import Document, Request
from app.control.readings import DecisionsFields, InboxFields, PsFields, fields_as, inbox, ps, rules
from app.control.stored import open_stored
from app.engine import Engine, Places
from app.paths import Home
from services.core.clock import SystemClock
from services.core.errors import UserError
from services.core.logs import Redactor
from services.core.workers import ThreadWorkers
from services.orchestrator.commands import Customise
from services.orchestrator.history.projections import Processes

_OF_FILES = ("process-add", "customise", "stop-trading")
"""What can be done before anything has run."""
PATIENCE = 5.0
"""Seconds to wait for another command that runs here at this moment."""


def open_here(home: Home) -> Engine:
    """An engine on the home's store with nothing under supervision. The caller holds the lock, and closes it.

    The seam where one command meets the wiring: what it needs of the program is put together here and nowhere else.
    """
    from app.wiring.handlers import all_handlers
    from app.wiring.learning import learning_in
    from app.wiring.projections import all_projections

    clock = SystemClock()
    places = Places(home.store, home.samples, home.backups)
    engine = Engine(places, clock, ThreadWorkers(clock), all_handlers(home, clock))
    _hide_secrets(home, engine.redactor)
    engine.open(all_projections())
    engine.assemble(learning_in(engine))
    return engine


def _hide_secrets(home: Home, redactor: Redactor) -> None:
    """What is told here is kept for good, as it is where an instance runs: so the same secrets are masked.

    A keyring that does not answer in time is done without; those of the environment are masked all the same.
    """
    from app.secrets import Secrets
    from app.settings.fields import secrets_in
    from app.settings.load import load

    secrets = Secrets(os.environ)
    kept = secrets.from_keyring() if secrets.needs_keyring() else {}
    for secret in (*secrets_in(load(home, os.environ).settings), *kept.values()):
        redactor.register(secret.get_secret_value())


def tell(home: Home, request: Request) -> Document:
    """Have something done: by the running instance, else here.

    Raises ``UserError`` (and what ``client.ask`` and the commands raise) where it cannot be done.
    """
    for _ in range(2):
        try:
            return ask(home, request)
        except NotRunning:
            pass
        if request.do not in _OF_FILES and not home.store.exists():
            mend = "'dreamscape run' begins, or name another home with --home DIR"
            raise UserError("nothing has run here yet", f"home {home.root}", mend)
        lock = HomeLock(home)
        try:
            lock.take(PATIENCE)
        except HomeTaken:
            continue  # an instance has started meanwhile
        with lock:
            return answer_here(home, request)
    return ask(home, request)


def answer_here(home: Home, request: Request) -> Document:
    """The answer of the stored state. The caller holds the lock."""
    from app.wiring.concerns import refuse_looks
    from app.wiring.own_files.adding import Adding
    from app.wiring.own_files.defined import defined_for
    from app.wiring.promotions import Promotions
    from app.wiring.rules.metrics import all_metrics
    from app.wiring.rules.rule_actions import ApplyRule, RuleActions
    from app.wiring.rules.rules import Rules

    engine = open_here(home)
    try:
        rules = Rules(engine, home, all_metrics())
        rules.open_at_rest()
        engine.acts.handlers[ApplyRule] = RuleActions(engine)
        services, defined = partial(_service_of, engine), partial(defined_for, home)
        AtRest(engine.journal, services, rules.hold, defined).register(engine.commands)
        refuse_looks(engine.commands)
        Promotions(engine, home).register()
        Adding(engine, home, replan=lambda: None).register(engine.commands, Customise)
        return Answers(engine, home, running=False)(request)
    finally:
        engine.close()


def read(home: Home, request: Request) -> Document:
    """Ask something: the running instance, else the store as the last one left it."""
    try:
        return ask(home, request)
    except NotRunning:
        pass
    with open_stored(home) as stored:
        match request.do:
            case "inbox":
                return inbox(stored.view, fields_as(InboxFields, request.fields))
            case "decisions":
                return stored.decisions(fields_as(DecisionsFields, request.fields))
            case "rules":
                return rules(stored.view)
            case "decision":
                return stored.one_decision(fields_as(DecisionFields, request.fields))
        return ps(stored.view, fields_as(PsFields, request.fields), running=False, runs_of=stored.runs_of)


def _service_of(engine: Engine, name: str) -> str:
    row = engine.view.value(Processes).named(name)
    return row.service if row else "system"

"""The learners in the store: one transaction for each telling, so that rewards told together count together."""

from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from services.core.journal import Journal, Transaction
from services.core.learning import Learner
from services.core.store.schema import learners


def learning_in(journal: Journal) -> Callable[[str, Sequence[str], dict[str, float]], dict[str, float]]:
    """What ``context.learn`` asks: takes rewards in, gives the weights of the arms."""

    def learn(name: str, arms: Sequence[str], rewards: dict[str, float]) -> dict[str, float]:
        def work(tx: Transaction) -> dict[str, float]:
            learner = _load(tx, name)
            for arm, reward in rewards.items():
                learner.update(arm, reward, tx.at)
            if rewards:
                _keep(tx, name, learner)
            return learner.weights(arms, tx.at)

        return journal.clock.result(journal.write(work))

    return learn


def _load(tx: Transaction, name: str) -> Learner:
    text = tx.connection.execute(select(learners.c.state).where(learners.c.name == name)).scalar()
    return Learner(msgspec.json.decode(text) if text else None)


def _keep(tx: Transaction, name: str, learner: Learner) -> None:
    state = msgspec.json.encode(learner.save()).decode()
    statement = upsert(learners).values(name=name, version=1, state=state)
    tx.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["name"], set_={"state": state, "version": learners.c.version + 1}
        )
    )

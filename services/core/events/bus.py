"""The bus: hands committed events to subscribers, in order, on the core thread."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.core.events import Event, Recorded

Subscriber = Callable[[Sequence[Recorded]], None]
log = logging.getLogger(__name__)


class SubscriberDetached(Event, name="bus.subscriber.detached"):
    """A subscriber raised too often and gets no more events until the next start."""

    subscriber: str
    error: str


@dataclass
class _Subscription:
    name: str
    deliver: Subscriber
    faults: int = 0


@dataclass
class Bus:
    """Delivers batches to every subscriber. ``detached`` is told of one that has been given up."""

    PATIENCE = 5
    """Faults in a row after which a subscriber is detached."""

    detached: Callable[[SubscriberDetached], None] = lambda event: None
    faults: int = 0
    _subscriptions: list[_Subscription] = field(default_factory=list)

    def subscribe(self, name: str, deliver: Subscriber) -> Callable[[], None]:
        """Give ``deliver`` every batch from now on; returns what ends that. Subscribers must not block."""
        subscription = _Subscription(name, deliver)
        self._subscriptions.append(subscription)
        return lambda: self._drop(subscription)

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Where what is done within fails, whoever has subscribed within hears no more: a next try subscribes once."""
        before = tuple(self._subscriptions)
        try:
            yield
        except BaseException:
            for subscription in tuple(self._subscriptions):
                if subscription not in before:
                    self._drop(subscription)
            raise

    def deliver(self, batch: Sequence[Recorded]) -> None:
        """Hand ``batch`` to everyone; one that raises does not keep it from the next."""
        for subscription in tuple(self._subscriptions):
            try:
                subscription.deliver(batch)
                subscription.faults = 0
            except Exception as error:
                self._fault(subscription, error)

    def _fault(self, subscription: _Subscription, error: Exception) -> None:
        self.faults += 1
        subscription.faults += 1
        log.exception("subscriber %s raised", subscription.name)
        if subscription.faults >= self.PATIENCE:
            self._drop(subscription)
            self.detached(SubscriberDetached(subscription.name, f"{type(error).__name__}: {error}"))

    def _drop(self, subscription: _Subscription) -> None:
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)

"""The key figures of engagement, folded from events."""

from dataclasses import dataclass, field

from services.core.decisions.decision import OPEN, Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.events import Recorded
from services.core.projections.projection import Projection
from services.engagement.bookmark import MEMORY
from services.engagement.effects import SendReply
from services.engagement.events import ActionRefused, Interacted, Measured, Posted, ResponseSeen
from services.engagement.rate import percent

ALPHA = 0.1
"""The weight of the newest response in the mean sentiment."""


@dataclass
class EngagementState:
    """What the figures are folded in. ``day`` is the newest day seen on any network."""

    day: str = ""
    actions_today: int = 0
    refused_today: int = 0
    posts: int = 0
    responses: int = 0
    sentiment: float | None = None
    measured: list[tuple[int, int]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)
    """Replies that a person let out, and whose outcome is not known yet."""
    simulated: bool = False


@dataclass(frozen=True)
class EngagementFigures:
    """``rate`` is reactions per hundred impressions over the latest measured posts, ``sentiment`` an exponentially
    weighted mean from -1 to 1; both are None until there is something to tell. ``day`` is the network's own."""

    rate: float | None
    sentiment: float | None
    day: str
    actions_today: int
    refused_today: int
    posts: int
    responses: int
    replies_waiting: int
    simulated: bool
    """Some of it comes from a simulated network, and is to be shown as such."""


class EngagementKpis(Projection[EngagementState, EngagementFigures]):
    """All campaigns together."""

    name = "engagement.kpis"
    State = EngagementState
    handles = (Posted, Interacted, ActionRefused, ResponseSeen, Measured, DecisionTaken, DecisionChanged)

    def fold(self, recorded: Recorded) -> None:
        match recorded.event:
            case Posted() | Interacted() | ActionRefused() | ResponseSeen() | Measured() as event:
                self.state.simulated = self.state.simulated or event.simulated
                self._turn(event.day)
                self._take(event)
            case DecisionTaken(kind=SendReply.type_name, verdict=Verdict.WAITING, id=decision):
                self.state.waiting.append(decision)
            case DecisionChanged(id=decision, verdict=verdict):
                self._decided(decision, verdict)

    def value(self) -> EngagementFigures:
        state = self.state
        return EngagementFigures(
            rate=percent(state.measured),
            sentiment=state.sentiment,
            day=state.day,
            actions_today=state.actions_today,
            refused_today=state.refused_today,
            posts=state.posts,
            responses=state.responses,
            replies_waiting=len(state.waiting),
            simulated=state.simulated,
        )

    def _take(self, event: Posted | Interacted | ActionRefused | ResponseSeen | Measured) -> None:
        state, today = self.state, event.day == self.state.day
        match event:
            case Posted():
                state.posts += 1
                state.actions_today += today
            case Interacted():
                state.actions_today += today
            case ActionRefused():
                state.refused_today += today
            case ResponseSeen(compound=score):
                state.responses += 1
                known = state.sentiment
                state.sentiment = score if known is None else known + ALPHA * (score - known)
            case Measured():
                reactions = event.likes + event.replies + event.reposts
                state.measured = [*state.measured, (reactions, event.impressions)][-MEMORY:]

    def _decided(self, decision: str, verdict: Verdict) -> None:
        """A reply left the Inbox; one that a person let out is an action of the day once it is done."""
        state = self.state
        if decision in state.waiting and verdict is not Verdict.WAITING:
            state.waiting.remove(decision)
            if verdict in OPEN:
                state.approved.append(decision)
        elif decision in state.approved and verdict not in OPEN:
            state.approved.remove(decision)
            state.actions_today += verdict is Verdict.DONE

    def _turn(self, day: str) -> None:
        """A newer day begins its counts anew; an older one does not bring them back."""
        if day > self.state.day:
            self.state.day, self.state.actions_today, self.state.refused_today = day, 0, 0

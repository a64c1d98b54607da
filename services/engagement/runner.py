"""The engagement process: one campaign on one network, for as long as it is let."""

from datetime import datetime
from pathlib import Path

from services.core.durations import seconds
from services.core.errors import UserError
from services.core.process import ConfigurationFault, Isolation, Process
from services.core.process.context import Context
from services.engagement.answering import Answerer
from services.engagement.bookmark import NEXT, Bookmark
from services.engagement.campaign import load_campaign
from services.engagement.desk import Desk
from services.engagement.listening import Listener
from services.engagement.measuring import Measurer
from services.engagement.network import Action
from services.engagement.posting import Poster
from services.engagement.sandbox import SandboxNetwork


class CampaignRunner(Process):
    """Posts, listens, answers and measures for one campaign file.

    ``campaign`` is the path of the file, ``network`` the path of the sandbox network's own file, and ``pace`` how
    many seconds pass on the sandbox in one real second.
    """

    service = "engagement"
    isolation = Isolation.PROCESS
    heartbeat = seconds(10)
    goes_on = True
    parallel = False

    campaign: str
    network: str
    pace: float = 120.0

    def run(self, context: Context) -> None:
        """Go round for ever; each round reads, answers, measures and posts what is due, then waits."""
        desk = self._open(context)
        steps = (Listener(desk), Answerer(desk), Measurer(desk), Poster(desk))
        while True:
            context.doing(f"listening on {desk.platform.name}")
            for step in steps:
                step.step()
            pause, what = next_round(desk)
            context.wait(pause, what)

    def _open(self, context: Context) -> Desk:
        """Read the campaign and connect; raises ``ConfigurationFault`` with the place and the mend of a mistake."""
        try:
            campaign = load_campaign(Path(self.campaign))
            platform = SandboxNetwork(Path(self.network), context.clock, self.pace)
        except UserError as error:
            raise ConfigurationFault(str(error)) from error
        return Desk(campaign, platform, context, Bookmark.read(context.position))


def next_round(desk: Desk) -> tuple[float, str]:
    """Real seconds until the next look at the network, and what is waited for in a few words."""
    now, pace = desk.platform.now(), desk.campaign.pace
    due = desk.bookmark.due if Action.POST in desk.campaign.actions else None
    until = now + pace.read if due is None or due <= now else min(due, now + pace.read)
    return desk.platform.real_seconds(until - now), _awaited(desk, due)


def _awaited(desk: Desk, due: datetime | None) -> str:
    if due is None:
        return f"responses, {desk.platform.name}"
    if desk.bookmark.reason == NEXT:
        return f"{NEXT} at {desk.clock_time(due)}"
    return f"{desk.bookmark.reason}, resumes {desk.clock_time(due)}"

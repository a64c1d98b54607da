"""Housekeeping: what the house does for itself on schedule, as ordinary processes one can see, pause and run now."""

from services.orchestrator.housekeeping.backup import Backup
from services.orchestrator.housekeeping.log_clearance import LogClearance
from services.orchestrator.housekeeping.plans import Keeping, house_plans
from services.orchestrator.housekeeping.retention import Retention
from services.orchestrator.housekeeping.weekly_review import WeeklyReview

__all__ = ["Backup", "Keeping", "LogClearance", "Retention", "WeeklyReview", "house_plans"]

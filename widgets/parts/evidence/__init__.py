"""Evidence shown by its kind: text as text, numbers as a table, a diff in its colours; none of it read as markup."""

from widgets.parts.evidence.diff_text import DiffText
from widgets.parts.evidence.exhibits import Exhibit, Words, exhibits, heading
from widgets.parts.evidence.view import EvidenceView

__all__ = ["DiffText", "EvidenceView", "Exhibit", "Words", "exhibits", "heading"]

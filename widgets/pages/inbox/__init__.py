"""The Inbox: everything that waits for a person, with what they need to decide."""

from widgets.pages.inbox.page import ACTIONS, InboxPage
from widgets.pages.inbox.state import inbox_state

__all__ = ["ACTIONS", "InboxPage", "inbox_state"]

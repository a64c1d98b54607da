"""The Inbox: everything that waits for a person, with what they need to decide."""

from widgets.pages.inbox.page import InboxPage
from widgets.pages.inbox.state import inbox_state

__all__ = ["InboxPage", "inbox_state"]

"""Decision: an act taken for the user or put before them; the ledger, and the Inbox that waits."""

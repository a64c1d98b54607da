"""The account's desk: its orders, its ledger, its guards, and the way out when everything has to stop."""

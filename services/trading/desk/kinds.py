"""What the effects are called by which a bot asks the account: for who reads of them, and asks nothing."""

ENTER = "position.enter"
LEAVE = "position.leave"

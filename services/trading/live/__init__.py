"""A strategy on a live market: closed bars in, wishes to the account process out."""

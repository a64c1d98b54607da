"""Learning beside execution: what was tried, how it did on bars that it was not chosen on, and what may be promoted."""

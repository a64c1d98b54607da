"""How a store of each earlier revision becomes one of this."""

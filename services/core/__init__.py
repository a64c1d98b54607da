"""The six ideas every service is made of."""

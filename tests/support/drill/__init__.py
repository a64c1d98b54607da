"""The crash drill: a desk that lives a trading day at the loopback exchange, and is killed wherever one likes."""

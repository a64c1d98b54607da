"""The wiring: what the services offer, put together into one program."""

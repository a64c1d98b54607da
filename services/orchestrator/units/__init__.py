"""One supervised process as the core knows it: state, runs, backoff, and its record in the store."""

"""The store as JSON lines, out and in, and the learning files of earlier programs."""

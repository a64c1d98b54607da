"""The Trading page; what can be done on it is known without its charts (`acts`)."""

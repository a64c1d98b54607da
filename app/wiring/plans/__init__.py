"""What is to run: a plan for each process, and what its kind reads."""

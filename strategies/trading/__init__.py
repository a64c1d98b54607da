"""Trading strategies that come with the program."""

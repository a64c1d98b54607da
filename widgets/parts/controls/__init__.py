"""What a person presses, chooses or types in."""

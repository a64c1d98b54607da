"""What the user owns: files of the home, read, checked, taken, watched, and added to."""

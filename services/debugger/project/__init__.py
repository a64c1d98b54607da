"""What is under care: root, interpreter, test folders, source roots, each with its reason."""

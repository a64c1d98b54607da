"""What runs inside the project's interpreter: the standard library and the project's pytest, nothing of ours."""

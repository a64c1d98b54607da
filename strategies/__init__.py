"""Read-only defaults; the home holds the user's own files under the same paths."""

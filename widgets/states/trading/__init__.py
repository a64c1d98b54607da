"""What the Trading page shows, as frozen values; no Qt."""

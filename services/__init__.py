"""What Dreamscape does. No module below imports Qt, and no service imports another."""

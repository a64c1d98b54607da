"""What holds other parts, and what stands there while there is nothing to hold."""

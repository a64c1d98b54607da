"""What people say of a market: posts with the moment they were known, and what a bar's terms take of them."""

"""A strategy's terms as one state of numbers, and what they say at each bar."""

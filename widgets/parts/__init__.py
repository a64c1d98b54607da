"""Parts that pages are composed of. Each works alone, takes plain frozen values and keeps no rules."""

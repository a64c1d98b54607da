"""What a person sees: pages, parts and models. No rules, no SQL, no network."""

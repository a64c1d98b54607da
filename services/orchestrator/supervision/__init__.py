"""Units brought from state to state: started, told, watched, healed, and brought to a new plan."""

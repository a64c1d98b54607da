"""The rules at work: what they measure, what they ask for, and arming them again."""

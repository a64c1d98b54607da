"""Tokens, theme, fonts, icons and templates."""

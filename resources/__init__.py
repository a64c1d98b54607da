"""Tokens, theme, fonts, icons and templates: files, and the Qt-free code that reads them."""

"""Debugger: projects under care, scanned and tested in isolated copies."""

"""The strategy language: what a file in ``strategies/trading`` may say, as pydantic models."""

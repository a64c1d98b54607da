"""The steps behind `bootstrap.py`: standard library only, and readable by any Python from 3.8 on."""

"""The guards: plain functions over a frozen scene, each of which may refuse what would add exposure."""

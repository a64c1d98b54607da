"""`dreamscape` and `python -m app`: the command line, or a child interpreter of a running instance."""

import sys


def main() -> int:
    """Dispatch; what a child runs is told by its parent and must not wait for anything of the command line."""
    if sys.argv[1:2] == ["--child"]:
        from services.orchestrator.children.child import main as child

        child()
    if "--multiprocessing-fork" in sys.argv[1:]:  # a frozen build is begun again for each process of an executor
        from multiprocessing import freeze_support

        freeze_support()
    from app.cli.main import main as command_line

    return command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

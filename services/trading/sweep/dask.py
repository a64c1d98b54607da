"""Workers that Dask runs, on this machine or on others; they have this program and the same version of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from services.core.errors import UserError
from services.trading.sweep.ground import Ground
from services.trading.sweep.part import INCREMENTAL, run_elsewhere
from services.trading.sweep.sweep import Plan, Submit

MEND = (
    "Begin one with 'dask scheduler' and workers with 'dask worker ADDRESS', and name its address, as tcp://HOST:8786"
)

HAVE = (
    "Install the program there, in this version, with: pip install 'dreamscape[dask]', or begin 'dask worker' in a copy"
)
_TRY = "import services.trading.sweep.part"
"""Asked in words: a function of ours could not even be told to a worker without the program."""


@contextmanager
def workers(address: str, ground: Ground, plan: Plan) -> Iterator[Submit]:
    """Gives parts to the workers of the scheduler at ``address``; raises ``UserError`` where there is none.

    A worker's process runs many things after each other, and one that has compiled the steps cannot run them
    uncompiled: so the kernel alone runs there.
    """
    if plan.engine == INCREMENTAL:
        what = f"Dask's workers run the kernel alone, and it does not run {', '.join(plan.because)}"
        raise UserError(what, "--engine", "Leave --engine dask out")
    if not address:
        raise UserError("no scheduler is named", "--scheduler", MEND)
    try:
        from distributed import Client, KilledWorker  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise UserError(
            "Dask is not installed", "--engine", "Install it with: pip install 'dreamscape[dask]'"
        ) from None
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UserError(f"nobody answers at {address}: {error}", "--scheduler", MEND) from error
    with client:
        _refuse_without_program(client.run(exec, _TRY, {}, on_error="return"), address)
        carried = client.scatter(ground, broadcast=True)
        with client.get_executor(pure=False) as executor:
            try:
                yield lambda part: executor.submit(run_elsewhere, part, carried)
            except KilledWorker as error:
                what = f"the workers at {address} died of it: {error}"
                raise UserError(
                    what, "--scheduler", "Look into the workers' own log; memory is the usual end"
                ) from error


def _refuse_without_program(tried: Mapping[str, Exception | None], address: str) -> None:
    """Raises ``UserError`` for the workers that cannot import it, by their address, and where there is no worker."""
    if not tried:
        raise UserError(f"the scheduler at {address} has no worker", "--scheduler", MEND)
    without = {worker: error for worker, error in tried.items() if error is not None}
    if without:
        worker, error = min(without.items())
        others = f" (and {len(without) - 1} more)" if len(without) > 1 else ""
        raise UserError(f"the worker at {worker}{others} cannot import this program: {error}", "--scheduler", HAVE)

"""Numbers of a compiled function's own, and indices as they are meant.

Numbers that a caller passes might be the same as any others that it passes, so that a compiler has to write down each,
and read it again after any other is written. Of a room nobody else knows: what is in it stays in a processor's
registers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np import arrayobj

building: Any = cgutils
arrays: Any = arrayobj


def _ahead(_typing: Any, index: Any) -> Any:
    def generated(_context: Any, _builder: Any, _signature: Any, arguments: Any) -> Any:
        return arguments[0]

    return types.uint64(index), generated


ahead: Callable[[int], int] = intrinsic(_ahead)
"""The same index, known to count from the front: without it each is asked whether it is below 0 and so counts from the
end, and what a loop reads in a row is no row to a compiler."""


def room(count: int) -> Any:
    """A function for compiled ones to call: gives ``count`` floats, of any value, that are gone when its caller
    returns."""
    return _given(count, types.float64, np.dtype(np.float64).itemsize)


def whole_room(count: int) -> Any:
    """The same of whole numbers."""
    return _given(count, types.int64, np.dtype(np.int64).itemsize)


def _given(count: int, number: Any, width: int) -> Any:
    kind = types.Array(number, 1, "C")

    def generated(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        place = building.alloca_once(builder, context.get_value_type(number), size=count)
        made = arrays.make_array(kind)(context, builder)
        size, step = (context.get_constant(types.intp, each) for each in (count, width))
        arrays.populate_array(
            made, data=builder.bitcast(place, made.data.type), shape=building.pack_array(builder, [size]),
            strides=building.pack_array(builder, [step]), itemsize=step, meminfo=None,
        )  # fmt: skip
        return made._getvalue()

    @intrinsic
    def given(_typing: Any) -> Any:
        return kind(), generated

    return given

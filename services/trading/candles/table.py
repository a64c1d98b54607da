"""Files as tables, and a table's columns as plain arrays.

pyarrow takes a tenth of a second to import; only a run that reads a file pays it.
"""

from array import array
from codecs import getincrementaldecoder
from collections.abc import Callable, Sequence
from math import nan
from pathlib import Path
from typing import Any

from services.core.errors import UserError

_HEAD = 64 * 1024
"""Bytes by which a file is known to be text."""


def read_table(path: Path) -> Any:
    """The file as a ``pyarrow.Table``, by its ending; raises ``UserError`` where it cannot be read."""
    from pyarrow import ArrowException

    readers = {".parquet": _parquet, ".csv": _csv, ".feather": _feather}
    if path.is_dir():
        raise UserError("it is a folder", str(path), "Name one file in it")
    if not path.exists():
        raise UserError("there is no such file", str(path), "Check its name and folder")
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UserError(f"{path.suffix or 'no ending'} is not read", str(path), "Use .parquet, .csv or .feather")
    try:
        return reader(path)
    except (ArrowException, OSError) as error:
        raise UserError(f"cannot be read: {error}", str(path), "Check that the file is whole") from error


def require_columns(table: Any, names: Sequence[str], path: Path) -> None:
    """Raise ``UserError`` that names every column of ``names`` that lacks, or the first that stands there twice."""
    missing = [name for name in names if name not in table.column_names]
    if missing:
        mend = f"Name the columns {','.join(names)} in the first row"
        raise UserError(f"no column {', '.join(missing)}", str(path), mend)
    for name in names:
        if table.column_names.count(name) > 1:
            raise UserError(f"column {name} stands there more than once", str(path), "Remove all but one of them")


def doubles(column: Any, name: str, path: Path) -> "array[float]":
    """The column's numbers; NaN where a row has none."""
    from pyarrow import ArrowException, compute, float64, types

    kind = column.type
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind) or types.is_null(kind):
        return as_array("d", compute.fill_null(column.cast(float64(), safe=False), nan))
    try:
        texts = column.cast("string")
    except ArrowException as error:
        raise UserError(f"column {name}: {error}", str(path), "Write numbers with a decimal point") from error
    return array("d", map(_number, texts.to_pylist()))


def as_array(code: str, column: Any) -> "array[Any]":
    """A column without nulls as an array of 8-byte ``code``, copied once and chunk by chunk."""
    made = array(code)
    for chunk in column.chunks:
        _, data = chunk.buffers()
        start = chunk.offset * made.itemsize
        made.frombytes(memoryview(data)[start : start + len(chunk) * made.itemsize])
    return made


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return nan


def _parquet(path: Path) -> Any:
    from pyarrow import parquet

    with parquet.ParquetFile(str(path)) as file:
        return file.read()


def _feather(path: Path) -> Any:
    from pyarrow import feather

    return feather.read_table(str(path))


def _csv(path: Path) -> Any:
    """Read by one thread: only so is it known in which line a row has too many or too few columns."""
    from pyarrow import csv

    _require_text(path)
    broken: list[Any] = []
    try:
        return csv.read_csv(
            str(path),
            read_options=csv.ReadOptions(use_threads=False),
            parse_options=csv.ParseOptions(invalid_row_handler=_told_to(broken)),
        )
    except ValueError as error:  # pyarrow's own is one
        if not broken:
            raise
        row = broken[0]
        raise UserError(
            f"line {row.number} has {row.actual_columns} columns, where the header has {row.expected_columns}",
            str(path),
            "Write one value for each column, with commas between",
        ) from error


def _require_text(path: Path) -> None:
    """Raise ``UserError`` for a file whose beginning is no text in UTF-8: pyarrow's words of it are as foreign."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    try:
        text = getincrementaldecoder("utf-8")().decode(head)  # what follows may end a letter that is cut off here
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UserError("this is no text in UTF-8", str(path), "Save it as CSV in UTF-8")


def _told_to(broken: list[Any]) -> Callable[[Any], str]:
    def keep(row: Any) -> str:
        broken.append(row)
        return "error"

    return keep

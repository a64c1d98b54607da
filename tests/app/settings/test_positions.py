import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.settings.positions import positions

TEXT = """\
# a comment = with signs [and] "quotes"
top = 1
a.b."c d" = 'x # no comment'   # a comment

[table]
  indented = QUOTES
[not.a.header]
key = "no"
QUOTES
list = [ 1, # one
  "two", [3,
  4], {x = 1, y = 2}]
inline = {p = {q = 5}, 'r' = 6}

[[many]]
n = 1
[many.sub]
m = 2
[[many]]
n = 3
[[many.deep]]
d = 4
["quoted \\u0041"]
z = 9
""".replace("QUOTES", '"' * 3)


def test_every_key_and_value_is_found_where_it_stands() -> None:
    found = {path: (place.key, place.value) for path, place in positions(TEXT).items()}
    assert found[("top",)] == ((2, 1), (2, 7))
    assert found[("a", "b", "c d")] == ((3, 1), (3, 13))
    assert found[("table",)] == ((5, 1), (5, 1))
    assert found[("table", "indented")] == ((6, 3), (6, 14))
    assert found[("table", "list")] == ((10, 1), (10, 8))
    assert found[("table", "list", 1)][1] == (11, 3)
    assert found[("table", "list", 2, 1)][1] == (12, 3)
    assert found[("table", "list", 3, "y")] == ((12, 15), (12, 19))
    assert found[("table", "inline", "p", "q")] == ((13, 16), (13, 20))
    assert found[("table", "inline", "r")] == ((13, 24), (13, 30))
    assert found[("many", 0, "n")] == ((16, 1), (16, 5))
    assert found[("many", 0, "sub", "m")] == ((18, 1), (18, 5))
    assert found[("many", 1, "deep", 0, "d")] == ((22, 1), (22, 5))
    assert found[("quoted A", "z")] == ((24, 1), (24, 5))


values = st.recursive(
    st.one_of(st.integers(-1000, 1000), st.booleans(), st.text(max_size=8), st.floats(allow_nan=False), st.dates()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(min_size=1, max_size=6), inner, max_size=3)
    ),
    max_leaves=12,
)


def leaves(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for at, item in enumerate(value) for leaf in leaves(item, (*path, at))]
    return [path]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(min_size=1, max_size=6), values, max_size=4))
def test_every_value_of_any_document_has_a_place(document: dict[str, object]) -> None:
    text = tomlkit.dumps(document)
    found = positions(text)
    assert set(leaves(document)) <= set(found)

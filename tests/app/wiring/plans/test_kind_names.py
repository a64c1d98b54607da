from app.wiring.plans.kind_names import NAMES, kind_name
from app.wiring.plans.kinds import KINDS, path_of


def test_every_kind_is_told_as_a_definition_names_it() -> None:
    assert {path_of(kind): name for name, kind in KINDS.items()} == NAMES
    assert kind_name("tides.py:Tides") == "tides.py:Tides"

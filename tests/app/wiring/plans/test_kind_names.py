from app.wiring.plans.kind_names import NAMES, kind_name
from app.wiring.plans.kinds import KINDS, path_of
from services.trading.learning.shadow_live import LiveShadowTrader


def test_every_kind_is_told_as_a_definition_names_it() -> None:
    told = {path_of(kind): name for name, kind in KINDS.items()}
    assert told | {path_of(LiveShadowTrader): "trading.shadow"} == NAMES
    assert kind_name("tides.py:Tides") == "tides.py:Tides"

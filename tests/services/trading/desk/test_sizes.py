from decimal import Decimal

from services.trading.desk.sizes import affordable, collar_price, entry_too_small, floored, is_dust, too_small
from services.trading.fills import Side
from tests.support.desk_facts import RULES

D = Decimal


def test_quantities_are_floored_to_the_step_and_never_rounded_up() -> None:
    assert floored(D("0.0123456789"), RULES.step) == D("0.01234")


def test_an_all_in_entry_leaves_room_for_its_fee() -> None:
    quantity = affordable(D("1000"), D("50000"), D("0.001"), RULES)
    assert quantity == D("0.01998")
    assert quantity * 50000 * D("1.001") <= 1000


def test_the_collar_is_on_the_grid_and_never_worse_than_asked() -> None:
    assert collar_price(D("50000.01"), D("0.01"), RULES, Side.BUY) == D("50500.01")
    assert collar_price(D("50000.01"), D("0.01"), RULES, Side.SELL) == D("49500.01")


def test_min_notional_below_the_minimum_is_refused_by_us_since_the_library_does_not_look() -> None:
    assert "smallest order" in too_small(D("0.0001"), D("50000"), RULES)
    assert too_small(D("0.0002"), D("50000"), RULES) == ""


def test_dust_an_entry_whose_exit_would_be_too_small_after_fee_and_stop_is_refused() -> None:
    assert "exit" in entry_too_small(D("0.0002"), D("50000"), None, D("0.001"), RULES)
    assert "exit" in entry_too_small(D("0.00021"), D("50000"), D("47000"), D("0.001"), RULES)
    assert entry_too_small(D("0.00025"), D("50000"), D("47000"), D("0.001"), RULES) == ""


def test_dust_what_is_too_little_to_be_sold_is_known_as_such() -> None:
    assert is_dust(D("0.0001"), D("50000"), RULES)
    assert not is_dust(D("0.001"), D("50000"), RULES)

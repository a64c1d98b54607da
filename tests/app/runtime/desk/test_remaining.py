"""What the window tells of the emergency stop."""

from app.runtime.desk.remaining import what_remains


def test_what_an_emergency_stop_has_still_to_do_is_told_by_name():
    left = {"remaining": [{"bot": "curl", "market": "BTC/USDT", "what": "0.01 BTC to be sold"}]}
    assert what_remains(left) == "The account is being stopped; still to do: curl BTC/USDT: 0.01 BTC to be sold"


def test_where_nothing_is_left_that_is_told():
    assert what_remains({"remaining": []}) == "The account is stopped: no order and no position of ours is left"

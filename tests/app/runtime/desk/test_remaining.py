"""What the window tells of the emergency stop."""

from app.runtime.desk.remaining import what_remains


def test_what_an_emergency_stop_has_still_to_do_is_told_by_name():
    left = {"remaining": [{"bot": "curl", "market": "BTC/USDT", "what": "0.01 BTC to be sold"}]}
    assert what_remains(left) == "The account is being stopped; still to do: curl BTC/USDT: 0.01 BTC to be sold"


def test_where_nothing_is_left_that_is_told():
    assert what_remains({"remaining": []}) == "The account is stopped: no order and no position of ours is left"


def test_what_is_too_little_to_be_sold_and_what_else_is_amiss_is_told():
    small = [{"bot": "curl", "market": "BTC/USDT", "what": "0.00000011 BTC"}]
    told = what_remains({"remaining": [], "dust": small, "amiss": "what is done now is not on disk: it is full."})
    assert told == (
        "The account is stopped: no order and no position of ours is left, but 0.00000011 BTC of curl, "
        "too little to be sold. Besides: what is done now is not on disk: it is full"
    )
    left = {"remaining": [{"bot": "curl", "market": "BTC/USDT", "what": "0.01 BTC are held"}], "amiss": "no answer"}
    assert what_remains(left).endswith("curl BTC/USDT: 0.01 BTC are held. Besides: no answer")

"""What the window tells of the emergency stop."""

from app.runtime.desk.remaining import is_over, what_remains


def test_what_an_emergency_stop_has_still_to_do_is_told_by_name():
    left = {"remaining": [{"bot": "curl", "market": "BTC/USDT", "what": "0.01 BTC to be sold"}]}
    assert what_remains(left) == (
        "The account is being stopped. At the exchange there remains: curl BTC/USDT: 0.01 BTC to be sold."
    )


def test_what_was_cancelled_and_sold_is_told_and_that_nothing_is_left():
    done = {
        "cancelled": [{"bot": "curl", "market": "BTC/USDT", "order": "1", "role": "stop"}],
        "closed": [{"bot": "curl", "market": "BTC/USDT", "quantity": "0.01", "price": "50000"}],
        "remaining": [],
    }
    assert what_remains(done) == (
        "The account is stopped. Cancelled at the exchange: stop of curl on BTC/USDT. "
        "Sold at the exchange: 0.01 BTC of curl at 50000 USDT. At the exchange nothing of ours is open or held."
    )


def test_an_exchange_that_could_not_be_asked_is_told_and_it_is_not_over():
    unasked = {"remaining": [], "unasked": "no answer, since 09:00:00 UTC"}
    assert not is_over(unasked)
    assert what_remains(unasked) == (
        "The account is being stopped. The exchange could not be asked: no answer, since 09:00:00 UTC. "
        "By our ledger nothing of ours is open or held."
    )


def test_what_is_too_little_to_be_sold_and_what_else_is_amiss_is_told():
    small = [{"bot": "curl", "market": "BTC/USDT", "what": "0.00000011 BTC"}]
    told = what_remains({"remaining": [], "dust": small, "amiss": "what is done now is not on disk: it is full."})
    assert told == (
        "The account is stopped. At the exchange nothing of ours is open or held, but 0.00000011 BTC of curl, "
        "too little to be sold. Besides: what is done now is not on disk: it is full."
    )

"""What the exchange's ledger says of a drill; nothing else is asked."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.trading.desk.client_ids import client_id, is_ours, role_of
from services.trading.desk.states import Role
from tests.support.desk_facts import INSTANCE
from tests.support.drill.life import BOT, MARKET, OTHER

D = Decimal
STEPS = {"BTCUSDT": D("0.00001"), "ETHUSDT": D("0.0001")}
LEAST = D(10)
BUDGET = D(400)
USDT, BTC = D(10_000), D("0.5")


CAUSES = {"c1": MARKET, "c1b": MARKET, "c2": MARKET, "c2b": MARKET, "c3": OTHER}
"""Whatever a life asks for, and where."""


def amiss(
    told: dict[str, Any], prices: dict[str, Decimal], flat: bool = False, causes: Mapping[str, str] = CAUSES
) -> list[str]:
    """Everything that is not as it has to be; ``flat`` where an emergency stop was begun."""
    orders = [each for each in told["orders"] if is_ours(INSTANCE, each["clientOrderId"])]
    found = [*_twice(orders), *_uncaused(orders, causes), *_too_much(told), *_users(told), *_balances(told)]
    for market, price in prices.items():
        found += _covered(market, _owned(told, market), price, orders, flat)
    return found


def _twice(orders: list[dict[str, Any]]) -> list[str]:
    """At most one order per intent."""
    ids = Counter(each["clientOrderId"] for each in orders)
    return [f"{identity} was sent {count} times" for identity, count in ids.items() if count > 1]


def of_bot(told: dict[str, Any], cause: str, asleep: bool) -> list[str]:
    """Its position keeps the stop it was opened with, whatever its file says since; nothing is bought by a late bar."""
    orders = [each for each in told["orders"] if is_ours(INSTANCE, each["clientOrderId"])]
    if asleep and orders:
        return [f"{len(orders)} orders by a bar that came hours late"]
    stops = [D(each["stopPrice"]) for each in orders if role_of(each["clientOrderId"]) is Role.STOP]
    sold = [each for each in orders if role_of(each["clientOrderId"]) is Role.FLATTEN]
    strange = [f"a stop at {each}: not the one it was opened with" for each in stops if not 47_300 < each < 47_600]
    left = ["it was left by a file that came after it"] if sold else []
    ids = {client_id(INSTANCE, BOT, Role.ENTRY, f"{MARKET}/{cause}#{number}") for number in range(4)}
    spent = sum((D(t["quoteQty"]) for t in told["trades"] if t["clientOrderId"] in ids), D(0))
    return strange + left + ([f"{spent} were spent, and {BUDGET} were to be"] if spent > BUDGET * D("1.001") else [])


def _uncaused(orders: list[dict[str, Any]], markets: Mapping[str, str]) -> list[str]:
    """No entry without a wish: an id that follows from none of the causes."""
    caused = {
        client_id(INSTANCE, BOT, Role.ENTRY, f"{market}/{cause}#{number}")
        for cause, market in markets.items()
        for number in range(4)
    }
    entries = [each for each in orders if role_of(each["clientOrderId"]) is Role.ENTRY]
    strange = [each["clientOrderId"] for each in entries if each["clientOrderId"] not in caused]
    resting = [each["clientOrderId"] for each in entries if each["status"] in ("NEW", "PARTIALLY_FILLED")]
    return [f"entry {each} has no cause" for each in strange] + [
        f"entry {each} is left in the book" for each in resting
    ]


def _too_much(told: dict[str, Any]) -> list[str]:
    """A wish is fulfilled once, however often its bot asked and whatever it was told."""
    found = []
    for causes in (("c1", "c1b"), ("c2", "c2b")):
        ids = {client_id(INSTANCE, BOT, Role.ENTRY, f"{MARKET}/{c}#{n}") for c in causes for n in range(4)}
        spent = sum((D(t["quoteQty"]) for t in told["trades"] if t["clientOrderId"] in ids), D(0))
        if spent > BUDGET * D("1.001"):
            found.append(f"{spent} were spent for {causes[0]}, and {BUDGET} were to be")
    return found


def _users(told: dict[str, Any]) -> list[str]:
    by_hand = [each for each in told["orders"] if each["clientOrderId"] == "web_by_hand"]
    same = len(by_hand) == 1 and by_hand[0]["status"] == "NEW" and D(by_hand[0]["executedQty"]) == 0
    return [] if same else ["the order made by hand was touched"]


def _balances(told: dict[str, Any]) -> list[str]:
    """Coins and money to the last unit: what the user had, and what our own trades made of it."""
    expected = {"BTC": BTC, "USDT": USDT, "ETH": D(0)}
    for trade in told["trades"]:
        if not is_ours(INSTANCE, trade["clientOrderId"]):
            return [f"trade {trade['id']} is of an order that is not ours"]
        base, way = trade["symbol"][:3], 1 if trade["isBuyer"] else -1
        expected[base] += way * D(trade["qty"])
        expected["USDT"] -= way * D(trade["quoteQty"])
        expected[trade["commissionAsset"]] -= D(trade["commission"])
    actual = {asset: D(each["free"]) + D(each["locked"]) for asset, each in told["balances"].items()}
    return [f"{a}: {actual.get(a, 0)} instead of {e}" for a, e in expected.items() if actual.get(a, D(0)) != e]


def _owned(told: dict[str, Any], market: str) -> Decimal:
    owned = D(0)
    for trade in told["trades"]:
        if trade["symbol"] == market and is_ours(INSTANCE, trade["clientOrderId"]):
            owned += D(trade["qty"]) if trade["isBuyer"] else -D(trade["qty"])
            owned -= D(trade["commission"]) if trade["commissionAsset"] == market[:3] else 0
    return owned


def _covered(market: str, owned: Decimal, price: Decimal, orders: list[dict[str, Any]], flat: bool) -> list[str]:
    """One stop covers the position, and none where there is none."""
    if owned < 0:
        return [f"{market}: {-owned} of the user's were sold"]
    sellable = owned // STEPS[market] * STEPS[market]
    open_ours = [o for o in orders if o["symbol"] == market and o["status"] in ("NEW", "PARTIALLY_FILLED")]
    covering = [D(o["origQty"]) - D(o["executedQty"]) for o in open_ours]
    if sellable * price < LEAST:
        return [f"{market}: {len(open_ours)} orders for nothing"] if open_ours else []
    if flat:
        return [f"{market}: {owned} are held after the emergency stop"]
    return [] if covering == [sellable] else [f"{market}: {sellable} held, and stops for {[str(c) for c in covering]}"]

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.logs import Redactor
from services.core.logs.redaction import MASK
from tests.support.hands import line


@pytest.mark.parametrize(
    "said, kept",
    [
        ("api_key=abc123 ok", f"api_key={MASK} ok"),
        ("GET /v1?key=abc&limit=5", f"GET /v1?key={MASK}&limit=5"),
        ("Authorization: Bearer abc.def-ghi", f"Authorization: {MASK}"),
        ("Authorization: token abcdef", f"Authorization: {MASK}"),
        ("sent Bearer abc.def== to them", f"sent Bearer {MASK} to them"),
        ('{"apiKey": "abc", "side": "buy"}', f'{{"apiKey": {MASK}, "side": "buy"}}'),
        ("{'password': 'a b', 'n': 1}", f"{{'password': {MASK}, 'n': 1}}"),
        ("signature=deadbeef&symbol=BTC", f"signature={MASK}&symbol=BTC"),
        ("postgres://me:pw@host/db", f"postgres://{MASK}@host/db"),
        ("EXCHANGE_SECRET_KEY = xyz", f"EXCHANGE_SECRET_KEY = {MASK}"),
        ("token: eyJhbGciOi.eyJzdWIi", f"token: {MASK}"),
        ("token: eyJhbGciOiJ", f"token: {MASK}"),
        ('"secret": "swordfish", "n": 1', f'"secret": {MASK}, "n": 1'),
        ("password=swordfish", f"password={MASK}"),
        ("password: swordfish", f"password: {MASK}"),
        ("secret: swordfish", f"secret: {MASK}"),
        ("call(key='abc')", f"call(key={MASK})"),
        ("RuntimeError: 401 api_key=sk-SECRET99", f"RuntimeError: 401 api_key={MASK}"),
        ("KeyError: 'token=abc123'", f"KeyError: 'token={MASK}'"),
        ("password=abc(1)", f"password={MASK})"),
        ("token: (abc123", f"token: {MASK}"),
        ("Basic dXNlcjpwdw==", f"Basic {MASK}"),
    ],
)
def test_what_looks_like_a_secret_is_masked(said: str, kept: str) -> None:
    assert Redactor().clean(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "tokens=300 in 2 s",
        "the monkey: a story",
        "http://127.0.0.1:80/x",
        "keyboard ready",
        "KeyError: 'strategy'",
        "TokenError: ('EOF in multi-line statement', (2, 0))",
        "jwt.exceptions.InvalidSignatureError: Signature verification failed",
        "rows.sort(key=lambda r: r.at)",
        "sorted(rows, key=itemgetter(0))",
        "signature: def f(x)",
        "signature: (self, x)",
        "missing key: 'strategy'",
        "token: expired yesterday",
        "Unexpected token: '}'",
        "Secrets: no keyring, secrets from the environment (3 ms)",
        "Secrets: all from the environment",
        "Secrets: 2 from the keyring",
        "trading.api_key: Input should be a valid string",
        "password: is missing",
        "Basic authentication failed",
        "the basic checks passed",
        "api_key=None",
    ],
)
def test_ordinary_words_stay(said: str) -> None:
    assert Redactor().clean(said) == said


@given(
    secret=st.text(st.characters(categories=["L", "N", "P"]), min_size=4, max_size=30),
    before=st.text(max_size=20),
    after=st.text(max_size=20),
)
def test_a_registered_value_never_stays_in_a_line(secret: str, before: str, after: str) -> None:
    redactor = Redactor()
    redactor.register(secret)
    assert secret not in redactor.clean(f"{before}{secret}{after}").replace(MASK, "\n")
    assert re.fullmatch(r"Redactor\(\d values\)", repr(redactor)), "how many it knows, and nothing of what"


def test_a_registered_value_is_masked_as_it_stands_in_an_address_and_in_a_repr() -> None:
    redactor = Redactor()
    redactor.register("a b/c\\d")
    assert redactor.clean("to a%20b%2Fc%5Cd and 'a b/c\\\\d'") == f"to {MASK} and '{MASK}'"


def test_a_line_from_a_child_is_cleaned_in_text_and_template() -> None:
    redactor = Redactor()
    redactor.register("hunter2")
    cleaned = redactor.redacted(line("said hunter2", template="hunter2 %s"))
    assert "hunter2" not in repr(cleaned)


def test_a_huge_hostile_text_is_cleaned_in_one_go() -> None:
    hostile = "a-" * 30_000 + "key=" * 1000
    assert len(Redactor().clean(hostile)) > 60_000

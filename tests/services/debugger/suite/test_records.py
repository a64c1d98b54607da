"""A stream of records that is cut, out of order or impossible is believed in nothing."""

import json

import pytest

from services.core.sandbox import Line, Stream
from services.debugger.suite.records import Lie, Records

START = {"kind": "start"}
TWO = [START, {"kind": "collected", "tests": ["a", "b"]}, {"kind": "ready", "count": 2, "deselected": 0}]
END = {"kind": "end", "code": 0, "ended": 2, "outside": []}


def began(test):
    return {"kind": "began", "test": test}


def ended(test, **more):
    return {"kind": "ended", "test": test, "outcome": "passed", "seconds": 0.1, "message": "", "where": "", **more}


def taken(*said) -> Records:
    records = Records()
    for number, each in enumerate(said):
        records.take(Line(Stream.CHANNEL, json.dumps({"v": 1, "n": number, **each})))
    return records


def test_a_whole_stream_is_complete_and_misses_nothing():
    records = taken(*TWO, began(0), ended(0), began(1), ended(1), END)
    assert records.complete
    assert records.missing == []


def test_a_stream_without_its_end_is_not_complete():
    records = taken(*TWO, began(0), ended(0), began(1))
    assert not records.complete
    assert records.missing == ["b"]
    assert records.running == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([began(0)], "the first, and no other, is 'start'"),
        ([START, START], "the first, and no other, is 'start'"),
        ([START, began(0)], "which was not collected"),
        ([*TWO, began(2)], "which was not collected"),
        ([*TWO, began(-1)], "which was not collected"),
        ([*TWO, ended(0)], "ended without having begun"),
        ([*TWO, began(0), ended(1)], "ended without having begun"),
        ([*TWO, began(0), ended(0), began(0)], "began again"),
        ([*TWO, began(0), ended(0, outcome="grand")], "'grand' is not a valid Outcome"),
        ([*TWO, began(0), ended(0, seconds=-1)], "took -1.0 s"),
        ([*TWO, began(0), ended(0, seconds="NaN")], "took nan s"),
        ([*TWO, END], "2 tests are said to have ended, 0 were recorded"),
        ([*TWO, began(0), ended(0), began(1), ended(1), END, began(0)], "after the end mark"),
        ([START, {"kind": "ready", "count": 3, "deselected": 0}], "3 tests are said to be collected, 0 were named"),
        ([*TWO, TWO[1]], "collects more tests"),
        ([START, {"kind": "joke"}], "'joke'"),
        ([START, {"kind": "collected"}], "does not fit"),
    ],
)
def test_a_record_that_cannot_be_true_is_a_lie(said, why):
    with pytest.raises(Lie, match=why):
        taken(*said)


@pytest.mark.parametrize("text", ["", "PASSED", "[]", "1", '{"v": 2, "n": 0, "kind": "start"}', '{"v": 1, "n": 1}'])
def test_what_is_no_record_of_ours_is_a_lie(text):
    with pytest.raises(Lie):
        Records().take(Line(Stream.CHANNEL, text))


def test_a_cut_record_is_a_lie():
    with pytest.raises(Lie, match="longer than any of ours"):
        Records().take(Line(Stream.CHANNEL, '{"v": 1, "n": 0, "kind": "start"}', whole=9_000))


def test_half_characters_are_replaced_since_they_could_not_be_stored():
    records = taken(*TWO, began(0), ended(0, outcome="failed", message="\ud800x"))
    assert records.ended[0].message == "?x"

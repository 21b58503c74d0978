# SPDX-License-Identifier: BSD-3-Clause
"""history_request: range, tail, search."""
import pytest


@pytest.fixture
def past(client):
    """Cells 1 to 6; silent, blank and unstored ones leave no trace."""
    for code in ("result a", "print b", "fail c", "result a", "print é", "result b"):
        client.run(code)
    client.run("result x", silent=True)
    client.run("  ")
    client.run("result y", store_history=False)

    def ask(kind, **more):
        content = dict({"hist_access_type": kind, "raw": True, "output": False}, **more)
        reply, outputs = client.ask("history_request", content)
        assert reply.content["status"] == "ok" and outputs == []
        return reply.content["history"]

    return ask


def lines(rows):
    assert all(row[0] == 1 for row in rows)
    return [row[1] for row in rows]


def test_tail(past):
    assert past("tail", n=2) == [[1, 5, "print é"], [1, 6, "result b"]]
    assert lines(past("tail", n=100)) == lines(past("tail")) == [1, 2, 3, 4, 5, 6]
    assert past("tail", n=0) == [] and past("tail", n=-3) == []


def test_outputs(past):
    assert past("tail", n=2, output=True) == [[1, 5, ["print é", None]], [1, 6, ["result b", "b"]]]


def test_range(past):
    assert lines(past("range", session=0, start=2, stop=4)) == [2, 3]
    assert lines(past("range", session=1, start=5)) == [5, 6]
    assert lines(past("range", session=0, start=5, stop=None)) == [5, 6]
    assert lines(past("range", session=0)) == [1, 2, 3, 4, 5, 6]
    assert lines(past("range", session=0, start=-4, stop=3)) == [1, 2]
    assert past("range", session=-1, start=1) == past("range", session=7) == []
    assert past("range", session=0, start=4, stop=4) == []


def test_search(past):
    assert lines(past("search", pattern="*")) == [1, 2, 3, 4, 5, 6]
    assert lines(past("search", pattern="result*")) == [1, 4, 6]
    assert lines(past("search", pattern="result*", n=2)) == [4, 6]
    assert lines(past("search", pattern="result*", unique=True)) == [4, 6]
    assert lines(past("search", pattern="result")) == []
    assert lines(past("search", pattern="print ?")) == [2, 5]
    assert lines(past("search", pattern="*t*b")) == [2, 6]
    assert lines(past("search", pattern="result a", unique=True, n=1)) == [4]


def test_strange_questions(past):
    assert past("nonsense") == [] and past(None) == [] and past(3) == []
    assert lines(past("search", pattern=None, n=1.0)) == [6]
    assert lines(past("tail", n=10 ** 30)) == [1, 2, 3, 4, 5, 6]


def test_a_pattern_that_backtracks(client):
    client.run("a" * 5000)
    content = {"hist_access_type": "search", "pattern": "*a" * 500 + "b"}
    assert client.ask("history_request", content, timeout=5)[0].content["history"] == []

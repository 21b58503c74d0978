"""deepwhy in real front ends: a Chromium opens JupyterLab, Notebook 7 and the classic Notebook and does what a student does."""

import time

import pytest
from conftest import ROOT, SLOW
from fronts import Classic, Lab, Notebook

FIRST = ROOT / "notebooks/1-universal-approximators.ipynb"


@pytest.fixture(scope="module", params=[Lab, Notebook, Classic], ids=lambda front: front.NAME)
def front(request, chromium, server):
    made = request.param(server, chromium, 30 * SLOW)
    yield made
    made.close()


def look_through(front):
    """Every figure of the notebook is drawn, with a size and with words."""
    seen = front.figures()
    for number, cell in enumerate(front.cells()):
        wanted = sum("image/svg+xml" in output.get("data", {}) for output in cell["outputs"])
        assert len(seen[number]) >= wanted, number
        assert all(f["width"] > 100 and f["height"] > 70 and f["alt"] for f in seen[number]), (number, seen[number])
    assert sum(map(len, seen)) > 10


def test_the_first_notebook(front, put):
    front.open(put(f"{front.NAME}/first.ipynb", FIRST))
    look_through(front)  # as it comes, not trusted
    front.picture("untrusted")
    before = front.cells()
    front.run_all()
    front.finished(before)
    assert front.errors() == []
    look_through(front)
    front.picture("first")


WORK = [
    "plot(sin, 0..6)",
    "data = table(x = linspace(-1..1, 200), y = x ↦ x²)\nnet = train(1 → 64 → σ → 1, data, steps = 100000000)\nnet(0)",
    "plot(net, -1..1)",
    "",
    "?plot",
]


def words(outputs):
    return "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in outputs)


def test_work(front, put):
    """A first cell, a training that is stopped, keys that help, and a new start."""
    front.open(put(f"{front.NAME}/work.ipynb", WORK))
    [figure_of_sine] = front.run(0)
    assert "image/svg+xml" in figure_of_sine["data"]

    front.start(1)
    front.wait("cells()[1].busy && cells()[1].outputs.length")  # its progress is seen
    front.interrupt()
    before = time.monotonic()
    front.wait("!cells()[1].busy && idle()")
    assert time.monotonic() - before < 1 * SLOW
    stopped = front.cells()[1]["outputs"]
    assert stopped[-1]["ename"] == "KeyboardInterrupt" and "best net so far" in words(stopped)
    [figure] = front.run(2)
    assert "the line net" in figure["data"]["text/plain"]

    assert front.complete(3, "\\lam") == "λ"
    assert front.complete(3, "\\e") in ("ε", "\\epsilon")  # the classic Notebook inserts what it shows
    assert front.complete(3, "tra") == "train"
    assert "rate" in front.explain(3, "train(") and "Trains a net" in front.explain(3, "train")

    assert "A plot of functions" in words(front.run(4))
    front.restart()
    front.wait("idle() && cells().length")
    assert front.run(2)[0]["ename"] == "NameError"  # the net is gone
    assert front.run(0) == [figure_of_sine] and front.cells()[0]["count"] == 2

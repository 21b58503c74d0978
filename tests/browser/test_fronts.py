"""deepwhy in real front ends: a Chromium opens JupyterLab, Notebook 7 and the classic Notebook and does what a student does."""

import re
import time

import pytest
from conftest import PATIENCE, ROOT, SLOW
from fronts import Classic, Lab, Notebook

FIRST = ROOT / "notebooks/1-universal-approximators.ipynb"


@pytest.fixture(scope="module", params=[Lab, Notebook, Classic], ids=lambda front: front.NAME)
def front(request, chromium, server):
    made = request.param(server, chromium, PATIENCE)
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
    front.open(put(front, "first.ipynb", FIRST))
    look_through(front)  # as it comes, not trusted
    front.page.locator(front.FORMULA).first.wait_for()  # set without the network, which this browser has not
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
    front.open(put(front, "work.ipynb", WORK))
    [figure_of_sine] = front.run(0)
    assert "image/svg+xml" in figure_of_sine["data"]

    front.start(1)
    front.wait("cells()[1].busy && cells()[1].outputs.length")  # its progress is seen
    if front.NAME != "classic":  # the extension knows symbols while the kernel is busy
        assert front.complete(3, "\\lam") == "λ"
    front.interrupt()
    before = time.monotonic()
    front.wait("!cells()[1].busy && idle()")
    assert time.monotonic() - before < 20 * SLOW  # mostly the browser; tests/protocol is strict
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


SLIDERS = """interact a = 1 in 0..5, b = 0 in -1..1
  f(x) = sum([sin(a*x + b),
              0])
  plot(f, f', -3..3, title = "a = {a}, b = {b}")
end"""


def test_sliders(front, put):
    """Typed as a student types it; dragged with the mouse, one after the other, after a reload and without the kernel."""
    front.open(put(front, "sliders.ipynb", ["", ""]))
    front.until_coloured(0, "interact")
    front.type(0, *re.sub("\\n +", "\n", SLIDERS).replace("\n", "\0Enter\0").split("\0"))
    assert front.cells()[0]["source"] == SLIDERS
    front.run(0)
    front.until_figure(0, "a = 1, b = 0")
    front.drag(0, 0, 0.8)
    front.until_figure(0, "a = 4, b = 0")
    front.drag(0, 1, 0.9)
    front.until_figure(0, "a = 4, b = 0.8")
    front.picture("sliders")
    front.reload()  # the kernel lives on
    front.until_figure(0, "a = 4, b = 0.8")
    front.drag(0, 0, 0.2)
    front.until_figure(0, "a = 1, b = 0.8")
    front.restart()  # and here it does not
    front.wait(front.READY)
    front.until_figure(0, "a = 1, b = 0")
    front.reload()
    front.until_figure(0, "a = 1, b = 0")
    front.page.get_by_text("Jupyter widget").first.wait_for(state="hidden")  # no word about what is missing
    front.picture("film")
    front.drag(0, 0, 0.9)
    front.until_figure(0, "a = 4.38, b = 0")


COLOURS = """# a remark
interact word = 1 in [1, 2]
  check word > 0, "a text"
end"""


def colours(front):
    """How the words of that cell look, without and with its outputs run."""
    front.run(0)
    front.until_figure(0)
    return {word: front.colour(0, word) for word in ("# a remark", "interact", "word", "in", "check", '"a text"', "end", "plot")}


def test_colours(front, put):
    front.open(put(front, "colours.ipynb", [COLOURS.replace("end", "  plot(x ↦ word*x, 0..1)\nend")]))
    seen = colours(front)
    assert seen["interact"] == seen["in"] == seen["check"] == seen["end"]
    assert len({seen[word] for word in ("# a remark", "interact", "word", '"a text"', "plot")}) == 5
    if front.NAME != "classic":
        front.theme("Dark")
        [[figure], *_] = front.figures()
        assert front.corner(figure) == [255, 255, 255, 255]  # of the figure: its black letters stay readable
        assert front.colour(0, "interact") == front.colour(0, "check") != seen["check"]
        front.picture("dark")
        front.theme("Light")  # it is a setting of the server's
    assert "deepwhy" not in str(front.broken)


def test_without_the_extension(chromium, bare_server, put):
    """JupyterLab then takes its mode for Julia, which knows some of the words."""
    front = Lab(bare_server, chromium, PATIENCE)
    front.open(put(front, "colours.ipynb", [COLOURS.replace("end", "  plot(x ↦ word*x, 0..1)\nend")]))
    seen = colours(front)
    assert seen["interact"] == seen["word"] == seen["plot"]
    assert len({seen[word] for word in ("# a remark", "in", "word", '"a text"')}) == 4
    assert front.broken == []
    front.close()

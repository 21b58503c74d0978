"""deepwhy in real front ends: a Chromium opens JupyterLab, Notebook 7 and the classic Notebook and does what a student does."""

import pytest
from conftest import ROOT, SLOW
from fronts import Classic, Lab, Notebook

FIRST = ROOT / "notebooks/1-universal-approximators.ipynb"


@pytest.fixture(scope="module", params=[Lab, Notebook, Classic], ids=lambda front: front.NAME)
def front(request, chromium, server):
    made = request.param(server, chromium, 60 * SLOW)
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

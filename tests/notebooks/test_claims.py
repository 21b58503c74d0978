"""Every claim, figure and formula of the essay is shown somewhere: claims.tsv says in which cell of which notebook.

A row names an item (C a claim, F a figure, N a formula, + beyond the essay), says in a few words what is shown, and
where: by a `figure`, by a `check`, or by `text` alone.
"""

import csv
import pathlib
import subprocess

import nbformat
import pytest
from conftest import BUILD, ROOT

TABLE = pathlib.Path(__file__).with_name("claims.tsv")
ITEMS = {
    "1-universal-approximators": "C1 N1 N1+ N2 N3 F1 N4 F2 N5 C2 C3 1+distance 1+towers",
    "2-gradient-descent": "C4 N6 C5 C6 C7 F3 F4 C8 C9 2+watershed 2+dimensions 2+xor 2+saddles "
                          "2+remark-a 2+remark-b 2+remark-c",
    "3-piecewise-linear": "N7 C10 F5 C11 3+hinges 3+regions 3+contrast 3+outside",
    "4-where-nets-work": "C12 N8 C13 C14 C15 C16",
}


def read():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def has_figure(cell):
    return any("image/svg+xml" in o.get("data", {}) for o in cell.get("outputs", []))


def has_check(cell):
    return any(line.strip().startswith("check ") for line in cell.source.splitlines())


SHOWS = {
    "figure": lambda cell: cell.cell_type == "code" and has_figure(cell),
    "check": lambda cell: cell.cell_type == "code" and has_check(cell),
    "text": lambda cell: cell.cell_type == "markdown" and len(cell.source) > 40,
}


def faults(rows, books):
    """What is wrong with the table, for the notebooks that are there: name -> cells by their id."""
    found = []
    for number, row in enumerate(rows, 2):
        place = f"claims.tsv, line {number}, {row['item']}"
        if row["item"] not in ITEMS.get(row["notebook"], "").split():
            found.append(f"{place}: {row['notebook']} has no such item")
        cell = books.get(row["notebook"], {}).get(row["cell"])
        if cell is None:
            found.append(f"{place}: {row['notebook']} has no cell {row['cell']}")
        elif row["shown by"] not in SHOWS or not SHOWS[row["shown by"]](cell):
            found.append(f"{place}: cell {row['cell']} shows it by no {row['shown by']}")
        if not row["claim"]:
            found.append(f"{place}: says nothing")
    for name in books:
        shown = {row["item"] for row in rows if row["notebook"] == name}
        found += [f"{name}: nothing shows {item}" for item in ITEMS.get(name, "").split() if item not in shown]
        if name not in ITEMS and name[0] != "0":
            found.append(f"{name}: which items of the essay does it show?")
    return found


@pytest.fixture
def books(look):
    return {path.stem: {cell.id: cell for cell in nbformat.read(path, as_version=4).cells} for path in look.NOTEBOOKS}


def test_every_item_of_the_essay_is_shown(books):
    assert faults(read(), books) == []


def test_a_missing_item_or_cell_is_noticed(books):
    rows = read()
    for name in books:
        for item in ITEMS.get(name, "").split():
            assert faults([row for row in rows if row["item"] != item], books), item
    for row in rows:
        fewer = dict(books, **{row["notebook"]: {k: v for k, v in books[row["notebook"]].items() if k != row["cell"]}})
        assert faults(rows, fewer), row


def test_the_readme_leads_to_a_changed_net(tmp_path):
    """The program it sends newcomers to runs without the cells before it, and what it says about the change is so."""
    book = nbformat.read(ROOT / "notebooks" / "2-gradient-descent.ipynb", as_version=4)
    number = next(i for i, cell in enumerate(book.cells) if cell.source.startswith("## 2.6 Half of it may fail"))
    program = [cell for cell in book.cells[number:] if cell.cell_type == "code"][1].source
    readme = (ROOT / "README.md").read_text()
    assert "section 2.6, *Half of it may fail*" in readme and "Write 3 for the 100 in `1 → 100 → relu → 1`" in readme
    assert program.startswith("seed(1)\nsine = table(") and program.count("1 → 100 → relu → 1") == 1

    def run(source):
        script = tmp_path / "net.dw"
        script.write_text(source)
        return subprocess.run([BUILD / "deepwhy", "run", script], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert run(program).returncode == 0
    changed = run(program.replace("1 → 100 →", "1 → 3 →"))
    assert changed.returncode == 1 and changed.stdout.splitlines()[-1].startswith("✗"), changed.stdout

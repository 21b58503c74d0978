"""The notebooks in Python that `bench/run notebooks` measures beside ours say the same: cell by cell, claim by claim.

A cell there has the id of its counterpart here. It must be Python, draw where ours draws, and assert as often as
ours checks; their first cell, `setup`, holds the imports. No outputs are stored.
"""

import ast
import csv
import pathlib
import subprocess
import sys

import nbformat
import pytest

ROOT = pathlib.Path(__file__).parents[2]
CLAIMS = pathlib.Path(__file__).with_name("claims.tsv")
PYTHON = ROOT / ".venv-bench-notebooks/bin/python"
NEEDS = "import ipykernel, ipywidgets, matplotlib, scipy, sklearn, torch"


def read(folder):
    return {path.stem: {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
            for path in sorted((ROOT / folder).glob("[1-9]*.ipynb"))}


def shape_of_ours(cell):
    """How many checks a cell has, and whether it draws."""
    checks = sum(line.strip().startswith("check ") for line in cell.source.splitlines())
    return checks, any("image/svg+xml" in output.get("data", {}) for output in cell.outputs)


def shape_of_theirs(cell):
    """How many asserts a cell has, and whether it draws; SyntaxError if it is no Python."""
    nodes = list(ast.walk(ast.parse(cell.source)))
    draws = any(isinstance(n, ast.Call) and ast.unparse(n.func) in ("plt.show", "show") for n in nodes)
    return sum(isinstance(n, ast.Assert) for n in nodes), draws


def faults(ours, theirs, claims):
    """What their notebook lacks, or has too much, beside ours; `claims` are rows of claims.tsv."""
    def code(book):
        return [name for name, cell in book.items() if cell.cell_type == "code"]

    found = []
    if ["setup", *code(ours)] != code(theirs):
        found.append(f"other cells: {sorted({'setup', *code(ours)} ^ {*code(theirs)}) or 'in another order'}")
    for name in code(theirs):
        if theirs[name].outputs or theirs[name].execution_count is not None:
            found.append(f"{name}: outputs are stored")
        mine, other = shape_of_ours(ours[name]) if name in ours else (0, False), shape_of_theirs(theirs[name])
        if mine != other:
            found.append(f"{name}: (claims, draws) are {mine} in ours, {other} in theirs")
    for row in claims:
        cell = theirs.get(row["cell"])
        if cell is None or cell.cell_type != ("markdown" if row["shown by"] == "text" else "code") or not cell.source.strip():
            found.append(f"{row['item']}: no cell {row['cell']} shows that {row['claim']}")
    return found


@pytest.fixture(scope="module")
def pairs():
    ours, theirs = read("notebooks"), read("bench/notebooks")
    assert ours.keys() == theirs.keys()
    with CLAIMS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {name: (ours[name], theirs[name], [row for row in rows if row["notebook"] == name]) for name in ours}


def test_each_cell_has_its_counterpart(pairs):
    assert {name: faults(*pair) for name, pair in pairs.items()} == dict.fromkeys(pairs, [])


def test_what_is_missing_is_noticed(pairs):
    for ours, theirs, claims in pairs.values():
        for row in claims:
            assert faults(ours, {k: v for k, v in theirs.items() if k != row["cell"]}, claims), row
        checked = next(name for name, cell in theirs.items() if cell.cell_type == "code" and "assert" in cell.source)
        silent = nbformat.v4.new_code_cell(theirs[checked].source.replace("assert ", "_ = "))
        assert faults(ours, {k: silent if k == checked else v for k, v in theirs.items()}, claims)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", read("bench/notebooks"))
def test_it_runs(name):
    """Needs what bench/setup installs, which takes 300 MB: where it is not, that is no failure."""
    if not PYTHON.exists() or subprocess.run([PYTHON, "-c", NEEDS], capture_output=True).returncode:
        pytest.skip("PyTorch and matplotlib are not installed (bench/setup)")
    command = [sys.executable, ROOT / "bench/notebooks.py", "--try", name]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]

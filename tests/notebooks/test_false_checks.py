"""The claims of the essay can fail: each cell with checks has one of them turned false, and says so."""

import asyncio
import os

import nbformat
import pytest
from conftest import NOTEBOOKS, SLOW
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def turned_false(line):
    """A check of the opposite: of its claim, without the words for the reader behind it."""
    claim, depth, quoted = line.removeprefix("check "), 0, False
    for at, letter in enumerate(claim):
        quoted ^= letter == '"'
        depth += (letter in "([") - (letter in ")]")
        if letter in ",#" and depth == 0 and not quoted:
            claim = claim[:at].rstrip()
            break
    return f"check not ({claim})"


def falsify(book, most=None):
    """Turn a check of each cell that has some (or of the first `most` of them) false: cell -> what it says now.

    Of the first cell its first check is taken, of the second its second, and so on, round and round. It goes to the
    end of its cell, so that the lines the next cells need still run.
    """
    changed = {}
    for cell in (c for c in book.cells if c.cell_type == "code"):
        lines = cell.source.split("\n")
        checks = [at for at, line in enumerate(lines) if line.startswith("check ")]
        if checks and (most is None or len(changed) < most):
            line = lines.pop(checks[len(changed) % len(checks)])
            changed[cell.id] = turned_false(line)
            cell.source = "\n".join([*lines, changed[cell.id]])
    return changed


def client(book, path, **options):
    return NotebookClient(book, timeout=100 * SLOW, kernel_name="deepwhy",
                          resources={"metadata": {"path": os.fspath(path.parent)}}, **options)


def shown(cell):
    """Figures, tables and numbers, but no lines of text, among which are the answers of checks."""
    return [output.data for output in cell.outputs if output.output_type in ("display_data", "execute_result")]


@pytest.fixture(scope="module")
def second_run():
    """The notebooks executed with false checks in their cells: path -> book, and what was changed."""
    books = {path: nbformat.read(path, as_version=4) for path in NOTEBOOKS}
    changed = {path: falsify(book) for path, book in books.items()}

    async def execute():
        await asyncio.gather(*(client(book, path, allow_errors=True).async_execute() for path, book in books.items()))
    asyncio.run(execute())
    return books, changed


def test_a_false_check_in_any_cell_is_an_error(second_run):
    books, changed = second_run
    assert len(books) >= 5 and all(len(said) >= 5 for said in changed.values())
    for path, book in books.items():
        for cell in (c for c in book.cells if c.cell_type == "code"):
            errors = [o for o in cell.outputs if o.output_type == "error"]
            if cell.id in changed[path]:
                assert [e.ename for e in errors] == ["CheckFailed"], f"{path.stem}, {cell.id}: {errors}"
                assert changed[path][cell.id].removeprefix("check ") in errors[0].evalue
            else:
                assert bool(errors) == ("raises-exception" in cell.metadata.get("tags", [])), f"{path.stem}, {cell.id}"


def test_two_runs_of_the_essay_show_the_same(second_run, executed):
    """Byte for byte, PDFs included: a check that fails changes nothing that comes before it."""
    for path, book in ((path, book) for path, book in second_run[0].items() if path.stem in executed):
        for cell, first in zip(book.cells, nbformat.read(executed[path.stem], as_version=4).cells, strict=True):
            if cell.cell_type == "code":
                assert shown(cell) == shown(first), f"{path.stem}, {cell.id}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_execution_stops_there(path):
    book = nbformat.read(path, as_version=4)
    [claim] = falsify(book, 1).values()
    with pytest.raises(CellExecutionError) as stopped:
        client(book, path).execute()
    assert stopped.value.ename == "CheckFailed" and claim.removeprefix("check ") in stopped.value.evalue


@pytest.mark.parametrize("line, opposite", [
    ('check f(a, b) ≈ [1, 2] ± 3, "so, # and so"', "check not (f(a, b) ≈ [1, 2] ± 3)"),
    ('check p["a,b"] == 1   # why', 'check not (p["a,b"] == 1)'),
    ("check all(x > 0 for x in v)", "check not (all(x > 0 for x in v))"),
])
def test_turned_false(line, opposite):
    assert turned_false(line) == opposite

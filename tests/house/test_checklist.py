# SPDX-License-Identifier: BSD-3-Clause
"""The checklist of docs/protocol.md: every item once, and every test it names exists."""
import ast
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
LAST = {"V": 6, "L": 44, "W": 34, "M": 83, "S": 5, "T": 16, "I": 38, "P": 45}
ITEM = re.compile(r"([A-Z])-(\d\d)")
C_TEST = re.compile(r"^static void (\w+)\(void \*\*state\)", re.M)


def rows(text):
    """Items, what they are, state, and tests of every row."""
    table = text.split("\n## The checklist\n", 1)[1]
    for line in table.split("\n"):
        if line.startswith("| ") and ITEM.match(line[2:]):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert len(cells) == 4, line
            yield cells[0], cells[1], cells[2], re.findall(r"`([^`]+)`", cells[3])


def items(cell):
    """L-01, L-03 to L-05 → L-01, L-03, L-04, L-05."""
    for part in cell.split(", "):
        ends = [ITEM.fullmatch(end) for end in part.split(" to ")]
        assert all(ends) and len({end[1] for end in ends}) == 1 and len(ends) <= 2, cell
        numbers = [int(end[2]) for end in ends]
        assert numbers[0] < numbers[-1] or len(ends) == 1, cell
        yield from (f"{ends[0][1]}-{number:02}" for number in range(numbers[0], numbers[-1] + 1))


def names_in(path):
    text = path.read_text()
    if path.suffix == ".c":
        return set(C_TEST.findall(text))
    return {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def faults(text):
    """What is wrong with the table; nothing when it is right."""
    seen, known, found = [], {}, []
    for cell, what, state, tests in rows(text):
        seen += items(cell)
        word, _, why = state.partition(":")
        if word not in ("done", "differently", "not applicable") or not what:
            found.append(f"{cell}: {state} is no state")
        if word != "done" and not why.strip():
            found.append(f"{cell}: why?")
        if word != "not applicable" and not tests:
            found.append(f"{cell}: no test shows it")
        for test in tests:
            path, _, name = test.partition("::")
            path = TESTS / (path if "/" in path else f"protocol/{path}")
            if path not in known:
                known[path] = names_in(path) if path.is_file() else None
            if known[path] is None or not name or name not in known[path]:
                found.append(f"{cell}: there is no {test}")
    wanted = [f"{letter}-{number:02}" for letter, last in LAST.items() for number in range(1, last + 1)]
    found += [f"{item} is missing" for item in wanted if item not in seen]
    found += [f"{item} is there {seen.count(item)} times" for item in sorted(set(seen)) if seen.count(item) > 1]
    return found + [f"{item} is no item" for item in seen if item not in wanted]


PAGE = ROOT / "docs" / "protocol.md"


def test_every_item_is_there_once_and_every_test_exists():
    assert faults(PAGE.read_text()) == []


def test_a_table_that_has_rotted_is_noticed():
    page = PAGE.read_text()
    row = next(line for line in page.split("\n") if line.startswith("| L-10 |"))
    for change, words in [
        ("", "L-10 is missing"), (row + "\n" + row, "L-10 is there 2 times"), (row.replace("L-10", "L-45"), "L-45 is no item"),
        (row.replace("test_standalone", "test_stand_alone"), "there is no test_life.py::test_stand_alone"),
        (row.replace("test_life.py", "test_live.py"), "there is no test_live.py::test_standalone"),
        (row.replace("| done |", "| later |"), "later is no state"), (row.replace("| done |", "| differently |"), "why?"),
        (re.sub("`[^`]+`", "", row), "no test shows it"),
    ]:
        found = faults(page.replace(row, change))
        assert any(words in fault for fault in found), (words, found)

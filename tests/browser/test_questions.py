# SPDX-License-Identifier: BSD-3-Clause
"""Questions and new cells in real front ends: what `ask` and `edit` look like to a student."""

import pytest
from conftest import PATIENCE
from fronts import Classic, Lab, Notebook
from test_fronts import words

CELLS = [
    'name = ask("Your name? ")\nn = number(ask("How many, {name}? "))\nn^2',
    'word = ask("Password: ", hidden = true)\nword == "xyzzy"',
    'print("before")\nask("Never answered? ")',
    "cube(x) = x^3\nedit(cube)",
]
FIELD = ".jp-Stdin-input, input.raw_input"


@pytest.fixture(scope="module", params=[Lab, Notebook, Classic], ids=lambda front: front.NAME)
def front(request, chromium, server):
    made = request.param(server, chromium, PATIENCE)
    yield made
    made.close()


def answer(front, text):
    field = front.page.locator(FIELD).last
    field.wait_for()
    kind = field.get_attribute("type")
    here = field.element_handle()
    field.fill(text)
    field.press("Enter")
    here.wait_for_element_state("hidden")  # the next question has a field of its own
    return kind


def test_questions_and_new_cells(front, put):
    front.open(put(front, "questions.ipynb", CELLS))
    front.start(0)
    assert answer(front, "Ada") != "password"
    front.page.get_by_text("How many, Ada?").last.wait_for()
    front.picture("question")
    answer(front, "12")
    front.wait("idle() && !cells()[0].busy && cells()[0].count == 1")
    assert words(front.cells()[0]["outputs"]).endswith("144")

    front.start(1)
    assert answer(front, "xyzzy") == "password"
    front.wait("idle() && !cells()[1].busy && cells()[1].count == 2")
    shown = words(front.cells()[1]["outputs"])
    assert shown.endswith("true") and "xyzzy" not in shown

    front.start(2)
    front.page.locator(FIELD).last.wait_for()
    front.interrupt()
    front.wait("idle() && !cells()[2].busy")
    assert front.cells()[2]["outputs"][-1]["ename"] == "KeyboardInterrupt"

    front.start(3)
    front.wait("idle() && cells().some(c => c.source == 'cube(x) = x^3')")
    assert [cell["source"] for cell in front.cells()][:5] == [*CELLS, "cube(x) = x^3"]

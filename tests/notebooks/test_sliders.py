"""Sliders move without a kernel: an executed and exported notebook in a real browser, opened from the disk."""

import json
import pathlib

import nbformat
import pytest
from browser import CHROMIUM
from conftest import SLOW, make_notebook
from nbclient import NotebookClient

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")

CELLS = [
    ("code", 'interact a = 0 in -1..1, λ = 10 in 1..100\n  soft(x) = σ(λ*(x - a))\n'
             '  plot(soft, -1..1, title = "a = {a}, λ = {λ}")\n  λ²\nend'),
    ("code", 'animate k in 0..4\n  plot(x ↦ sin(x + k), -3..3, title = "k = {k}")\nend'),
    ("code", 'interact word in ["left", "<right>"]\n  print("to the {word}")\nend'),
]

# What a reader sees of each film, and how to move a slider as a hand would.
TOOLS = """
const films = () => [...document.querySelectorAll('.dw-film')];
const shown = f => ({
  alt: [...f.querySelectorAll('.dw-film-now img')].map(i => i.alt),
  drawn: [...f.querySelectorAll('.dw-film-now img')].map(i => i.complete && i.naturalWidth),
  words: f.querySelector('.dw-film-now').innerText.trim(),
  knobs: [...f.querySelectorAll('label')].map(l => l.innerText.split(/\\s+/).join(' ').trim()),
  strip: f.querySelector('.dw-film-strip').getClientRects().length > 0});
const slide = (f, k, i) => {
  const s = f.querySelectorAll('input')[k];
  s.value = i;
  s.dispatchEvent(new Event('input', {bubbles: true}));
  return new Promise(done => setTimeout(() => done(shown(f)), 200));
};
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory, run_today):
    folder = tmp_path_factory.mktemp("sliders")
    return run_today(folder, CELLS)


def look_at(browser, code):
    return browser.js(f"(() => {{{TOOLS} return {code};}})()")


def test_the_start_and_the_moved_states(browser, page):
    browser.open(page)
    first, second, third = look_at(browser, "films().map(shown)")
    assert first["knobs"] == ["a 0", "λ 10"] and not first["strip"] and "a = 0, λ = 10" in first["alt"][0]
    assert second["knobs"] == ["k 0"] and third["words"] == "to the left"
    moved = look_at(browser, "slide(films()[0], 1, 8)")
    assert moved["knobs"] == ["a 0", "λ 100"] and "a = 0, λ = 100" in moved["alt"][0]
    assert moved["words"] == "10000" and moved["drawn"] == [480]
    moved = look_at(browser, "slide(films()[0], 0, 0)")
    assert moved["knobs"] == ["a -1", "λ 10"] and "a = -1, λ = 10" in moved["alt"][0]
    back = look_at(browser, "slide(films()[0], 0, 4)")
    assert back == first
    assert look_at(browser, "slide(films()[2], 0, 1)")["words"] == "to the <right>"
    assert look_at(browser, "films().map(shown)")[1] == second


def test_a_moved_picture_is_another_picture(browser, page):
    browser.open(page)
    dark = """(async i => {const c = document.createElement('canvas').getContext('2d');
      await i.decode(); c.canvas.width = 480; c.canvas.height = 360; c.drawImage(i, 0, 0);
      return c.getImageData(0, 0, 480, 360).data.reduce((sum, v, at) => (sum*31 + v) % 1000003, 7);
    })(films()[0].querySelector('img'))"""
    prints = [look_at(browser, dark)]
    for place in 0, 8, 4:
        look_at(browser, f"slide(films()[0], 0, {place})")
        prints.append(look_at(browser, dark))
    assert len(set(prints)) == 3 and prints[0] == prints[3]


def test_the_keyboard_moves_a_slider(browser, page):
    browser.open(page)
    look_at(browser, "films()[0].querySelectorAll('input')[1].focus()")
    browser.press("End", 35)
    assert look_at(browser, "shown(films()[0])")["knobs"] == ["a 0", "λ 100"]
    browser.press("ArrowLeft", 37)
    browser.press("ArrowLeft", 37)
    assert look_at(browser, "films()[0].querySelectorAll('input')[1].getAttribute('aria-valuetext')") == "75"
    assert look_at(browser, "films()[0].querySelectorAll('input')[1].getAttribute('aria-label')") == "λ"


def test_an_animation_plays_when_told_to(browser, page):
    browser.open(page)
    wait = "new Promise(done => setTimeout(() => done(shown(films()[1]).knobs[0]), %d))"
    assert look_at(browser, wait % 1200) == "k 0"
    look_at(browser, "films()[1].querySelector('button').click()")
    assert look_at(browser, "films()[1].querySelector('button').innerText").endswith("pause")
    assert look_at(browser, wait % 5000) == "k 4"
    assert look_at(browser, "films()[1].querySelector('button').innerText").endswith("play")
    look_at(browser, "films()[1].querySelector('button').click()")
    look_at(browser, "films()[1].querySelector('button').click()")
    assert look_at(browser, wait % 1200) == "k 0"


def test_who_wants_no_motion_gets_steps(browser, page):
    browser("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    browser.open(page)
    look_at(browser, "films()[1].querySelector('button').click()")
    wait = "new Promise(done => setTimeout(() => done(shown(films()[1]).knobs[0]), 1500))"
    assert look_at(browser, wait) == "k 1"
    assert look_at(browser, "films()[1].querySelector('button').innerText").endswith("next")


def test_without_scripts_there_is_a_strip(browser, page):
    browser("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(page)
    browser("Emulation.setScriptExecutionDisabled", value=False)
    films = look_at(browser, "films().map(f => [f.querySelectorAll('input, button').length, shown(f).strip,"
                             " f.querySelector('.dw-film-strip').innerText, f.querySelectorAll('.dw-film-strip img').length])")
    assert [f[:2] for f in films] == [[0, True]] * 3
    assert [f[3] for f in films] == [4, 5, 0]
    assert "a = -1" in films[0][2] and "λ = 100" in films[0][2] and "word = <right>" in films[2][2]


def test_on_paper_the_strip_comes_back(browser, page):
    browser.open(page)
    browser("Emulation.setEmulatedMedia", media="print")
    seen = look_at(browser, "films().map(f => [shown(f).strip, [...f.querySelectorAll('input, button')]"
                            ".some(e => e.getClientRects().length > 0), shown(f).knobs])")
    assert seen == [[True, False, ["a 0", "λ 10"]], [True, False, ["k 0"]], [True, False, ["word left"]]]


# How front ends bring the HTML of an output to their page.
ARRIVALS = {
    "lab": """const host = document.createElement('div'); host.innerHTML = html;
        for (const old of host.querySelectorAll('script')) {
          const script = document.createElement('script');
          for (const t of old.attributes) script.setAttribute(t.name, t.value);
          script.textContent = old.textContent; old.replaceWith(script);
        } document.body.append(host);""",
    "classic": """const host = document.createElement('div'); host.innerHTML = html; document.body.append(host);
        for (const old of host.querySelectorAll('script:not([type])')) {
          const script = document.createElement('script'); script.text = old.textContent;
          document.head.append(script); script.remove();
        }""",
}


@pytest.mark.parametrize("way", ARRIVALS)
def test_it_works_however_and_however_often_it_arrives(browser, page, way):
    book = nbformat.read(page.with_name("done.ipynb"), as_version=4)
    html = book.cells[0].outputs[0]["data"]["text/html"]
    empty = page.with_name("empty.html")
    empty.write_text("<!DOCTYPE html><meta charset='utf-8'><body></body>")
    browser.open(empty)
    names = "Object.keys(window).length"
    before = browser.js(names)
    for _ in range(2):
        browser.js(f"(() => {{const html = {json.dumps(html)}; {ARRIVALS[way]}}})()")
    moved = look_at(browser, "slide(films()[1], 1, 0)")
    assert moved["knobs"] == ["a 0", "λ 1"] and not moved["strip"]
    assert look_at(browser, "films().map(f => f.querySelectorAll('input').length)") == [2, 2]
    assert look_at(browser, "shown(films()[0])")["knobs"] == ["a 0", "λ 10"]
    assert browser.js(names) == before


def test_two_runs_give_the_same_bytes_and_nothing_is_loaded(page, run_today, tmp_path):
    run_today(tmp_path, CELLS)
    books = [nbformat.read(pathlib.Path(folder, "done.ipynb"), as_version=4) for folder in (page.parent, tmp_path)]
    assert [c.outputs for c in books[0].cells] == [c.outputs for c in books[1].cells]
    for cell in books[0].cells:
        [output] = cell.outputs
        html = output["data"]["text/html"]
        assert "src=\"http" not in html and "//cdn" not in html and "\n\n" not in html
        assert len(json.dumps(output["data"])) < 1_500_000


WIDGETS = "application/vnd.jupyter.widget-state+json"


class Person(NotebookClient):
    """Executes a notebook as a front end does, where somebody answers questions; so it is sent live sliders."""

    async def async_start_new_kernel_client(self):
        client = await super().async_start_new_kernel_client()
        client.allow_stdin = True
        return client


def test_what_is_executed_for_a_page_has_no_widgets(page):
    book = nbformat.read(page.with_name("done.ipynb"), as_version=4)
    assert "widgets" not in book.metadata and "jupyter.widget" not in page.read_text()


def test_saved_sliders_are_kept_and_their_page_shows_the_film(browser, today):
    """A notebook with live sliders, saved with their state, and made a page of: its models have no kernel, the film moves."""
    book = make_notebook(CELLS)
    Person(book, timeout=60 * SLOW, resources={"metadata": {"path": str(today.folder)}}).execute()
    state = book.metadata["widgets"][WIDGETS]["state"]
    names = [model["model_name"] for model in state.values()]
    assert names.count("VBoxModel") == 3 and names.count("FloatSliderModel") == 2 and "PlayModel" in names
    for cell in book.cells:
        [view] = [o for o in cell.outputs if "application/vnd.jupyter.widget-view+json" in o.get("data", {})]
        assert view["data"]["application/vnd.jupyter.widget-view+json"]["model_id"] in state
    nbformat.write(book, today.folder / "saved.ipynb")
    browser.open(today.convert("saved.ipynb", "html"), careful=False)  # what draws widgets is on the network
    first, *_ = look_at(browser, "films().map(shown)")
    assert first["knobs"] == ["a 0", "λ 10"] and "a = 0, λ = 10" in first["alt"][0]
    moved = look_at(browser, "slide(films()[0], 1, 8)")
    assert moved["knobs"] == ["a 0", "λ 100"] and "a = 0, λ = 100" in moved["alt"][0]
    assert look_at(browser, "films().every(f => f.getClientRects().length > 0)")

"""What the notebook tests share: the kernel under test, a small notebook, the two nbconverts, and looking at figures."""

import base64
import html.parser
import os
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml

import nbformat
import pytest
from browser import CHROMIUM, Browser

ROOT = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(os.environ.get("DEEPWHY_BUILD", ROOT / "build")).resolve()
os.environ["JUPYTER_PATH"] = str(BUILD / "share/jupyter")  # for what runs kernels in this process
SCRIPTS = ROOT / "scripts"
sys.path.append(str(SCRIPTS))
import handouts  # noqa: E402
SLOW = float(os.environ.get("DEEPWHY_SLOW", "1"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TODAY = str(ROOT / ".venv/bin/jupyter-nbconvert")
DISTRIBUTION = "/usr/bin/jupyter-nbconvert"
FEW = ["small", "0-start-here", "3-piecewise-linear"]  # of all notebooks, for what takes long over each
DRAWING = {"path", "polyline", "polygon", "line", "circle", "image"}

ENDINGS = {"html": ".html", "slides": ".slides.html", "markdown": ".md", "latex": ".tex", "notebook": ".ipynb"}

CELLS = [
    ("markdown", "# A figure\n\nThe sine and its square."),
    ("code", 'print("hello, world")'),
    ("code", "plot(sin, 0..1)"),
    ("code", "check 1 ≈ 1"),
    ("code", "plot(x ↦ sin(x)^2, -3..3)"),
]


def make_notebook(cells):
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    book = nbformat.v4.new_notebook(cells=[make[kind](source) for kind, source in cells])
    book.metadata["kernelspec"] = {"name": "deepwhy", "display_name": "deepwhy", "language": "deepwhy"}
    for number, cell in enumerate(book.cells):
        cell["id"] = f"cell-{number}"
    return book


class Tool:
    """One nbconvert: today's or the distribution's."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def environment(self, **extra):
        """A clean environment whose inkscape leaves a mark when anything calls it."""
        traps = self.folder / "traps"
        traps.mkdir(exist_ok=True)
        trap = traps / "inkscape"
        trap.write_text(f"#!/bin/sh\ntouch '{self.folder}/inkscape-was-called'\nexit 1\n")
        trap.chmod(0o755)
        private = self.folder / "private"
        private.mkdir(exist_ok=True)
        env = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "PYTHON"))}
        env.update(
            PATH=f"{traps}:/usr/local/bin:/usr/bin:/bin", HOME=str(private), JUPYTER_PATH=str(BUILD / "share/jupyter"),
            JUPYTER_PLATFORM_DIRS="0", LC_ALL="C.UTF-8", PYTHONDONTWRITEBYTECODE="1",
        )
        env.update(extra)
        return env

    def run(self, *options, cwd=None, env=None, closed_stdin=False, patience=110):
        command = [self.program, *map(str, options)]
        if closed_stdin:
            command = ["sh", "-c", 'exec "$@" <&-', "sh", *command]
        return subprocess.run(command, cwd=cwd or self.folder, env=env or self.environment(),
                              stdin=None if closed_stdin else subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=patience * SLOW)

    def convert(self, notebook, to, *options):
        """The file written for `notebook` in format `to`."""
        out = self.folder / f"out-{to}"
        done = self.run("--to", to, "--output-dir", out, "--output", "page", *options, notebook)
        assert done.returncode == 0, done.stderr
        return out / f"page{ENDINGS[to]}"

    @property
    def inkscape_was_called(self):
        return (self.folder / "inkscape-was-called").exists()


@pytest.fixture(params=[TODAY, DISTRIBUTION], ids=["today", "distribution"])
def tool(request, tmp_path):
    if not pathlib.Path(request.param).exists():
        pytest.skip(f"{request.param} is not installed")
    return Tool(request.param, tmp_path)


@pytest.fixture
def today(tmp_path):
    return Tool(TODAY, tmp_path)


@pytest.fixture(scope="session")
def run_today():
    """Executes cells in a folder as done.ipynb; the path of the page made of it."""
    def run(folder, cells):
        tool = Tool(TODAY, folder)
        nbformat.write(make_notebook(cells), folder / "book.ipynb")
        for options in (["--execute", "--to", "notebook", "--output", "done.ipynb", "book.ipynb"],
                        ["--to", "html", "--output", "page.html", "done.ipynb"]):
            done = tool.run(*options)
            assert done.returncode == 0, done.stderr
        return folder / "page.html"
    return run


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.ipynb"
    nbformat.write(make_notebook(CELLS), path)
    return path


@pytest.fixture(scope="session")
def attempts(tmp_path_factory):
    """The small notebook and those of notebooks/, each executed once by today's nbconvert: name -> (path, what went wrong)."""
    folder = tmp_path_factory.mktemp("executed")
    tool = Tool(TODAY, folder)
    nbformat.write(make_notebook(CELLS), folder / "small.ipynb")
    for path in NOTEBOOKS:
        shutil.copy(path, folder)
        if (path.parent / "data").is_dir():
            shutil.copytree(path.parent / "data", folder / "data", dirs_exist_ok=True)
    paths = sorted(folder.glob("*.ipynb"))

    def execute(*paths):
        result = tool.run("--execute", "--to", "notebook", "--output-dir", folder / "done", *paths, cwd=folder, patience=300)
        return result.stderr if result.returncode else None

    wrong = execute(*paths) and {path: execute(path) for path in paths}  # all at once, or one by one to know which
    return {path.stem: (folder / "done" / path.name, wrong and wrong[path]) for path in paths}


@pytest.fixture(scope="session")
def executed(attempts):
    """Those that ran, name -> path. test_every_notebook_runs is the one to fail for the others."""
    return {name: path for name, (path, wrong) in attempts.items() if wrong is None}


@pytest.fixture(scope="session")
def converted(executed, tmp_path_factory):
    """What an nbconvert makes of the executed notebooks, once for each format: name -> page, and how it went. Today's takes
    all of them, the distribution's only some."""
    made = {}

    def convert(program, to):
        if (program, to) not in made:
            tool = Tool(program, tmp_path_factory.mktemp("converted"))
            (tool.folder / "in").mkdir()
            names = [name for name in executed if program == TODAY or name in FEW]
            sources = [shutil.copy(executed[name], tool.folder / "in" / f"{name}.ipynb") for name in names]
            done = tool.run("--to", to, "--output-dir", tool.folder / "out", *sources, patience=300)
            assert done.returncode == 0, done.stderr
            made[program, to] = {name: tool.folder / "out" / f"{name}{ENDINGS[to]}" for name in names}, done, tool
        return made[program, to]
    return convert


@pytest.fixture(scope="session")
def essay_handouts(executed, tmp_path_factory):
    """The folder with every form of the notebooks of the essay, made of what came out when they were executed."""
    out = tmp_path_factory.mktemp("handouts")
    paths = [path for path in NOTEBOOKS if path.stem in executed]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handouts, "executed", lambda path: (handouts.together(nbformat.read(executed[path.stem], as_version=4)),
                                                          {"metadata": {"path": str(path.parent), "name": path.stem}}))
        handouts.main(out, *paths, every_form=True)
    return out


@pytest.fixture(scope="session")
def window(tmp_path_factory):
    """A browser for all tests that need one."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    made = Browser(tmp_path_factory.mktemp("browser"), 60 * SLOW)
    yield made
    made.close()


@pytest.fixture
def browser(window):
    window("Emulation.setEmulatedMedia", media="", features=[])
    window("Emulation.clearDeviceMetricsOverride")
    return window


def bundles(path):
    """Every display bundle with a figure in an executed notebook, in order."""
    book = nbformat.read(path, as_version=4)
    outputs = [o for c in book.cells if c.cell_type == "code" for o in c.outputs]
    return [o["data"] for o in outputs if "data" in o and "image/svg+xml" in o["data"]]


class ImageFinder(html.parser.HTMLParser):
    """Collects (alt, svg text) of every <img> whose source is an SVG as data."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        head, _, data = (values.get("src") or "").partition(";base64,")
        if tag == "img" and head == "data:image/svg+xml":
            self.found.append((values.get("alt"), base64.b64decode(data).decode()))


def images(page):
    """The figures of a page, without the small pictures under those that have sliders."""
    return ImageFinder(re.sub(r'<div class="dw-film-strip">.*?</div>', "", page, flags=re.S)).found


def sentence(bundle):
    """What a figure shows, in words, without the sentence about its sliders."""
    return re.split(r"\s(?:Sliders?|Animation): ", bundle["text/plain"])[0]


def drawing_elements(svg):
    """The elements of an SVG that draw something, definitions not counted."""
    root = xml.fromstring(svg)
    hidden = {e for d in root.iter() if d.tag.endswith("}defs") for e in d.iter()}
    return [e for e in root.iter() if e not in hidden and e.tag.split("}")[-1] in DRAWING]


def assert_draws(svg):
    elements = drawing_elements(svg)
    longest = max((len(e.get("d") or e.get("points") or "") for e in elements), default=0)
    pictures = [e for e in elements if e.tag.endswith("}image")]
    pieces = [e for e in elements if e.tag.endswith("}polygon")]  # of a surface
    drawn = longest > 60 or pictures or len(pieces) >= 100
    assert len(elements) >= 3 and drawn, f"nothing is drawn: {svg[:400]}"


@pytest.fixture
def look():
    """The helpers above, for the test files."""
    class Look:
        pass
    for helper in (bundles, images, sentence, drawing_elements, assert_draws, make_notebook):
        setattr(Look, helper.__name__, staticmethod(helper))
    Look.NOTEBOOKS, Look.BUILD, Look.SLOW, Look.CELLS = NOTEBOOKS, BUILD, SLOW, CELLS
    return Look

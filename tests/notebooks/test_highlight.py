"""The colours of programs: Pygments and the mode of the editors see the words that the language sees."""

import importlib.machinery
import importlib.util
import json
import pathlib
import shutil
import subprocess
import sys

import nbformat
import pytest
from conftest import BUILD, NOTEBOOKS, ROOT, Tool
from pygments.token import Comment, Error, Keyword, Name, Number, String, Whitespace

sys.path.insert(0, str(ROOT / "extras/pygments"))
from deepwhy_lexer import DeepwhyLexer  # noqa: E402

PROGRAMS = sorted((ROOT / "tests/lang").glob("*/*.dw"))
NODE = next((p for p in map(str, [ROOT / ".venv/frontends/playwright/driver/node"]) if pathlib.Path(p).exists()),
            shutil.which("node"))
CODEMIRROR = ROOT / ".venv/frontends/nbclassic/static/components/codemirror/addon/runmode/runmode.node.js"
SLIPS = ['title = "never closed', '"a {x + 1', '"{"{"{x:3}"}"}" + “curly {y} text” + ""', "\\lam", "x.in.title = 3..4 by 0.1..2",
         "f(x) = x²³ᵀ' ∈ [∞, -∞]; true_or = false", '"{{}} ""}" # "{', "a_1 = W₁*x⁻¹; µ̂ = 1e-3; x ≠ y", "for = 3\nend"]


def sources():
    yield from (path.read_text(encoding="utf-8") for path in PROGRAMS)
    yield from SLIPS
    for path in NOTEBOOKS:
        yield from (c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code")


def kinds(source):
    """The letter of each character, as the language has it (tests/classes.c)."""
    data = source.encode()
    letters = subprocess.run([BUILD / "classes"], input=data, capture_output=True, check=True).stdout.decode()
    assert len(letters) == len(data)
    at, found = 0, []
    for character in source:
        found.append(letters[at])
        at += len(character.encode())
    return "".join(found)


def compare(source, coloured):
    """Blanks have no colour; from where the language gives up, anything goes."""
    wanted = kinds(source)
    assert len(coloured) == len(source)
    end = len(source) if "x" not in wanted else wanted.index("x")
    for at in range(end):
        if not source[at].isspace() and wanted[at] != coloured[at]:
            line = source.count("\n", 0, at) + 1
            pytest.fail(f"{source.splitlines()[line - 1]!r}: {source[at]!r} is {wanted[at]} to the language, {coloured[at]} here")


def letter(token):
    for kind, found in ((Keyword.Constant, "t"), (Keyword, "k"), (Name, "v"), (Number, "n"), (String.Interpol, "o"), (String, "s"),
                        (Comment, "c"), (Whitespace, "-"), (Error, "x")):
        if token in kind:
            return found
    return "o"


def test_pygments_sees_the_same_words():
    lexer = DeepwhyLexer(stripnl=False, ensurenl=False)
    for source in sources():
        compare(source, "".join(letter(token) * len(text) for token, text in lexer.get_tokens(source)))


def test_nothing_that_runs_is_an_error_to_pygments():
    lexer = DeepwhyLexer()
    for source in list(sources()):
        if "x" not in kinds(source):
            assert [text for token, text in lexer.get_tokens(source) if token in Error and text] == [], source


# CodeMirror's own reader of lines, outside a browser.
SCRIPT = """
const words = require('fs').readFileSync(process.argv[2], 'utf8') + require('fs').readFileSync(process.argv[3], 'utf8');
const [deepwhyMode, deepwhyWords] = new Function(words + 'return [deepwhyMode, deepwhyWords];')();
const CodeMirror = require(process.argv[4]);
CodeMirror.defineMode('deepwhy', () => deepwhyMode(deepwhyWords));
const letters = {keyword: 'k', atom: 't', variable: 'v', builtin: 'v', number: 'n', string: 's', comment: 'c', error: 'x', meta: 'x'};
const sources = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(sources.map(source => {
  let found = '';
  CodeMirror.runMode(source, 'deepwhy', (text, style) => { found += (letters[style] || 'o').repeat([...text].length); });
  return found;
})));
"""


def test_the_editors_see_the_same_words(tmp_path):
    if not NODE or not CODEMIRROR.exists():
        pytest.skip("node or the classic Notebook is not in .venv/frontends: scripts/setup test")
    (tmp_path / "run.js").write_text(SCRIPT, encoding="utf-8")
    texts = list(sources())
    mode = [ROOT / "extras/highlight/words.js", ROOT / "extras/highlight/mode.js"]
    done = subprocess.run([NODE, tmp_path / "run.js", *mode, CODEMIRROR], input=json.dumps(texts).encode(), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    for source, coloured in zip(texts, json.loads(done.stdout)):
        compare(source, coloured)


def test_the_lists_of_words_are_current():
    loader = importlib.machinery.SourceFileLoader("refresh_docs", str(ROOT / "scripts/refresh-docs"))
    docs = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(docs)
    for path, text in docs.coloured().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: scripts/refresh-docs writes it anew"


def test_installed_it_colours_pages(tmp_path):
    """pip makes a wheel without the network; nbconvert then finds the lexer by the language's name."""
    done = subprocess.run([ROOT / ".venv/bin/python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target",
                           tmp_path / "site", ROOT / "extras/pygments"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('check sin(0) ≈ 0 # "{"')])
    book.metadata["language_info"] = {"name": "deepwhy", "pygments_lexer": "deepwhy"}
    nbformat.write(book, tmp_path / "book.ipynb")
    tool = Tool(str(ROOT / ".venv/bin/jupyter-nbconvert"), tmp_path)
    done = tool.run("--to", "html", "book.ipynb", env=tool.environment(PYTHONPATH=str(tmp_path / "site")))
    assert done.returncode == 0 and "No lexer" not in done.stderr, done.stderr
    page = (tmp_path / "book.html").read_text(encoding="utf-8")
    assert '<span class="k">check</span>' in page and '<span class="nb">sin</span>' in page and '<span class="c1"># "{"</span>' in page

"""A handout is one file: formulas drawn by the browser itself, figures inside, nothing from the network."""

import html
import importlib.util
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as xml

import nbformat
import pytest

SCRIPTS = pathlib.Path(__file__).parents[2] / "scripts"
spec = importlib.util.spec_from_file_location("mathml", SCRIPTS / "mathml.py")
formulas = importlib.util.module_from_spec(spec)
spec.loader.exec_module(formulas)

CELLS = [
    ("markdown", "# About $x_1$\n\nThe mean $\\frac12(a + b)$, but `$\\frac12$` and\n\n```\n$$ x $$\n```\n"),
    ("markdown", "$$\\int_0^1 x\\,dx = \\frac{1}{2}$$\n\n| a | b |\n|---|---|\n| $x < 1$ | $a_1 * b_1 * c_1$ |"),
    ("code", "plot(sin, 0..1)"),
]


def handout(tool, path):
    """Run scripts/handouts.py on a notebook: what it did, and the page or None."""
    out = tool.folder / "handouts"
    done = subprocess.run([sys.executable, SCRIPTS / "handouts.py", out, path], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, env=tool.environment(), timeout=110)
    page = out / f"{path.stem}.html"
    return done, page.read_text() if page.exists() else None


def shown(page):
    """The text a reader sees outside code and formulas."""
    for part in ("style", "script", "pre", "code", "math"):
        page = re.sub(rf"<{part}\b.*?</{part}>", "", page, flags=re.S)
    return html.unescape(re.sub("<[^>]*>", "", page))


def loaded(page):
    """Every address the page would fetch."""
    styles = re.findall(r"url\(['\"]?([^)'\"]*)", page) + re.findall(r"@import\s+(\S+)", page)
    tags = re.findall(r"<(?:script|img|iframe|link|source|object|embed)\b[^>]*\b(?:src|href|data)\s*=\s*[\"']([^\"']*)", page)
    return [address for address in styles + tags if not address.startswith(("data:", "#"))]


def write(book, path):
    nbformat.write(book, path)
    return path


def test_the_essay_as_handouts(today, executed, look):
    for path in (p for p in look.NOTEBOOKS if p.stem in executed):
        before, drawn = path.read_bytes(), look.bundles(executed[path.stem])
        done, page = handout(today, path)
        assert done.returncode == 0, done.stderr
        book = nbformat.read(path, as_version=4)
        written = sum(c.source.count("$") for c in book.cells if c.cell_type == "markdown")
        assert page.count("<math") > 10 and written <= 4 * page.count("<math") and "$" not in shown(page)
        assert "\\frac" not in shown(page) and "\\" not in shown(page)
        assert not loaded(page) and "<merror" not in page
        assert page.count("<script") == 2 * page.count('<div class="dw-film">')  # the sliders bring their own
        assert [svg.strip() for _, svg in look.images(page)] == [b["image/svg+xml"].strip() for b in drawn]
        assert path.read_bytes() == before


def test_formulas_but_not_code(today, look):
    done, page = handout(today, write(look.make_notebook(CELLS), today.folder / "small.ipynb"))
    assert done.returncode == 0, done.stderr
    assert page.count("<math") == 5 and page.count('display="block"') == 1
    assert "<code>$\\frac12$</code>" in page and "$$ x $$" in page
    for formula in re.findall(r"<math.*?</math>", page, re.S):
        xml.fromstring(formula)
    assert len(re.findall("<td", page)) == 2 and "<em>" not in page
    assert len(look.images(page)) == 1 and not loaded(page)


def test_formulas_bring_their_letters(today, look):
    if not pathlib.Path("/usr/share/texmf/fonts/opentype/public/tex-gyre-math").exists():
        pytest.skip("the font for formulas is not installed")
    _, page = handout(today, write(look.make_notebook(CELLS), today.folder / "small.ipynb"))
    _, plain = handout(today, write(look.make_notebook(CELLS[2:]), today.folder / "plain.ipynb"))
    assert "data:font/woff;base64," in page and "@font-face" not in plain


@pytest.mark.parametrize("cell, words", [
    (("markdown", "$\\frax{1}{2}$"), "\\frax"), (("markdown", "$\\frac{1$"), "formula"), (("code", "check 1 ≈ 2"), "1 ≈ 2")])
def test_what_cannot_be_written_leaves_no_page(today, look, cell, words):
    done, page = handout(today, write(look.make_notebook([*CELLS, cell]), today.folder / "wrong.ipynb"))
    assert done.returncode == 1 and page is None and words in done.stderr, done.stderr
    assert "wrong.ipynb" in done.stderr


@pytest.mark.parametrize("tex, part", [
    (r"\mathbb R^n", "<mi>ℝ</mi>"),
    (r"\mathcal L", "<mi>ℒ</mi>"),
    (r"\mathbf x", "<mi>𝐱</mi>"),
    (r"\mathrm{mse}(f)", '<mi mathvariant="normal">mse</mi>'),
    (r"\max(x, 0)", "<mi>max</mi><mo"),
    (r"4\ln 2", '<mn>4</mn><mspace width="0.167em" /><mi>ln</mi><mspace width="0.167em" /><mn>2</mn>'),
    (r"b = -1", '<mo form="prefix">−</mo><mn>1</mn>'),
    (r"(a) - 1", "<mo>−</mo>"),
    (r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}, x", "<mrow><mo>[</mo><mtable>"),
    (r"g\!\left(x\right)", 'width="-0.167em"'),
    (r"-\lambda|x|", '<mo stretchy="false" form="postfix">|</mo>'),
    (r"\lVert a - b\rVert^2", '<msup><mo form="postfix" stretchy="false">‖</mo>'),
    (r"\lVert a - b\rVert^2", '<mo form="prefix" stretchy="false">‖</mo>'),
    (r"P(A|B)", '<mo stretchy="false">|</mo>'),
    (r"f(a + (b))^2", '<mi>f</mi><msup><mrow><mo stretchy="false">(</mo><mi>a</mi><mo>+</mo>'),
    (r"1/2", '<mo lspace="0" rspace="0">/</mo>'),
    (r"a < b", "<mo>&lt;</mo>"),
])
def test_formula(tex, part):
    made = formulas.mathml(tex)
    assert part in made, made
    xml.fromstring(made)


@pytest.mark.parametrize("tex", [r"\frax 1", r"\frac{1", r"\left( x", r"a &= b"])
def test_formula_not_understood(tex):
    with pytest.raises(ValueError, match="formula"):
        formulas.mathml(tex)

"""A handout is one file: formulas drawn by the browser itself, figures inside, nothing from the network."""

import base64
import html
import re
import shutil
import subprocess
import xml.etree.ElementTree as xml

import handouts
import mathml as formulas
import nbformat
import pytest

CELLS = [
    ("markdown", "# About $x_1$\n\nThe mean $\\frac12(a + b)$, but `$\\frac12$` and\n\n```\n$$ x $$\n```\n"),
    ("markdown", "$$\\int_0^1 x\\,dx = \\frac{1}{2}$$\n\n| a | b |\n|---|---|\n| $x < 1$ | $a_1 * b_1 * c_1$ |"),
    ("code", "plot(sin, 0..1)"),
]


def handout(folder, path):
    """The page of a notebook; SystemExit with a message when there is none."""
    handouts.main(folder, path)
    return (folder / f"{path.stem}.html").read_text()


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


def test_the_essay_as_handouts(executed, essay_handouts, look):
    for path in (p for p in look.NOTEBOOKS if p.stem in executed):
        drawn = look.bundles(executed[path.stem])
        page = (essay_handouts / f"{path.stem}.html").read_text()
        book = nbformat.read(path, as_version=4)
        written = sum(c.source.count("$") for c in book.cells if c.cell_type == "markdown")
        assert page.count("<math") > 10 and written <= 4 * page.count("<math") and "$" not in shown(page)
        assert "\\frac" not in shown(page) and "\\" not in shown(page)
        assert not loaded(page) and "<merror" not in page
        assert page.count("<script") == 2 * page.count('<div class="dw-film">')  # the sliders bring their own
        assert [svg.strip() for _, svg in look.images(page)] == [b["image/svg+xml"].strip() for b in drawn]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    from conftest import make_notebook
    folder = tmp_path_factory.mktemp("small")
    return handout(folder, write(make_notebook(CELLS), folder / "small.ipynb"))


def test_formulas_but_not_code(small, look):
    assert small.count("<math") == 5 and small.count('display="block"') == 1
    assert "<code>$\\frac12$</code>" in small and "$$ x $$" in small
    for formula in re.findall(r"<math.*?</math>", small, re.S):
        xml.fromstring(formula)
    assert len(re.findall("<td", small)) == 2 and "<em>" not in small
    assert len(look.images(small)) == 1 and not loaded(small)


def test_formulas_bring_their_letters(small, tmp_path, look):
    if not handouts.FONT.exists():
        pytest.skip("the font for formulas is not installed")
    plain = handout(tmp_path, write(look.make_notebook(CELLS[2:]), tmp_path / "plain.ipynb"))
    assert "data:font/woff;base64," in small and "@font-face" not in plain


def test_brackets_and_commas_stay_with_their_formula():
    page = '<p>(<math display="inline"><mi>a</mi></math>, and <math display="inline"><mi>b</mi></math> here)</p>'
    assert handouts.glued(page) == page.replace("(<", '<span class="glued">(<').replace(",", ",</span>")


@pytest.mark.parametrize("cell, words", [
    (("markdown", "$\\frax{1}{2}$"), "\\frax"), (("markdown", "$\\frac{1$"), "formula"), (("code", "check 1 ≈ 2"), "1 ≈ 2")])
def test_what_cannot_be_written_leaves_no_page(tmp_path, look, cell, words):
    path = write(look.make_notebook([*CELLS[:2], cell]), tmp_path / "wrong.ipynb")
    (tmp_path / "wrong.html").write_text("of yesterday")
    with pytest.raises(SystemExit) as said:
        handouts.main(tmp_path, path)
    assert words in str(said.value) and "wrong.ipynb" in str(said.value)
    assert not (tmp_path / "wrong.html").exists()


def test_nothing_is_wider_than_paper_or_a_telephone(browser, executed, essay_handouts):
    """On paper nothing can be pushed aside, on a telephone the page itself must not."""
    beyond = """[...document.querySelectorAll('main *')].filter(e => e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 0 &&
        getComputedStyle(e).display != 'inline' || e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => e.tagName + ' ' + e.textContent.slice(0, 60))"""
    for page in (essay_handouts / f"{name}.html" for name in executed if name != "small"):
        browser("Emulation.setDeviceMetricsOverride", width=672, height=1000, deviceScaleFactor=1, mobile=False)  # A4
        browser("Emulation.setEmulatedMedia", media="print")
        browser.open(page)
        assert browser.js(beyond) == [], page
        browser("Emulation.setDeviceMetricsOverride", width=390, height=800, deviceScaleFactor=1, mobile=True)
        browser("Emulation.setEmulatedMedia", media="screen")
        assert browser.js("document.documentElement.scrollWidth") <= 390, page


def test_each_slide_is_seen_whole(browser, executed, essay_handouts, tmp_path):
    """On a projector and on paper; what a long program shows stands to the right of it."""
    cut = """(() => {
        const slide = document.querySelector("section.now"), inside = slide.getBoundingClientRect();
        const over = e => { const r = e.getBoundingClientRect(); return r.width && (r.right > inside.right + 1 || r.bottom > inside.bottom + 1); };
        return [...slide.querySelectorAll("p, li, tr, img, pre, math")].filter(over).map(e => e.tagName + " " + e.textContent.slice(0, 60));
    })()"""
    on_paper = """[...document.querySelectorAll(".slides > section > section")].flatMap((slide, at) => {
        const inside = slide.getBoundingClientRect();
        const over = e => { const r = e.getBoundingClientRect(); return r.width && (r.right > inside.right + 1 || r.bottom > inside.bottom + 1); };
        return [...slide.querySelectorAll("p, li, tr, img, pre, math, label")].filter(over).map(e => at + 1 + " " + e.tagName);
    })"""
    right = """[...document.querySelectorAll("section.now.beside")].map(s => ["input", "output"].map(
        part => s.querySelector(`.jp-Cell-${part}Wrapper`).getBoundingClientRect())).every(([i, o]) => o.left >= i.right)"""
    browser("Emulation.setDeviceMetricsOverride", width=1024, height=768, deviceScaleFactor=1, mobile=False)
    for page in (essay_handouts / f"{name}.slides.html" for name in executed if name != "small"):
        browser.open(page)
        count = browser.js("document.querySelectorAll('.slides > section > section').length")
        for number in range(1, count + 1):
            browser.js(f"location.hash = '#{number}', new Promise(done => setTimeout(done, 20))")
            assert browser.js(cut) == [] and browser.js(right), f"{page.name}#{number}"
        assert browser.js("document.querySelectorAll('.beside').length") > 3
        sizes = browser.js("[...document.querySelectorAll('.slides > section > section')].map(s => s.style.getPropertyValue('--size') || 1)")
        assert min(map(float, sizes)) >= 0.7, f"{page.name}: the letters of slide {sizes.index(min(sizes)) + 1} are small"
        browser("Emulation.setEmulatedMedia", media="print")
        assert browser.js(on_paper) == [], page.name
        browser("Emulation.setEmulatedMedia", media="")
        pdf = tmp_path / "slides.pdf"
        pdf.write_bytes(base64.b64decode(browser("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]))
        if shutil.which("pdfinfo"):
            said = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
            assert re.search(rf"^Pages: +{count}$", said, re.M), said


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

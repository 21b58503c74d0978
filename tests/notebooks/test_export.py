"""Every figure survives every export, with today's nbconvert and with the distribution's."""

import pathlib
import re
import shutil
import subprocess

import handout_forms
import pytest
from conftest import TODAY
from fontTools.ttLib import TTFont

FORMATS = ["html", "slides", "markdown"]


@pytest.mark.parametrize("to", FORMATS)
def test_figures_survive(tool, converted, executed, look, to):
    pages, _, converter = converted(tool.program, to)
    for name, page in pages.items():
        wanted = [b["image/svg+xml"].strip() for b in look.bundles(executed[name])]
        found = [svg.strip() for _, svg in look.images(page.read_text())]
        assert found == wanted, f"{name}: {len(found)} of {len(wanted)} figures are there"
        for svg in found:
            look.assert_draws(svg)
    assert not converter.inkscape_was_called


def test_alternative_text_survives(tool, converted, executed, look):
    pages = converted(tool.program, "html")[0]
    for name, page in pages.items():
        assert [alt for alt, _ in look.images(page.read_text())] == [look.sentence(b) for b in look.bundles(executed[name])]


def test_latex_takes_the_pdf_without_inkscape(tool, converted, executed, look):
    pages, _, converter = converted(tool.program, "latex")
    for name, page in pages.items():
        text = page.read_text()
        names = re.findall(r"\\(?:adjust)?(?:includegraphics|image)\b[^{]*\{(?:\{)?([^{}]+\.(?:pdf|svg|png))", text)
        names = names or re.findall(r"\{([^{}]*_files/[^{}]+)\}", text)
        figures = [page.parent / n for n in names]
        assert len(figures) == len(look.bundles(executed[name])), text[-3000:]
        for figure in figures:
            assert figure.suffix == ".pdf" and figure.read_bytes().startswith(b"%PDF-")
    assert not converter.inkscape_was_called


def test_the_letters_of_latex_are_there(converted):
    """Those of the fonts that extras/nbconvert names; formulas are spelled in ASCII."""
    texts = [page.read_text() for page in converted(TODAY, "latex")[0].values()]
    used = {letter for text in texts for letter in text if ord(letter) > 126}
    assert {"λ", "≈", "✓", "∇"} <= used
    for name in "DejaVuSans", "DejaVuSansMono":
        fonts = list(pathlib.Path("/usr/share/fonts").rglob(f"{name}.ttf"))
        if not fonts:
            pytest.skip("fonts-dejavu is not installed")
        known = TTFont(fonts[0]).getBestCmap()
        assert not [letter for letter in used if ord(letter) not in known]


def test_the_template_for_latex(today, executed):
    page = today.convert(executed["small"], "latex", "--template", "deepwhy-latex",
                         f"--TemplateExporter.extra_template_basedirs={handout_forms.LATEX}")
    text = page.read_text()
    assert text.count("\\documentclass") == text.count("\\setmainfont") == 1 and "DejaVu Sans Mono" in text
    assert "\\maketitle" not in text.split("\\begin{document}")[1]
    if shutil.which("xelatex"):
        done = subprocess.run(["xelatex", "-interaction=nonstopmode", page.name], cwd=page.parent, capture_output=True)
        assert done.returncode == 0 and b"Missing character" not in done.stdout, done.stdout.decode(errors="replace")[-3000:]


def test_execute_and_convert_in_one_go(tool, small, look):
    page = tool.convert(small, "html", "--execute").read_text()
    assert "hello, world" in page
    assert len(look.images(page)) == 2


def test_no_warning_about_the_language(tool, converted):
    """An unknown name of a highlighter would draw a warning on every export."""
    _, done, _ = converted(tool.program, "html")
    assert "lexer" not in done.stderr.lower(), done.stderr

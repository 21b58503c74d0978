"""Every figure survives every export, with today's nbconvert and with the distribution's."""

import re

import pytest

FORMATS = ["html", "slides", "markdown"]


@pytest.mark.parametrize("to", FORMATS)
def test_figures_survive(tool, executed, look, to):
    for path in executed.values():
        page = tool.convert(path, to).read_text()
        wanted = [b["image/svg+xml"].strip() for b in look.bundles(path)]
        found = [svg.strip() for _, svg in look.images(page)]
        assert found == wanted, f"{path}: {len(found)} of {len(wanted)} figures are there"
        for svg in found:
            look.assert_draws(svg)
    assert not tool.inkscape_was_called


def test_alternative_text_survives(tool, executed, look):
    for path in executed.values():
        page = tool.convert(path, "html").read_text()
        assert [alt for alt, _ in look.images(page)] == [look.sentence(b) for b in look.bundles(path)]


def test_latex_takes_the_pdf_without_inkscape(tool, executed, look):
    for path in executed.values():
        page = tool.convert(path, "latex")
        text = page.read_text()
        names = re.findall(r"\\(?:adjust)?(?:includegraphics|image)\b[^{]*\{(?:\{)?([^{}]+\.(?:pdf|svg|png))", text)
        names = names or re.findall(r"\{([^{}]*_files/[^{}]+)\}", text)
        figures = [page.parent / n for n in names]
        assert len(figures) == len(look.bundles(path)), text[-3000:]
        for figure in figures:
            assert figure.suffix == ".pdf" and figure.read_bytes().startswith(b"%PDF-")
    assert not tool.inkscape_was_called


def test_execute_and_convert_in_one_go(tool, small, look):
    page = tool.convert(small, "html", "--execute").read_text()
    assert "hello, world" in page
    assert len(look.images(page)) == 2


def test_no_warning_about_the_language(tool, executed):
    """An unknown name of a highlighter would draw a warning on every export."""
    done = tool.run("--to", "html", "--output-dir", tool.folder / "quiet", executed["small"])
    assert "lexer" not in done.stderr.lower(), done.stderr

"""An exported page printed by a real browser shows the figures, on paper and on screen."""

import base64
import re
import shutil
import subprocess

import numpy
import pytest
from browser import CHROMIUM
from conftest import FEW

pytestmark = pytest.mark.skipif(not (CHROMIUM and shutil.which("pdftoppm")), reason="Chromium or poppler-utils is not installed")


def coloured(ppm):
    """How many pixels of a PPM picture are clearly coloured, neither grey nor white."""
    data = ppm.read_bytes()
    header = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
    pixels = numpy.frombuffer(data, numpy.uint8, offset=header.end()).reshape(-1, 3)
    return int((pixels.max(axis=1) - pixels.min(axis=1) > 60).sum())


def printed(browser, folder, name):
    """Print the page the browser shows; the number of coloured pixels on all its sheets, and its text."""
    pdf = folder / f"{name}.pdf"
    pdf.write_bytes(base64.b64decode(browser("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]))
    sheets = folder / f"{name}-sheets"
    sheets.mkdir()
    subprocess.run(["pdftoppm", "-r", "60", pdf, sheets / "sheet"], check=True)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return sum(map(coloured, sheets.iterdir())), text


def test_figures_are_on_paper(tool, converted, browser, executed, look):
    pages = converted(tool.program, "html")[0]
    for name in FEW:
        # RequireJS and MathJax, which nbconvert's pages want, are not there without a network.
        browser.open(pages[name], careful=False)
        colour, text = printed(browser, tool.folder, name)
        browser.js("document.querySelectorAll('img[src^=\"data:image/svg\"]').forEach(e => e.remove())")
        without, bare_text = printed(browser, tool.folder, f"{name}-bare")
        figures = len(look.bundles(executed[name]))
        assert figures and colour - without > 60 * figures, f"{name}: {colour} coloured pixels, {without} without figures"
        ticks = lambda t: len(re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", t))
        assert ticks(text) > ticks(bare_text), "the numbers at the axes are not on paper"


def test_no_page_is_nearly_empty(executed, essay_handouts):
    for name in executed.keys() - {"small"}:
        text = subprocess.run(["pdftotext", essay_handouts / f"{name}.pdf", "-"], capture_output=True, text=True, check=True).stdout
        pages = text.removesuffix("\f").split("\f")
        assert len(pages) > 5 and min(len(page.split()) for page in pages) > 60, [name, *(len(page.split()) for page in pages)]

"""An exported page printed by a real browser shows the figures, on paper and on screen."""

import re
import shutil
import subprocess

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(not (CHROMIUM and shutil.which("pdftoppm")), reason="Chromium or poppler-utils is not installed")


def browse(tool, page, slow, *options):
    """Run the browser on a page with the network shut off."""
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tool.folder}/browser", *options, f"file://{page}"],
        capture_output=True, text=True, timeout=100 * slow, env=tool.environment())
    assert done.returncode == 0, done.stderr


def coloured(ppm):
    """How many pixels of a PPM picture are clearly coloured, neither grey nor white."""
    data = ppm.read_bytes()
    header = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
    pixels = data[header.end():]
    return sum(1 for i in range(0, len(pixels) - 2, 3) if max(pixels[i:i + 3]) - min(pixels[i:i + 3]) > 60)


def printed(tool, page, name, slow):
    """Print a page to PDF; the number of coloured pixels on all its sheets, and its text."""
    pdf = tool.folder / f"{name}.pdf"
    browse(tool, page, slow, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    sheets = tool.folder / f"{name}-sheets"
    sheets.mkdir()
    subprocess.run(["pdftoppm", "-r", "60", pdf, sheets / "sheet"], check=True)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return sum(map(coloured, sheets.iterdir())), text


def test_figures_are_on_paper(tool, executed, look):
    for name, path in executed.items():
        page = tool.convert(path, "html")
        page = page.rename(page.with_name(f"{name}.html"))
        bare = page.with_name(f"{name}-bare.html")
        bare.write_text(re.sub(r'<img\b[^>]*src="data:image/svg[^>]*>', "", page.read_text()))
        colour, text = printed(tool, page, name, look.SLOW)
        without, bare_text = printed(tool, bare, f"{name}-bare", look.SLOW)
        figures = len(look.bundles(path))
        assert figures and colour - without > 60 * figures, f"{name}: {colour} coloured pixels, {without} without figures"
        ticks = lambda t: len(re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", t))
        assert ticks(text) > ticks(bare_text), "the numbers at the axes are not on paper"

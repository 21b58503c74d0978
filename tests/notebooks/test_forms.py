"""The other forms of a handout: PDF, slides, and the copy for students."""

import re
import shutil
import subprocess
import sys

import handout_forms as forms
import nbformat
import pytest
from conftest import SCRIPTS, TODAY, Tool, make_notebook

CELLS = [
    ("markdown", "# About $x_1$\n\n[the next](next.ipynb) and [another](https://example.org/x.ipynb)"),
    ("code", "plot(sin, 0..1)"),
    ("markdown", "Half of it is $\\frac12$."),
    ("code", "half(x) = do\n  ### BEGIN SOLUTION\n  x/2\n  ### END SOLUTION\nend"),
    ("code", f'check half(3) ≈ 1.5, "{"far " * 30}end"'),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder with every form of a small notebook, and what the program said."""
    tool = Tool(TODAY, tmp_path_factory.mktemp("forms"))
    nbformat.write(make_notebook(CELLS), tool.folder / "small.ipynb")
    (tool.folder / "data").mkdir()
    (tool.folder / "data" / "t.csv").write_text("x\n1\n")
    out = tool.folder / "out"
    done = subprocess.run([sys.executable, SCRIPTS / "handouts.py", "--all", out, tool.folder / "small.ipynb"], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, env=tool.environment(), timeout=110)
    assert done.returncode == 0, done.stderr
    return out, done.stdout


def test_slides_need_nothing_from_the_network(written, look):
    page = (written[0] / "small.slides.html").read_text()
    page = page.replace("https://example.org", "")  # a link is not fetched
    assert not re.findall(r"(?:src|href)=.?http|import\b[^;]*http|url\(.?http", page)
    assert "$" not in page.split("<main>")[1].split("<script>")[0]
    assert page.count("<math") == 2 and len(look.images(page)) == 1
    assert page.count("<section>") == 1 + 3  # one group of three slides


def test_links_lead_to_pages(written):
    page = (written[0] / "small.html").read_text()
    assert 'href="next.html"' in page and 'href="https://example.org/x.ipynb"' in page


def test_a_student_gets_no_solution(written):
    out = written[0] / "student"
    book = nbformat.read(out / "small.ipynb", as_version=4)
    assert [c.source for c in book.cells if c.cell_type == "code"][1:] == [
        "half(x) = do\n  # your lines here\nend", CELLS[-1][1]]
    assert not any(c.get("outputs") or c.get("execution_count") for c in book.cells)
    assert (out / "data" / "t.csv").exists()


def test_pdf(written):
    out, said = written
    if not forms.browser():
        assert "no PDF: install chromium" in said or (out / "small.pdf").exists()
        pytest.skip("Chromium is not installed")
    assert (out / "small.pdf").read_bytes().startswith(b"%PDF-")
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", out / "small.pdf", "-"], capture_output=True, text=True).stdout
        assert "About" in text and "check half" in text
        together = re.sub(r"\s", "", text)  # in the program and in what it prints
        assert together.count("far") == 60, "a line does not end on the paper"


@pytest.mark.parametrize("source", ["# BEGIN SOLUTION\n1", "1\n# END SOLUTION", "# BEGIN SOLUTION\n# BEGIN SOLUTION"])
def test_marks_without_partner(source):
    with pytest.raises(ValueError, match="partner"):
        forms.without_solution(source)


def test_two_solutions_in_a_cell():
    source = "a = 1\n### BEGIN SOLUTION\nb = 2\n### END SOLUTION\nc = 3\n# BEGIN SOLUTION\nd = 4\n# END SOLUTION"
    assert forms.without_solution(source) == "a = 1\n# your lines here\nc = 3\n# your lines here"

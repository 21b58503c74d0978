"""The tools of docs/authoring.md with our notebooks: nbgrader grades, jupytext keeps, papermill fills in, nbval compares."""

import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
TOOLS = ROOT / ".venv/teaching"
PROGRAM = pathlib.Path(os.environ.get("DEEPWHY_BUILD", ROOT / "build")).resolve() / "deepwhy"
PAGE = ROOT / "docs/authoring.md"
needs_tools = pytest.mark.skipif(not (TOOLS / "nbgrader").exists(), reason="nbgrader is not installed (scripts/setup test)")


@pytest.fixture
def run(today):
    env = today.environment(PYTHONPATH=str(TOOLS))
    env["PATH"] = f"{TOOLS}/bin:{env['PATH']}"  # nbgrader calls alembic

    def run(*command, cwd=today.folder):
        done = subprocess.run([sys.executable, *map(str, command)], cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=110)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
    return run


def hand_in(course, student, change):
    """The released notebook with the solutions of the source, some of them changed."""
    place = pathlib.Path("first-steps", "first-steps.ipynb")
    source = nbformat.read(course / "source" / place, as_version=4)
    book = nbformat.read(course / "release" / place, as_version=4)
    for cell, teacher in zip(book.cells, source.cells, strict=True):
        if cell.metadata.nbgrader.solution:
            assert "# your lines here" in cell.source and "SOLUTION" not in cell.source
            cell.source = change.get(cell.metadata.nbgrader.grade_id, teacher.source)
        assert "HIDDEN" not in cell.source
    target = course / "submitted" / student / place
    target.parent.mkdir(parents=True)
    nbformat.write(book, target)


@needs_tools
@pytest.mark.timeout(300)
def test_nbgrader(run, today):
    course = today.folder / "course"
    shutil.copytree(ROOT / "extras/nbgrader", course)
    run("-m", "nbgrader", "generate_assignment", "first-steps", cwd=course)
    hand_in(course, "right", {})
    hand_in(course, "wrong", {"circle": "area(r) = 2*π*r", "net": "fit = 1 → 2"})
    run("-m", "nbgrader", "autograde", "first-steps", cwd=course)
    run("-m", "nbgrader", "export", cwd=course)
    with open(course / "grades.csv", newline="") as file:
        grades = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    assert grades == {"right": (8, 8), "wrong": (2, 8)}
    run("-m", "nbgrader", "generate_feedback", "first-steps", cwd=course)
    right, wrong = ((course / "feedback" / name / "first-steps/first-steps.html").read_text() for name in ("right", "wrong"))
    assert re.search(r"Score: 8(\.0)? / 8", right) and "✗" not in right
    assert re.search(r"Score: 2(\.0)? / 8", wrong) and "✗" in wrong


LESSON = """# %% [markdown]
# # A lesson

# %% tags=["parameters"]
steps = 2000
name = "adam"

# %%
print("{name}: {steps}")

# %%
?linspace
"""


@needs_tools
def test_jupytext_and_papermill(run, today):
    folder = today.folder
    (folder / "lesson.jl").write_text(LESSON)
    run("-m", "jupytext", "--quiet", "--set-kernel", "deepwhy", "lesson.jl")
    run("-m", "jupytext", "--quiet", "--to", "ipynb", "lesson.jl")
    run(ROOT / "extras/papermill/papermill_deepwhy.py", "lesson.ipynb", "result.ipynb", "-p", "steps", "50",
        "-p", "name", 'a "{b}"')
    book = nbformat.read(folder / "result.ipynb", as_version=4)
    assert [c.cell_type for c in book.cells] == ["markdown", "code", "code", "code", "code"]
    assert book.cells[2].source.split("\n")[0] == "# Parameters"
    assert book.cells[3].outputs[0].text == 'a "{b}": 50\n'
    done = subprocess.run([PROGRAM, "run", "lesson.jl"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("adam: 2000\nlinspace(interval, n)")


@needs_tools
def test_nbval(run, today):
    shutil.copy(ROOT / "notebooks/0-start-here.ipynb", today.folder / "book.ipynb")
    said = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "book.ipynb")
    assert " passed" in said and "failed" not in said


@pytest.mark.parametrize("claim, code", [("check 1 ≈ 1", 0), ("check 1 ≈ 2", 123)])
def test_workflow_for_github(today, look, claim, code):
    workflow = yaml.safe_load((ROOT / "extras/github/notebooks.yml").read_text())
    script = [step["run"] for step in workflow["jobs"]["execute"]["steps"] if "run" in step][1]
    folder = today.folder / "repository"
    folder.mkdir()
    nbformat.write(look.make_notebook([("code", claim)]), folder / "a lesson.ipynb")
    (today.folder / "deepwhy").symlink_to(ROOT)
    env = today.environment(RUNNER_TEMP=str(today.folder))
    subprocess.run("git init -q && git add .", shell=True, cwd=folder, env=env, check=True)
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    assert (folder / "pages" / "a lesson.html").exists() == (code == 0)
    assert "1 ≈ 2" in done.stderr or not code


def test_options_of_quarto_are_remarks(tmp_path):
    [cell] = re.findall(r"^    ```\{deepwhy\}\n(.*?)^    ```", PAGE.read_text(), re.M | re.S)
    assert "#| echo" in cell
    (tmp_path / "lesson.dw").write_text(re.sub("^    ", "", cell, flags=re.M))
    done = subprocess.run([PROGRAM, "run", "lesson.dw"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("Plot"), done.stdout + done.stderr


def test_programs_and_links_of_the_page(tmp_path):
    text = PAGE.read_text()
    programs = re.findall(r"^```deepwhy\n(.*?)^```", text, re.M | re.S)
    assert len(programs) >= 2
    for program in programs:
        (tmp_path / "lesson.dw").write_text(program)
        done = subprocess.run([PROGRAM, "run", "lesson.dw"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0 and "✓" in done.stdout, done.stdout + done.stderr
    headings = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in re.findall(r"^## (.*)", text, re.M)}
    for address in re.findall(r"\]\(([^)]+)\)", text):
        here = not address.startswith("http")
        assert not here or address[1:] in headings or (PAGE.parent / address).exists(), address

"""Notebooks run the same everywhere: same bytes, a failed check fails, nothing is left lying about."""

import copy
import os
import pathlib
import subprocess

import nbformat
import pytest

# The outputs stored in notebooks/ were made with this gnuplot; another one may lay out a figure a little differently.
DRAWN_BY = "gnuplot 5.4 patchlevel 4"
PICTURES = {"text/html", "image/svg+xml", "application/pdf"}


def in_one_piece(outputs):
    """The outputs with printed text that arrived in pieces put together: where it breaks depends on time."""
    whole = []
    for output in outputs:
        if whole and output.output_type == whole[-1].output_type == "stream" and output.name == whole[-1].name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def outputs(path, pictures=True):
    """Everything the cells showed, without what a front end notes about times."""
    book = nbformat.read(path, as_version=4)
    shown = []
    for cell in book.cells:
        if cell.cell_type == "code":
            cell = copy.deepcopy(cell)
            cell.outputs = in_one_piece(cell.outputs)
            for output in cell.outputs:
                if not pictures and "data" in output:
                    output["data"] = {k: v for k, v in output["data"].items() if k not in PICTURES}
            shown.append((cell.execution_count, cell.outputs))
    return shown


def same_gnuplot():
    version = subprocess.run(["gnuplot", "--version"], capture_output=True, text=True).stdout.strip()
    return version == DRAWN_BY


def test_every_notebook_runs(attempts):
    for name, (_, wrong) in attempts.items():
        assert wrong is None, f"{name}: {wrong}"


def test_stored_outputs_are_what_comes_out(executed, look):
    for path in (p for p in look.NOTEBOOKS if p.stem in executed):
        stored, now = (outputs(p, same_gnuplot()) for p in (path, executed[path.stem]))
        for (count, before), (number, after) in zip(stored, now, strict=True):
            assert count == number and before == after, f"{path.name}, cell {number}: execute it again and store the outputs"


def test_two_runs_give_the_same_bytes(today, executed, look):
    path = today.folder / "small.ipynb"
    nbformat.write(look.make_notebook(look.CELLS), path)
    done = today.run("--execute", "--to", "notebook", "--output", "again.ipynb", path)
    assert done.returncode == 0, done.stderr
    assert outputs(today.folder / "again.ipynb") == outputs(executed["small"])


def test_notebooks_of_the_essay_name_their_kernel(look):
    assert look.NOTEBOOKS
    for path in look.NOTEBOOKS:
        book = nbformat.read(path, as_version=4)
        assert book.metadata.kernelspec.name == "deepwhy"
        for cell in (c for c in book.cells if c.cell_type == "code"):
            wrong = any(o.output_type == "error" for o in cell.outputs)
            assert wrong == ("raises-exception" in cell.metadata.get("tags", [])), f"{path.name}: {cell.source}"


def test_false_check_fails(tool, small, look):
    book = look.make_notebook([*look.CELLS, ("code", "check 1 ≈ 2"), ("code", 'print("after")')])
    nbformat.write(book, small)
    done = tool.run("--execute", "--to", "html", small)
    assert done.returncode != 0
    assert "1 ≈ 2" in done.stderr, done.stderr


def test_nothing_is_left_in_the_folder(today, look):
    folder = today.folder / "work"
    folder.mkdir()
    nbformat.write(look.make_notebook(look.CELLS), folder / "small.ipynb")
    done = today.run("--execute", "--to", "html", "--output-dir", today.folder / "out", "small.ipynb", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert [p.name for p in folder.iterdir()] == ["small.ipynb"]


def test_no_kernel_and_no_gnuplot_stays_behind(today, small, look):
    done = today.run("--execute", "--to", "html", small)
    assert done.returncode == 0, done.stderr
    left = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            words = (entry / "environ").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue
        if f"HOME={today.folder}/private".encode() in words:
            left.append((entry / "cmdline").read_bytes())
    assert not left


def test_closed_stdin(tool, small):
    done = tool.run("--execute", "--to", "html", small, closed_stdin=True)
    assert done.returncode == 0, done.stderr


def test_home_that_cannot_be_written(today, small):
    """The kernel needs no home; Jupyter keeps its own files elsewhere here."""
    home = today.folder / "home"
    home.mkdir(mode=0o555)
    where = str(home) if os.geteuid() else "/proc/self/nothing"  # root may write anywhere but there
    private = {name: str(today.folder / "jupyter") for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR")}
    done = today.run("--execute", "--to", "html", small, env=today.environment(HOME=where, **private))
    assert done.returncode == 0, done.stderr
    assert not any(home.iterdir())


def test_without_gnuplot_the_cell_says_what_to_install(today, look):
    path = today.folder / "book.ipynb"
    nbformat.write(look.make_notebook([("code", "plot(sin, 0..1)"), ("code", "1 + 1")]), path)
    nothing = today.folder / "empty"
    nothing.mkdir()
    done = today.run("--execute", "--allow-errors", "--to", "notebook", "--output", "done.ipynb", path,
                     env=today.environment(PATH=str(nothing)))
    assert done.returncode == 0, done.stderr
    figure, number = nbformat.read(today.folder / "done.ipynb", as_version=4).cells
    [error] = figure.outputs
    assert error.output_type == "error" and "gnuplot" in error.evalue and "apt" in "\n".join(error.traceback)
    assert number.outputs[0]["data"]["text/plain"] == "2"


@pytest.mark.parametrize("signal_count", [20])
def test_many_quick_runs_lose_no_line(today, look, signal_count):
    """One kernel after another, each printing much and ending at once: every line arrives."""
    from nbclient import NotebookClient
    for _ in range(signal_count):
        book = look.make_notebook([("code", "for i in 1..200\n  print(i)\nend"), ("code", 'print("end")')])
        NotebookClient(book, timeout=60, kernel_name="deepwhy").execute()
        text = "".join(o["text"] for o in book.cells[0].outputs)
        assert text == "".join(f"{i}\n" for i in range(1, 201))
        assert book.cells[1].outputs[0]["text"] == "end\n"


def test_of_a_large_training_only_its_end_is_stored(today, look):
    from nbclient import NotebookClient
    cell = ("t = table(x = linspace(-1..1, 200), y = x ↦ sin(5*x))\n"
            "fit = train(1 → 16 → tanh → 1, t, validate = 0.2, optimizer = \"sgd\", rate = 1e-300, "
            "steps = 1e9, patience = 3000)")
    stored = []
    for _ in range(2):
        book = look.make_notebook([("code", cell), ("code", "again()")])
        NotebookClient(book, timeout=60, kernel_name="deepwhy").execute()
        stored.append([c.outputs for c in book.cells])
    assert stored[0] == stored[1]
    [curve], [again] = stored[0]
    assert curve.output_type == again.output_type == "display_data"
    assert list(curve.data) == ["text/html", "image/svg+xml", "application/pdf", "text/plain"]
    assert curve.data["text/plain"].startswith("3000 of 1000000000 steps, loss ")
    assert again.data["text/html"] == curve.data["text/html"]

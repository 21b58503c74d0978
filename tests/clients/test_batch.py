"""Programs that run cells without a front end: nbclient, `jupyter execute`, `jupyter run`, `jupyter kernel`."""

import os
import pathlib
import re
import signal

import nbformat
import pytest
from conftest import ROOT, SLOW, until
from jupyter_client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

JUPYTER = ROOT / ".venv/bin"

# How often the notebook of bursts is executed: 200 by hand, fewer in continuous integration.
TIMES = int(os.environ.get("DEEPWHY_EXECUTIONS", "25"))


def notebook(*sources):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    book.metadata["kernelspec"] = {"name": "deepwhy", "display_name": "deepwhy", "language": "deepwhy"}
    return book


def numbers(count):
    return "".join(f"{k}\n" for k in range(1, count + 1))


BURSTS = [  # a cell, what it prints, how many figures it shows
    ('print("begin")', "begin\n", 0),
    ("for k in 1..3000\n  print(k)\nend", numbers(3000), 0),
    ("plot(sin, 0..1)", "", 1),
    ('for k in 1..3\n  for j in 1..500\n    print("{k}:{j}")\n  end\n  plot(x ↦ k*x, 0..1)\nend\nprint("end")',
     "".join(f"{k}:{j}\n" for k in range(1, 4) for j in range(1, 501)) + "end\n", 3),
    ('s = 0\nrepeat 20000\n  s = s + 1\nend\nprint("{s}")', "20000\n", 0),
    ("for k in 1..200\n  print(k)\n  λ = k\nend\nλ", numbers(200), 0),
]


@pytest.fixture
def specs(place, monkeypatch):
    """The folders of this test for what runs in this process."""
    for name in ("HOME", "JUPYTER_PATH", "JUPYTER_RUNTIME_DIR", "JUPYTER_PLATFORM_DIRS"):
        monkeypatch.setenv(name, place.env[name])
    return KernelSpecManager(kernel_dirs=[f"{place.env['JUPYTER_PATH']}/kernels"])


def execute(book, specs, folder):
    manager = KernelManager(kernel_spec_manager=specs, kernel_name="deepwhy")
    NotebookClient(book, km=manager, timeout=60 * SLOW, iopub_timeout=60 * SLOW,  # a loaded machine may pause between two lines
                   resources={"metadata": {"path": str(folder)}}).execute()


@pytest.mark.timeout(600 * SLOW)
def test_executions_lose_no_line(place, specs):
    for number in range(TIMES):
        book = notebook(*(source for source, _, _ in BURSTS))
        execute(book, specs, place.folder)
        for cell, (_, text, figures) in zip(book.cells, BURSTS, strict=True):
            printed = "".join(o.text for o in cell.outputs if o.output_type == "stream")
            assert printed == text, f"execution {number}, {cell.source}"
            assert sum("image/svg+xml" in o.get("data", {}) for o in cell.outputs) == figures, f"execution {number}"
        assert book.cells[-1].outputs[-1].data["text/plain"] == "200"


def test_an_error_ends_the_execution_and_is_stored(place, specs):
    book = notebook("1 + 1", "lins(3)", "print(2)")
    with pytest.raises(CellExecutionError, match="there is no lins"):
        execute(book, specs, place.folder)
    assert [cell.execution_count for cell in book.cells] == [1, 2, None]
    assert [o.output_type for o in book.cells[1].outputs] == ["error"]


def test_jupyter_execute(place):
    file = place.folder / "book.ipynb"
    nbformat.write(notebook("a = 6", "print(7*a)", "plot(sin, 0..1)"), file)
    code, said = place.run(JUPYTER / "jupyter-execute", "--inplace", file)
    assert code == 0, said
    book = nbformat.read(file, as_version=4)
    assert book.cells[1].outputs[0].text == "42\n"
    assert "image/svg+xml" in book.cells[2].outputs[0].data


def test_jupyter_run(place):
    (place.folder / "lines.dw").write_text("f(x) = x²\nfor k in 1..3\n  print(f(k))\nend\n")
    code, said = place.run(JUPYTER / "jupyter-run", "--kernel=deepwhy", "lines.dw")
    assert code == 0 and "1\n4\n9\n" in said, said
    (place.folder / "wrong.dw").write_text("lins(3)\n")
    code, said = place.run(JUPYTER / "jupyter-run", "--kernel=deepwhy", "wrong.dw")
    assert "there is no lins" in said, said


def test_jupyter_kernel_serves_a_client_and_ends_with_it(place):
    """The kernel starts without a client; another program takes it up by the file whose path was printed."""
    process = place.start(JUPYTER / "jupyter-kernel", "--kernel=deepwhy")
    path = until(lambda: re.search(r"Connection file: (\S+)", process.log.read_text()), alive=process).group(1)
    client = BlockingKernelClient(connection_file=path)
    client.load_connection_file()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=90 * SLOW)
        reply = client.execute("2^10", reply=True, timeout=90 * SLOW)
        assert reply["content"]["status"] == "ok"
    finally:
        client.stop_channels()
    process.send_signal(signal.SIGINT)
    assert process.wait(60 * SLOW) is not None
    until(lambda: not pathlib.Path(path).exists())


def test_a_program_may_stop_in_the_middle_of_a_burst(place, specs):
    """Its kernel then ends by itself, whatever it was printing."""
    manager = KernelManager(kernel_spec_manager=specs, kernel_name="deepwhy")
    manager.start_kernel(cwd=str(place.folder))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=90 * SLOW)
    client.execute("for k in 1..100000000\n  print(k)\nend")
    while client.get_iopub_msg(timeout=60 * SLOW)["msg_type"] != "stream":
        pass
    client.stop_channels()
    process = manager.provisioner.process
    manager.shutdown_kernel()
    assert process.returncode in (0, -signal.SIGTERM)  # on a loaded machine jupyter_client loses its patience first
    assert not manager.is_alive()

"""The essay's notebooks beside the same four in Python: `bench/run notebooks`.

    bench/notebooks.py [--quick] [--rounds N] [--threads N] [--markdown | --ours] [SECTION…]

Each pair is executed by nbclient, ours and theirs in turn, some rounds, every time in a kernel of its own; medians
count. What is measured and what is compared: bench/README.md. The table is printed and goes into build/bench.json.
"""

import argparse
import itertools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

import record
from record import BUILD, ROOT

FOLDERS = {"deepwhy": ROOT / "notebooks", "python": ROOT / "bench/notebooks"}
PYTHON = ROOT / ".venv-bench-notebooks/bin/python"
SPECS = {"deepwhy": {"argv": [str(BUILD / "deepwhy"), "-f", "{connection_file}"], "interrupt_mode": "message"},
         "python": {"argv": [str(PYTHON), "-m", "ipykernel_launcher", "-f", "{connection_file}"]}}
TICK = os.sysconf("SC_CLK_TCK")


def sections(side="python"):
    """The names of a side's notebooks; those in Python are those that both sides have."""
    return sorted(path.stem for path in FOLDERS[side].glob("*.ipynb"))


def code_size(path):
    """Lines and characters of the code cells: no blank lines, no lines that are a comment alone, no white space."""
    lines = [line.strip() for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"
             for line in cell.source.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    return {"lines": len(lines), "characters": sum(len("".join(line.split())) for line in lines)}


def processes(root):
    """A process and all that descend from it, such as the gnuplot of our kernel."""
    children = pathlib.Path(f"/proc/{root}/task/{root}/children")
    found = [root]
    for task in children.parent.parent.glob("*/children"):
        for child in task.read_text().split():
            found += processes(int(child))
    return found


def used(pid):
    """Seconds of processor time and the peak of resident memory in MB, of a kernel and the processes it started."""
    seconds, peak = 0.0, 0.0
    for one in processes(pid):
        fields = pathlib.Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        seconds += sum(map(int, fields[11:15])) / TICK  # its own, and that of children that have ended
        status = pathlib.Path(f"/proc/{one}/status").read_text()
        peak += int(status.split("VmHWM:")[1].split()[0]) / 1024
    return seconds, peak


def kernel_specs(folder):
    """The two kernels for Jupyter to find, and no others."""
    for side, spec in SPECS.items():
        home = pathlib.Path(folder, f"bench-{side}")  # a kernel called python would be Jupyter's own
        home.mkdir()
        (home / "kernel.json").write_text(json.dumps(spec | {"display_name": side, "language": side}))
    return KernelSpecManager(kernel_dirs=[str(folder)], ensure_native_kernel=False)


class Client(NotebookClient):
    """A front end without widgets: what nbclient answers to those of ipywidgets now and then stops ipykernel 7 for ever."""

    def handle_comm_msg(self, outs, msg, cell_index):
        pass


def execute(side, name, threads, specs):
    """Run a notebook in a fresh kernel: seconds on the wall and of the processor, memory, the seconds of each cell."""
    path = FOLDERS[side] / f"{name}.ipynb"
    book = nbformat.read(path, as_version=4)
    manager = AsyncKernelManager(kernel_name=f"bench-{side}", kernel_spec_manager=specs)
    client = Client(book, km=manager, timeout=1800, resources={"metadata": {"path": str(path.parent)}})
    env = {k: v for k, v in os.environ.items() if not k.startswith(("OPENBLAS_", "OMP_", "MPLBACKEND"))}
    if threads:
        env |= {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads), "DEEPWHY_THREADS": str(threads)}
    start = time.perf_counter()
    cells = {}
    with client.setup_kernel(env=env, cleanup_kc=True, stderr=subprocess.DEVNULL):
        for index, cell in enumerate(book.cells):
            if cell.cell_type == "code":
                before = time.perf_counter()
                client.execute_cell(cell, index)
                cells[cell.id] = time.perf_counter() - before
        wall = time.perf_counter() - start
        seconds, peak = used(manager.provisioner.pid)
    return {"wall_s": wall, "cpu_s": seconds, "peak_mb": peak, "cells_s": cells}


def collect(samples):
    """The medians of the samples; the seconds of the cells too."""
    got = {key: statistics.median(s[key] for s in samples) for key in ("wall_s", "cpu_s", "peak_mb")}
    got["cells_s"] = {cell: statistics.median(s["cells_s"][cell] for s in samples) for cell in samples[0]["cells_s"]}
    return got


def measure(names, rounds, threads):
    """The samples of every section and side, taken in turn; the sizes of the code."""
    samples = {name: {side: [] for side in FOLDERS} for name in names}
    with tempfile.TemporaryDirectory(prefix="dw-bench-") as folder:
        specs = kernel_specs(folder)
        for turn, name, side in itertools.product(range(rounds), names, FOLDERS):
            got = execute(side, name, threads, specs)
            samples[name][side].append(got)
            print(f"round {turn + 1}: {name:28} {side:8} {got['wall_s']:7.2f} s, processor {got['cpu_s']:7.2f} s", flush=True)
    return {name: {side: collect(got) | code_size(FOLDERS[side] / f"{name}.ipynb") for side, got in sides.items()}
            for name, sides in samples.items()}


def ours(names, rounds, threads):
    """What our notebooks alone take, all five of them: a line for each, with its slowest cells."""
    with tempfile.TemporaryDirectory(prefix="dw-bench-") as folder:
        specs = kernel_specs(folder)
        for name in names:
            got = collect([execute("deepwhy", name, threads, specs) for _ in range(rounds)])
            slowest = sorted(got["cells_s"].items(), key=lambda cell: -cell[1])[:3]
            print(f"{name:28} {got['wall_s']:6.2f} s, processor {got['cpu_s']:6.2f} s;   "
                  + ", ".join(f"{cell} {seconds:.2f}" for cell, seconds in slowest), flush=True)


def versions():
    code = ("import ipykernel, matplotlib, numpy, platform, scipy, sklearn, torch\n"
            "print(f'Python {platform.python_version()}, ipykernel {ipykernel.__version__}, PyTorch {torch.__version__.split(\"+\")[0]}, '\n"
            "      f'NumPy {numpy.__version__}, SciPy {scipy.__version__}, scikit-learn {sklearn.__version__}, '\n"
            "      f'matplotlib {matplotlib.__version__}')")
    done = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the Python side cannot be measured; bench/setup installs it:\n{done.stderr.strip().splitlines()[-1]}")
    return done.stdout.strip()


COLUMNS = [  # key, heading, digits
    ("wall_s", "wall, s", 2), ("cpu_s", "processor, s", 2), ("peak_mb", "memory, MB", 0), ("lines", "lines", 0),
    ("characters", "characters", 0)]


def markdown(run):
    """The table of bench/README.md, from build/bench.json."""
    print(f"{run['machine']}, {run['cores']} cores, commit {run['commit']}, load {run['load']:.1f} at the start, "
          f"medians of {run['rounds']}; {run['versions']}\n")
    print("| section | | " + " | ".join(heading for _, heading, _ in COLUMNS) + " | of the wall: imports, s |")
    print("|---|---|" + "---:|" * (len(COLUMNS) + 1))
    for name, sides in run["sections"].items():
        for side in FOLDERS:
            cells = [f"{sides[side][key]:,.{digits}f}" for key, _, digits in COLUMNS]
            imports = f"{sides[side]['cells_s']['setup']:.2f}" if "setup" in sides[side]["cells_s"] else ""
            print(f"| {name if side == 'deepwhy' else ''} | {side} | {' | '.join(cells)} | {imports} |")
        ratios = [f"**{sides['python'][key] / sides['deepwhy'][key]:.1f}×**" for key, _, _ in COLUMNS]
        print(f"| | ratio | {' | '.join(ratios)} | |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"by the beginning of their names: {' '.join(sections())}")
    parser.add_argument("--rounds", type=int, help="3, or 1 with --quick")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--try", action="store_true", dest="only_try", help="execute the Python side once and record nothing")
    parser.add_argument("--ours", action="store_true", help="how long our five notebooks take, without the Python side; records nothing")
    parser.add_argument("--threads", type=int, help="of both sides; otherwise each takes what it takes by itself")
    parser.add_argument("--markdown", action="store_true", help="measure nothing: print the table of the last run for README.md")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 3)
    names = [n for n in sections("deepwhy" if options.ours else "python")
             if not options.sections or any(n.startswith(s) for s in options.sections)]
    if options.ours:
        ours(names, options.rounds, options.threads)
        return 0
    if options.only_try:
        with tempfile.TemporaryDirectory(prefix="dw-bench-") as folder:
            specs = kernel_specs(folder)
            for name in names:
                execute("python", name, options.threads, specs)
        return 0
    if not options.markdown:
        run = record.about() | {"versions": versions(), "rounds": options.rounds}
        record.add("notebooks", run | {"sections": measure(names, options.rounds, options.threads)})
        print()
    markdown(record.read()["notebooks"])
    return 0


if __name__ == "__main__":
    sys.exit(main())

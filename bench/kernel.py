"""Speed and memory of the kernel, beside ipykernel and CPython in the same run: `make bench`.

Prints a table and writes build/bench.json. bench/README.md says what each row means.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import record
from client import Kernel
from record import BUILD

LOOPS, LINES, PARSED = 10_000_000, 1_000_000, 10_000
STEPS, POINTS = 100_000, 100


class Deepwhy:
    name = "deepwhy"
    argv = [str(BUILD / "deepwhy"), *json.loads((BUILD / "share/jupyter/kernels/deepwhy/kernel.json").read_text())["argv"][1:]]
    one = "1 + 1"
    loop = f"s = 0\nrepeat {LOOPS}\n  s = s + 1\nend"
    flood = f"for i in 1..{LINES}\n  print(i)\nend"
    forever = "while true\n  s = 1\nend"
    figure = "plot(sin, 0..1)"
    line = "x{0} = 2*{0} + sin(3)"
    descent = f"L(w) = (w - 3)^4 + w^2\nw = 0\nrepeat {STEPS}\n  w = w - 0.005*L'(w)\nend"
    fit = (f"x = linspace(-1..1, {POINTS})\ny = 1 + 2*x\nL(θ) = mean((y - θ[1] - θ[2]*x)²)\n"
           f"θ = [0; 0]\nrepeat {STEPS // 10}\n  θ = θ - 0.1*∇L(θ)\nend")


class Ipykernel:
    name = "ipykernel"
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    one = "1 + 1"
    loop = f"s = 0\nfor _ in range({LOOPS}):\n  s = s + 1"
    flood = f"for i in range(1, {LINES} + 1):\n  print(i)"
    forever = "while True:\n  s = 1"
    figure = None
    line = "x{0} = 2*{0} + abs(3)"
    descent = f"def slope(w):\n  return 4*(w - 3)**3 + 2*w\nw = 0.0\nfor _ in range({STEPS}):\n  w = w - 0.005*slope(w)"
    fit = (f"x = [-1 + 2*i/{POINTS - 1} for i in range({POINTS})]\ny = [1 + 2*a for a in x]\n"
           "def slope(p, q):\n  r = [b - p - q*a for a, b in zip(x, y)]\n"
           "  return -2*sum(r)/len(r), -2*sum(a*c for a, c in zip(x, r))/len(r)\n"
           f"p = q = 0.0\nfor _ in range({STEPS // 10}):\n  u, v = slope(p, q)\n  p, q = p - 0.1*u, q - 0.1*v")


def median(times):
    return statistics.median(times) if times else None


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def start_time(peer, count):
    """Seconds from spawning the process to the first execute reply."""
    times = []
    for _ in range(count):
        with Kernel(peer.argv) as kernel:
            kernel.execute(peer.one)
            times.append(time.perf_counter() - kernel.started)
    return median(times)


def round_trips(kernel, peer, count):
    """Medians of the seconds to the reply, and to the idle status, of a one-line cell."""
    replies, idles = [], []
    for _ in range(count):
        start = time.perf_counter()
        ident = kernel.send(kernel.shell, "execute_request", kernel.request(peer.one))
        kernel.receive(kernel.shell)
        replies.append(time.perf_counter() - start)
        kernel.until_idle(ident)
        idles.append(time.perf_counter() - start)
    return median(replies), median(idles)


def figure_time(kernel, peer, count):
    """Median seconds from a plotting cell to its idle status, and the forms of the figure that came."""
    times, forms = [], []
    for _ in range(count):
        start = time.perf_counter()
        ident = kernel.send(kernel.shell, "execute_request", kernel.request(peer.figure))
        seen = kernel.until_idle(ident)
        times.append(time.perf_counter() - start)
        kernel.receive(kernel.shell)
        forms = [sorted(c["data"]) for k, c in seen if k in ("display_data", "execute_result")]
    return median(times[1:]), forms


def script_figure_time(peer, count, *options):
    """Seconds a further figure takes in a script: `deepwhy run` with many figures, less the time with one."""
    with tempfile.TemporaryDirectory(prefix="dw-bench-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        def run(figures):
            pathlib.Path(folder, "figures.dw").write_text(f"{peer.figure}\n" * figures)
            command = [peer.argv[0], "run", "--figures", "figures", *options, "figures.dw"]
            return min(timed(lambda: subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL))
                       for _ in range(5))
        return (run(count + 1) - run(1)) / count


def parse_time(kernel, peer, trip):
    """Seconds to decide that 10,000 lines are complete, less what the same request takes for one line."""
    text = "\n".join(peer.line.format(i) for i in range(PARSED))
    whole = [timed(lambda: kernel.ask("is_complete_request", {"code": text})) for _ in range(5)]
    single = [timed(lambda: kernel.ask("is_complete_request", {"code": peer.one})) for _ in range(20)]
    return max(median(whole) - median(single), 0)


def flood(peer):
    """Seconds until the last of 10^6 printed lines and idle are here, how many lines came, memory at its peak in kB."""
    with Kernel(peer.argv) as kernel:
        kernel.connect_iopub()
        start = time.perf_counter()
        ident = kernel.send(kernel.shell, "execute_request", kernel.request(peer.flood))
        seen = kernel.until_idle(ident, 300)
        seconds = time.perf_counter() - start
        lines = sum(c["text"].count("\n") for k, c in seen if k == "stream")
        return seconds, lines, kernel.memory("VmHWM")


def interrupt_time(kernel, peer):
    """Seconds from an interrupt request to the reply of an endless cell."""
    times = []
    for _ in range(5):
        kernel.send(kernel.shell, "execute_request", kernel.request(peer.forever))
        time.sleep(0.3)
        start = time.perf_counter()
        if peer.name == "ipykernel":
            os.kill(kernel.process.pid, 2)
        else:
            kernel.send(kernel.control, "interrupt_request", {})
        kernel.receive(kernel.shell)
        times.append(time.perf_counter() - start)
        time.sleep(0.1)
    return median(times)


def measure(peer, quick):
    got = {"start_s": start_time(peer, 3 if quick else 20 if peer is Deepwhy else 5)}
    with Kernel(peer.argv) as kernel:
        kernel.execute(peer.one)
        time.sleep(0.5)
        got["idle_rss_kb"] = kernel.memory()
        kernel.connect_iopub()
        round_trips(kernel, peer, 50)
        got["reply_s"], got["round_trip_s"] = round_trips(kernel, peer, 100 if quick else 1000)
        got["parse_s"] = parse_time(kernel, peer, got["reply_s"])
        got["loop_s"] = min(timed(lambda: kernel.execute(peer.loop, 120)) for _ in range(1 if quick else 3))
        got["descent_s"] = min(timed(lambda: kernel.execute(peer.descent, 120)) for _ in range(3)) / STEPS
        got["fit_s"] = min(timed(lambda: kernel.execute(peer.fit, 120)) for _ in range(3)) / (STEPS // 10)
        while kernel.iopub.poll(200):
            kernel.iopub.recv_multipart()
        got["interrupt_s"] = interrupt_time(kernel, peer)
    if peer.figure:
        count = 10 if quick else 60
        got["figure_svg_s"] = script_figure_time(peer, count)
        got["figure_svg_pdf_s"] = script_figure_time(peer, count, "--pdf")
        with Kernel(peer.argv) as kernel:
            kernel.connect_iopub()
            got["figure_cell_s"], got["figure_cell_forms"] = figure_time(kernel, peer, count)
    got["flood_s"], got["flood_lines"], got["flood_peak_kb"] = flood(peer)
    return got


def cpython_loop():
    """The same loop in CPython, in the body of a function, where it is fastest."""
    code = f"import time\ndef f():\n s = 0\n for _ in range({LOOPS}):\n  s = s + 1\nt = time.perf_counter()\nf()\nprint(time.perf_counter() - t)"
    return min(float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(3))


ROWS = [  # key, what, unit, factor, bar
    ("start_s", "start to first execute reply", "ms", 1e3, 10),
    ("reply_s", "execute, request to reply", "µs", 1e6, 400),
    ("round_trip_s", "execute, request to reply and idle", "µs", 1e6, 590),
    ("idle_rss_kb", "memory when idle", "MB", 1 / 1024, 10),
    ("figure_svg_s", "figure, SVG written", "ms", 1e3, 3),
    ("figure_svg_pdf_s", "figure, SVG and PDF written", "ms", 1e3, 6),
    ("figure_cell_s", "cell with a figure, all forms, to idle", "ms", 1e3, None),
    ("loop_s", "repeat 10 000 000 with an addition", "ms", 1e3, None),
    ("descent_s", "step of descent, one number", "µs", 1e6, None),
    ("fit_s", "step of descent, 100 points", "µs", 1e6, None),
    ("parse_s", "parse 10,000 lines", "ms", 1e3, 10),
    ("interrupt_s", "interrupt to reply", "ms", 1e3, 100),
    ("flood_s", "10^6 printed lines, idle included", "ms", 1e3, None),
    ("flood_lines", "… lines that arrived", "", 1, None),
    ("flood_peak_kb", "… memory at its peak", "MB", 1 / 1024, None),
]


def main():
    quick, about = "--quick" in sys.argv, record.about()
    results = {peer.name: measure(peer, quick) for peer in (Deepwhy, Ipykernel)}
    results["cpython"] = {"loop_s": cpython_loop()}
    print(f"{about['machine']}, {about['cores']} cores, commit {about['commit']}\n")
    print(f"{'':40} {'deepwhy':>10} {'ipykernel':>10} {'bar':>8}")
    ours, theirs = results["deepwhy"], results["ipykernel"]
    for key, what, unit, factor, bar in ROWS:
        digits = 2 if key in ("descent_s", "fit_s") else 1 if unit in ("ms", "MB") else 0
        cells = [f"{r[key] * factor:,.{digits}f}" if r.get(key) is not None else "-" for r in (ours, theirs)]
        over = " above the bar" if bar and ours.get(key) is not None and ours[key] * factor > bar else ""
        print(f"{what + (f' ({unit})' if unit else ''):40} {cells[0]:>10} {cells[1]:>10} {('≤ ' + str(bar)) if bar else '':>8}{over}")
    print(f"\nthe loop against CPython: {ours['loop_s'] / theirs['loop_s']:.2f} times its time in a cell, "
          f"{ours['loop_s'] / results['cpython']['loop_s']:.2f} times its time in a function (at most 1 is the bar)")
    record.add("kernel", about | {"results": results})


main()

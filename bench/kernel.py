"""Speed and memory of the kernel, beside ipykernel, xeus-python and CPython in the same run: `make bench`.

    bench/run kernel [--quick] [--markdown] [ROW …]

The C client build/bench-client measures and hands over raw samples; here they become a table, and build/bench.json.
bench/README.md says what each row means. ROW: only rows whose key begins so.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import record
from record import BUILD, ROOT

BENCH_PYTHON = ROOT / ".venv-bench-kernels/bin/python"
LOOPS, LINES, PARSED, CELLS = 10_000_000, 1_000_000, 10_000, 10_000
STEPS, POINTS = 100_000, 100
CROWD, DRAG_SECONDS = 200, 3
MISSING = "–"


class Deepwhy:
    name = "deepwhy"
    argv = [str(BUILD / "deepwhy"), "-f", "{connection_file}"]
    how = "message"
    loop = f"s = 0\nrepeat {LOOPS}\n  s = s + 1\nend"
    flood = f"for i in 1..{LINES}\n  print(i)\nend"
    forever = 'print("go")\nwhile true\n  s = 1\nend'
    data = "data = table(x = linspace(-1..1, 10), y = x ↦ sin(π*x))\nnet = 1 → 32 → relu → 32 → relu → 1"
    training = 'print("go")\nfit = train(net, data, rate = 0.01, steps = 1000000000)'
    figure = "plot(sin, 0..1)"
    drag = "interact λ = 10 in 1..100\n  plot(x ↦ sin(λ*x), 0..1)\nend"
    line = "x{0} = 2*{0} + sin(3)"
    descent = f"L(w) = (w - 3)^4 + w^2\nw = 0\nrepeat {STEPS}\n  w = w - 0.005*L'(w)\nend"
    fit = (f"x = linspace(-1..1, {POINTS})\ny = 1 + 2*x\nL(θ) = mean((y - θ[1] - θ[2]*x)²)\n"
           f"θ = [0; 0]\nrepeat {STEPS // 10}\n  θ = θ - 0.1*∇L(θ)\nend")


class Python:
    """What the kernels for Python are asked."""
    how = "signal"
    loop = f"s = 0\nfor _ in range({LOOPS}):\n  s = s + 1"
    flood = f"for i in range(1, {LINES} + 1):\n  print(i)"
    forever = 'print("go", flush=True)\nwhile True:\n  s = 1'
    data = ("import numpy as np\nx = np.linspace(-1, 1, 10)[:, None]\ny = np.sin(np.pi*x)\n"
            "A, B, C = np.random.randn(1, 32), np.random.randn(32, 32)/6, np.random.randn(32, 1)/6")
    training = ('print("go", flush=True)\nwhile True:\n  h = np.maximum(x@A, 0); k = np.maximum(h@B, 0); e = (k@C - y)/5\n'
                "  dk = e@C.T*(k > 0); dh = dk@B.T*(h > 0)\n  C -= 0.01*k.T@e; B -= 0.01*h.T@dk; A -= 0.01*x.T@dh")
    figure = None
    drag = ("import numpy as np, matplotlib.pyplot as plt\nfrom ipywidgets import interact\nx = np.linspace(0, 1, 200)\n"
            "@interact(λ=(1.0, 100.0))\ndef f(λ):\n  plt.plot(x, np.sin(λ*x))\n  plt.show()")
    line = "x{0} = 2*{0} + abs(3)"
    descent = f"def slope(w):\n  return 4*(w - 3)**3 + 2*w\nw = 0.0\nfor _ in range({STEPS}):\n  w = w - 0.005*slope(w)"
    fit = (f"x = [-1 + 2*i/{POINTS - 1} for i in range({POINTS})]\ny = [1 + 2*a for a in x]\n"
           "def slope(p, q):\n  r = [b - p - q*a for a, b in zip(x, y)]\n"
           "  return -2*sum(r)/len(r), -2*sum(a*c for a, c in zip(x, r))/len(r)\n"
           f"p = q = 0.0\nfor _ in range({STEPS // 10}):\n  u, v = slope(p, q)\n  p, q = p - 0.1*u, q - 0.1*v")


class Ipykernel(Python):
    name = "ipykernel"
    argv = [str(BENCH_PYTHON if BENCH_PYTHON.exists() else sys.executable), "-m", "ipykernel_launcher", "-f", "{connection_file}"]


class Xeus(Python):
    """Its leanest form, without IPython's shell."""
    name = "xeus-python"
    argv = [str(BENCH_PYTHON), "-m", "xpython_launcher", "-f", "{connection_file}", "--raw"]


class XeusShell(Python):
    """With IPython's shell, for what the lean one of the wheel does not do: print, and show widgets."""
    name = "xeus-python"
    argv = Xeus.argv[:-1]


@dataclasses.dataclass
class Row:
    """One measurement of the client: its fields, and the lines it gives the table."""
    key: str
    fields: dict                # handed to the client; a text "{word}" is the peer's own
    lines: list                 # (title, unit, factor, how to get it from the result)
    bar: float = None           # of the first line, in its unit: at most this, or at least
    ratios: tuple = ()          # (peer, how many times its time ours has to be below)
    quick: dict = dataclasses.field(default_factory=dict)  # fields of a quick run
    only: bool = False          # for deepwhy alone
    is_floor: bool = False      # the bar is a least


def median(key, factor=1.0):
    return lambda got: statistics.median(got[key]) * factor


def p99(key):
    return lambda got: sorted(got[key])[max(0, int(len(got[key]) * 0.99) - 1)]


def least(key, factor=1.0):
    return lambda got: min(got[key]) * factor


def most(key):
    return lambda got: max(got[key])


def field(*path):
    def get(got):
        for name in path:
            got = got[name]
        return got
    return get


ROWS = [
    Row("start", {"what": "start", "code": "1 + 1", "count": 20},
        [("start to first execute reply", "ms", 1e3, median("times"))], 10, quick={"count": 20}),
    Row("execute", {"what": "trip", "code": "1 + 1", "count": 1000},
        [("execute, request to reply", "µs", 1e6, median("times")), ("… 99 of 100 are below", "µs", 1e6, p99("times")),
         ("execute, request to reply and idle", "µs", 1e6, median("idle"))], 400, (("ipykernel", 10), ("xeus-python", 1))),
    Row("info", {"what": "trip", "type": "kernel_info_request", "count": 1000},
        [("kernel_info, request to reply", "µs", 1e6, median("times"))]),
    Row("memory", {"what": "memory", "count": CELLS},
        [("memory after the first cell", "MB", 1 / 1024, field("before", "rss")),
         ("memory after 10,000 more cells", "MB", 1 / 1024, field("after", "rss"))], 10),
    Row("interrupt", {"what": "interrupt", "code": "{forever}", "how": "{how}", "count": 20},
        [("interrupt of a loop, to reply", "ms", 1e3, median("times")), ("… at most", "ms", 1e3, most("times"))], 100,
        (("ipykernel", 1),)),
    Row("stop", {"what": "interrupt", "setup": "{data}", "code": "{training}", "how": "{how}", "count": 20},
        [("interrupt of a training, to reply", "ms", 1e3, median("times")), ("… at most", "ms", 1e3, most("times"))], 100),
    Row("flood", {"what": "flood", "code": "{flood}"},
        [("10^6 printed lines, idle included", "ms", 1e3, median("times")),
         ("… lines that arrived", "", 1, field("lines")), ("… memory at its peak", "MB", 1 / 1024, field("peak"))]),
    Row("drag", {"what": "drag", "code": "{drag}", "seconds": DRAG_SECONDS},
        [("moves of a slider with a figure, per second", "", 1, lambda got: 1 / statistics.median(got["times"]))], 60, is_floor=True),
    Row("crowd", {"what": "crowd", "code": "1 + 1", "count": CROWD},
        [(f"{CROWD} kernels started at once, all answer", "s", 1, field("seconds")),
         ("… and once more", "s", 1, field("round")), ("… that answered", "", 1, field("answered")),
         ("… memory of all together", "MB", 1 / 1024, field("pss"))]),
    Row("figure", {"what": "trip", "code": "{figure}", "count": 60},
        [("cell with a figure, all forms, to idle", "ms", 1e3, median("idle"))], quick={"count": 20}, only=True),
    Row("loop", {"what": "trip", "code": "{loop}", "count": 3},
        [("repeat 10 000 000 with an addition", "ms", 1e3, least("times"))], quick={"count": 1}),
    Row("descent", {"what": "trip", "code": "{descent}", "count": 3},
        [("step of descent, one number", "µs", 1e6, least("times", 1 / STEPS))]),
    Row("fit", {"what": "trip", "code": "{fit}", "count": 3},
        [("step of descent, 100 points", "µs", 1e6, least("times", 10 / STEPS))]),
    Row("parse", {"what": "trip", "type": "is_complete_request", "code": "{lines}", "count": 5},
        [("is a cell of 10,000 lines complete?", "ms", 1e3, median("times"))], 10),
]

SCRIPTS = [("figure_svg", "figure, SVG written", 3, ()), ("figure_pdf", "figure, SVG and PDF written", 6, ("--pdf",))]


def runs(command):
    return subprocess.run(command, capture_output=True).returncode == 0


def peers():
    """Who can be measured here; a peer that is missing costs its column."""
    there = [Deepwhy, Ipykernel]
    if BENCH_PYTHON.exists() and runs([BENCH_PYTHON, "-c", "import xpython"]):
        there.append(Xeus)
    else:
        print("no xeus-python: bench/setup installs it", file=sys.stderr)
    return there


def fields_of(row, peer, quick):
    """The client's fields for this row, with the peer's own words in."""
    def word(value):
        if value == "{lines}":
            return "\n".join(peer.line.format(i) for i in range(PARSED))
        return getattr(peer, value[1:-1]) if isinstance(value, str) and value.startswith("{") else value
    return {name: word(value) for name, value in {**row.fields, **(row.quick if quick else {})}.items()}


def available_kb():
    return next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemAvailable"))


def ask(peer, row, quick):
    """What the client says of this row for this peer; None: the peer does not do it."""
    if row.only and peer is not Deepwhy:
        return None
    if row.key in ("flood", "interrupt", "stop", "drag") and peer is Xeus:
        peer = XeusShell
    fields = fields_of(row, peer, quick)
    with tempfile.TemporaryDirectory(prefix="dw-bench-", ignore_cleanup_errors=True) as folder:
        home = pathlib.Path(folder, "home")  # kernels keep histories and caches there
        home.mkdir()
        env = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home), "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
        for name in ("PYTHONDONTWRITEBYTECODE", "IPYTHONDIR", "JUPYTER_CONFIG_DIR"):
            env.pop(name, None)
        done = subprocess.run([BUILD / "bench-client"], cwd=folder, env=env, capture_output=True, text=True, timeout=600,
                              input=json.dumps({"argv": peer.argv, "rows": [fields]}))
    if done.stderr:
        print(done.stderr.strip(), file=sys.stderr)
    return json.loads(done.stdout) if done.stdout.strip() else None


def crowd_fits(peer, results):
    """Whether 200 of them have room in memory, by what one needs after its first cell (all of it, though they share)."""
    memory = results.get("memory", {}).get(peer.name)
    return not memory or memory["before"]["pss"] * CROWD < 0.8 * available_kb()


def script_figure(count, options):
    """Seconds a further figure takes in a script: `deepwhy run` with many figures, less the time with one."""
    with tempfile.TemporaryDirectory(prefix="dw-bench-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        def run(figures):
            pathlib.Path(folder, "figures.dw").write_text(f"{Deepwhy.figure}\n" * figures)
            command = [Deepwhy.argv[0], "run", "--figures", "figures", *options, "figures.dw"]
            times = []
            for _ in range(5):
                start = time.perf_counter()
                subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
                times.append(time.perf_counter() - start)
            return min(times)
        return (run(count + 1) - run(1)) / count


def cpython_loop():
    """The same loop in CPython, in the body of a function, where it is fastest."""
    code = f"import time\ndef f():\n s = 0\n for _ in range({LOOPS}):\n  s = s + 1\nt = time.perf_counter()\nf()\nprint(time.perf_counter() - t)"
    return min(float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(3))


def measure(there, wanted, quick):
    """{row: {peer: what the client said}}."""
    results = {}
    for row in ROWS:
        for peer in there if wanted(row.key) else []:
            print(f"{row.key}, {peer.name} …", file=sys.stderr, flush=True)
            fits = row.key != "crowd" or crowd_fits(peer, results)
            results.setdefault(row.key, {})[peer.name] = ask(peer, row, quick) if fits else None
    for key, _, _, options in SCRIPTS:
        if wanted(key):
            results[key] = {"deepwhy": script_figure(10 if quick else 60, options)}
    if wanted("loop"):
        results["cpython_loop"] = cpython_loop()
    return results


# ---- The table ---------------------------------------------------------------------------------
def shown(value, unit):
    digits = 0 if unit in ("", "MB") and value >= 100 else 2 if unit in ("s", "µs") and value < 10 or unit == "ms" and value < 1 else 1
    return f"{value:,.{0 if unit == 'µs' and value >= 10 else digits}f}{' ' + unit if unit else ''}"


def verdict(row, got, ours, factor, get):
    """How ours stands to the bar and to the peers; what is missed comes with the word MISSED."""
    words = []
    if row.bar is not None:
        holds = ours * factor >= row.bar if row.is_floor else ours * factor <= row.bar
        words.append(f"{'≥' if row.is_floor else '≤'} {row.bar:g}" + ("" if holds else " MISSED"))
    for peer, times in row.ratios:
        if got.get(peer):
            ratio = get(got[peer]) / ours
            words.append(f"{ratio:.1f} × {peer}" + ("" if ratio >= times else f" MISSED, wanted {times} ×"))
    return ", ".join(words)


def table(results):
    """Lines of cells: title, deepwhy, ipykernel, xeus-python, bars."""
    lines = []
    for row in ROWS:
        got = results.get(row.key, {})
        for number, (title, unit, factor, get) in enumerate(row.lines if got else []):
            cells = [shown(get(got[name]) * factor, unit) if got.get(name) else MISSING
                     for name in ("deepwhy", "ipykernel", "xeus-python")]
            bars = verdict(row, got, get(got["deepwhy"]), factor, get) if number == 0 and got.get("deepwhy") else ""
            if row.key == "loop" and "cpython_loop" in results and got.get("deepwhy"):
                bars = f"{get(got['deepwhy']) / results['cpython_loop']:.2f} of CPython's time in a function"
            lines.append([title, *cells, bars])
    for key, title, bar, _ in SCRIPTS:
        if key in results:
            ours = results[key]["deepwhy"] * 1e3
            lines.append([title, f"{ours:.1f} ms", MISSING, MISSING, f"≤ {bar}" + ("" if ours <= bar else " MISSED")])
    return lines


def print_table(results, as_markdown):
    head = ["row", "deepwhy", "ipykernel", "xeus-python", "bar"]
    lines = table(results)
    if as_markdown:
        print("\n".join(f"| {' | '.join(line)} |" for line in [head, ["---", "---:", "---:", "---:", "---"], *lines]))
        return
    for line in [head, *lines]:
        print(f"{line[0]:44} {line[1]:>12} {line[2]:>12} {line[3]:>12}  {line[4]}")


def version(package):
    python = Ipykernel.argv[0]
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return f"{package} {done.stdout.strip()}" if done.returncode == 0 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"by the beginning of the key: {' '.join(r.key for r in ROWS)}")
    parser.add_argument("--quick", action="store_true", help="fewer samples")
    parser.add_argument("--markdown", action="store_true", help="the table as README.md has it")
    options = parser.parse_args()
    about, start = record.about(), time.perf_counter()
    results = measure(peers(), lambda key: not options.rows or any(key.startswith(r) for r in options.rows), options.quick)
    record.add("kernel", about | {"results": results})
    names = [name for name in map(version, ("ipykernel", "xeus-python", "matplotlib")) if name]
    print(f"{about['machine']}, {about['cores']} cores, commit {about['commit']}, load {about['load']:.1f} at the start; "
          f"{', '.join(names)}; {time.perf_counter() - start:.0f} s\n")
    print_table(results, options.markdown)


main()

"""The engine beside PyTorch, JAX and NumPy: the second half of `make bench`.

    bench/engine.py [--quick] [--threads 1,2] [--precision single,double] [ROW…]

Rows, method and bars: bench/README.md. Everybody is measured in one run, in turn, some rounds; medians count. The
table is printed and goes into build/bench.json, beside the rows of bench/kernel.py.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import time

import record
from ours import Ours, gradient_costs
from record import ROOT
from rows import DIPS, GROWTH, ROWS, request

HERE = pathlib.Path(__file__).resolve().parent
PEERS = {"torch": ("peer_torch.py", "/usr/bin/python3"), "jax": ("peer_jax.py", ROOT / ".venv-bench/bin/python"),
         "numpy": ("peer_numpy.py", ROOT / ".venv-bench/bin/python")}
ASKED = {"train": ("torch", "jax"), "nets": ("torch", "jax", "numpy"), "cold": ("torch", "jax"),
         "descents": ("jax", "numpy"), "dimensions": ("jax", "numpy")}
UNITS = {"µs": 1e6, "ms": 1e3}


class Peer:
    """A worker of peer.py that lives through the run; None answers when it cannot be started."""

    def __init__(self, name, threads):
        script, python = PEERS[name]
        # These two slow OpenBLAS on some machines where they are set for older builds of it; the peers shall be at their best.
        env = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
        for key in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            env[key] = str(threads)
        if name == "jax" and threads == 1:
            env["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        self.process = subprocess.Popen([python, HERE / script], env=env, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.about = json.loads(self.process.stdout.readline() or "null")

    def measure(self, row, single, seconds, kind=None):
        asked = request(row, single, seconds)
        asked["row"]["kind"] = kind or row.kind
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"error": "the process ended"}

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


def start_peers(threads):
    peers = {}
    for name in PEERS:
        try:
            peer = Peer(name, threads)
        except OSError as problem:
            print(f"no {name}: {problem} (bench/setup installs it)")
            continue
        if peer.about:
            peers[name] = peer
        else:
            print(f"no {name}: it does not start (bench/setup installs it)")
    return peers


def collect(samples):
    """The median of the samples, or the error of the first that has one."""
    bad = next((s["error"] for s in samples if "error" in s), None)
    if bad:
        return {"error": bad}
    answer = {"seconds": statistics.median(s["seconds"] for s in samples), "value": samples[-1].get("value"),
              "samples": [s["seconds"] for s in samples]}
    for key in ("compiled", "flops"):
        if key in samples[0]:
            answer[key] = statistics.median(s[key] for s in samples)
    return answer


def measure_row(row, single, ours, peers, options):
    """Everybody in turn, some rounds. Who fails once is not asked again."""
    parties = {"deepwhy": ours, **{name: peers[name] for name in ASKED[row.kind] if name in peers}}
    samples = {name: [] for name in parties}
    for _ in range(options.rounds):
        for name, party in parties.items():
            if not any("error" in s for s in samples[name]):
                samples[name].append(party.measure(row, single, options.seconds))
        if row.efficiency and "numpy" in peers:
            samples.setdefault("peak", []).append(peers["numpy"].measure(row, single, options.seconds, "peak"))
    return {name: collect(got) for name, got in samples.items()}


def verdicts(row, single, threads, got):
    """What the bars say about a row, in words; bars in seconds count on one thread."""
    mine = got["deepwhy"].get("seconds")
    if mine is None:
        return ["not measured: " + got["deepwhy"]["error"].split("\n")[0][:90]]
    words = []
    bar = row.bars.get("single" if single else "double")
    if bar and threads == 1 and mine > bar:
        words.append(f"above the bar of {bar * UNITS[row.unit]:g} {row.unit}")
    for peer, times in row.ratios.items():
        other = got.get(peer, {}).get("seconds")
        if other and other / mine < times:
            words.append(f"{other / mine:.2f} times {peer}'s speed, the bar is {times}")
    if row.efficiency and "flops" in got.get("peak", {}):
        part = row.flops() / mine / got["peak"]["flops"]
        words.append(f"{part:.0%} of the peak of {got['peak']['flops'] / 1e9:.0f} GFLOP/s"
                     + (f", the bar is {row.efficiency:.0%}" if part < row.efficiency else ""))
    if row.kind == "descents":
        speed = row.runs * row.steps * row.dimensions / mine
        words.append(f"{speed / 1e6:.0f} M coordinate-steps/s")
        other = got.get("numpy", {}).get("seconds")
        if other and threads == 2 and other / mine < 10:
            words.append(f"{other / mine:.1f} times numpy's speed, the bar is 10")
    limit = {"nets": 1.0, "dimensions": 0.3}.get(row.name)
    if limit and threads == 2 and mine > limit:
        words.append(f"above the bar of {limit:g} s")
    if row.kind == "cold" and mine > 1e-3:
        words.append("above the bar of 1 ms")
    return words


def cell(got, name, unit):
    one = got.get(name)
    if one is None:
        return "–"
    if "error" in one:
        return "failed"
    value = one["seconds"] * UNITS[unit]
    return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def ratio(got, name):
    mine, other = got["deepwhy"].get("seconds"), got.get(name, {}).get("seconds")
    return f"{other / mine:.1f}×" if mine and other else ""


def print_row(row, single, threads, got):
    cells = [f"{cell(got, 'deepwhy', row.unit):>9}"]
    for name in PEERS:
        cells.append(f"{cell(got, name, row.unit):>9} {ratio(got, name):>7}")
    title = f"{row.title} ({row.unit})"
    print(f"{title:46} {'f32' if single else 'f64'} {threads} {' '.join(cells)}  {'; '.join(verdicts(row, single, threads, got))}",
          flush=True)


def growth(results, single, threads):
    """The slope of log(time) over log(parameters) for each party, of the rows from 10^4 parameters on."""
    slopes = {}
    for name in ("deepwhy", "torch", "jax"):
        points = [(math.log(row.parameters()), math.log(got[name]["seconds"])) for row in GROWTH[1:]
                  for got in [results.get(key(row, single, threads), {})] if got.get(name, {}).get("seconds")]
        if len(points) > 2:
            slopes[name] = statistics.linear_regression(*zip(*points)).slope
    return slopes


def key(row, single, threads):
    return f"{row.name}, {'single' if single else 'double'}, {threads} threads"


def print_costs(costs):
    print(f"\n{'what a gradient costs':34} {'flops':>9} {'gradient':>10} {'ratio':>6} {'time':>10} {'ratio':>6}   (the bar is 5)")
    for name, c in costs.items():
        if "error" in c:
            print(f"{name:34} not measured: {c['error'].splitlines()[0][:90]}")
            continue
        times = f"{c['loss_s'] * 1e6:7.2f} µs {c['seconds_ratio'] or math.nan:6.2f}"
        print(f"{name:34} {c['loss_flops']:9,.0f} {c['gradient_flops']:10,.0f} {c['flops_ratio']:6.2f} {times}")


def markdown(engine):
    """The tables of bench/README.md, from build/bench.json."""
    rows = engine["rows"]
    print(f"{engine['machine']}, commit {engine['commit']}, load {engine['load']:.1f} at the start; "
          + ", ".join(about["name"] for about in engine["peers"].values()) + "\n")
    for threads in (1, 2):
        print(f"{'One thread' if threads == 1 else 'Two threads'}; in brackets how many times our time:\n")
        print("| row | | deepwhy | PyTorch | JAX | NumPy | bars |\n|---|---|---:|---:|---:|---:|---|")
        for row in ROWS.values():
            for single in (True, False):
                got = rows.get(key(row, single, threads))
                if not got:
                    continue
                cells = [cell(got, "deepwhy", row.unit)]
                for name in PEERS:
                    times = ratio(got, name)
                    cells.append(cell(got, name, row.unit) + (f" ({times})" if times else ""))
                words = "; ".join(verdicts(row, single, threads, got))
                print(f"| {row.title}, {row.unit} | {'single' if single else 'double'} | {' | '.join(cells)} | {words} |")
        slopes = [f"{'single' if single else 'double'} {name} {slope:.3f}" for single in (True, False)
                  for name, slope in rows.get(f"growth, {'single' if single else 'double'}, {threads} threads", {}).items()]
        print(f"\nTime grows with parameters to the power of: {', '.join(slopes)} (bar 1.05).\n" if slopes else "")
    print("| what a gradient costs | operations | times the loss | time | times the loss |\n|---|---:|---:|---:|---:|")
    for name, c in engine["gradient"].items():
        if "error" not in c:
            print(f"| {name} | {c['gradient_flops']:,.0f} | {c['flops_ratio']:.2f} | {c['gradient_s'] * 1e6:.2f} µs | {c['seconds_ratio']:.2f} |")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"rows, by the beginning of their names: {' '.join(ROWS)}, gradient")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter samples")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--precision", default="single,double")
    parser.add_argument("--simd", help="base, avx2 or avx512 for deepwhy; otherwise it chooses")
    parser.add_argument("--markdown", action="store_true", help="measure nothing: print the tables of the last run for README.md")
    parser.add_argument("--cpu", action="store_true", help="processor time instead of the wall's, one thread: for a busy machine")
    options = parser.parse_args()
    if options.cpu:
        os.environ["BENCH_CLOCK"], options.threads = "cpu", "1"
    options.rounds, options.seconds = (3, 0.1) if options.quick else (5, 0.2)
    options.threads = [int(t) for t in options.threads.split(",")]
    options.precision = [p == "single" for p in options.precision.split(",")]
    return options


def wanted(names, name):
    return not names or any(name.startswith(n) for n in names)


def measure_threads(threads, options, results):
    peers = start_peers(threads)
    ours = Ours(threads, options.simd)
    about = {name: peer.about for name, peer in peers.items()}
    print(f"\n{threads} thread{'s' if threads > 1 else ''}: " + ", ".join(f"{a['name']} ({a['threads']})" for a in about.values()))
    print(f"{'':46} {'':3} {'':1} {'deepwhy':>9} " + " ".join(f"{n:>9} {'':>7}" for n in PEERS))
    for row in ROWS.values():
        for single in options.precision if wanted(options.rows, row.name) else []:
            got = measure_row(row, single, ours, peers, options)
            results[key(row, single, threads)] = got
            print_row(row, single, threads, got)
    for single in options.precision:
        slopes = growth(results, single, threads)
        if slopes:
            results[f"growth, {'single' if single else 'double'}, {threads} threads"] = slopes
            print(f"time grows with parameters to the power of ({'f32' if single else 'f64'}): "
                  + ", ".join(f"{n} {s:.3f}" for n, s in slopes.items()) + "   (the bar is 1.05)")
    for peer in peers.values():
        peer.close()
    return about


def main():
    options = arguments()
    if options.markdown:
        markdown(record.read()["engine"])
        return 0
    about = record.about()
    if about["load"] > 0.7 and not options.cpu:
        print(f"the machine is busy (load {about['load']:.1f}): the figures below are rough")
    results, peers = {}, {}
    start = time.perf_counter()
    for threads in options.threads:
        peers.update(measure_threads(threads, options, results))
    costs = gradient_costs(Ours(1, options.simd), 20) if wanted(options.rows, "gradient") else {}
    if costs:
        print_costs(costs)
    print(f"\n{time.perf_counter() - start:.0f} s; ", end="")
    record.add("engine", about | {"peers": peers, "rows": results, "gradient": costs, "dips": DIPS})
    return 0


if __name__ == "__main__":
    sys.exit(main())

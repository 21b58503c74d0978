"""What the peers share: a worker that reads a request a line and answers with a line, and the data of the rows.

A worker lives through the whole run, so that neither its start nor its compilation is measured, and is asked in turn
with the other peers. A request names a row, a precision and about how many seconds to measure; the answer says how many
seconds one unit of work took (a step of training, or the whole program) and a value that shows that work was done.
"""

import json
import math
import os
import sys
import time
from types import SimpleNamespace

import numpy as np


def data(row, dtype):
    """Inputs as rows (samples × inputs) and targets: samples × outputs, or class numbers under a softmax."""
    if row.data == "sine":
        x = np.linspace(-1, 1, row.samples).reshape(-1, 1)
        return x.astype(dtype), np.sin(math.pi * x).astype(dtype)
    if row.data == "xor":
        x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
        return x.astype(dtype), np.array([[0], [1], [1], [0]]).astype(dtype)
    rng = np.random.default_rng(1)
    x = rng.standard_normal((row.samples, row.sizes[0])).astype(dtype)
    if row.last == "softmax":
        return x, np.arange(row.samples) % row.sizes[-1]
    return x, rng.standard_normal((row.samples, row.sizes[-1])).astype(dtype)


def weights(row, dtype, runs=None, seed=1):
    """He-scaled weights and zero biases, one pair a layer; with `runs` so many independent nets in the first axis."""
    rng = np.random.default_rng(seed)
    lead = () if runs is None else (runs,)
    pairs = []
    for a, b in zip(row.sizes, row.sizes[1:]):
        pairs.append(((rng.standard_normal((*lead, a, b)) * math.sqrt(2 / a)).astype(dtype), np.zeros((*lead, 1, b), dtype)))
    return pairs


# The time of the processor instead of the clock on the wall, for a first look on a busy machine: --cpu.
clock = time.process_time if os.environ.get("BENCH_CLOCK") == "cpu" else time.perf_counter


def repeat(run, seconds, least=1):
    """Seconds a step takes: run(steps) until it takes about as long as was asked for. The first call warms up."""
    steps = least
    run(steps)
    while True:
        start = clock()
        run(steps)
        spent = clock() - start
        if spent > 0.5 * seconds:
            return spent / steps
        steps = max(2 * steps, int(steps * 0.8 * seconds / max(spent, 1e-6)))


def once(run):
    """Seconds of a whole program, and its value."""
    start = clock()
    value = float(run())  # a number at last: some peers answer before they have computed
    return {"seconds": clock() - start, "value": value}


def threads():
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


def serve(measures, about):
    """Answer requests with measures[kind](row, dtype, seconds) until the input ends; the first line says who this is."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print(json.dumps(about), file=out, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        row = SimpleNamespace(**asked["row"])
        try:
            answer = measures[row.kind](row, np.float32 if asked["single"] else np.float64, asked["seconds"])
        except Exception as problem:  # a peer that fails loses its cell of the table, not the run
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), file=out, flush=True)

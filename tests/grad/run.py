#!/usr/bin/env python3
"""Train in deepwhy what golden.py trained in PyTorch, and compare losses and parameters.

    tests/grad/run.py [--program build/deepwhy] [--tap] [NAME …]      cases by the beginning of their names

Every case of golden.json is trained from the same start in double and in single precision. The losses after 1, 10
and 100 steps (of the history) and the parameters after 100 steps must agree: within 1e-10 of the largest number of the array in double precision, 1e-5 in single precision (a hundred steps
of rounding to 24 bits, in two orders of summation; PyTorch's own two precisions are up to 1e-6 apart).
"""

import argparse
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SLOW = float(os.environ.get("DEEPWHY_SLOW", "1"))
TOLERANCE = {"double": 1e-10, "single": 1e-5}


def matrix(rows):
    return "[" + "; ".join(", ".join(repr(v) for v in row) for row in rows) + "]"


def option(value):
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def script(case, precision, steps):
    """Trains from the stored start, prints the losses, saves each parameter as it is."""
    y = case["y"]
    target = matrix(y) if isinstance(y[0], list) else "[" + ", ".join(map(str, y)) + "]"
    lines = [f"data = table(x = {matrix(case['x'])}, y = {target})", *case["before"], f"f = {case['chain']}"]
    lines += [f"f.{name} = {matrix(rows)}" for name, rows in zip(case["names"], case["start"])]
    options = {"optimizer": case["optimizer"], **case["options"], "steps": steps, "precision": precision}
    lines.append("fit = train(f, data, " + ", ".join(f"{k} = {option(v)}" for k, v in options.items()) + ")")
    marks = [step for step in case[precision]["losses"] if int(step) < steps]
    lines += [f'print("{{fit.history.train[{int(step) + 1}]:17}}")' for step in marks]
    lines += ['print("{fit.loss:17}")', *(f'save(fit.{name}, "{name}.npy")' for name in case["names"])]
    return "\n".join(lines) + "\n"


def read_npy(path):
    """The numbers of a small .npy file of doubles, row by row."""
    raw = path.read_bytes()
    length = struct.unpack("<H", raw[8:10])[0]
    header = raw[10:10 + length].decode("latin-1")
    numbers = struct.unpack(f"<{(len(raw) - 10 - length) // 8}d", raw[10 + length:])
    shape = [int(n) for n in header.split("'shape': (")[1].split(")")[0].split(",") if n.strip()]
    if "'fortran_order': True" in header and len(shape) == 2:
        rows, columns = shape
        numbers = [numbers[c * rows + r] for r in range(rows) for c in range(columns)]
    return list(numbers)


def far(got, want, tolerance):
    """In words where two rows of numbers differ by more than the tolerance times their largest number; or None."""
    if len(got) != len(want):
        return f"{len(got)} numbers instead of {len(want)}"
    scale = max(max(map(abs, want)), 1e-30)
    worst = max(range(len(want)), key=lambda i: abs(got[i] - want[i]) if got[i] == got[i] else float("inf"))
    off = abs(got[worst] - want[worst]) / scale
    return None if off <= tolerance else f"number {worst + 1} is {got[worst]!r}, PyTorch has {want[worst]!r} ({off:.1e} apart)"


def check(program, case, precision, steps):
    """The faults of one case in one precision; empty when it agrees."""
    with tempfile.TemporaryDirectory(prefix="dw-grad-") as folder:
        place = pathlib.Path(folder)
        (place / "case.dw").write_text(script(case, precision, steps))
        done = subprocess.run([program, "run", "case.dw"], cwd=folder, capture_output=True, text=True, timeout=120 * SLOW)
        if done.returncode:
            return [(done.stdout + done.stderr).strip() or f"exit code {done.returncode}"]
        want, tolerance = case[precision], TOLERANCE[precision]
        losses = [float(line) for line in done.stdout.split()]
        faults = [("losses", far(losses, list(want["losses"].values()), tolerance))]
        faults += [(name, far(read_npy(place / f"{name}.npy"), [v for row in end for v in row], tolerance))
                   for name, end in zip(case["names"], want["end"])]
        return [f"{name}: {fault}" for name, fault in faults if fault]


def main():
    parser = argparse.ArgumentParser(description="Compare training with what PyTorch computed.")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--program", default=str(ROOT / "build/deepwhy"))
    parser.add_argument("--tap", action="store_true", help="report as TAP")
    options = parser.parse_args()
    program = pathlib.Path(options.program).resolve()
    golden = json.loads((HERE / "golden.json").read_text())
    runs = [(name, precision) for name, case in golden["cases"].items() for precision in TOLERANCE if precision in case
            if not options.names or any(name.startswith(n) for n in options.names)]
    if not runs:
        sys.exit(f"no case begins with {' or '.join(options.names)}")
    if options.tap:
        print(f"1..{len(runs) + 1}")
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        faults = list(pool.map(lambda r: check(program, golden["cases"][r[0]], r[1], golden["steps"]), runs))
    for i, ((name, precision), found) in enumerate(zip(runs, faults), 1):
        if options.tap or found:
            print(f"{'not ok' if found else 'ok'} {i} - {name}, {precision}")
        for fault in found:
            print("\n".join(f"#   {line}" for line in fault.splitlines()))
    # a comparison that finds nothing must be able to find something
    blind = far([1.0, 2.0 + 1e-9], [1.0, 2.0], TOLERANCE["double"]) is None or far([float("nan")], [1.0], 1.0) is None
    print(f"{'not ok' if blind else 'ok'} {len(runs) + 1} - a wrong number is found")
    bad = sum(map(bool, faults)) + blind
    if not options.tap:
        print(f"{len(runs) + 1 - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Random programs, worked out in several ways that must agree.

    tests/differential/differential.py [--program build/deepwhy] [--first SEED] [--count N] [--tap] [--show SEED]

For each seed (programs.py) a function f of three numbers is compared with itself:

* printed   its tree printed, read and run again says the same, to the last byte
* threads   one thread and three print the same bytes
* lanes     nine descents in one rule end where nine descents in a loop end, to the last bit
* traced    the value a descent reports is the one the evaluator computes (to 1e-12: a squared norm is traced as a sum
            of squares, without the root in between)
* slopes    ∇f and ∇²f agree with finite differences wherever two widths of difference agree with each other
* samples   the derivative of a mean over rows of a table agrees with the mean of finite differences

Also every script of tests/lang/ is printed and read again. A run that compares nothing is a failure: at least half of
the slopes must have been compared and not be zero.
"""

import argparse
import collections
import math
import os
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from programs import PRELUDE, program

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TESTS = """x = {start}
print("value {{f(x):17}}")
G = ∇f(x)
H = ∇²f(x)
for i in 1..3
  print("slope {{G[i]:17}} {{difference(f, x, i, 1e-4):17}} {{difference(f, x, i, 5e-5):17}}")
  for j in 1..3
    print("slope {{H[i, j]:17}} {{difference(t ↦ ∇f(t)[i], x, j, 1e-4):17}} {{difference(t ↦ ∇f(t)[i], x, j, 5e-5):17}}")
  end
end
grid = table(p = linspace(-0.937251..1.104937, 7), q = p ↦ cos(p))
S(s) = mean(f([p; q; s]) for p, q in grid)
flat(h) = mean((f([p; q; x[3] + h]) - f([p; q; x[3] - h]))/(2*h) for p, q in grid)
print("slope {{S'(x[3]):17}} {{flat(1e-4):17}} {{flat(5e-5):17}}")
r = minimize(f, from = x, steps = 3, rate = 0.01)
print("traced {{r.value:17}} {{f(r.x):17}}")
a = [minimize(f, from = k*x/3, steps = 3, rate = 0.01).x for k in 1..9]
b = zeros(3, 9)
for k in 1..9
  b[:, k] = minimize(f, from = k*x/3, steps = 3, rate = 0.01).x
end
print("lanes {{all(a == b)}} {{sum(a):17}}")
"""


def text_of(seed):
    lines, start = program(seed)
    return PRELUDE + "\n".join(lines) + "\n" + TESTS.format(start=start)


def run(words, **env):
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, env=dict(os.environ, **env))
    return done.returncode, done.stdout, done.stderr


def judge_slope(numbers, counts):
    """Exact, and two differences. None, or what is wrong."""
    exact, wide, narrow = numbers
    scale = 1 + abs(narrow)
    if not all(map(math.isfinite, numbers)) or scale > 1e6 or abs(wide - narrow) > 1e-5 * scale:
        counts["rough"] += 1
        return None
    counts["smooth"] += 1
    counts["not zero"] += exact != 0
    return None if abs(exact - narrow) <= 5e-5 * scale else f"derivative {exact!r}, differences {wide!r} and {narrow!r}"


def judge_line(line, counts):
    kind, *words = line.split()
    if kind == "lanes":
        counts["lanes"] += 1
        return None if words[0] == "true" or words[1] == "NaN" else "lanes end elsewhere than the loop"
    numbers = [float(w.replace("−", "-").replace("∞", "inf")) for w in words]
    if kind == "slope":
        return judge_slope(numbers, counts)
    if kind == "traced":
        counts["traced"] += 1
        a, b = numbers
        counts["traced to the last bit"] += a == b
        if not (a == b or math.isnan(a) and math.isnan(b) or abs(a - b) <= 1e-12 * (1 + abs(a))):
            return f"the traced value is {a!r}, the evaluated one {b!r}"
    return None


def check(args, seed, folder, counts):
    """What is wrong with this program; an empty list is nothing."""
    path, again = folder / f"{seed}.dw", folder / f"{seed}-again.dw"
    path.write_text(text_of(seed))
    code, out, err = run([args.program, "run", path], DEEPWHY_THREADS="1")
    if code and "NumericError" not in err:  # a descent that runs away is told, and that is right
        return [f"it fails: {err.strip()}"]
    faults = [fault for fault in (judge_line(line, counts) for line in out.splitlines()) if fault]
    if run([args.program, "run", path], DEEPWHY_THREADS="3") != (code, out, err):
        faults.append("three threads print something else")
    read, printed, why = run([args.reprint, path])
    again.write_text(printed)
    if read:
        faults.append(why.strip())
    elif run([args.program, "run", again])[:2] != (code, out):
        faults.append("printed and read again it says something else")
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=str(ROOT / "build/deepwhy"))
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=700)
    parser.add_argument("--tap", action="store_true")
    parser.add_argument("--show", type=int)
    args = parser.parse_args()
    args.reprint = str(pathlib.Path(args.program).parent / "differential/reprint")
    if args.show is not None:
        print(text_of(args.show))
        return 0
    bad, counts, number = 0, collections.Counter(), 0

    def report(good, name):
        nonlocal bad, number
        number, bad = number + 1, bad + (not good)
        if args.tap or not good:
            print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)

    seeds = range(args.first, args.first + args.count)
    with tempfile.TemporaryDirectory(prefix="dw-differential-") as folder, ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for seed, faults in zip(seeds, pool.map(lambda s: check(args, s, pathlib.Path(folder), counts), seeds)):
            report(not faults, f"program {seed}" + "".join(f"; {fault}" for fault in faults).replace("\n", "\n# "))
    for script in sorted((ROOT / "tests/lang").rglob("*.dw")):
        read, _, why = run([args.reprint, script])
        if read != 2 and "# ----" not in script.read_text():  # scripts of several programs need not be one
            report(read == 0, f"{script.relative_to(ROOT)} printed and read again {why.strip()}")
    blind = collections.Counter()
    report(all(judge_line(line, blind) for line in ("slope 1 2 2", "traced 1 1.001", "lanes false 1")), "a wrong line is seen")
    total = counts["smooth"] + counts["rough"]
    report(counts["not zero"] >= total / 2 and counts["lanes"] >= args.count / 2, f"enough was compared: {dict(counts)}")
    print(f"1..{number}" if args.tap else f"{number} compared, {bad} bad: {dict(counts)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Every language script prints the same digits and draws the same figures on every path.

    tests/lang/digits.py [--program build/deepwhy] [--other build/clang/deepwhy] [--long REGEX] [--jobs N] [--tap] [FILE …]

Each program of tests/lang/ (run.py says what that is) runs as the machine chooses, which is with the last set of
instructions that this processor has, then with each of the others, on 4 threads and on 1 in turn, with the first set by
another build if there is one. Standard output, standard error, the exit code and every file it leaves must be the same
to the last byte. What run.py expects of it is run.py's affair.

A processor without fused products, as the set `base` supposes, takes thirty times as long to train a net with the same digits:
programs whose names match --long run with what the machine chooses in its place.
"""

import argparse
import copy
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "grad")]
from run import SECONDS, read_programs  # noqa: E402
from same import NEEDS  # noqa: E402

TIMES = re.compile(r"\d[\d.,]*\s*(?:ns|µs|ms|s|min|h)\b".encode())  # how long something took is not among the digits


def ways(executable, other, long=False):
    """name: (program, environment); the first is what the others are compared with."""
    cpu = pathlib.Path("/proc/cpuinfo")
    flags = set(cpu.read_text().split("flags", 1)[-1].split("\n", 1)[0].split()) if cpu.exists() else set()
    levels = [level for level, needed in NEEDS.items() if needed <= flags]
    table = {"as it comes": (executable, {})}
    for level, threads in zip(levels[:-1] or levels, (4, 1)):
        by = os.path.abspath(other) if other and level == levels[0] else executable
        chosen = {} if long and level == "base" else {"DEEPWHY_SIMD": level}
        name = f"{level if chosen else 'as it comes'} on {threads}" + " by the other build" * (by != executable)
        table[name] = by, {**chosen, "DEEPWHY_THREADS": str(threads)}
    return table


def outcome(program, executable, env):
    """name → bytes: what a run printed and left."""
    others = {k: v for k, v in os.environ.items() if k not in ("DEEPWHY_SIMD", "DEEPWHY_THREADS")}
    with tempfile.TemporaryDirectory(prefix="dw-digits-") as folder:
        shutil.copytree(HERE / "data", folder, dirs_exist_ok=True)
        script = pathlib.Path(folder, program.path.name)
        script.write_text(program.source, encoding="utf-8")
        done = subprocess.run([executable, "run", "--figures", "figures", script.name], cwd=folder, env=others | env,
                              input=program.input.encode(), capture_output=True, timeout=4 * SECONDS)
        files = {str(p.relative_to(folder)): p.read_bytes() for p in pathlib.Path(folder).rglob("*") if p.is_file()}
    return {"exit code": done.returncode, "standard output": TIMES.sub(b"-", done.stdout),
            "standard error": TIMES.sub(b"-", done.stderr)} | files


def first_difference(a, b):
    rows = zip(a.split(b"\n"), b.split(b"\n"))
    return next((f"{x.decode(errors='replace')}\n    {y.decode(errors='replace')}" for x, y in rows if x != y), "")


def compare(program, table):
    """None, or what differs."""
    try:
        results = [outcome(program, executable, env) for executable, env in table.values()]
    except subprocess.TimeoutExpired:
        return "still running"
    first, wrong = results[0], []
    for name, got in zip(list(table)[1:], results[1:]):
        for what in sorted(first.keys() | got.keys()):
            a, b = first.get(what), got.get(what)
            if a != b:
                where = first_difference(a, b) if isinstance(a, bytes) and isinstance(b, bytes) else f"{a}\n    {b}"
                wrong.append(f"{what} differs with {name}:\n    {where[:400]}")
    return "\n".join(wrong) or None


def is_blind(program, executable):
    """Whether one digit more goes unnoticed: who compares must be able to find something."""
    before = outcome(program, executable, {})
    program.source += "7\n"
    return outcome(program, executable, {}) == before


def main():
    options = argparse.ArgumentParser(description="The same digits on every path.")
    build = os.environ.get("DEEPWHY_BUILD", str(ROOT / "build"))
    options.add_argument("--program", default=f"{build}/deepwhy")
    options.add_argument("--other", help="another build, which must print the same")
    options.add_argument("--long", help="programs whose names begin with this train long")
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    options.add_argument("--tap", action="store_true", help="one line per program, for tests/run")
    options.add_argument("files", nargs="*", type=pathlib.Path)
    opts = options.parse_args()

    table = ways(os.path.abspath(opts.program), opts.other)
    short = ways(os.path.abspath(opts.program), opts.other, long=True)
    files = opts.files or sorted(p for p in HERE.rglob("*.dw")
                                 if not {"must_fail", "data"} & set(p.relative_to(HERE).parts))
    programs = [p for path in files for p in read_programs(path.resolve()) if not p.waits]
    trial = copy.copy(next(p for p in programs if not p.error))
    if is_blind(trial, os.path.abspath(opts.program)):
        sys.exit("one digit more goes unnoticed")
    with ThreadPoolExecutor(opts.jobs) as pool:
        wrongs = list(pool.map(lambda p: compare(p, short if opts.long and re.match(opts.long, p.name) else table), programs))
    failed = sum(wrong is not None for wrong in wrongs)
    for number, (program, wrong) in enumerate(zip(programs, wrongs), 1):
        if opts.tap:
            print(f"{'not ok' if wrong else 'ok'} {number} - {program.name}")
        if wrong:
            print("\n".join("# " * opts.tap + line for line in f"{program.name}: {wrong}".split("\n")))
    print(f"1..{len(programs)}" if opts.tap else f"{len(programs) - failed} the same ({'; '.join(table)}), {failed} not")
    return 1 if failed or not programs else 0


if __name__ == "__main__":
    sys.exit(main())

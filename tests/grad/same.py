#!/usr/bin/env python3
"""The same script gives the same bytes on every set of instructions and with any number of threads.

    tests/grad/same.py [--program build/deepwhy] [--also build/clang/deepwhy] [--tap] [SCRIPT …]

Every script of tests/grad/same/ runs once as the machine chooses, then with each set of instructions that this
processor has and with 1, 2 and 3 threads, and once by the program of another compiler; what it prints and every file it writes must be the same to the last bit.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
NEEDS = {"base": set(), "avx2": {"avx2", "fma"}, "avx512": {"avx512f", "avx512dq", "avx512bw", "avx512vl"}}


def ways():
    """name: environment; the first one is what all others are compared with."""
    cpu = pathlib.Path("/proc/cpuinfo")
    flags = set(cpu.read_text().split("flags", 1)[-1].split("\n", 1)[0].split()) if cpu.exists() else set()
    table = {"as it comes": {}}
    table |= {f"instructions {level}": {"DEEPWHY_SIMD": level} for level, needed in NEEDS.items() if needed <= flags}
    table |= {f"{n} threads": {"DEEPWHY_THREADS": str(n)} for n in (1, 2, 3)}
    table["base on one thread"] = {"DEEPWHY_SIMD": "base", "DEEPWHY_THREADS": "1"}
    return table


def outcome(program, text, env):
    """What a run printed and wrote: name → bytes; or its error."""
    with tempfile.TemporaryDirectory(prefix="dw-same-") as folder:
        pathlib.Path(folder, "same.dw").write_text(text)  # files are written beside the script
        done = subprocess.run([program, "run", "same.dw"], cwd=folder, capture_output=True, timeout=300,
                              env={k: v for k, v in os.environ.items() if k not in ("DEEPWHY_SIMD", "DEEPWHY_THREADS")} | env)
        if done.returncode:
            raise RuntimeError((done.stdout + done.stderr).decode(errors="replace").strip())
        return {"what it prints": done.stdout} | {p.name: p.read_bytes() for p in pathlib.Path(folder).glob("*.npy")}


def compare(program, other, script, table):
    """The faults of a script."""
    faults, text = [], script.read_text()
    try:
        first, *others = [outcome(program, text, env) for env in table.values()]
        if other and first != outcome(other, text, {}):
            faults.append("the program of the other compiler gives other bytes")
        # a comparison that finds nothing must be able to find something
        if first == outcome(program, text.replace("seed(", "seed(1 + "), {}):
            faults.append("another seed gives the same bytes, so nothing is compared")
    except (RuntimeError, subprocess.TimeoutExpired) as problem:
        return [str(problem)]
    for name, got in zip(list(table)[1:], others):
        faults += [f"{file} is another one with {name}" for file in sorted(first.keys() | got.keys()) if got.get(file) != first.get(file)]
    return faults


def main():
    parser = argparse.ArgumentParser(description="The same bytes on every path.")
    parser.add_argument("scripts", nargs="*")
    parser.add_argument("--program", default=str(HERE.parent.parent / "build/deepwhy"))
    parser.add_argument("--also", help="a program made by another compiler, which must give the same bytes")
    parser.add_argument("--tap", action="store_true", help="report as TAP")
    options = parser.parse_args()
    program, table = pathlib.Path(options.program).resolve(), ways()
    other = options.also and pathlib.Path(options.also).resolve()
    scripts = [s for s in sorted((HERE / "same").glob("*.dw")) if not options.scripts or s.stem in options.scripts]
    if not scripts:
        sys.exit("no such script")
    print(f"1..{len(scripts)}" if options.tap else f"compared: {', '.join(table)}")
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        results = list(pool.map(lambda s: compare(program, other, s, table), scripts))
    for i, (script, faults) in enumerate(zip(scripts, results), 1):
        print(f"{'not ok' if faults else 'ok'} {i} - {script.stem}")
        for fault in faults:
            print("\n".join(f"#   {line}" for line in fault.splitlines()))
    bad = sum(map(bool, results))
    if not options.tap:
        print(f"{len(scripts) - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

"""build/bench.json, which every part of `make bench` adds to, and what a table says about its machine."""

import json
import os
import pathlib
import platform
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("DEEPWHY_BUILD", ROOT / "build"))
PATH = ROOT / "build/bench.json"


def about():
    """The commit, the machine, and how busy it is."""
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        machine = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    return {"commit": done.stdout.strip(), "machine": machine, "cores": os.cpu_count(), "python": platform.python_version(),
            "load": os.getloadavg()[0]}


def read():
    return json.loads(PATH.read_text()) if PATH.exists() else {}


def add(part, results):
    """Write the results of one part (kernel, engine, notebooks); those of the others stay, with their own commits."""
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(json.dumps(read() | {part: results}, indent=1, ensure_ascii=False) + "\n")
    print(f"written to {PATH.relative_to(ROOT)}")

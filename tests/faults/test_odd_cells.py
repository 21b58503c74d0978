# SPDX-License-Identifier: BSD-3-Clause
"""Cells that almost mean something: the language's own examples and tests, with a few numbers, names or calls exchanged.

Whatever a cell says, it has an end: a value, an error, or, when it works for long, the answer to an interrupt. CELLS=10000
tries so many, CELLS_SEED=N others; with DEEPWHY_BUILD=build/san-address-undefined the sanitizers look on.
"""
import os
import random
import re
import shutil
import signal
import time

from rawkernel import ROOT, SLOW
from test_sandbox import words

COUNT = int(os.environ.get("CELLS", "200"))
SEED = int(os.environ.get("CELLS_SEED", "1"))
PATIENCE, END = 3, 3  # seconds until a cell is interrupted, and until it has to have ended then
LANG = ROOT / "tests/lang"
NUMBERS = ["1e300", "-1e300", "(0/0)", "(1/0)", "-(1/0)", "-1", "0", "-0.0", "3", "0.5", "1e-320", "2^31", "2^32", "4e9", "1e9+0.5", "1e15",
           "1e18", "2^63", "-2^63", "9.3e18", "1.8e19"]
OTHERS = ["[]", '""', '"abc"', "true", "[1;2]", "1e300*[1,2]", "[1,2;3,4]", "[0/0,1]", '["a","b"]', "normal(3)", "zeros(0,3)", "zeros(3,0)",
          "1..3", "2 in 0..4", "1e308..2e308", "0..0", "1..0", "1e18..1e18+4", "(x ↦ x)", "(x ↦ 1/0)", '(x ↦ "a")']
NUMBER = re.compile(r'(?<![\w"])\d+(?:\.\d+)?(?:e-?\d+)?')
ARGUMENT = re.compile(r"(?:(?<=[(,=] )|(?<=[(\[]))\w+")


def pieces():
    """What is exchanged: the example of each word, the pieces of the tests of meaning, the heads of whole programs."""
    found = [example for _, _, example in words()] * 3
    for path in sorted(LANG.glob("meaning/*.dw")):
        found += re.split(r"(?m)^# ----.*$", path.read_text())
    for path in sorted(LANG.glob("programs/*.dw")):
        found.append("\n".join(path.read_text().split("\n")[:25]))
    return [piece for piece in found if piece.strip()]


def exchange(dice, code, names):
    """The cell with one place exchanged, if it has such a place."""
    numbers, arguments, chance = list(NUMBER.finditer(code)), list(ARGUMENT.finditer(code)), dice.random()
    if numbers and chance < 0.75:
        place = dice.choice(numbers)
        text = dice.choice(NUMBERS if dice.random() < 0.7 else OTHERS)
        if chance < 0.15:
            text = f"{dice.choice(names)}({place.group()}, {text})"
    elif arguments:
        place, text = dice.choice(arguments), dice.choice(NUMBERS + OTHERS)
    else:
        return code
    return code[:place.start()] + text + code[place.end():]


def see_the_end(bench, code):
    """The status of a cell, which is interrupted when it works for long."""
    client = bench.client
    client.send("execute_request", {"code": code, "allow_stdin": False})
    stop, stopped = time.monotonic() + PATIENCE * SLOW, False
    while not client.shell.poll(50):
        bench.kernel.check_alive()
        if not stopped and time.monotonic() > stop:
            bench.kernel.process.send_signal(signal.SIGINT)
            stopped = True
        assert time.monotonic() < stop + END * SLOW, f"no end after an interrupt:\n{code}"
        while client.iopub.poll(0):
            client.receive(client.iopub)
    return client.reply().content["status"]


def test_odd_cells(bench, tmp_path):
    dice, examples, names = random.Random(SEED), pieces(), [name for name, _, _ in words() if name.isidentifier()]
    for path in LANG.glob("data/*"):
        shutil.copy(path, tmp_path)
    bench.open()
    ends = []
    for _ in range(COUNT):
        code = dice.choice(examples)
        for _ in range(dice.choice([1, 1, 1, 2, 3])):
            code = exchange(dice, code, names)
        ends.append(see_the_end(bench, code))
    assert {"ok", "error"} == set(ends)
    assert see_the_end(bench, "6 * 7") == "ok"

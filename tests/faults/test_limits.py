# SPDX-License-Identifier: BSD-3-Clause
"""What is too much ends in a clear error, or at an interrupt, in bounded time and memory."""
import signal
import time

import pytest
from rawkernel import SLOW

MEMORY = 300 << 20
TOO_MUCH = {
    "a huge matrix": ("zeros(1e6, 1e6)", "MemoryError"),
    "a plot of many points": ("plot(linspace(0..1, 1e9))", "MemoryError"),
    "calls without an end": ("down(n) = down(n - 1)\ndown(1)", "LimitError"),
    "a file larger than the memory": ('load("large.csv")', "MemoryError"),
    "a list that grows": ('x = ["a"]\nwhile true\n  x = [x, x]\nend', "MemoryError"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_is_told(bench, name):
    code, error = TOO_MUCH[name]
    bench.env["DEEPWHY_MEMORY"] = "300M"
    if "file" in name:
        with open(bench.folder / "large.csv", "w") as file:
            file.write("a,b\n")
            for _ in range(20):
                file.write("".join(f"{k},{k / 7}\n" for k in range(40000)))
            file.truncate(1 << 30)  # the rest of the gigabyte takes no room on the disk
    client = bench.open()
    client.run("x = 3")
    start = time.monotonic()
    reply, _ = client.run(code, timeout=30)
    assert reply.content["ename"] == error and len(reply.content["evalue"]) > 20, reply.content
    assert time.monotonic() - start < 15 * SLOW
    assert bench.kernel.rss() < 2 * MEMORY
    assert client.run("1 + 1")[0].content["status"] == "ok"


LONG = {
    "reading a table": 'while true\n  t = load("t.csv")\nend',
    "writing a table": 'while true\n  save(big, "b.csv.gz")\nend',
    "sorting": "while true\n  y = sort(big.x)\nend",
    "a matrix": "while true\n  B = inverse(A)\nend",
    "printing": 'while true\n  print("again and again")\nend',
    "neighbours": "f = nearest(big)\nwhile true\n  y = f(0.5)\nend",
}


def test_long_work_stops_at_an_interrupt(bench):
    client = bench.open()
    client.run('big = table(x = sample(normal(0, 1), 200000), y = x ↦ x)\nA = sample(normal(0, 1)^400, 400)\nsave(big, "t.csv")')
    for name, code in LONG.items():
        header = client.send("execute_request", {"code": code})
        time.sleep(0.3)
        bench.kernel.process.send_signal(signal.SIGINT)
        start = time.monotonic()
        reply = client.reply(20)
        assert time.monotonic() - start < 1 * SLOW, name
        client.outputs(header, 20)
        assert reply.content["ename"] == "KeyboardInterrupt", (name, reply.content)
        assert client.run("1 + 1")[0].content["status"] == "ok"

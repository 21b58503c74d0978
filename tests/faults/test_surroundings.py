# SPDX-License-Identifier: BSD-3-Clause
"""What stands around a kernel breaks: gnuplot, the disk, the home, the parent, signals at bad moments.

Afterwards: a clear message, no lost value, the next cell runs, nothing is left behind.
"""
import os
import pathlib
import random
import resource
import signal
import time

import pytest
from rawkernel import SLOW

CELL = "plot(sin, 0..1)"
BAD = {
    "that ends": "exit 0",
    "that ends after a while": "read line\nexit 3",
    "that prints garbage": "while read line; do printf '\\001\\377garbage\\n=dw-end-0= 1 x\\n=dw-end-\\n'; done",
    "that prints without an end": "exec cat /dev/zero",
    "that closes its output": "exec >&-\nsleep 100",
    "that fills its files": "exec cat /dev/zero >&4",
    "that is a sleeper with children": "sleep 100 &\nsleep 100",
}


def program(folder, body):
    path = pathlib.Path(folder, "gnuplot")
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def children(pid):
    return [int(p) for p in pathlib.Path(f"/proc/{pid}/task").glob("*/children") for p in p.read_text().split()]


def state_of(pid):
    """The letter the system has for it; Z: there is none any more."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def is_running(pid):
    return state_of(pid) != "Z"


def wait_until(what, seconds=5):
    end = time.monotonic() + seconds * SLOW
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def check_works(client, value="3"):
    reply, outputs = client.run("x")
    assert reply.content["status"] == "ok" and outputs[-1].content["data"]["text/plain"] == value


def check_draws(client):
    reply, outputs = client.run(CELL)
    assert reply.content["status"] == "ok", reply.content
    assert "image/svg+xml" in outputs[-1].content["data"]


# ---- gnuplot ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", BAD)
def test_a_gnuplot(bench, tmp_path, name):
    """Told within the patience of a person, or interrupted; when it is repaired, plots are drawn."""
    fake = program(tmp_path, BAD[name])
    bench.env["DEEPWHY_GNUPLOT"] = str(fake)
    client = bench.open()
    client.run("x = 3")
    header = client.send("execute_request", {"code": CELL})
    if not client.shell.poll(3000 * SLOW):
        bench.kernel.process.send_signal(signal.SIGINT)
    reply = client.reply()
    client.outputs(header)
    assert reply.content["ename"] in ("PlotError", "KeyboardInterrupt")
    assert reply.content["ename"] == "KeyboardInterrupt" or "gnuplot" in reply.content["evalue"]
    check_works(client)
    assert children(bench.kernel.process.pid) == []
    fake.unlink()
    reply, _ = client.run(CELL)
    assert reply.content["ename"] == "PlotError" and "apt install" in reply.content["evalue"]
    fake.symlink_to("/usr/bin/gnuplot")
    check_draws(client)
    check_works(client)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_gnuplot_dies_between_figures(bench, number):
    client = bench.open()
    client.run("x = 3")
    for _ in range(5):
        check_draws(client)
        (pid,) = children(bench.kernel.process.pid)
        os.kill(pid, number)
        wait_until(lambda: not is_running(pid))
    check_draws(client)
    check_works(client)


def test_gnuplot_dies_while_it_draws(bench):
    """Stopped, so that the figure certainly waits; then killed. The figure is drawn by a new one."""
    client = bench.open()
    for _ in range(3):
        check_draws(client)
        (pid,) = children(bench.kernel.process.pid)
        os.kill(pid, signal.SIGSTOP)
        header = client.send("execute_request", {"code": CELL})
        time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        assert client.reply().content["status"] == "ok"
        client.outputs(header)


def test_gnuplot_is_stopped(bench):
    client = bench.open()
    client.run("x = 3")
    check_draws(client)
    (pid,) = children(bench.kernel.process.pid)
    os.kill(pid, signal.SIGSTOP)
    header = client.send("execute_request", {"code": CELL})
    time.sleep(0.1)
    bench.kernel.process.send_signal(signal.SIGINT)
    assert client.reply(5).content["ename"] == "KeyboardInterrupt"
    client.outputs(header)
    assert not is_running(pid)
    check_draws(client)
    check_works(client)


# ---- ends ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["idle", "stopped", "busy"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_gnuplot_does_not_outlive_the_kernel(bench, state, number):
    client = bench.open()
    check_draws(client)
    (pid,) = children(bench.kernel.process.pid)
    if state == "stopped":
        os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: state_of(pid) == "T")  # the system wakes those who are stopped when we go, not those who will be
    elif state == "busy":
        client.send("execute_request", {"code": "[plot(x ↦ sin(k*x), 0..9) for k in 1..40]"})
        time.sleep(0.05)
    bench.kernel.process.send_signal(number)
    assert bench.kernel.process.wait(5 * SLOW) == -number
    wait_until(lambda: not is_running(pid))
    client.close()
    bench.kernel.folder.cleanup()
    bench.kernel = bench.client = None


def test_a_gnuplot_that_computes_for_ever_is_bounded(bench, tmp_path):
    """It would not notice that the kernel is gone; the system ends it."""
    bench.env["DEEPWHY_GNUPLOT"] = str(program(tmp_path, "while :; do :; done"))
    client = bench.open()
    client.send("execute_request", {"code": CELL})
    wait_until(lambda: children(bench.kernel.process.pid))
    (pid,) = children(bench.kernel.process.pid)

    def limit(name, most):
        text = pathlib.Path(f"/proc/{pid}/limits").read_text()
        value = next(line[26:].split()[0] for line in text.splitlines() if line.startswith(name))
        return value != "unlimited" and 0 < int(value) <= most

    # they are set just after the program has started
    wait_until(lambda: limit("Max cpu time", 60) and limit("Max file size", (256 << 20) + 1))
    bench.kernel.process.send_signal(signal.SIGINT)
    assert client.reply(5).content["ename"] == "KeyboardInterrupt"
    assert not is_running(pid)


@pytest.mark.parametrize("code", [
    "train(64 → 256 → tanh → 10 → softmax, digits(), steps = 100000)", "while true\nend",
    "[minimize(t ↦ sum(t .* t), from = normal(0, 1)^50, steps = 10000).value for run in 1..1000]",
    "for k in 1..100000\n  plot(x ↦ sin(k*x), 0..1)\n  print(k)\nend"],
    ids=["training", "loop", "descents", "figures"])
def test_a_termination_in_the_middle(bench, code):
    client = bench.open()
    client.send("execute_request", {"code": code})
    time.sleep(0.3)
    pids = children(bench.kernel.process.pid)
    bench.kernel.process.send_signal(signal.SIGTERM)
    start = time.monotonic()
    assert bench.kernel.process.wait(5 * SLOW) == -signal.SIGTERM
    assert time.monotonic() - start < 2 * SLOW
    wait_until(lambda: not any(map(is_running, pids)))


# ---- interrupts ---------------------------------------------------------------------------------
def test_a_storm_of_interrupts(bench):
    """At random moments of cells of all kinds: each ends as usual, or as interrupted, or (training) with what it has
    so far; values are whole afterwards."""
    dice = random.Random(5)
    client = bench.open()
    client.run("x = 3\nseed(1)\nnet = 1 → 8 → tanh → 1\ndata = table(x = linspace(-1..1, 20), y = x ↦ sin(3*x))\nw = params(net)")
    cells = ["fit = train(net, data, steps = 3000)", "for k in 1..1000000\n  y = k\nend", CELL,
             "r = [minimize(t ↦ sum(t .* t), from = normal(0, 1)^5, steps = 300).value for run in 1..200]",
             "for k in 1..20000\n  print(k)\nend", 'save(data, "d.csv"); t = load("d.csv")',
             "interact a = 1 in 0..1\n  plot(x ↦ a*x, 0..1)\nend", "s = sum(sample(normal(0, 1), 300000))"]
    stopped = 0
    for turn in range(48):
        header = client.send("execute_request", {"code": cells[turn % len(cells)]})
        time.sleep(dice.random() * 0.03)
        for _ in range(dice.randrange(1, 20)):
            bench.kernel.process.send_signal(signal.SIGINT)
        reply = client.reply(20)
        client.outputs(header, 20)
        assert reply.content.get("ename", "KeyboardInterrupt") == "KeyboardInterrupt", reply.content
        stopped += reply.content["status"] == "error"
        check_works(client)
        reply, outputs = client.run("[all(params(net) == w), count(data) == 20]")
        assert outputs[-1].content["data"]["text/plain"] == "[true, true]"
    assert stopped > 5


# ---- the disk, the home, the system's limits -----------------------------------------------------
def test_a_file_may_not_grow(bench):
    """The system's answer to a too large file is a signal that would end the process."""
    client = bench.open()
    client.run("x = 3")
    resource.prlimit(bench.kernel.process.pid, resource.RLIMIT_FSIZE, (20000, resource.RLIM_INFINITY))
    for name in ("big.csv", "big.npy", "big.npz", "big.csv.gz"):
        what = "(a = big)" if name.endswith("npz") else "big"
        reply, _ = client.run(f'big = sample(normal(0, 1), 100000)\nsave({what}, "{name}")')
        assert reply.content["ename"] == "FileError" and name in reply.content["evalue"], reply.content
    reply, _ = client.run("plot(sample(normal(0, 1), 5000), sample(normal(0, 1), 5000))")
    assert reply.content["ename"] == "PlotError"
    check_works(client)
    resource.prlimit(bench.kernel.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    check_draws(client)
    assert os.listdir(bench.folder) == []


def test_no_home_and_no_folder_for_temporary_files(bench, tmp_path):
    gone = tmp_path / "gone"
    bench.env.update(HOME=str(gone), TMPDIR=str(gone), XDG_CONFIG_HOME=str(gone), XDG_RUNTIME_DIR=str(gone))
    client = bench.open()
    client.run("x = 3")
    check_draws(client)
    check_works(client)


def test_places_where_nothing_can_be_written(bench, tmp_path):
    client = bench.open()
    client.run("x = 3")
    pathlib.Path(tmp_path, "a.csv").mkdir()
    for name in ("missing/a.csv", "a.csv", "."):
        reply, _ = client.run(f'save([1, 2], "{name}")')
        assert reply.content["ename"] in ("FileError", "ValueError") and name in reply.content["evalue"]
    check_works(client)
    assert os.listdir(tmp_path) == ["a.csv"]


def test_no_more_open_files(bench):
    client = bench.open()
    client.run("x = 3")
    used = len(os.listdir(f"/proc/{bench.kernel.process.pid}/fd"))
    for more in range(0, 9):
        resource.prlimit(bench.kernel.process.pid, resource.RLIMIT_NOFILE, (used + more, 4096))
        reply, _ = client.run(CELL)
        assert reply.content["status"] == "ok" or reply.content["ename"] == "PlotError", reply.content
        reply, _ = client.run('save([1, 2], "m.csv")')
        assert reply.content["status"] == "ok" or reply.content["ename"] == "FileError", reply.content
        check_works(client)
    resource.prlimit(bench.kernel.process.pid, resource.RLIMIT_NOFILE, (4096, 4096))
    check_draws(client)

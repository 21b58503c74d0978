# SPDX-License-Identifier: BSD-3-Clause
"""A long day of one kernel: cells of all kinds, each answer checked; memory, files and threads come back to what they were.

SOAK_CELLS=100000 is the long form. It prints what the kernel holds as it goes on (pytest -s).
"""
import os
import random
import re
import signal
import time

from rawkernel import SLOW, Client
from soak import Holdings, amount

CELLS = amount("CELLS", 600)
WARM = 0.2    # the share of cells after which only the history may grow
SPARE = 4096  # kB of memory more at the end than after it, and
LINE = 0.2    # for each cell: its line in the history, which is kept up to 32 MB
BEGIN = """seed(1)
data = table(x = linspace(-1..1, 40), y = x ↦ sin(3*x))
net = 1 → 8 → tanh → 1
w = params(net)
f(x) = x² + 1"""
SLIDER = 'interact k = 2 in 0..4\n  plot(x ↦ k*x, 0..1)\nend'
ERRORS = [("missing_name + 1", "NameError"), ("[1, 2]*[1, 2]", "ShapeError"), ("1 + ", "SyntaxError"), ("check 1 ≈ 2", "CheckFailed"),
          ("down(n) = down(n - 1)\ndown(1)", "LimitError"), ("zeros(1e6, 1e6)", "MemoryError"), ('load("nowhere.csv")', "FileError"),
          ("train(net, data, optimizer = \"sgd\", rate = 1e9)", "NumericError"), ("plot(x ↦ x, title = 3)", None)]


def value(outputs):
    return outputs[-1].content["data"]["text/plain"]


def good(client, code, **more):
    reply, outputs = client.run(code, timeout=60, **more)
    assert reply.content["status"] == "ok", (code, reply.content)
    return outputs


# ---- Kinds of work -------------------------------------------------------------------------------
def number(client, dice):
    a, b = dice.randrange(1000), dice.randrange(1000)
    assert value(good(client, f"v{dice.randrange(50)} = {a}*{b} + 1; {a}*{b} + 1")) == str(a * b + 1)


def function(client, dice):
    k, at = dice.randrange(1, 50), dice.randrange(1, 50)
    assert value(good(client, f"g(x) = {k}*x²\n[g({at}), g'({at})]")) == f"[{k * at * at}, {2 * k * at}]"


def array(client, dice):
    n = dice.randrange(1, 60)
    assert value(good(client, f"A = sample(normal(0, 1)^{n}, {n})\ncount([k² for k in 1..{n}]) + count(A*A')")) == str(n + n * n)


def a_net(client, dice):
    good(client, f"m = 2 → {dice.randrange(1, 40)} → relu → 1\nm([0.5; {dice.random()}])")


def training(client, dice):
    good(client, f"fit = train(net, data, steps = {dice.randrange(1, 200)})\nfit.loss")


def side_by_side(client, dice):
    good(client, f"[train(randomize(net), data, steps = 20).loss for run in 1..{dice.randrange(2, 20)}]")


def descent(client, dice):
    assert value(good(client, f"round(minimize(x ↦ (x - {dice.randrange(9)})², from = 20).value)")) == "0"


def figure(client, dice):
    outputs = good(client, f'plot(x ↦ sin({dice.randrange(1, 9)}*x), f, -1..1, title = "{dice.random()}")')
    assert "<path" in outputs[-1].content["data"]["image/svg+xml"]


def film(client, dice):
    assert "<script" in good(client, "animate k = 1 in 1..3\n  plot(x ↦ k*x, 0..1)\nend")[-1].content["data"]["text/html"]


def slider(client, dice):
    outputs = good(client, SLIDER, allow_stdin=True)
    models = {m.content["comm_id"]: m.content["data"]["state"] for m in outputs if m.type == "comm_open"}
    model = next(i for i, state in models.items() if "Slider" in state["_model_name"])
    key = "index" if "index" in models[model] else "value"
    for _ in range(3):
        state = {key: dice.randrange(1, 4)}
        header = client.send("comm_msg", {"comm_id": model, "data": {"method": "update", "state": state, "buffer_paths": []}})
        assert any(m.type == "comm_msg" for m in client.outputs(header, 30))


def error(client, dice):
    code, name = dice.choice(ERRORS)
    reply, outputs = client.run(code, timeout=30)
    assert reply.content["status"] == "error" and name in (None, reply.content["ename"]), (code, reply.content)
    assert outputs[-1].type == "error" and len(reply.content["evalue"]) > 10


def stop(client, dice):
    code = dice.choice(["while true\n  x = 1\nend", "train(net, data, steps = 1e9, seed = 1)", "for k in 1..1e9\n  print(k)\nend"])
    header = client.send("execute_request", {"code": code})
    while client.receive(client.iopub).type != "execute_input":
        pass
    time.sleep(dice.random() * 0.02)
    if dice.random() < 0.5:
        client.kernel.process.send_signal(signal.SIGINT)
    else:
        client.ask_control("interrupt_request")
    reply = client.reply(20)
    assert reply.parent_header == header and reply.content.get("ename", "KeyboardInterrupt") == "KeyboardInterrupt"
    while client.receive(client.iopub, 20).content.get("execution_state") != "idle":
        pass


def flood(client, dice):
    lines = dice.randrange(1, 3000)
    text = "".join(m.content["text"] for m in good(client, f"for k in 1..{lines}\n  print(k)\nend") if m.type == "stream")
    assert text == "".join(f"{k}\n" for k in range(1, lines + 1))


def file(client, dice):
    assert value(good(client, 'save(data, "d.csv")\nt = load("d.csv")\ncount(t.x)')) == "40"


def completion(client, dice):
    assert "train" in client.ask("complete_request", {"code": "fit = tra", "cursor_pos": 9})[0].content["matches"]


def inspection(client, dice):
    word = dice.choice(["train", "net", "f", "data", "plot"])
    assert client.ask("inspect_request", {"code": word, "cursor_pos": 1, "detail_level": 0})[0].content["found"]


def completeness(client, dice):
    assert client.ask("is_complete_request", {"code": "for k in 1..3"})[0].content["status"] == "incomplete"


def history(client, dice):
    assert client.ask("history_request", {"hist_access_type": "tail", "n": 5, "output": False})[0].content["status"] == "ok"


def showing_again(client, dice):
    good(client, "again()")


def another_client(client, dice):
    other = Client(client.kernel)
    header = other.send("kernel_info_request")
    assert other.reply().content["status"] == "ok"
    other.close()
    while client.receive(client.iopub).parent_header != header:
        pass
    while client.receive(client.iopub).content.get("execution_state") != "idle":
        pass


KINDS = {number: 30, function: 10, array: 6, a_net: 6, training: 6, side_by_side: 1, descent: 3, figure: 8, film: 0.5, slider: 1,
         error: 6, stop: 2, flood: 1, file: 2, completion: 6, inspection: 4, completeness: 2, history: 2, showing_again: 1,
         another_client: 0.5}


# ---- The day ---------------------------------------------------------------------------------------
class Worker(Client):
    def ask_control(self, kind):
        self.send(kind, {}, self.control)
        assert self.reply(socket=self.control).content["status"] == "ok"

    def outputs(self, header, timeout=10):
        """The messages of one request; those of requests on other channels are passed over."""
        seen = []
        while True:
            message = self.receive(self.iopub, timeout)
            if message.parent_header == header:
                seen.append(message)
                if message.content.get("execution_state") == "idle":
                    return seen


def test_many_cells(kernel):
    client, dice = Worker(kernel), random.Random(11)
    try:
        good(client, BEGIN)
        for kind in KINDS:  # each once, so that all have loaded what they need
            kind(client, dice)
        warm, start = None, time.monotonic()
        for done in range(CELLS):
            kind = dice.choices(list(KINDS), KINDS.values())[0]
            kind(client, dice)
            if done == int(CELLS * WARM):
                warm = Holdings(kernel.process.pid)
            if CELLS >= 20 and done % (CELLS // 20) == 0:
                print(f"{done:7} {time.monotonic() - start:7.0f} s  {Holdings(kernel.process.pid)}", flush=True)
        assert value(good(client, "all(params(net) == w)")) == "true"
        end = Holdings(kernel.process.pid)
        print(f"{CELLS:7} {time.monotonic() - start:7.0f} s  {end}", flush=True)
        assert end.files <= warm.files + 2 and end.threads == warm.threads
        if SLOW == 1:
            assert end.kilobytes < warm.kilobytes + SPARE + LINE * CELLS, f"{warm} became {end}"
    finally:
        client.close()


def test_figures_leave_no_holes(kernel):
    """What stays of a cell, such as its line in the history, does not lie between the large blocks that go."""
    client, dice = Worker(kernel), random.Random(13)
    try:
        good(client, BEGIN)
        for _ in range(150):
            figure(client, dice)
        before = Holdings(kernel.process.pid)
        for _ in range(400):
            figure(client, dice)
        after = Holdings(kernel.process.pid)
        assert SLOW > 1 or after.kilobytes < before.kilobytes + (1 << 10), f"{before} became {after}"
    finally:
        client.close()

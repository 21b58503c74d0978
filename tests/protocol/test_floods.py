# SPDX-License-Identifier: BSD-3-Clause
"""Front ends that ask too much: floods of good messages, enormous and odd ones, several ends at once.

All of it is signed; what strangers do is in test_attacks.py. FLOOD=5 and the like make everything so many times as much.
"""
import os
import signal
import time

import pytest
import zmq
from rawkernel import SLOW
from test_attacks import MB, kernel, strangers, works  # noqa: F401: two fixtures among them
from test_widgets import PLOT, Page

MUCH = int(os.environ.get("FLOOD", "1"))


def content_of(client, kind, content, timeout=60):
    reply, _ = client.ask(kind, content, timeout=timeout)
    return reply.content


def idles(client, count, timeout=30):
    """Waits until so many requests are done; what was published meanwhile."""
    seen, done = [], 0
    while done < count:
        seen.append(client.receive(client.iopub, timeout))
        done += seen[-1].content.get("execution_state") == "idle"
    return seen


# ---- many good messages ------------------------------------------------------------------------
def test_a_flood_of_comms(deepwhy):
    """Of a target nobody knows: each is closed. Of the widgets' own: the latest few are kept."""
    works(deepwhy)
    count, before = int(1000 * MUCH / SLOW), deepwhy.kernel.rss()
    for name, closed in ("nobody", count), ("jupyter.widget.control", 0):
        for i in range(count):
            deepwhy.send("comm_open", {"comm_id": f"{name}{i}", "target_name": name, "data": {}})
        assert sum(m.type == "comm_close" for m in idles(deepwhy, count, 60)) == closed
    assert len(content_of(deepwhy, "comm_info_request", {})["comms"]) <= 64
    works(deepwhy)
    assert SLOW > 1 or deepwhy.kernel.rss() - before < 16 * MB, deepwhy.kernel.rss() / MB


def test_a_flood_of_moves(deepwhy):
    """A slider moved as fast as messages come ends where it was left, and the cells behind wait no longer than they must."""
    page = Page(deepwhy)
    page.run(PLOT)
    before = deepwhy.kernel.rss()
    model, count = page.named("FloatSlider"), int(2000 * MUCH / SLOW)
    for i in range(count):
        page.update(model, value=i % 5)
    page.update(model, value=3)
    page.take(idles(deepwhy, count + 1, 60))
    assert page.models[model]["value"] == 3 and "k = 3" in page.picture()
    works(deepwhy)
    assert SLOW > 1 or deepwhy.kernel.rss() - before < 32 * MB, deepwhy.kernel.rss() / MB


def test_all_of_the_history_again_and_again(deepwhy):
    for k in range(100):
        deepwhy.run(f"x = {k} # {'long ' * 200}")
    before = deepwhy.kernel.rss()
    everything = {"hist_access_type": "range", "session": 0, "start": 0, "stop": None, "raw": True, "output": True}
    for _ in range(50 * MUCH):
        assert len(content_of(deepwhy, "history_request", everything)["history"]) == 100
    works(deepwhy)
    assert SLOW > 1 or deepwhy.kernel.rss() - before < 8 * MB, deepwhy.kernel.rss() / MB


# ---- enormous and odd ones -----------------------------------------------------------------------
SIZE = int((1 if MUCH > 1 else 0.25) / SLOW * MB)
LARGE = {"a comment": "# " + "θ" * (SIZE // 2), "a word": "x" * SIZE, "a sum": "1+" * (SIZE // 2) + "1", "a text": '"' + "a" * SIZE + '"',
         "brackets": "(" * SIZE, "lines": "x = 1\n" * (SIZE // 6), "an open block": "for k in 1..3\n" * (SIZE // 14),
         "a list": "[" + "1," * (SIZE // 2) + "1]"}


@pytest.mark.parametrize("name", LARGE)
def test_questions_about_a_large_cell(deepwhy, name):
    """Completion at odd places, help, the look for a whole cell, and the cell itself: an answer in bounded time and memory."""
    works(deepwhy)
    code, before = LARGE[name], deepwhy.kernel.rss()
    start = time.monotonic()
    for place in (0, -1, -1 << 63, len(code) // 2, len(code) - 1, len(code), len(code) + 1, 1 << 62, 1e300, None):
        assert content_of(deepwhy, "complete_request", {"code": code, "cursor_pos": place})["status"] == "ok"
        assert content_of(deepwhy, "inspect_request", {"code": code, "cursor_pos": place, "detail_level": 1})["status"] == "ok"
    assert content_of(deepwhy, "is_complete_request", {"code": code})["status"] in ("complete", "incomplete", "invalid")
    took = time.monotonic() - start
    reply, _ = deepwhy.run(code, timeout=60)
    print(f"{name}: {took:.2f} s, run {time.monotonic() - start - took:.2f} s, {(deepwhy.kernel.rss() - before) / MB:.0f} MB, "
          f"{reply.content.get('evalue', 'ok')[:80]}")
    works(deepwhy)


@pytest.mark.parametrize("depth", [1000, 100000])
def test_metadata_in_metadata(deepwhy, depth):
    """What is nested too deep is no message; what is not is carried."""
    parts = deepwhy.parts("execute_request", {"code": "1 + 1"})
    parts[2] = b'{"a":' + b"[" * depth + b"]" * depth + b"}"
    deepwhy.send_parts(parts)
    if depth < 2000:
        assert deepwhy.reply().content["status"] == "ok"
        idles(deepwhy, 1)
    else:
        assert deepwhy.is_quiet(200)
    works(deepwhy)


def test_many_user_expressions(deepwhy):
    count = int(2000 * MUCH / SLOW)
    reply, _ = deepwhy.run("x = 1", user_expressions={f"k{i}": f"x + {i}" for i in range(count)}, timeout=60)
    answers = reply.content["user_expressions"]
    assert len(answers) == count and answers["k7"]["data"]["text/plain"] == "8"


def test_an_interrupt_is_for_all_user_expressions(deepwhy):
    slow = "mean([k for k in 1..1e9])"
    header = deepwhy.send("execute_request", {"code": "x = 1", "user_expressions": {f"k{i}": slow for i in range(1000)}})
    time.sleep(0.3)
    start = time.monotonic()
    deepwhy.kernel.process.send_signal(signal.SIGINT)
    answers = deepwhy.reply(30).content["user_expressions"]
    assert time.monotonic() - start < 0.5 * SLOW
    assert len(answers) == 1000 and {a["ename"] for a in answers.values()} == {"KeyboardInterrupt"}
    deepwhy.outputs(header)
    works(deepwhy)


def test_a_long_queue_is_aborted_whole(deepwhy):
    """And interrupts on the way change nothing: each request is answered once, in order."""
    count = int(2000 * MUCH / SLOW)
    queue = zmq.Context.instance().socket(zmq.DEALER)
    queue.linger = queue.sndhwm = 0  # a client with room for all of them: the kernel takes 1,000 while a cell runs
    queue.connect(deepwhy.kernel.address("shell_port"))
    try:
        headers = [deepwhy.send("execute_request", {"code": "while true\nend"}, queue)]
        headers += [deepwhy.send("execute_request", {"code": "x = 1"}, queue) for _ in range(count)]
        time.sleep(0.5)
        for _ in range(20):
            deepwhy.kernel.process.send_signal(signal.SIGINT)
            time.sleep(0.002)
        states = []
        for header in headers:
            reply = deepwhy.reply(60, queue)
            assert reply.parent_header == header
            states.append(reply.content["status"])
        assert states == ["error"] + ["aborted"] * count
        idles(deepwhy, count + 1)
    finally:
        queue.close()
    works(deepwhy)


# ---- several ends at once ------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["for k in 1..1000\n  plot(x ↦ k*x, 0..1)\nend", "animate k = 1 in 1..200\n  plot(x ↦ k*x, 0..1)\nend",
                                  "while true\nend"])
def test_two_shutdowns_at_once(kernel, connect, code):  # noqa: F811
    """In the middle of figures, to restart on one channel and to end on the other, with interrupts between: one clean end."""
    client = connect(kernel)
    works(client)
    client.send("execute_request", {"code": code})
    time.sleep(0.2)
    client.send("shutdown_request", {"restart": True}, client.control)
    kernel.process.send_signal(signal.SIGINT)
    client.send("shutdown_request", {"restart": False})
    client.send("shutdown_request", {"restart": True}, client.control)
    assert client.reply(socket=client.control).content == {"status": "ok", "restart": True}
    assert kernel.process.wait(5 * SLOW) == 0


# ---- strangers at stdin --------------------------------------------------------------------------
def test_who_speaks_before_a_question_and_leaves(kernel, connect, strangers):  # noqa: F811
    """libzmq keeps a peer that left as long as something of his is unread, so nothing stays unread while no cell runs."""
    client = connect(kernel)
    works(client)

    def come_and_go(count):
        for _ in range(count // 100):
            strangers(100, port="stdin_port", kind=b"DEALER", said=b"\x00\x05hello")
            strangers.go()
        works(client)
        return kernel.rss()

    before = come_and_go(500)
    held = come_and_go(1000 * MUCH)
    print(f"{before / MB:.1f} MB, {held / MB:.1f} MB")
    assert SLOW > 1 or held - before < 2 * MB, (held - before) / MB
    client.send("execute_request", {"code": 'x = ask("x")', "allow_stdin": True})
    assert client.receive(client.stdin).type == "input_request"

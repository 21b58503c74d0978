# SPDX-License-Identifier: BSD-3-Clause
"""Interrupts by message and by signal, in time, and harmless when there is nothing to interrupt."""
import os
import signal
import time

import pytest
from rawkernel import SLOW


def by_message(client):
    client.send("interrupt_request", {}, client.control)


def by_signal(client):
    os.kill(client.kernel.process.pid, signal.SIGINT)


def by_group(client):
    os.killpg(client.kernel.process.pid, signal.SIGINT)


WAYS = {"message": by_message, "signal": by_signal, "group": by_group}


@pytest.fixture(params=WAYS)
def interrupt(request):
    return WAYS[request.param]


def test_a_running_cell_stops_within_100_ms(client, interrupt):
    for _ in range(5):
        cell = client.send("execute_request", {"code": "spin 20000"})
        client.see(cell, "execute_input")
        began = time.monotonic()
        interrupt(client)
        reply = client.reply()
        assert time.monotonic() - began < 0.1 * SLOW
        assert reply.parent_header == cell and reply.content["status"] == "error"
        assert reply.content["ename"] == "KeyboardInterrupt"


def test_what_an_interrupted_cell_shows(client, interrupt):
    """An error of this name alone, which front ends know; the interrupt's own statuses have their own parent."""
    cell = client.send("execute_request", {"code": "print before\nspin 20000"})
    while client.receive(client.iopub).type != "stream":
        pass
    interrupt(client)
    reply = client.reply()
    if interrupt is by_message:
        assert client.reply(socket=client.control).content == {"status": "ok"}
    seen = [client.receive(client.iopub) for _ in range(4 if interrupt is by_message else 2)]
    error, idle = [m for m in seen if m.parent_header == cell]
    assert error.type == "error" and idle.content == {"execution_state": "idle"}
    assert error.content["ename"] == "KeyboardInterrupt" and error.content["evalue"] == ""
    assert isinstance(error.content["traceback"], list)
    assert error.content.items() <= reply.content.items()
    assert client.is_quiet()


@pytest.mark.parametrize("pause", [0, 100])
def test_an_interrupt_after_busy_is_never_lost(start, connect, pause):
    """Whoever saw that the kernel works on a cell may interrupt it, though its code has not begun: an engine that is told
    too early, and forgets it, is told again."""
    client = connect(start(env={"MOCK_BEGINS_MS": str(pause)}))
    for _ in range(5 if pause else 30):
        client.send("execute_request", {"code": "flood 1000000000"})
        while client.receive(client.iopub).content.get("execution_state") != "busy":
            pass
        by_signal(client)
        assert client.reply(5).content["ename"] == "KeyboardInterrupt"


def test_state_and_next_cell_are_untouched(client, interrupt):
    client.run("result before")
    cell = client.send("execute_request", {"code": "spin 20000"})
    client.see(cell, "execute_input")
    interrupt(client)
    assert client.reply().content["ename"] == "KeyboardInterrupt"
    for count in (3, 4):
        client.send("execute_request", {"code": "spin 50\nresult fine"})
        assert client.reply().content["execution_count"] == count
    history = {"hist_access_type": "tail", "n": 9}
    client.send("history_request", history)
    assert len(client.reply().content["history"]) == 4


def test_idle_interrupts_change_nothing(client, interrupt):
    for _ in range(10):
        interrupt(client)
    time.sleep(0.3)
    client.send("execute_request", {"code": "spin 20\nresult 1"})
    assert client.reply().content["status"] == "ok"
    for _ in range(10):
        interrupt(client)
        client.send("execute_request", {"code": "spin 20\nresult 1"})
        reply = client.reply()
        if reply.content["status"] == "error":  # the signal came after the cell had started
            assert reply.content["ename"] == "KeyboardInterrupt"
            continue
    client.send("execute_request", {"code": "spin 50\nresult 1"})
    assert client.reply().content["status"] == "ok"
    assert client.kernel.process.poll() is None


def test_idle_interrupt_message_is_answered_with_ok(client):
    reply, outputs = client.ask("interrupt_request", {}, client.control)
    assert reply.content == {"status": "ok"} and outputs == []
    reply, outputs = client.run("result 1")
    assert reply.content["status"] == "ok"


def test_the_reply_does_not_wait_for_the_cell(client):
    client.see(client.send("execute_request", {"code": "deaf 1000"}), "execute_input")
    began = time.monotonic()
    client.send("interrupt_request", {}, client.control)
    assert client.reply(socket=client.control).content == {"status": "ok"}
    assert time.monotonic() - began < 0.3 * SLOW


def test_interrupt_while_printing(client, interrupt):
    client.see(client.send("execute_request", {"code": "flood 100000000"}), "stream")
    time.sleep(0.2)
    interrupt(client)
    assert client.reply(20).content["ename"] == "KeyboardInterrupt"


def test_many_signals_do_not_kill(client):
    client.send("execute_request", {"code": "deaf 400"})
    for _ in range(200):
        by_signal(client)
        time.sleep(0.001)
    assert client.reply().content["status"] in ("ok", "error")
    client.send("execute_request", {"code": "result 1"})
    assert client.reply().content["status"] == "ok"


def test_an_interrupt_right_behind_the_request_is_not_lost_twice(client):
    """Sent in every phase of a request: it may come too early, but the next one then works."""
    for delay in range(40):
        client.send("execute_request", {"code": "spin 20000"})
        time.sleep(delay * 0.0001)
        by_signal(client)
        if not client.shell.poll(300):
            by_signal(client)
        assert client.reply().content["ename"] == "KeyboardInterrupt"

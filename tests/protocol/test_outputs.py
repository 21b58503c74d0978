# SPDX-License-Identifier: BSD-3-Clause
"""Streams, displays, their order, their encoding, and floods."""
import base64
import os
import re
import signal
import threading
import time

import pytest
import zmq
from rawkernel import SLOW, Client


def streams(outputs):
    return [(m.content["name"], m.content["text"]) for m in outputs if m.type == "stream"]


def test_text_is_joined_and_keeps_its_order(client):
    _, outputs = client.run("print a\nprint b\nerr c\nprint d\ndisplay x\nprint e")
    assert streams(outputs) == [("stdout", "a\nb\n"), ("stderr", "c\n"), ("stdout", "d\n"),
                                ("stdout", "e\n")]
    assert [m.type for m in outputs][4:] == ["display_data", "stream"]


@pytest.mark.parametrize("given,text", [
    ("c3a9", "é"), ("f09f9880", "\U0001f600"), ("ff", "\ufffd"), ("c3", "\ufffd"),
    ("e28c", "\ufffd\ufffd"), ("61ff62", "a\ufffdb"), ("eda080", "\ufffd" * 3), ("00", "\0"),
    ("c0af", "\ufffd\ufffd"), ("f4908080", "\ufffd" * 4)])
def test_bytes_become_valid_text(client, given, text):
    """The mock writes byte by byte, so characters come in pieces."""
    _, outputs = client.run("raw " + given)
    assert streams(outputs) == [("stdout", text)]


def test_a_character_cut_by_time_is_held_back(client):
    _, outputs = client.run("raw c3\nspin 150\nraw a9")
    assert streams(outputs) == [("stdout", "é")]


def test_text_arrives_while_the_cell_computes(client):
    header = client.send("execute_request", {"code": "print early\ndeaf 700\nprint late"})
    while True:
        message = client.receive(client.iopub)
        if message.type == "execute_input":
            began = message["when"]
        if message.type == "stream":
            break
    assert message.content["text"] == "early\n"
    assert message["when"] - began < 0.15 * SLOW
    assert not client.shell.poll(0)
    client.reply()
    assert client.receive(client.iopub).content == {"name": "stdout", "text": "late\n"}
    assert client.receive(client.iopub).parent_header == header


def test_carriage_returns_arrive_unchanged(client):
    _, outputs = client.run("raw 35300d3635080d0a1b5b33316d")
    assert streams(outputs) == [("stdout", "50\r65\b\r\n\x1b[31m")]


def test_mime_types(client):
    _, outputs = client.run("show image/png PNG\nshow application/pdf %PDF\nshow image/svg+xml <svg/>\n"
                            'show application/json {"a": [1, 2.5, null]}\nshow text/html <b>x</b>\n'
                            'show application/vnd.x+json [true]\nshow application/json {broken')
    data = [m.content["data"] for m in outputs[1:]]
    assert base64.b64decode(data[0]["image/png"], validate=True) == b"PNG"
    assert base64.b64decode(data[1]["application/pdf"], validate=True) == b"%PDF"
    assert data[2]["image/svg+xml"] == "<svg/>"
    assert data[3]["application/json"] == {"a": [1, 2.5, None]}
    assert data[4]["text/html"] == "<b>x</b>"
    assert data[5]["application/vnd.x+json"] == [True]
    assert data[6]["application/json"] is None
    for bundle in data:
        assert bundle["text/plain"] == "as text"
        assert all(re.fullmatch(r"[\w\-\+\.]+/[\w\-\+\.]+", mime) for mime in bundle)


def test_alt_text_and_display_ids(client):
    _, outputs = client.run("figure f1\nupdate f1 new\ndisplay plain")
    shown, updated, plain = outputs[1:]
    assert shown.type == "display_data" and shown.content["transient"] == {"display_id": "f1"}
    assert shown.content["metadata"] == {"alt": "a picture", "image/svg+xml": {"alt": "a picture"}}
    assert updated.type == "update_display_data"
    assert updated.content["transient"] == {"display_id": "f1"}
    assert updated.content["data"] == {"text/plain": "new"}
    assert plain.content == {"data": {"text/plain": "plain"}, "metadata": {}, "transient": {}}


def test_an_update_has_the_current_request_as_parent(client):
    client.run("figure f1")
    header = client.send("execute_request", {"code": "update f1 later"})
    client.reply()
    assert [m.type for m in client.outputs(header)][2] == "update_display_data"


def test_clear_output(client):
    _, outputs = client.run("print a\nclear 1\nprint b\nclear 0")
    assert [m.type for m in outputs[1:]] == ["stream", "clear_output", "stream", "clear_output"]
    assert [m.content["wait"] for m in outputs if m.type == "clear_output"] == [True, False]


def test_only_the_first_result_is_a_result(client):
    _, outputs = client.run("result 1\nresult 2")
    assert [m.type for m in outputs[1:]] == ["execute_result", "display_data"]


def test_an_output_beyond_the_limit_says_so(client):
    _, outputs = client.run("huge 101", timeout=60)
    assert "101 MB" in outputs[1].content["data"]["text/plain"]


def test_a_million_lines_arrive_complete(client):
    before, lines = client.kernel.rss(), 1000000 if SLOW == 1 else 300000
    header = client.send("execute_request", {"code": f"flood {lines}"})
    outputs = client.outputs(header, 60)
    assert client.reply(60).content["status"] == "ok"
    assert "".join(text for _, text in streams(outputs)) == "".join(
        f"line {i}\n" for i in range(lines))
    assert len(outputs) < 3000
    if SLOW == 1:
        assert client.kernel.rss() - before < 64 << 20


class Hesitant(Client):
    """A client whose socket takes ten messages ahead of who reads them."""

    def prepare(self, socket):
        if socket.type == zmq.SUB:
            socket.rcvhwm = 10


def test_a_slow_reader_slows_the_cell_down(kernel):
    """Nothing is read for two seconds, and more is printed than is kept: the cell waits, memory stays bounded, nothing is
    lost. With sanitizers less is printed, as it takes long."""
    client, before, lines = Hesitant(kernel), kernel.rss(), 10000000 if SLOW == 1 else 1500000
    header = client.send("execute_request", {"code": f"flood {lines}"})
    time.sleep(2)
    if SLOW == 1:
        assert kernel.rss() - before < 96 << 20 and not client.shell.poll(0)
    outputs = client.outputs(header, 60)
    assert sum(text.count("\n") for _, text in streams(outputs)) == lines
    client.close()


def test_interrupting_a_flood(client):
    client.see(client.send("execute_request", {"code": "flood 100000000"}), "stream")
    time.sleep(0.3)
    began = time.monotonic()
    client.send("interrupt_request", {}, client.control)
    reply = client.reply(20)
    assert reply.content["ename"] == "KeyboardInterrupt"
    assert time.monotonic() - began < 0.5 * SLOW


def test_a_stopped_reader_does_not_hold_the_others_up(kernel, client):
    """One client is stopped while another works on; both get everything in the end. With sanitizers less is printed."""
    wanted, stuck = 4000000 if SLOW == 1 else 1500000, os.fork()
    if stuck == 0:
        try:
            other = Client(kernel)
            os.kill(os.getpid(), signal.SIGSTOP)
            kinds, lines = [], 0
            while kinds[-2:] != ["execute_result", "status"]:
                message = other.receive(other.iopub, 20)
                kinds.append(message.type)
                lines += message.content.get("text", "").count("\n")
            os._exit(0 if lines == wanted else 2)
        except BaseException:
            os._exit(1)
    try:
        os.waitpid(stuck, os.WUNTRACED)
        welcome = client.receive(client.iopub)
        while welcome.type != "iopub_welcome":
            welcome = client.receive(client.iopub)
        header = client.send("execute_request", {"code": f"flood {wanted}\nresult 1"})
        outputs = client.outputs(header, 90)
        assert sum(text.count("\n") for _, text in streams(outputs)) == wanted
        assert outputs[-2].type == "execute_result"
        os.kill(stuck, signal.SIGCONT)
        code, stuck = os.waitstatus_to_exitcode(os.waitpid(stuck, 0)[1]), None
        assert code == 0
    finally:
        if stuck:
            os.kill(stuck, signal.SIGKILL)
            os.waitpid(stuck, 0)


def test_starting_comes_once_without_parent(kernel):
    client = Client(kernel)
    try:
        header = client.send("kernel_info_request")
        states = []
        while not states or states[-1][0] != "idle":
            message = client.receive(client.iopub)
            states.append((message.content["execution_state"], message.parent))
        assert states == [("starting", None), ("busy", header["msg_id"]),
                          ("idle", header["msg_id"])]
    finally:
        client.close()


def test_every_client_is_welcomed_first(kernel, connect):
    """While the kernel publishes as fast as it can."""
    busy = connect(kernel)
    busy.send("execute_request", {"code": "flood 1000000000"})
    stop = threading.Event()

    def read():
        while not stop.is_set():
            if busy.iopub.poll(100):
                busy.iopub.recv_multipart()

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for _ in range(30):
            client = Client(kernel, welcome=False)
            first = client.receive(client.iopub)
            assert first.type == "iopub_welcome" and first.parent_header == {}
            assert first.content == {"subscription": ""} and first.frames[0] == b""
            client.close()
    finally:
        busy.send("interrupt_request", {}, busy.control)
        stop.set()
        thread.join()


def test_welcome_to_a_topic(client):
    client.iopub.subscribe(b"stream\xff")
    message = client.receive(client.iopub)
    while message.type != "iopub_welcome":
        message = client.receive(client.iopub)
    assert message.content == {"subscription": "stream\ufffd"}
    assert message.frames[0] == b"stream\xff"
    client.iopub.unsubscribe(b"stream\xff")
    client.run("print still here")


def test_no_traffic_without_a_cause(client):
    client.run("print x")
    assert client.is_quiet(1500)

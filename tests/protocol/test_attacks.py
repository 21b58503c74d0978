# SPDX-License-Identifier: BSD-3-Clause
"""Strangers and stuck clients: who says nothing, half of something, far too much, or never reads.

The kernel goes on answering others, its memory stays bounded and comes back. ATTACK=10 and the like make everything so
many times as much; connections are 400 times ATTACK, so ATTACK=25 are ten thousand.
"""
import os
import resource
import signal
import socket
import time

import pytest
import zmq
from rawkernel import DEEPWHY, DELIMITER, PORTS, SLOW, Client

MUCH = int(os.environ.get("ATTACK", "1"))
MB = 1 << 20
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(16) + b"\x00" + bytes(31)


def introduce(s, kind):
    """The handshake of a peer of this type, until the kernel has said who it is too."""
    body = b"\x05READY\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind
    s.sendall(GREETING + b"\x04" + bytes([len(body)]) + body)
    s.settimeout(5 * SLOW)
    seen = b""
    while b"Socket-Type" not in seen:
        seen += s.recv(4096)


@pytest.fixture
def kernel(start):
    """The sanitizers, too, shall only refuse what nobody can have."""
    more = {name: os.environ.get(name, "") + ":allocator_may_return_null=1" for name in ("ASAN_OPTIONS", "TSAN_OPTIONS")}
    return start(DEEPWHY, env=dict(more, DEEPWHY_LOG="1"))


@pytest.fixture
def strangers(kernel):
    """Opens plain connections to the kernel's ports in turn; closes them after the test."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    resource.prlimit(kernel.process.pid, resource.RLIMIT_NOFILE, (most, most))
    opened = []

    def go():
        while opened:
            opened.pop().close()

    def come(count=1, port=None, said=b"", kind=None):
        for i in range(count):
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.connect(("127.0.0.1", kernel.info[port or PORTS[i % 5]]))
            opened.append(s)
            if kind:
                introduce(opened[-1], kind)
            opened[-1].sendall(said)
        return opened[-1]

    come.go = go
    yield come
    go()


def works(client):
    reply, outputs = client.run("1 + 1", timeout=30)
    assert reply.content["status"] == "ok" and outputs[-1].content["data"]["text/plain"] == "2"
    client.heartbeat.send(b"ping")
    assert client.heartbeat.poll(5000 * SLOW) and client.heartbeat.recv() == b"ping"


def settles(what, seconds=5):
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds * SLOW
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def files(kernel):
    return len(os.listdir(f"/proc/{kernel.process.pid}/fd"))


# ---- many who say little -----------------------------------------------------------------------
SAID = {"nothing": b"", "half a greeting": GREETING[:7], "a greeting": GREETING, "another language": b"GET / HTTP/1.1\r\n\r\n",
        "garbage": bytes(range(256)) * 20}


@pytest.mark.parametrize("name", SAID)
def test_many_connections(kernel, connect, strangers, name):
    client = connect(kernel)
    works(client)
    few, before, count = files(kernel), kernel.rss(), 400 * MUCH
    strangers(count, said=SAID[name])
    works(client)
    newcomer = connect(kernel)
    works(newcomer)
    client.iopub.close()
    assert newcomer.run("plot(sin, 0..1)", timeout=30)[0].content["status"] == "ok"
    if SLOW == 1:
        assert kernel.rss() - before < (8 << 20) + count * 24576
    if MUCH > 1:
        print(f"{count} connections that say {name}: {before / MB:.1f} MB before, {kernel.rss() / MB:.1f} MB after, {files(kernel) - few} open")
    if MUCH > 1 and name in ("nothing", "half a greeting"):  # who has not introduced himself in half a minute is shown out, and a second wave needs no more room
        assert settles(lambda: files(kernel) < few + 30, 40), files(kernel)
        held = kernel.rss()
        strangers.go()
        strangers(count, said=SAID[name])
        works(newcomer)
        assert kernel.rss() < held + (4 << 20)
        print(f"{kernel.rss() / MB:.1f} MB with as many again")


def test_connections_beyond_the_limit_of_files(kernel, connect, strangers):
    client = connect(kernel)
    works(client)
    resource.prlimit(kernel.process.pid, resource.RLIMIT_NOFILE, (files(kernel) + 20, 4096))
    strangers(60)
    reply, _ = client.run("plot(sin, 0..1)", timeout=30)
    assert reply.content["status"] == "ok" or "Too many open files" in reply.content["evalue"]
    works(client)


# ---- half of something -------------------------------------------------------------------------
HALVES = {
    "a frame that ends early": b"\x00\xff" + b"x" * 100,
    "a large frame that ends early": b"\x02" + (100 * MB).to_bytes(8, "big") + b"x" * 1000,
    "a frame as large as the address space": b"\x02" + ((1 << 63) - 1).to_bytes(8, "big") + b"x",
    "a frame with all bits": b"\x02" + b"\xff" * 8 + b"x",
    "a message without an end": b"\x01\x04abcd" * 100,
    "a command nobody knows": b"\x04\x05\x04JUMP",
}


@pytest.mark.parametrize("name", HALVES)
def test_half_a_message(kernel, connect, strangers, name):
    if SLOW > 1 and name in ("a frame as large as the address space", "a frame with all bits"):
        pytest.skip("the sanitizers complain of allocations nobody can have")
    client = connect(kernel)
    works(client)
    before = kernel.rss()
    for port in PORTS:
        kind = b"SUB" if port == "iopub_port" else b"REQ" if port == "hb_port" else b"DEALER"
        strangers(5, port=port, kind=kind, said=HALVES[name])
    works(client)
    assert SLOW > 1 or kernel.rss() - before < 8 << 20


def test_one_byte_at_a_time(kernel, connect, strangers):
    """A message that drips in, signed even, is answered when it is there; nobody waits for it."""
    client = connect(kernel)
    parts = client.parts("execute_request", {"code": "20 + 1"})
    frames = [DELIMITER, client.sign(parts), *parts]
    slow = strangers(1, port="shell_port", kind=b"DEALER")
    data = b"".join((b"\x01" if i + 1 < len(frames) else b"\x00") + bytes([len(f)]) + f for i, f in enumerate(frames))
    for i in range(len(data)):
        slow.sendall(data[i:i + 1])
        if i % 100 == 0:
            client.send("kernel_info_request")
            assert client.reply().content["status"] == "ok"
    seen = b""
    while b"execute_reply" not in seen:
        seen += slow.recv(65536)


# ---- far too much ------------------------------------------------------------------------------
@pytest.mark.parametrize("port", ["shell_port", "control_port", "stdin_port", "hb_port", "iopub_port"])
def test_large_frames_without_a_signature(kernel, connect, port):
    client = connect(kernel)
    works(client)
    before = kernel.rss()
    other = zmq.Context.instance().socket(zmq.XSUB if port == "iopub_port" else zmq.DEALER)
    other.linger = 0
    other.connect(kernel.address(port))
    try:
        for _ in range(3 * MUCH):
            other.send_multipart([DELIMITER, b"0" * 64, bytes(int(100 / SLOW) * MB), b"{}", b"{}", b"{}"])
        time.sleep(0.2)
        works(client)
        assert SLOW > 1 or settles(lambda: kernel.rss() - before < 60 * MB, 20), kernel.rss() / MB
    finally:
        other.close()


def test_a_large_signed_cell(kernel, connect):
    """A comment of 100 MB (40 in the short form) is a cell like any other, and its memory comes back."""
    client = connect(kernel)
    works(client)
    before = kernel.rss()
    size = int((100 if MUCH > 1 else 40) / SLOW) * MB
    code = "# " + "x" * size + "\n1 + 2"
    reply, outputs = client.run(code, timeout=60)
    assert reply.content["status"] == "ok" and outputs[-1].content["data"]["text/plain"] == "3"
    assert outputs[0].content["code"] == code
    works(client)
    for _ in range(3):
        works(client)
    assert SLOW > 1 or settles(lambda: kernel.rss() - before < 50 * MB + size, 20), kernel.rss() / MB


# ---- who never reads ---------------------------------------------------------------------------
def stuck_socket(kernel, kind, port):
    """A peer that reads nothing: its own queue and the system's are full after little."""
    s = zmq.Context.instance().socket(kind)
    s.linger, s.rcvhwm, s.rcvbuf = 0, 1, 4096
    if kind == zmq.SUB:
        s.subscribe(b"")
    s.connect(kernel.address(port))
    return s


def test_pings_whose_echo_nobody_reads(kernel, connect):
    client = connect(kernel)
    works(client)
    before, other = kernel.rss(), stuck_socket(kernel, zmq.DEALER, "hb_port")
    other.sndhwm = 10
    try:
        end = time.monotonic() + 2 * MUCH
        while time.monotonic() < end:
            for _ in range(200):
                try:
                    other.send(bytes(4096), zmq.NOBLOCK)
                except zmq.Again:
                    time.sleep(0.001)
        works(client)
        print(f"pings: {(kernel.rss() - before) / MB:.0f} MB")
        assert SLOW > 1 or kernel.rss() - before < 16 * MB, kernel.rss() / MB
    finally:
        other.close()


READ_BY_NOBODY = {"lines": "for k in 1..{}\n  print(k)\nend", "figures": "for k in 1..{}\n  plot(x ↦ k*x, 0..1)\nend"}


@pytest.mark.parametrize("name", READ_BY_NOBODY)
def test_outputs_that_one_client_does_not_read(kernel, connect, name):
    client = connect(kernel)
    works(client)
    before = kernel.rss()
    other = stuck_socket(kernel, zmq.SUB, "iopub_port")
    time.sleep(0.2)
    try:
        count = int(1000000 * MUCH / SLOW) if name == "lines" else int(300 * MUCH / SLOW)
        header = client.send("execute_request", {"code": READ_BY_NOBODY[name].format(count)})
        most, state = 0, None
        while state != "idle":
            message = client.receive(client.iopub, 20)
            state = message.parent_header == header and message.content.get("execution_state")
            most = max(most, kernel.rss() - before)
        assert client.reply().content["status"] == "ok"
        print(f"{name}: {most / MB:.0f} MB")
        assert SLOW > 1 or most < (96 if name == "lines" else 200) * MB
    finally:
        other.close()
    client = connect(kernel)
    works(client)


def test_readers_that_stop_and_leave(kernel, connect, strangers):
    """While the kernel publishes to others: nothing of libzmq's is touched that has gone with them."""
    client = connect(kernel)
    works(client)
    client.send("execute_request", {"code": "for k in 1..1e9\n  print(k)\nend"})
    begin = time.monotonic()
    stuck = [strangers(1, "iopub_port", b"\x00\x01\x01", b"SUB") for _ in range(20)]
    while time.monotonic() < begin + 6.5 + 2 * MUCH:  # 5 s until the kernel waits for them no longer
        end = time.monotonic() + 0.01
        while time.monotonic() < end:
            if client.iopub.poll(5):
                client.iopub.recv_multipart()
        if time.monotonic() > begin + 6.5:
            kernel.check_alive()
            stuck.pop(0).close()
            stuck.append(strangers(1, "iopub_port", b"\x00\x01\x01", b"SUB"))
    client.send("interrupt_request", {}, client.control)
    assert client.reply(30).content["ename"] == "KeyboardInterrupt"
    for s in stuck:
        s.close()
    client.iopub.close()
    works(connect(kernel))

# SPDX-License-Identifier: BSD-3-Clause
"""A client that speaks raw frames, so that tests see exactly what is on the wire."""
import datetime
import hashlib
import hmac
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import uuid

import zmq

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("DEEPWHY_BUILD", ROOT / "build"))
MOCK = os.environ.get("DEEPWHY_MOCK", str(BUILD / "deepwhy-mock"))
DEEPWHY = os.environ.get("DEEPWHY", str(BUILD / "deepwhy"))
# Where the program itself lies: tests/run --valgrind puts a script in its place, which starts it.
PROGRAM = os.path.realpath(BUILD.with_name("gcc") / "deepwhy" if BUILD.name == "valgrind" else DEEPWHY)
SLOW = float(os.environ.get("DEEPWHY_SLOW", "1"))
PORTS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"]
DELIMITER = b"<IDS|MSG>"


def processor_time(pid):
    """The seconds a process has computed."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compute(process, seconds):
    """Waits until a process has computed for some seconds from now."""
    begin, end = processor_time(process.pid), time.monotonic() + 30 * SLOW
    while processor_time(process.pid) < begin + seconds * SLOW:
        assert process.poll() is None and time.monotonic() < end, "it computes nothing"
        time.sleep(0.01)


class Message(dict):
    """A received message: header, parent_header, metadata, content, and the raw frames."""

    __getattr__ = dict.__getitem__

    @property
    def type(self):
        return self["header"]["msg_type"]

    @property
    def parent(self):
        return self["parent_header"].get("msg_id")


class Kernel:
    """A kernel process and what is needed to talk to it."""

    def __init__(self, program=MOCK, transport="tcp", key="a key", scheme="hmac-sha256", ports=None,
                 env=None, extra=None, absent=(), form=None, before=None):
        self.folder = tempfile.TemporaryDirectory()
        self.file = pathlib.Path(self.folder.name, "kernel.json")
        self.key, self.scheme = key.encode(), scheme
        ip = "127.0.0.1" if transport == "tcp" else str(self.file)[:-5] + "-ipc"
        info = dict(zip(PORTS, ports or [0] * 5), ip=ip, transport=transport, key=key,
                    signature_scheme=scheme, kernel_name="")
        info.update(extra or {})
        self.file.write_text(json.dumps({name: info[name] for name in info if name not in absent}))
        self.file.chmod(0o600)
        self.program, self.env, self.form, self.before = program, env, form, before
        self.start()

    def start(self):
        words = self.form(self.file) if self.form else ["-f", str(self.file)]
        self.process = subprocess.Popen([self.program, *words], stdin=subprocess.DEVNULL,
                                        start_new_session=True, stderr=subprocess.PIPE,
                                        preexec_fn=self.before,
                                        env=dict(os.environ, **(self.env or {})))
        end = time.time() + 10 * SLOW
        while True:
            try:
                self.info = json.loads(self.file.read_text())
            except ValueError:
                self.info = {}
            if all(self.info.get(port) for port in PORTS):
                return
            assert self.process.poll() is None, self.process.stderr.read().decode()
            assert time.time() < end, "the kernel wrote no ports"
            time.sleep(0.002)

    def check_alive(self):
        """Fails with what the process said last when it is gone although nobody stopped it."""
        code = self.process.poll()
        assert code in (None, 0, -signal.SIGTERM), (code, self.process.stderr.read().decode())

    def address(self, port):
        joint = ":" if self.info["transport"] == "tcp" else "-"
        return f"{self.info['transport']}://{self.info['ip']}{joint}{self.info[port]}"

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5 * SLOW)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            said = b"" if self.process.stderr.closed else self.process.stderr.read()
            self.process.stderr.close()
            self.folder.cleanup()
        assert b"Sanitizer" not in said and b"runtime error" not in said, said.decode()

    def compute(self, seconds=0.1):
        """Waits until it has computed for so long, which on a busy machine takes longer."""
        compute(self.process, seconds)

    def rss(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024
        return 0


class Client:
    """One client of a kernel: shell, control, stdin, iopub, heartbeat."""

    def __init__(self, kernel, welcome=True):
        self.kernel, self.context = kernel, zmq.Context.instance()
        self.session, self.identity = uuid.uuid4().hex, uuid.uuid4().bytes
        self.ahead = []  # messages of iopub that `see` came by
        self.other = None  # the session of the kernel's process: that of its first message
        self.shell = self.open(zmq.DEALER, "shell_port")
        self.control = self.open(zmq.DEALER, "control_port")
        self.stdin = self.open(zmq.DEALER, "stdin_port")
        self.heartbeat = self.open(zmq.REQ, "hb_port")
        self.iopub = self.context.socket(zmq.SUB)
        self.iopub.linger = 0
        self.iopub.reconnect_ivl = 5
        self.iopub.rcvhwm = 0
        self.prepare(self.iopub)
        self.iopub.connect(kernel.address("iopub_port"))
        self.iopub.subscribe(b"")
        if welcome:
            assert self.receive(self.iopub).type == "iopub_welcome"

    def prepare(self, socket):
        """What a socket needs before it connects."""

    def open(self, kind, port):
        socket = self.context.socket(kind)
        socket.linger = 0
        socket.reconnect_ivl = 5
        if kind == zmq.DEALER:
            socket.identity = self.identity
        self.prepare(socket)
        socket.connect(self.kernel.address(port))
        return socket

    def close(self):
        for socket in (self.shell, self.control, self.stdin, self.heartbeat, self.iopub):
            socket.close(0)

    def sign(self, parts):
        if not self.kernel.key:
            return b""
        digest = getattr(hashlib, self.kernel.scheme.split("-")[1])
        return hmac.new(self.kernel.key, b"".join(parts), digest).hexdigest().encode()

    def header(self, kind, **more):
        return dict({"msg_id": uuid.uuid4().hex, "session": self.session, "username": "tester",
                     "date": datetime.datetime.now(datetime.timezone.utc).isoformat(),
                     "msg_type": kind, "version": "5.4"}, **more)

    def parts(self, kind, content, header=None):
        return [json.dumps(part).encode() for part in
                (header or self.header(kind), {}, {}, content)]

    def send(self, kind, content=None, socket=None, header=None):
        """Sends a request and returns its header."""
        header = header or self.header(kind)
        parts = self.parts(kind, {} if content is None else content, header)
        self.send_parts(parts, socket)
        return header

    def send_parts(self, parts, socket=None, signature=None, buffers=()):
        frames = [DELIMITER, self.sign(parts) if signature is None else signature, *parts]
        (socket or self.shell).send_multipart([*frames, *buffers])

    def see(self, header, kind, timeout=10):
        """Waits until iopub brings a message of this kind for a request. Who reads iopub later gets it and those before it."""
        came = []
        while not came or came[-1].type != kind or came[-1].parent_header != header:
            came.append(self.take(self.iopub, timeout))
        self.ahead += came

    def receive(self, socket, timeout=10):
        return self.ahead.pop(0) if socket is self.iopub and self.ahead else self.take(socket, timeout)

    def take(self, socket, timeout):
        end = time.monotonic() + timeout * SLOW
        while not socket.poll(200):
            assert time.monotonic() < end, "nothing came"
            self.kernel.check_alive()
        frames = socket.recv_multipart()
        at = frames.index(DELIMITER)
        assert frames[at + 1] == self.sign(frames[at + 2:at + 6]), "wrong signature"
        names = ["header", "parent_header", "metadata", "content"]
        message = Message(zip(names, map(json.loads, frames[at + 2:at + 6])))
        message["frames"], message["at"], message["when"] = frames, at, time.monotonic()
        check(message)
        self.other = self.other or message.header["session"]
        assert message.header["session"] == self.other != self.session
        assert at == 1 or socket != self.iopub, "one topic, and nothing else, before the delimiter"
        return message

    def reply(self, timeout=10, socket=None):
        return self.receive(socket or self.shell, timeout)

    def outputs(self, header, timeout=10):
        """All iopub messages of a request, from its busy to its idle; others are not allowed."""
        seen = []
        while True:
            message = self.receive(self.iopub, timeout)
            if message.type in ("iopub_welcome",) or message.content.get(
                    "execution_state") == "starting":
                continue
            assert message.parent_header == header, message
            seen.append(message)
            if message.type == "status" and message.content["execution_state"] == "idle":
                assert seen[0].content == {"execution_state": "busy"}
                return seen

    def ask(self, kind, content=None, socket=None, timeout=10):
        """Sends and returns (reply, iopub messages between busy and idle)."""
        header = self.send(kind, content, socket)
        reply = self.reply(timeout, socket)
        assert reply.parent_header == header and reply.type == kind.removesuffix("_request") + "_reply"
        return reply, self.outputs(header, timeout)[1:-1]

    def run(self, code, timeout=10, **more):
        return self.ask("execute_request", dict({"code": code}, **more), timeout=timeout)

    def is_quiet(self, ms=40):
        """Whether neither shell, control nor iopub has anything to say (but "starting")."""
        poller = zmq.Poller()
        for socket in (self.shell, self.control, self.iopub):
            poller.register(socket, zmq.POLLIN)
        while True:
            ready = dict(poller.poll(ms))
            if list(ready) != [self.iopub]:
                return not ready
            if self.receive(self.iopub).content.get("execution_state") != "starting":
                return False


HEADER_KEYS = {"msg_id", "session", "username", "date", "msg_type", "version"}


def check(message):
    """What holds for every message a kernel sends."""
    header = message.header
    assert HEADER_KEYS <= set(header)
    assert all(isinstance(header[key], str) and header[key] for key in HEADER_KEYS)
    assert header["version"] == "5.5"
    date = datetime.datetime.strptime(header["date"], "%Y-%m-%dT%H:%M:%S.%f%z")
    assert len(header["date"]) == 27 and header["date"][-1] == "Z"
    assert abs(datetime.datetime.now(datetime.timezone.utc) - date) < datetime.timedelta(minutes=30)
    if header["msg_type"] == "status":
        assert message.content.keys() == {"execution_state"} and message.content["execution_state"] in (
            "busy", "idle", "starting")
    for part in ("parent_header", "metadata", "content"):
        assert isinstance(message[part], dict)
    if header["msg_type"].endswith("_reply") and header["msg_type"] != "usage_reply":
        status = message.content["status"]
        if status == "error":
            assert isinstance(message.content["ename"], str)
            assert isinstance(message.content["evalue"], str)
            assert all(isinstance(line, str) for line in message.content["traceback"])

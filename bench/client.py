"""A Jupyter client with nothing between it and the sockets, so that what is measured is the kernel."""

import hashlib
import hmac
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import uuid

import zmq

KEY = b"0123456789abcdef0123456789abcdef"


class Kernel:
    """A kernel process started with `argv` ({connection_file} is replaced) and the sockets to it."""

    def __init__(self, argv, env=None):
        self.folder = tempfile.TemporaryDirectory(prefix="dw-bench-")
        self.session = uuid.uuid4().hex
        self.context = zmq.Context()
        self.shell, self.control, self.iopub = (self.context.socket(k) for k in (zmq.DEALER, zmq.DEALER, zmq.SUB))
        self.iopub.subscribe(b"")
        self.iopub.set_hwm(0)
        connection = pathlib.Path(self.folder.name, "kernel.json")
        ports = self.free_ports(5)
        names = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
        connection.write_text(json.dumps({
            "transport": "tcp", "ip": "127.0.0.1", "key": KEY.decode(), "signature_scheme": "hmac-sha256",
            "kernel_name": "", **dict(zip(names, ports))}))
        self.ports = dict(zip(names, ports))
        self.started = time.perf_counter()
        self.process = subprocess.Popen([a.replace("{connection_file}", str(connection)) for a in argv],
                                        cwd=self.folder.name, env={**os.environ, **(env or {})}, start_new_session=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_for_port(ports[names.index("shell_port")])
        for zsocket, name in ((self.shell, "shell_port"), (self.control, "control_port"), (self.iopub, "iopub_port")):
            zsocket.setsockopt(zmq.RECONNECT_IVL, 1)
            zsocket.setsockopt(zmq.LINGER, 0)
            zsocket.connect(f"tcp://127.0.0.1:{ports[names.index(name)]}")

    def wait_for_port(self, port):
        """Knock until the kernel listens: a ZeroMQ socket would wait for some milliseconds between its attempts."""
        while self.process.poll() is None:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.0002)
        raise RuntimeError(f"{self.process.args[0]} ended with {self.process.returncode}")

    @staticmethod
    def free_ports(count):
        """Ports nobody uses. Plain sockets: one of ZeroMQ closes later than close() returns, and would take our first request."""
        sockets = [socket.socket() for _ in range(count)]
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        ports = [s.getsockname()[1] for s in sockets]
        for s in sockets:
            s.close()
        return ports

    def send(self, zsocket, kind, content):
        ident = uuid.uuid4().hex
        header = {"msg_id": ident, "session": self.session, "username": "bench", "date": "2026-01-01T00:00:00Z",
                  "msg_type": kind, "version": "5.4"}
        parts = [json.dumps(p).encode() for p in (header, {}, {}, content)]
        mac = hmac.new(KEY, digestmod=hashlib.sha256)
        for part in parts:
            mac.update(part)
        zsocket.send_multipart([b"<IDS|MSG>", mac.hexdigest().encode(), *parts])
        return ident

    def receive(self, zsocket, seconds=60):
        """(msg_type, parent msg_id, content) of the next message."""
        if not zsocket.poll(seconds * 1000):
            raise TimeoutError("the kernel does not answer")
        frames = zsocket.recv_multipart()
        at = frames.index(b"<IDS|MSG>")
        header, parent, _, content = (json.loads(f) for f in frames[at + 2:at + 6])
        return header["msg_type"], parent.get("msg_id"), content

    def ask(self, kind, content, seconds=60, zsocket=None):
        """Send a request and wait for its reply; the reply's content."""
        zsocket = zsocket or self.shell
        ident = self.send(zsocket, kind, content)
        while True:
            _, parent, reply = self.receive(zsocket, seconds)
            if parent == ident:
                return reply

    def execute(self, code, seconds=60, **options):
        return self.ask("execute_request", self.request(code, **options), seconds)

    @staticmethod
    def request(code, **options):
        return {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
                "stop_on_error": True, **options}

    def until_idle(self, ident, seconds=60):
        """Everything published for a request, up to its idle."""
        seen = []
        while True:
            kind, parent, content = self.receive(self.iopub, seconds)
            if parent == ident:
                seen.append((kind, content))
                if kind == "status" and content["execution_state"] == "idle":
                    return seen

    def connect_iopub(self):
        """Wait until published messages arrive."""
        while True:
            ident = self.send(self.shell, "kernel_info_request", {})
            self.receive(self.shell)
            if self.iopub.poll(200):
                break
        time.sleep(0.2)
        while self.iopub.poll(100):
            self.iopub.recv_multipart()

    def memory(self, field="VmRSS"):
        """Memory of the process in kB, as /proc tells it."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().split("\n"):
            if line.startswith(field):
                return int(line.split()[1])
        return 0

    def close(self):
        try:
            self.ask("shutdown_request", {"restart": False}, 3, self.control)
            self.process.wait(3)
        except (TimeoutError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.context.destroy(0)
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

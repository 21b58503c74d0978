# SPDX-License-Identifier: BSD-3-Clause
"""The registration handshake (JEP 66): the kernel chooses its ports and tells its launcher."""
import hashlib
import hmac
import json
import os
import pathlib
import signal
import subprocess
import time

import pytest
import zmq
from rawkernel import DEEPWHY, DELIMITER, MOCK, PORTS, SLOW, Client, Kernel

KEY = b"a key"


def sign(content, key=KEY):
    return hmac.new(key, content, hashlib.sha256).hexdigest().encode() if key else b""


class Launcher:
    """Opens a registration socket, starts kernels that register there, and keeps what they said."""

    def __init__(self, folder, transport="tcp", kind=zmq.ROUTER):
        self.folder, self.transport, self.running = folder, transport, []
        self.socket = zmq.Context.instance().socket(kind)
        self.socket.linger = 0
        if transport == "tcp":
            self.ip, self.port = "127.0.0.1", self.socket.bind_to_random_port("tcp://127.0.0.1")
        else:
            self.ip, self.port = str(folder / "launcher"), 1
            self.socket.bind(f"ipc://{self.ip}-1")

    def start(self, program=MOCK, **fields):
        file = self.folder / f"kernel-the-id-{len(self.running)}.json"
        info = dict(kernel_id="the-id", transport=self.transport, registration_ip=self.ip,
                    registration_port=self.port, signature_scheme="hmac-sha256", key=KEY.decode())
        info.update(fields)
        file.write_text(json.dumps({k: v for k, v in info.items() if v is not ...}))
        self.text = file.read_text()
        self.file = file
        self.process = subprocess.Popen([program, "-f", str(file)], stderr=subprocess.PIPE,
                                        env=dict(os.environ, JUPYTER_RUNTIME_DIR=str(self.folder / "runtime")))
        self.running.append(self.process)

    def registered(self, key=KEY, receipt=b"ACK", signature=None):
        """Takes one registration and answers it."""
        assert self.socket.poll(5000 * SLOW), "nobody registers"
        frames = self.socket.recv_multipart()
        at = frames.index(DELIMITER)
        assert len(frames) == at + 3 and frames[at + 1] == sign(frames[at + 2], key)
        if receipt is not None:
            self.socket.send_multipart([*frames[:at], DELIMITER, sign(receipt, key) if signature is None else signature,
                                        receipt])
        return json.loads(frames[at + 2])

    def written(self):
        """The ordinary connection file the kernel made for other clients."""
        [file] = (self.folder / "runtime").glob(f"kernel-the-id-{self.process.pid}.json")
        return file

    def kernel(self, said, key=KEY):
        info = json.loads(self.written().read_text())
        assert {port: str(info[port]) for port in PORTS} == {port: said[port] for port in PORTS}
        return type("Stand", (), {"info": info, "scheme": "hmac-sha256", "key": key, "address": Kernel.address,
                                  "check_alive": lambda self: None})()

    def close(self):
        for process in self.running:
            process.terminate()
            process.wait(5 * SLOW)
            process.stderr.close()
        self.socket.close(0)


@pytest.fixture
def launch(tmp_path):
    launchers = []

    def begin(**more):
        launchers.append(Launcher(tmp_path, **more))
        return launchers[-1]

    yield begin
    for launcher in launchers:
        launcher.close()


def works(kernel):
    client = Client(kernel)
    assert client.run("result 1")[0].content["status"] == "ok"
    client.heartbeat.send(b"ping")
    assert client.heartbeat.recv() == b"ping"
    client.close()


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_ports_are_chosen_and_told(launch, transport):
    launcher = launch(transport=transport)
    launcher.start()
    said = launcher.registered()
    assert set(said) == {"kernel_id", *PORTS} and said["kernel_id"] == "the-id"
    assert len({int(said[port]) for port in PORTS}) == 5 and all(isinstance(said[port], str) for port in PORTS)
    assert launcher.written().stat().st_mode & 0o777 == 0o600
    works(launcher.kernel(said))
    assert launcher.file.read_text() == launcher.text  # a restart will register again
    launcher.process.terminate()
    launcher.process.wait(5 * SLOW)
    assert not list((launcher.folder / "runtime").glob("*.json"))


def test_the_kernel_itself_and_its_restart(launch):
    """A launcher keeps its socket; the second process gets the same file and says other ports."""
    launcher = launch()
    for _ in range(2):
        launcher.start(DEEPWHY)
        client = Client(launcher.kernel(launcher.registered()))
        assert client.run("1 + 1")[0].content["status"] == "ok"
        client.send("shutdown_request", {"restart": True}, client.control)
        assert client.reply(socket=client.control).content["restart"] is True
        assert launcher.process.wait(2 * SLOW) == 0
        client.close()


@pytest.mark.parametrize("fields", [
    {"registration_port": str}, {"ip": "127.0.0.1"}, {"ip": "*"}, {"kernel_id": ...}, {"kernel_id": None},
    {"registration_ip": ...}, {"transport": ...}, {"signature_scheme": ...}, {"key": ""}, {"key": ...},
    {"unknown": [1]}, {"shell_port": ...}], ids=str)
def test_files_as_launchers_may_write_them(launch, fields):
    launcher = launch()
    if fields.get("registration_port") is str:
        fields = {"registration_port": str(launcher.port)}
    launcher.start(**fields)
    said = launcher.registered(b"" if fields.get("key", 1) in ("", ...) else KEY)
    assert said["kernel_id"] == ("" if "kernel_id" in fields else "the-id")
    assert launcher.process.poll() is None


def test_a_name_that_is_no_name_is_no_path(launch):
    launcher = launch()
    launcher.start(kernel_id="../../../tmp/x")
    assert launcher.registered()["kernel_id"] == "../../../tmp/x"
    assert [file.name for file in (launcher.folder / "runtime").iterdir()] == [f"kernel-{launcher.process.pid}.json"]


@pytest.mark.parametrize("receipt", [b"ACK", b"", b"{}", b"\xff\0", b"x" * 100000])
def test_any_signed_receipt_will_do(launch, receipt):
    launcher = launch()
    launcher.start()
    works(launcher.kernel(launcher.registered(receipt=receipt)))


def test_a_launcher_that_answers_each_in_turn(launch):
    launcher = launch(kind=zmq.ROUTER)
    for _ in range(8):
        launcher.start()
    ports = [said[port] for said in (launcher.registered() for _ in range(8)) for port in PORTS]
    assert len(set(ports)) == 40


def ends(process):
    """Code, line of error and seconds."""
    began = time.monotonic()
    code = process.wait(10 * SLOW)
    lines = process.stderr.read().decode().splitlines()
    assert len(lines) == 1, lines
    return code, lines[0], time.monotonic() - began


def test_nobody_answers(launch):
    """A receipt nobody signed is none; the socket stays open, and the kernel gives up in time."""
    launcher = launch()
    launcher.start()
    launcher.registered(signature=b"0" * 64)
    code, line, seconds = ends(launcher.process)
    assert code == 1 and f"nobody at tcp://127.0.0.1:{launcher.port}" in line and "5 s" in line
    assert 4 < seconds < 6 * SLOW
    assert not list((launcher.folder / "runtime").glob("*.json"))


def test_a_signal_ends_the_wait(launch):
    launcher = launch()
    launcher.start(DEEPWHY)
    launcher.registered(receipt=None)
    launcher.process.send_signal(signal.SIGINT)  # the interrupt before every stop means nothing
    time.sleep(0.1)
    assert launcher.process.poll() is None
    launcher.process.send_signal(signal.SIGTERM)
    code, _, seconds = ends(launcher.process)
    assert code == 1 and seconds < 1 * SLOW


@pytest.mark.parametrize("fields", [
    {"registration_port": 0}, {"registration_port": 70000}, {"registration_port": "x"}, {"registration_port": []},
    {"registration_ip": ""}, {"registration_ip": 3}, {"registration_ip": "no such place"}, {"kernel_id": 3}, {"ip": ""},
    {"signature_scheme": "hmac-nothing"}, {"transport": "pigeon"}, {"curve_publickey": "x" * 40}], ids=str)
def test_files_that_make_no_sense(launch, fields):
    launcher = launch()
    launcher.start(**fields)
    code, line, _ = ends(launcher.process)
    assert code == 1 and line.startswith("deepwhy")
    assert not list(pathlib.Path(launcher.folder, "runtime").glob("*.json"))


def test_five_ports_are_enough_without_asking_anybody(launch):
    """A file with ports and a launcher's address: the ports count."""
    launcher = launch()
    launcher.start(**dict.fromkeys(PORTS, 0))
    end = time.monotonic() + 5 * SLOW
    while not json.loads(launcher.file.read_text() or "{}").get("hb_port"):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert not launcher.socket.poll(100)


def test_with_encryption_the_file_for_others_has_the_keys(launch):
    public, secret = (key.decode() for key in zmq.curve_keypair())
    launcher = launch()
    launcher.start(curve_publickey=public, curve_secretkey=secret)
    launcher.registered()
    info = json.loads(launcher.written().read_text())
    assert (info["curve_publickey"], info["curve_secretkey"]) == (public, secret)

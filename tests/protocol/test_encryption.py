# SPDX-License-Identifier: BSD-3-Clause
"""CurveZMQ on all five sockets, by hand and as jupyter_client asks for it."""
import json
import os
import subprocess
import time

import jupyter_client
import pytest
import zmq
from rawkernel import BUILD, DEEPWHY, MOCK, PORTS, SLOW, Client, processor_time

KEYS = [key.decode() for key in zmq.curve_keypair()]


def keys(public=KEYS[0], secret=KEYS[1]):
    return {"curve_publickey": public, "curve_secretkey": secret}


class Sealed(Client):
    """A client that knows the key of the kernel. Its own keys are its affair, as Jupyter's heartbeat has it."""

    def prepare(self, socket):
        socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()
        socket.curve_serverkey = KEYS[0].encode()


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_all_five_sockets_are_encrypted(start, transport):
    kernel = start(transport=transport, extra=keys())
    client = Sealed(kernel)
    assert client.run("print a\nresult 1")[0].content["status"] == "ok"
    assert client.ask("kernel_info_request", {}, client.control)[0].content["status"] == "ok"
    client.heartbeat.send(b"ping")
    assert client.heartbeat.poll(5000) and client.heartbeat.recv() == b"ping"
    client.send("execute_request", {"code": "ask x", "allow_stdin": True})
    assert client.receive(client.stdin).type == "input_request"
    client.close()
    assert {key: json.loads(kernel.file.read_text())[key] for key in keys()} == keys()


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_who_does_not_know_the_key_gets_nothing(start, connect, transport):
    kernel = start(transport=transport, extra=keys())

    class Wrong(Sealed):
        def prepare(self, socket):
            super().prepare(socket)
            socket.curve_serverkey = zmq.curve_keypair()[0]

    strangers = [Client(kernel, welcome=False), Wrong(kernel, welcome=False)]
    before = processor_time(kernel.process.pid)
    for stranger in strangers:
        stranger.send("execute_request", {"code": "print stolen"})
        stranger.send("kernel_info_request", {}, stranger.control)
        stranger.heartbeat.send(b"ping")
    time.sleep(0.5)
    for stranger in strangers:
        sockets = (stranger.shell, stranger.control, stranger.iopub, stranger.stdin, stranger.heartbeat)
        assert not any(socket.poll(0) for socket in sockets)
        stranger.close()
    if SLOW == 1:
        assert processor_time(kernel.process.pid) - before < 0.25
    client = Sealed(kernel)
    reply, _ = client.run("result 1")
    assert reply.content["execution_count"] == 1  # what the strangers sent was never seen
    client.close()


OTHER = [key.decode() for key in zmq.curve_keypair()]
BAD = {
    "no secret": ({"curve_publickey": KEYS[0]}, b"without curve_secretkey"),
    "no public": ({"curve_secretkey": KEYS[1]}, b"without curve_publickey"),
    "empty secret": (keys(secret=""), b"without curve_secretkey"),
    "null public": (keys(public=None), b"without curve_publickey"),
    "a number": (keys(secret=3), b"has to be a text"),
    "too short": (keys(secret=KEYS[1][:-1]), b"40 characters"),
    "too long": (keys(public=KEYS[0] + "x"), b"40 characters"),
    "no Z85": (keys(public="~" * 40), b"40 characters"),
    "no pair": (keys(secret=OTHER[1]), b"does not belong"),
}


@pytest.mark.parametrize("name", BAD)
def test_half_a_key_is_refused(tmp_path, name):
    extra, words = BAD[name]
    file = tmp_path / "kernel.json"
    file.write_text(json.dumps(dict(dict.fromkeys(PORTS, 0), key="k", **extra)))
    done = subprocess.run([MOCK, "-f", str(file)], capture_output=True, timeout=10 * SLOW)
    assert done.returncode == 1 and words in done.stderr and len(done.stderr.splitlines()) == 1


def test_no_keys_no_encryption(start, connect):
    client = connect(start(extra={"curve_publickey": None, "curve_secretkey": ""}))
    assert client.run("result 1")[0].content["status"] == "ok"


@pytest.fixture
def spec(tmp_path, monkeypatch):
    spec = json.loads((BUILD / "share/jupyter/kernels/deepwhy/kernel.json").read_text())
    assert spec["metadata"]["supported_encryption"] == ["curve"]
    spec["argv"][0] = os.path.abspath(DEEPWHY)
    folder = tmp_path / "kernels/deepwhy"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    return spec


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_as_jupyter_client_requires_it(spec, transport):
    manager = jupyter_client.KernelManager(kernel_name="deepwhy", transport=transport, transport_encryption="required")
    manager.start_kernel()
    client = manager.client()
    try:
        assert "curve_secretkey" in json.loads(open(manager.connection_file).read())
        client.start_channels()
        client.wait_for_ready(timeout=20 * SLOW)
        said = []
        reply = client.execute_interactive("1 + 1", timeout=20 * SLOW, output_hook=said.append)
        assert reply["content"]["status"] == "ok"
        assert [m["content"]["data"]["text/plain"] for m in said if m["msg_type"] == "execute_result"] == ["2"]
        end = time.monotonic() + 10 * SLOW  # it gives a kernel that starts slowly up at first
        while not client.hb_channel.is_beating():
            assert client.is_alive() and time.monotonic() < end
            time.sleep(0.05)
        manager.restart_kernel()
        client.wait_for_ready(timeout=20 * SLOW)
        manager.interrupt_kernel()
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def test_the_program_says_what_the_spec_says(spec, tmp_path):
    done = subprocess.run([DEEPWHY, "--encryption"], capture_output=True, text=True)
    assert json.loads(done.stdout) == spec["metadata"]["supported_encryption"]
    subprocess.run([DEEPWHY, "install", "--prefix", tmp_path / "p"], check=True, capture_output=True)
    installed = json.loads((tmp_path / "p/share/jupyter/kernels/deepwhy/kernel.json").read_text())
    assert installed["metadata"] == spec["metadata"]

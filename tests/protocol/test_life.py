# SPDX-License-Identifier: BSD-3-Clause
"""Start, connection files, restart on the same ports, shutdown, signals, the parent's death."""
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
import zmq
from rawkernel import BUILD, DEEPWHY, DELIMITER, MOCK, PORTS, SLOW, Client, Kernel


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_port_0_is_written_back(start, connect, transport):
    kernel = start(transport=transport, extra={"unknown": [1], "jupyter_session": "x.ipynb"})
    written = json.loads(kernel.file.read_text())
    assert len({written[port] for port in PORTS}) == 5
    assert written["unknown"] == [1] and written["jupyter_session"] == "x.ipynb"
    assert kernel.file.stat().st_mode & 0o777 == 0o600
    assert connect(kernel).run("result 1")[0].content["status"] == "ok"


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_given_ports(start, connect, transport):
    probe = start(transport=transport)
    ports = [probe.info[port] for port in PORTS]
    Client(probe).close()
    probe.process.terminate()
    probe.process.wait()
    kernel = start(transport=transport, ports=[str(port) for port in ports])  # texts are fine
    if transport == "tcp":
        assert [int(kernel.info[port]) for port in PORTS] == ports
    assert connect(kernel).run("result 1")[0].content["status"] == "ok"


BROKEN = {
    "missing": None, "empty": "", "no JSON": "{", "a list": "[]", "a number": "3",
    "no ports": "{}", "port too large": {"shell_port": 65536}, "port negative": {"iopub_port": -1},
    "port a word": {"hb_port": "many"}, "port a list": {"stdin_port": []},
    "same port twice": {"shell_port": 5, "iopub_port": 5}, "port real": {"shell_port": 1.5},
    "transport": {"transport": "carrier pigeon"}, "scheme": {"signature_scheme": "hmac-nothing"},
    "scheme without hmac": {"signature_scheme": "sha256"}, "key": {"key": 12},
    "address": {"ip": "999.1.2.3"}, "one curve key": {"curve_publickey": "x" * 40},
    "long path": {"transport": "ipc", "ip": "/tmp/" + "x" * 200, "shell_port": 1},
    "binary": "\0\1\2",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_connection_file_is_one_clear_line(tmp_path, name):
    file = tmp_path / "kernel.json"
    value = BROKEN[name]
    if isinstance(value, dict):
        value = json.dumps(dict(dict.fromkeys(PORTS, 0), ip="127.0.0.1", transport="tcp", key="k",
                                signature_scheme="hmac-sha256") | value)
    if value is not None:
        file.write_text(value)
    done = subprocess.run([MOCK, "-f", str(file)], capture_output=True, timeout=10 * SLOW)
    assert done.returncode not in (0, -signal.SIGABRT, -signal.SIGSEGV)
    assert len(done.stderr.strip().splitlines()) == 1 and done.stdout == b""


def test_defaults_of_the_connection_file(start, connect):
    """Without a transport, an address and a scheme it is tcp, this machine and hmac-sha256; a key may be absent too."""
    for absent in ("transport", "ip", "signature_scheme"), ("transport", "ip", "signature_scheme", "key"):
        kernel = start(key="" if "key" in absent else "a key", absent=absent)
        assert not set(absent) & json.loads(kernel.file.read_text()).keys()
        kernel.info |= {"transport": "tcp", "ip": "127.0.0.1"}
        assert connect(kernel).run("result 1")[0].content["status"] == "ok"


@pytest.mark.parametrize("address", ["::1", "[::1]"])
def test_ipv6(start, connect, address):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    kernel = start(extra={"ip": address})
    kernel.info["ip"] = "[::1]"

    class Six(Client):
        def prepare(self, socket):
            socket.ipv6 = True

    client = Six(kernel)
    assert client.run("result 1")[0].content["status"] == "ok"
    client.close()


def test_requests_queue_up_while_the_language_starts(start, connect):
    """All sockets are bound before anything slow, so a client can connect and ask already."""
    began, takes = time.monotonic(), 3 * min(SLOW, 2)
    kernel = start(env={"MOCK_OPENS_MS": str(int(1000 * takes))})
    client = connect(kernel)  # it is welcomed
    client.send("execute_request", {"code": "result 1"})
    client.heartbeat.send(b"ping")
    assert client.heartbeat.poll(5000) and client.heartbeat.recv() == b"ping"
    assert time.monotonic() - began < takes and not client.shell.poll(0)
    assert client.reply().content["status"] == "ok"


def test_dates_are_utc_wherever_it_runs(start, connect):
    """Each date a kernel sends is compared with the clock, here in a place nine hours away."""
    assert connect(start(env={"TZ": "JST-9"})).run("result 1")[0].metadata["started"].endswith("Z")


def test_a_taken_port_is_reported(start, tmp_path):
    kernel = start()
    file = tmp_path / "second.json"
    file.write_text(json.dumps(kernel.info))
    began = time.monotonic()
    done = subprocess.run([MOCK, "-f", str(file)], capture_output=True, timeout=10 * SLOW)
    assert done.returncode != 0 and b"holds it" in done.stderr
    assert 1 < time.monotonic() - began < 5 * SLOW


def test_a_port_that_gets_free_in_time_is_taken(start, connect):
    """The process before this one may need a moment to end."""
    old = start()
    new = start(ports=[old.info[port] for port in PORTS])
    time.sleep(0.5)
    assert new.process.poll() is None
    old.process.kill()
    assert connect(new).run("result 1")[0].content["status"] == "ok"


@pytest.mark.parametrize("channel", ["control", "shell"])
@pytest.mark.parametrize("restart", [True, False, None])
def test_shutdown(start, channel, restart):
    kernel = start()
    client = Client(kernel)
    socket = getattr(client, channel)
    content = {} if restart is None else {"restart": restart}
    header = client.send("shutdown_request", content, socket)
    reply = client.reply(socket=socket)
    assert reply.type == "shutdown_reply"
    assert reply.content == {"status": "ok", "restart": bool(restart)}
    busy, copy, idle = client.outputs(header)
    assert copy.type == "shutdown_reply" and copy.content == reply.content
    assert copy.header["msg_id"] != reply.header["msg_id"]
    assert kernel.process.wait(2 * SLOW) == 0
    client.close()


@pytest.mark.parametrize("code", ["spin 60000", "deaf 60000", "flood 1000000000"])
def test_shutdown_while_a_cell_runs(start, code):
    kernel = start()
    client = Client(kernel)
    client.see(client.send("execute_request", {"code": code}), "execute_input")
    time.sleep(0.2)
    began = time.monotonic()
    client.send("shutdown_request", {"restart": False}, client.control)
    assert client.reply(socket=client.control).content["status"] == "ok"
    assert kernel.process.wait(5 * SLOW) == 0
    assert time.monotonic() - began < 2.5 * SLOW
    client.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("code", ["", "spin 60000", "deaf 60000"])
def test_signals_end_it_promptly(start, number, code):
    kernel = start(before=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))  # nohup may have started the tests
    client = Client(kernel)
    if code:
        client.see(client.send("execute_request", {"code": code}), "execute_input")
    kernel.process.send_signal(number)
    code_at_end = kernel.process.wait(2 * SLOW)
    assert code_at_end == (-number if number == signal.SIGHUP else
                           -signal.SIGTERM if code.startswith("deaf") else 0)
    client.close()


def test_the_order_of_a_polite_stop(start):
    """First an interrupt, then shutdown: the manager does it so."""
    kernel = start()
    client = Client(kernel)
    os.killpg(kernel.process.pid, signal.SIGINT)
    client.send("interrupt_request", {}, client.control)
    assert client.reply(socket=client.control).type == "interrupt_reply"
    client.send("shutdown_request", {"restart": True}, client.control)
    assert client.reply(socket=client.control).content["restart"] is True
    assert kernel.process.wait(2 * SLOW) == 0
    client.close()


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_restart_50_times_on_the_same_ports(start, transport):
    kernel, times = start(transport=transport), 50 if SLOW == 1 else 10
    sessions = set()
    for _ in range(times):
        client = Client(kernel)
        reply, _ = client.run("result 1")
        assert reply.content["execution_count"] == 1
        sessions.add(reply.header["session"])
        client.send("shutdown_request", {"restart": True}, client.control)
        assert client.reply(socket=client.control).content["restart"] is True
        kernel.process.wait(3 * SLOW)
        kernel.process.stderr.close()
        client.close()
        kernel.start()
    assert len(sessions) == times


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_restart_after_a_kill(start, connect, transport):
    """On ipc what was killed leaves the files of its sockets behind."""
    kernel = start(transport=transport)
    ports = [kernel.info[port] for port in PORTS]
    Client(kernel).close()
    for _ in range(5):
        kernel.process.kill()
        kernel.process.wait()
        kernel.process.stderr.close()
        assert transport == "tcp" or os.path.exists(f"{kernel.info['ip']}-{ports[0]}")
        kernel.start()
    assert [kernel.info[port] for port in PORTS] == ports
    assert connect(kernel).run("result 1")[0].content["status"] == "ok"


# Sanitizers catch the second and say more.
@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV][:1 if BUILD.name.startswith("san-") else 2])
def test_a_crash_ends_it_by_its_signal(start, connect, number):
    """Nobody catches it: who watches the process sees what it was."""
    kernel = start(DEEPWHY)
    assert connect(kernel).run("1 + 1")[0].content["status"] == "ok"
    kernel.process.send_signal(number)
    assert kernel.process.wait(5 * SLOW) == -number


def test_a_reconnecting_client_takes_over_its_identity(kernel, connect):
    first = connect(kernel)
    first.run("result 1")
    second = connect(kernel)
    second.shell.close()
    second.identity = first.identity
    second.shell = second.open(5, "shell_port")
    assert second.run("result 2")[0].content["execution_count"] == 2


def test_closed_outputs_do_not_matter(start, connect):
    """fd 1 and 2 are pipes that nobody reads any more; odd messages are logged there."""
    kernel = start(DEEPWHY, env={"DEEPWHY_LOG": "1"})
    kernel.process.stderr.close()
    client = connect(kernel)
    for _ in range(100):
        client.shell.send_multipart([b"garbage"])
    assert client.run("1 + 1")[0].content["status"] == "ok"
    kernel.process.stderr = open(os.devnull, "rb")


def test_nothing_is_read_from_file_0_and_nothing_written(start, connect):
    """What a server's terminal or log shows is the server's affair, whatever cells and clients do."""
    (read_in, write_in), (read_out, write_out) = os.pipe(), os.pipe()
    os.write(write_in, b"for the server\n")
    kernel = start(DEEPWHY, before=lambda: (os.dup2(read_in, 0), os.dup2(write_out, 1)))
    client = connect(kernel)
    client.shell.send_multipart([b"garbage"])
    client.outputs(client.send("nonsense_request"))
    for code, status in ('print("x")\nplot(sin, 0..1)\n2', "ok"), ("1 + + ", "error"), ('ask("n? ")', "error"):
        assert client.run(code, timeout=30)[0].content["status"] == status
    client.send("shutdown_request", {}, client.control)
    assert kernel.process.wait(5 * SLOW) == 0
    for end in write_in, write_out:
        os.close(end)
    assert os.read(read_in, 100) == b"for the server\n"
    assert os.read(read_out, 100) == kernel.process.stderr.read() == b""
    for end in read_in, read_out:
        os.close(end)


@pytest.mark.skipif(BUILD.name == "valgrind", reason="valgrind takes the places of closed files")
def test_files_closed_at_the_start_are_no_place_for_notes(start, connect):
    kernel = start(DEEPWHY, env={"DEEPWHY_LOG": "1"}, before=lambda: os.closerange(0, 3))
    assert all(os.readlink(f"/proc/{kernel.process.pid}/fd/{fd}") == "/dev/null" for fd in range(3))
    client = connect(kernel)
    client.shell.send_multipart([b"garbage"])
    assert client.run("1 + 1")[0].content["status"] == "ok"


def test_signals_a_launcher_left_blocked(start, connect):
    kernel = start(DEEPWHY, before=lambda: signal.pthread_sigmask(
        signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM}))
    client = connect(kernel)
    client.send("execute_request", {"code": "while true\n  x = 1\nend"})
    while client.receive(client.iopub).type != "execute_input":
        pass
    kernel.process.send_signal(signal.SIGINT)
    assert client.reply().content["ename"] == "KeyboardInterrupt"
    kernel.process.send_signal(signal.SIGTERM)
    assert kernel.process.wait(2 * SLOW) == -signal.SIGTERM


def test_an_ignored_hangup_stays_ignored(start, connect):
    kernel = start(DEEPWHY, before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    kernel.process.send_signal(signal.SIGHUP)
    assert connect(kernel).run("1 + 1")[0].content["status"] == "ok"


def test_a_flood_of_control_messages_does_not_hide_a_signal(start, connect):
    """Without a key a repeated request counts, so it can be sent faster than it is answered."""
    kernel = start(key="")
    client = connect(kernel)
    frames = [DELIMITER, b"", *client.parts("usage_request", {})]
    ended = threading.Event()

    def flood():
        while not ended.is_set():
            try:
                client.control.send_multipart(frames, zmq.NOBLOCK)
            except zmq.Again:
                pass

    thread = threading.Thread(target=flood)
    thread.start()
    try:
        time.sleep(0.3)
        kernel.process.send_signal(signal.SIGTERM)
        kernel.process.wait(2 * SLOW)
    finally:
        ended.set()
        thread.join()


PARENT = """
import os, subprocess, sys, time
process = subprocess.Popen(sys.argv[1:], env=dict(os.environ, JPY_PARENT_PID=str(os.getpid())),
                           start_new_session=True)
print(process.pid, flush=True)
time.sleep(100)
"""


def is_running(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_it_does_not_outlive_its_parent(tmp_path):
    file = tmp_path / "kernel.json"
    file.write_text(json.dumps(dict.fromkeys(PORTS, 0)))
    parent = subprocess.Popen([sys.executable, "-c", PARENT, MOCK, "-f", str(file)],
                              stdout=subprocess.PIPE)
    pid = int(parent.stdout.readline())
    time.sleep(0.3 * SLOW)  # it has looked who its parent is
    assert is_running(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 5 * SLOW
    while is_running(pid):
        assert time.monotonic() < end, "the kernel lives on"
        time.sleep(0.05)


def test_it_does_not_outlive_its_parent_while_it_trains(start, connect):
    """The parent is killed in the middle of a training; nobody is left to stop it, nor gnuplot."""
    kernel = start(sys.executable, form=lambda file: ["-c", PARENT, DEEPWHY, "-f", str(file)])
    client = connect(kernel)
    assert client.run("plot(sin, 0..1)", timeout=30)[0].content["status"] == "ok"
    (pid,) = children_of(kernel.process.pid)
    (gnuplot,) = children_of(pid)
    client.send("execute_request", {"code": "train(64 → 256 → tanh → 10 → softmax, digits(), steps = 1e6)"})
    while client.receive(client.iopub).type != "display_data":
        pass
    kernel.process.kill()
    end = time.monotonic() + 5 * SLOW
    while is_running(pid) or is_running(gnuplot):
        assert time.monotonic() < end, "the kernel lives on"
        time.sleep(0.05)


def begin_below(tmp_path, said):
    """A kernel whose parent is a process that only waits for it; its pid, and the parent."""
    file = tmp_path / f"kernel-{said}.json"
    file.write_text(json.dumps(dict.fromkeys(PORTS, 0)))
    parent = subprocess.Popen(["sh", "-c", '"$@" & echo $!; wait', "sh", MOCK, "-f", str(file)],
                              stdout=subprocess.PIPE, env=dict(os.environ, JPY_PARENT_PID=str(said)))
    return int(parent.stdout.readline()), parent


def end_parent(parent):
    parent.kill()
    parent.wait()
    parent.stdout.close()


def test_a_wrapper_between_server_and_kernel(tmp_path):
    """The parent is not who JPY_PARENT_PID says: no reason to end, until the parent there is goes."""
    pid, parent = begin_below(tmp_path, os.getpid())
    time.sleep(1.5)
    assert is_running(pid)
    end_parent(parent)
    end = time.monotonic() + 5 * SLOW
    while is_running(pid):
        assert time.monotonic() < end, "the kernel lives on"
        time.sleep(0.05)


def test_without_a_server_to_watch_nothing_is_watched(tmp_path):
    """Process 1 of a container, or nobody: the kernels stay when their parents go."""
    kernels = [begin_below(tmp_path, said) for said in ("", "0", "1", "nonsense")]
    for _, parent in kernels:
        end_parent(parent)
    time.sleep(1.5)
    assert all(is_running(pid) for pid, _ in kernels)
    for pid, _ in kernels:
        os.kill(pid, signal.SIGTERM)


def test_what_the_kernel_starts_does_not_hold_its_sockets(start, connect):
    """gnuplot has the other ends of its pipes, and no port or socket file that a restart could want."""
    kernel = start(DEEPWHY)
    assert connect(kernel).run("plot(sin, 0..1)", timeout=30)[0].content["status"] == "ok"
    children = children_of(kernel.process.pid)
    assert children
    ours = {name for name in files_of(kernel.process.pid) if name.startswith("socket:")}
    for pid in children:
        assert len(ours) >= 5 and files_of(pid) and not files_of(pid) & ours
    ports = [kernel.info[port] for port in PORTS]
    kernel.process.kill()
    kernel.process.wait()
    kernel.process.stderr.close()
    again = start(DEEPWHY, ports=ports)
    assert connect(again).run("1 + 1")[0].content["status"] == "ok"


def switches(pid):
    """How often the threads of a process have been woken."""
    tasks = [open(f"/proc/{pid}/task/{task}/status").read() for task in os.listdir(f"/proc/{pid}/task")]
    return sum(int(line.split()[1]) for text in tasks for line in text.split("\n") if line.startswith("voluntary"))


@pytest.mark.skipif(BUILD.name == "san-thread",
                    reason="a thread of the sanitizer's own wakes ten times a second")
def test_an_idle_kernel_sleeps(start, connect):
    """Nothing wakes it up without a cause; below a server, a look at the parent each second."""
    for env, most in ({}, 3), ({"JPY_PARENT_PID": str(os.getpid())}, 8):
        kernel = start(DEEPWHY, env=env)
        client = connect(kernel)
        assert client.run("plot(sin, 0..1)", timeout=30)[0].content["status"] == "ok"
        end, woken = time.monotonic() + 3 * SLOW, most + 1
        while woken > most and time.monotonic() < end:  # it may still put away what the figure needed
            before = switches(kernel.process.pid)
            time.sleep(1.2)
            woken = switches(kernel.process.pid) - before
        assert woken <= most


def files_of(pid):
    return {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}


def children_of(parent):
    return [int(pid) for pid in filter(str.isdigit, os.listdir("/proc")) if parent_of(pid) == parent]


def parent_of(pid):
    try:
        return int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


@pytest.mark.parametrize("form", [lambda f: ["-f", f'"{f}"'], lambda f: [str(f)],
                                  lambda f: [f"-f={f}"]], ids=["quoted", "bare", "joined"])
def test_ways_to_name_the_file(start, connect, form):
    client = connect(start(DEEPWHY, form=form))
    assert client.ask("kernel_info_request")[0].content["implementation"] == "deepwhy"


def test_standalone(tmp_path):
    """Without a file it makes one in Jupyter's runtime folder and removes it at the end."""
    env = dict(os.environ, JUPYTER_RUNTIME_DIR=str(tmp_path / "deep" / "runtime"))
    process = subprocess.Popen([DEEPWHY], env=env, stderr=subprocess.PIPE)
    file = tmp_path / "deep" / "runtime" / f"kernel-{process.pid}.json"
    try:
        end = time.time() + 5 * SLOW
        while not file.exists() or not file.read_text().endswith("}\n"):
            assert time.time() < end
            time.sleep(0.01)
        assert file.stat().st_mode & 0o777 == 0o600
        stand = type("Stand", (), {"info": json.loads(file.read_text()), "scheme": "hmac-sha256",
                                   "address": Kernel.address,
                                   "check_alive": lambda self: None})()
        stand.key = stand.info["key"].encode()
        client = Client(stand)
        assert client.ask("kernel_info_request")[0].content["implementation"] == "deepwhy"
        client.close()
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()
    assert not file.exists()

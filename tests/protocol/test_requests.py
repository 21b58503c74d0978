# SPDX-License-Identifier: BSD-3-Clause
"""Every request type: one busy, one idle, the right reply, the right parent."""
import time

import pytest
from rawkernel import SLOW


def test_kernel_info_on_both_channels(client):
    for socket in (client.shell, client.control):
        reply, outputs = client.ask("kernel_info_request", {}, socket)
        content = reply.content
        assert outputs == []
        assert content["status"] == "ok" and content["protocol_version"] == "5.5"
        assert content["implementation"] == "mock" and content["implementation_version"]
        assert content["supported_features"] == []
        assert content["help_links"] == [{"text": "Help", "url": "https://jupyter.org"}]
        assert content["language_info"]["file_extension"] == ".mock"
        assert {"name", "version", "mimetype"} <= set(content["language_info"])


def test_one_session_everywhere(client):
    sessions = set()
    for kind, socket in (("kernel_info_request", client.shell), ("kernel_info_request", client.control),
                         ("interrupt_request", client.control), ("history_request", client.shell)):
        header = client.send(kind, {}, socket)
        sessions.add(client.reply(socket=socket).header["session"])
        sessions |= {m.header["session"] for m in client.outputs(header)}
    assert len(sessions) == 1 and client.session not in sessions


def test_message_ids_never_repeat(client):
    seen = []
    for _ in range(20):
        for socket in (client.shell, client.control):
            header = client.send("kernel_info_request", {}, socket)
            seen.append(client.reply(socket=socket).header["msg_id"])
            seen += [m.header["msg_id"] for m in client.outputs(header)]
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("kind", ["nonsense", "nonsense_request", "debug_request",
                                  "create_subshell_request", "list_subshell_request",
                                  "delete_subshell_request", "execute_reply", "", "x" * 10000,
                                  "input_reply", "status"])
@pytest.mark.parametrize("channel", ["shell", "control"])
def test_unknown_types_get_busy_and_idle_and_no_reply(client, kind, channel):
    header = client.send(kind, {}, getattr(client, channel))
    assert len(client.outputs(header)) == 2
    assert client.is_quiet()


def test_execute_does_not_run_on_control(client):
    header = client.send("execute_request", {"code": "print no"}, client.control)
    assert len(client.outputs(header)) == 2
    assert client.is_quiet()


def test_connect(client):
    reply, _ = client.ask("connect_request")
    ports = {key: value for key, value in reply.content.items() if key != "status"}
    assert ports == {key: value for key, value in client.kernel.info.items() if key in ports}
    assert len(ports) == 5


def test_usage(client):
    for socket in (client.shell, client.control):
        content = client.ask("usage_request", {}, socket)[0].content
        assert content["pid"] == client.kernel.process.pid
        assert 1 << 20 < content["kernel_memory"] < 1 << 29
        assert content["kernel_cpu"] >= 0 and content["cpu_count"] >= 1
        memory = content["host_virtual_memory"]
        assert memory["total"] > memory["used"] > 0 and memory["total"] > memory["free"] > 0
        assert memory["total"] - memory["available"] == memory["used"] and 0 < memory["percent"] < 100


def test_complete_counts_code_points(client):
    code = "é\U0001f600x pri rest"
    content = client.ask("complete_request", {"code": code, "cursor_pos": 7})[0].content
    assert content["matches"] == ["print"]
    assert (content["cursor_start"], content["cursor_end"]) == (4, 7)
    typed = content["metadata"]["_jupyter_types_experimental"]
    assert typed == [{"start": 4, "end": 7, "text": "print", "type": "function",
                      "signature": "(TEXT)"}]


def test_complete_at_every_position_and_beyond(client):
    code = "é\U0001f600 p"
    for pos in [*range(-2, 8), 10 ** 9]:
        content = client.ask("complete_request", {"code": code, "cursor_pos": pos})[0].content
        inside = min(max(pos, 0), len(code))
        assert content["status"] == "ok"
        assert 0 <= content["cursor_start"] <= content["cursor_end"] == inside


def test_complete_without_a_cursor_and_without_a_match(client):
    content = client.ask("complete_request", {"code": "p"})[0].content
    assert content["matches"] == ["print", "page"]
    assert [typed["text"] for typed in content["metadata"]["_jupyter_types_experimental"]] == ["print", "page"]
    content = client.ask("complete_request", {"code": "xyz", "cursor_pos": 3})[0].content
    assert (content["matches"], content["cursor_start"], content["cursor_end"]) == ([], 3, 3)


def test_questions_about_code_run_nothing_and_are_quick(deepwhy):
    code = 'side = 1; print("effect"); linspa'
    for kind, more in ("complete_request", {}), ("inspect_request", {"detail_level": 1}), ("is_complete_request", {}):
        took = []
        for _ in range(5):
            began = time.monotonic()
            reply, outputs = deepwhy.ask(kind, {"code": code, "cursor_pos": len(code), **more})
            took.append(time.monotonic() - began)
            assert reply.content["status"] in ("ok", "complete") and outputs == []
        assert min(took) < 0.1 * SLOW
    assert deepwhy.run("side")[0].content["ename"] == "NameError"
    assert deepwhy.run("1")[1][0].content["execution_count"] == 2  # and nothing was counted


def test_inspect(client):
    content = client.ask("inspect_request", {"code": "print", "cursor_pos": 2})[0].content
    assert content == {"status": "ok", "found": True, "metadata": {},
                       "data": {"text/plain": "print TEXT, level 0"}}
    content = client.ask("inspect_request", {"code": "print", "cursor_pos": 2, "detail_level": 1})[0]
    assert content.content["data"]["text/plain"].endswith("level 1")
    content = client.ask("inspect_request", {"code": "no", "cursor_pos": 0})[0].content
    assert content == {"status": "ok", "found": False, "data": {}, "metadata": {}}


def test_is_complete(client):
    answers = {"print x": {"status": "complete"}, "": {"status": "complete"},
               "begin {": {"status": "incomplete", "indent": "    "}, "bad )": {"status": "invalid"}}
    for code, content in answers.items():
        assert client.ask("is_complete_request", {"code": code})[0].content == content


def test_comms(client):
    assert client.ask("comm_info_request")[0].content == {"status": "ok", "comms": {}}
    content = {"target_name": "jupyter.widget"}
    assert client.ask("comm_info_request", content)[0].content["comms"] == {}
    header = client.send("comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})
    busy, close, idle = client.outputs(header)
    assert close.type == "comm_close" and close.content == {"comm_id": "c1", "data": {}}
    for kind in ("comm_msg", "comm_close"):
        header = client.send(kind, {"comm_id": "unknown", "data": {}})
        assert len(client.outputs(header)) == 2
    assert client.is_quiet()


def test_control_answers_while_a_cell_runs(client):
    cell = client.send("execute_request", {"code": "spin 1500"})
    time.sleep(0.1)
    began = time.monotonic()
    header = client.send("kernel_info_request", {}, client.control)
    assert client.reply(socket=client.control).parent_header == header
    client.heartbeat.send(b"ping")
    assert client.heartbeat.recv() == b"ping"
    assert time.monotonic() - began < 1
    assert not client.shell.poll(0)
    parents = {}
    while True:
        message = client.receive(client.iopub)
        parents.setdefault(message.parent, []).append(message.content.get("execution_state"))
        if message.parent == cell["msg_id"] and parents[message.parent][-1] == "idle":
            break
    assert parents[header["msg_id"]] == ["busy", "idle"]


def test_text_keeps_its_parent_while_control_answers(client):
    """Each thread has a parent of its own, and what a cell prints is the cell's."""
    cell = client.send("execute_request", {"code": "flood 300000"})
    asked = [client.send("kernel_info_request", {}, client.control) for _ in range(50)]
    seen = {header["msg_id"]: [] for header in [cell, *asked]}
    while not all(seen.values()) or any(kinds[-1] != "idle" for kinds in seen.values()):
        message = client.receive(client.iopub)
        if message.parent:
            seen[message.parent].append(message.content.get("execution_state", message.type))
    assert set(seen[cell["msg_id"]][2:-1]) == {"stream"}
    assert all(seen[header["msg_id"]] == ["busy", "idle"] for header in asked)
    for header in asked:  # control answers in order
        assert client.reply(socket=client.control).parent_header == header


def test_heartbeat_echoes_anything(client):
    for data in (b"", b"ping", b"\0" * 100000):
        client.heartbeat.send(data)
        assert client.heartbeat.poll(5000)
        assert client.heartbeat.recv() == data


def test_requests_are_answered_in_order(client):
    headers = [client.send("execute_request", {"code": f"result {i}"}) for i in range(200)]
    for count, header in enumerate(headers, 1):
        reply = client.reply()
        assert reply.parent_header == header and reply.content["execution_count"] == count
    for header in headers:
        kinds = [m.type for m in client.outputs(header)]
        assert kinds == ["status", "execute_input", "execute_result", "status"]

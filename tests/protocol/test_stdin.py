# SPDX-License-Identifier: BSD-3-Clause
"""Questions to the user: input_request and input_reply on the stdin channel."""
import datetime
import json
import os
import signal
import time

import jupyter_client
import nbclient
import nbformat
import pytest
from rawkernel import DEEPWHY, DELIMITER, SLOW


def begin(client, code, **more):
    """Sends a cell that may ask."""
    return client.send("execute_request", dict({"code": code, "allow_stdin": True}, **more))


def question(client, cell):
    asked = client.receive(client.stdin)
    assert asked.type == "input_request" and asked.parent_header == cell
    return asked


def answer(client, value, parent=None, content=None, socket=None):
    parts = client.parts("input_reply", {"value": value} if content is None else content)
    parts[1] = json.dumps(parent.header if parent else {}).encode()
    client.send_parts(parts, socket or client.stdin)


def written(message):
    """When the kernel wrote it, in seconds."""
    return datetime.datetime.fromisoformat(message.header["date"].replace("Z", "+00:00")).timestamp()


def texts(client, cell):
    return "".join(m.content["text"] for m in client.outputs(cell) if m.type == "stream")


@pytest.mark.parametrize("command,is_password", [("ask", False), ("hide", True)])
def test_a_question_and_its_answer(client, command, is_password):
    cell = begin(client, f"{command} Wie heißt du? \nresult 1")
    asked = question(client, cell)
    assert asked.content == {"prompt": "Wie heißt du? ", "password": is_password}
    assert asked.frames[0] == DELIMITER  # the router took our identity away: it was for us
    answer(client, "Zoë\n \0", asked)
    assert client.reply().content["status"] == "ok"
    assert texts(client, cell) == "Zoë\n \0\n"


def test_questions_one_after_the_other(client):
    cell = begin(client, "\n".join(f"ask {i}" for i in range(20)))
    for i in range(20):
        asked = question(client, cell)
        assert asked.content["prompt"] == str(i)
        answer(client, f"a{i}", asked)
    assert client.reply().content["status"] == "ok"
    assert texts(client, cell) == "".join(f"a{i}\n" for i in range(20))


def test_printed_text_comes_before_the_question(client):
    """At the same time; text behind which nothing comes would wait for 50 ms."""
    waits = []
    for _ in range(9):
        cell = begin(client, "print before\nask x")
        asked = question(client, cell)
        while (text := client.receive(client.iopub)).type != "stream":
            pass
        waits.append(written(text) - written(asked))
        answer(client, "", asked)
        assert client.reply().content["status"] == "ok"
        while client.receive(client.iopub).content.get("execution_state") != "idle":
            pass
    assert min(waits) < 0.03 * min(SLOW, 1.5)


def test_while_it_waits_the_kernel_is_busy_and_answers_control(client):
    cell = begin(client, "ask x")
    asked = question(client, cell)
    reply, _ = client.send("kernel_info_request", {}, client.control), None
    assert client.reply(socket=client.control).parent_header == reply
    client.heartbeat.send(b"ping")
    assert client.heartbeat.recv() == b"ping"
    behind = client.send("kernel_info_request")
    assert not client.shell.poll(100)
    answer(client, "1", asked)
    assert [client.reply().parent_header, client.reply().parent_header] == [cell, behind]


@pytest.mark.parametrize("more", [{"allow_stdin": False}, {"allow_stdin": None}, {"silent": True}])
def test_nobody_to_ask_is_an_error_at_once(client, more):
    cell = begin(client, "ask x", **more)
    assert client.reply(2).content["ename"] == "nobody"
    assert not client.stdin.poll(50)
    client.outputs(cell)


def test_user_expressions_cannot_ask(client):
    cell = begin(client, "", user_expressions={"a": "ask x"})
    assert client.reply(2).content["user_expressions"]["a"]["ename"] == "nobody"
    client.outputs(cell)


def test_a_client_without_a_stdin_socket_is_nobody(client):
    client.stdin.close()
    time.sleep(0.1)
    client.outputs(begin(client, "ask x"), 5)
    assert client.reply().content["ename"] == "nobody"
    assert client.run("result 1")[0].content["status"] == "ok"


def by_message(client):
    client.send("interrupt_request", {}, client.control)
    assert client.reply(socket=client.control).content == {"status": "ok"}


def by_signal(client):
    os.kill(client.kernel.process.pid, signal.SIGINT)


@pytest.mark.parametrize("interrupt", [by_message, by_signal])
def test_waiting_can_be_interrupted(client, interrupt):
    for _ in range(3):
        cell = begin(client, "ask x")
        question(client, cell)
        began = time.monotonic()
        interrupt(client)
        reply = client.reply()
        assert time.monotonic() - began < 0.1 * SLOW
        assert reply.content["ename"] == "KeyboardInterrupt"
    client.send("execute_request", {"code": "result 1"})
    assert client.reply().content["status"] == "ok"


@pytest.mark.parametrize("restart", [False, True])
def test_waiting_does_not_hold_up_a_shutdown(client, restart):
    question(client, begin(client, "ask x"))
    began = time.monotonic()
    client.send("shutdown_request", {"restart": restart}, client.control)
    assert client.reply(socket=client.control).content["restart"] is restart
    assert client.kernel.process.wait(2 * SLOW) == 0
    assert time.monotonic() - began < 0.5 * SLOW


def test_waiting_does_not_hold_up_a_signal(client):
    question(client, begin(client, "ask x"))
    began = time.monotonic()
    client.kernel.process.send_signal(signal.SIGTERM)
    client.kernel.process.wait(2 * SLOW)
    assert time.monotonic() - began < 0.5 * SLOW


def test_answers_to_questions_of_the_past_are_thrown_away(client):
    first = begin(client, "ask one")
    old = question(client, first)
    by_message(client)
    assert client.reply().content["ename"] == "KeyboardInterrupt"
    answer(client, "too late", old)
    answer(client, "too late, and it does not say for what")
    time.sleep(0.1)
    cell = begin(client, "ask two")
    asked = question(client, cell)
    answer(client, "for another question", old)  # while we wait
    assert not client.shell.poll(150)
    answer(client, "right", asked)
    assert client.reply().content["status"] == "ok"
    while client.receive(client.iopub).content.get("text") != "right\n":
        pass


def test_a_reply_without_a_parent_counts_when_it_comes_from_who_was_asked(client, connect):
    other = connect(client.kernel)
    other.run("result 1")
    cell = begin(client, "ask x")
    asked = question(client, cell)
    answer(other, "from somebody else")
    assert not client.shell.poll(150)
    answer(client, "mine")
    assert client.reply().content["status"] == "ok"
    assert asked.content["prompt"] == "x"


@pytest.mark.parametrize("content", [{}, {"value": None}, {"value": 3}, [], "text", None])
def test_a_reply_without_a_text_is_an_empty_answer(client, content):
    cell = begin(client, "ask x")
    answer(client, None, question(client, cell), content=content if content is not None else {"status": "ok"})
    assert client.reply().content["status"] == "ok"


def test_the_end_of_the_input(client):
    cell = begin(client, "ask x")
    answer(client, "\x04", question(client, cell))
    assert client.reply().content["ename"] == "ended"


def test_garbage_on_stdin_is_no_answer(client):
    client.stdin.send_multipart([b"garbage"])
    cell = begin(client, "ask x")
    asked = question(client, cell)
    client.stdin.send_multipart([b"garbage"])
    parts = client.parts("input_reply", {"value": "forged"})
    client.send_parts(parts, client.stdin, signature=b"0" * 64)
    client.send("execute_request", {"code": "print no"}, client.stdin)
    answer(client, "good", asked)
    assert client.reply().content["status"] == "ok"
    assert texts(client, cell) == "good\n"


# The language itself.

def test_a_number_from_the_user(deepwhy):
    cell = begin(deepwhy, 'n = number(ask("How many? "))\nn^2')
    asked = question(deepwhy, cell)
    assert asked.content == {"prompt": "How many? ", "password": False}
    answer(deepwhy, " 12 ", asked)
    assert deepwhy.reply().content["status"] == "ok"
    [result] = [m for m in deepwhy.outputs(cell) if m.type == "execute_result"]
    assert result.content["data"]["text/plain"] == "144"


def test_a_hidden_answer(deepwhy):
    cell = begin(deepwhy, 'secret = ask("Password: ", hidden = true)')
    asked = question(deepwhy, cell)
    assert asked.content["password"] is True
    answer(deepwhy, "xyzzy", asked)
    assert deepwhy.reply().content["status"] == "ok"
    assert not any("xyzzy" in json.dumps(m.content) for m in deepwhy.outputs(cell))


@pytest.mark.parametrize("code,words", [
    ('ask("x")', "nobody to answer"), ('[ask("x") for k in 1..9]', "nobody to answer")])
def test_the_error_says_where_and_what_to_try(deepwhy, code, words):
    reply, _ = deepwhy.run(code)
    assert reply.content["ename"] == "InputError" and words in reply.content["evalue"]
    assert "cell 1, line 1" in reply.content["traceback"][0] and "^" in reply.content["traceback"][0]


def test_sliders_ask_for_their_start_only(deepwhy):
    cell = begin(deepwhy, 'interact k = 2 in [1, 2, 3]\n  number(ask("x ")) + k\nend')
    answer(deepwhy, "40", question(deepwhy, cell))
    assert deepwhy.reply().content["status"] == "ok"
    film = [m for m in deepwhy.outputs(cell) if m.type.endswith("display_data")][-1]
    assert film.content["data"]["text/plain"].startswith("42")
    assert "ask before the block" in film.content["data"]["text/html"]


def test_each_element_of_a_list_is_asked_once_and_in_order(deepwhy):
    code = ("g(k) = do\n  c = number(ask(\"c{k}? \"))\n  minimize(x ↦ (x - k*c)^2, from = 0).x\nend\n"
            "[g(k) for k in 1..6]")
    cell = begin(deepwhy, code)
    for k in range(1, 7):
        asked = question(deepwhy, cell)
        assert asked.content["prompt"] == f"c{k}? "
        answer(deepwhy, str(k), asked)
    assert deepwhy.reply().content["status"] == "ok"
    [result] = [m for m in deepwhy.outputs(cell) if m.type == "execute_result"]
    assert result.content["data"]["text/plain"] == "[1, 4, 9, 16, 25, 36]"


def test_an_interrupted_question_of_the_language(deepwhy):
    question(deepwhy, begin(deepwhy, 'x = 1\nask("y")'))
    by_message(deepwhy)
    reply = deepwhy.reply()
    assert reply.content["ename"] == "KeyboardInterrupt" and reply.content["evalue"] == ""
    deepwhy.send("execute_request", {"code": "check x == 1"})
    assert deepwhy.reply().content["status"] == "ok"


# Clients that exist.

@pytest.fixture
def spec(tmp_path, monkeypatch):
    folder = tmp_path / "kernels/deepwhy"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({
        "argv": [os.path.abspath(DEEPWHY), "-f", "{connection_file}"], "display_name": "deepwhy", "language": "deepwhy",
        "interrupt_mode": "message"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    return tmp_path


def test_as_jupyter_client_answers(spec):
    manager, client = jupyter_client.manager.start_new_kernel(kernel_name="deepwhy")
    asked, said = [], []

    def hook(message):
        asked.append(message["content"])
        client.input("7")

    try:
        reply = client.execute_interactive('number(ask("n? "))^2', stdin_hook=hook, output_hook=said.append, timeout=20 * SLOW)
        assert reply["content"]["status"] == "ok" and asked == [{"prompt": "n? ", "password": False}]
        assert [m["content"]["data"]["text/plain"] for m in said if m["msg_type"] == "execute_result"] == ["49"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def test_nbclient_gets_an_error_and_no_wait(spec):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('ask("n? ")')])
    began = time.monotonic()
    with pytest.raises(nbclient.exceptions.CellExecutionError, match="nobody to answer"):
        nbclient.NotebookClient(book, kernel_name="deepwhy", timeout=30 * SLOW).execute(cwd=str(spec))
    assert time.monotonic() - began < 10 * SLOW

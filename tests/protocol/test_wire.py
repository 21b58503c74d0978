# SPDX-License-Identifier: BSD-3-Clause
"""Frames, signatures and hostile input: dropped or answered, never fatal."""
import json
import os
import random

import pytest
from rawkernel import DELIMITER, SLOW


def alive(client):
    """The kernel still works and owes nothing."""
    assert client.is_quiet()
    reply, outputs = client.run("result alive")
    assert reply.content["status"] == "ok"
    assert [m.type for m in outputs] == ["execute_input", "execute_result"]


def signed(client, parts, buffers=()):
    return [DELIMITER, client.sign(parts), *parts, *buffers]


def execute_parts(client, code="result 1"):
    return client.parts("execute_request", {"code": code})


BAD_SIGNATURES = {
    "empty": lambda s: b"", "short": lambda s: s[:-1], "long": lambda s: s + b"0",
    "one byte": lambda s: s[:1], "upper case": lambda s: s.upper(),
    "other": lambda s: bytes([s[0] ^ 1]) + s[1:], "huge": lambda s: s * 1000,
    "zeros": lambda s: b"\0" * len(s), "spaced": lambda s: b" " + s,
}


@pytest.mark.parametrize("name", BAD_SIGNATURES)
@pytest.mark.parametrize("channel", ["shell", "control"])
def test_bad_signature_is_dropped(client, name, channel):
    parts = client.parts("kernel_info_request", {})
    signature = BAD_SIGNATURES[name](client.sign(parts))
    client.send_parts(parts, getattr(client, channel), signature)
    alive(client)


def test_repeated_message_is_dropped(client):
    parts = execute_parts(client)
    client.send_parts(parts)
    assert client.reply().content["execution_count"] == 1
    client.outputs(json.loads(parts[0]))
    client.send_parts(parts)
    client.send_parts(parts)
    alive(client)


def test_garbage_does_not_poison_the_history_of_signatures(client):
    parts = execute_parts(client)
    good = client.sign(parts)
    broken = [parts[0], parts[1], parts[2], b"{}"]
    client.shell.send_multipart([DELIMITER, good, *broken])  # right signature of other bytes
    client.send_parts(parts)
    assert client.reply().content["status"] == "ok"
    client.outputs(json.loads(parts[0]))


FRAMES = {
    "nothing": [b""], "no delimiter": [b"a", b"b", b"c", b"d", b"e", b"f"],
    "delimiter only": [DELIMITER], "delimiter twice": [DELIMITER, DELIMITER],
    "delimiter inside a frame": [b"x" + DELIMITER + b"y", b"", b"{}", b"{}", b"{}", b"{}"],
    "signature only": [DELIMITER, b"0" * 64], "one short": [DELIMITER, b"0" * 64, b"{}", b"{}", b"{}"],
    "many": [b"x"] * 300, "too many": [DELIMITER] + [b""] * 6000,
}


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("channel", ["shell", "control"])
def test_bad_framing_is_dropped(client, name, channel):
    getattr(client, channel).send_multipart(FRAMES[name])
    alive(client)


def bad_parts(client):
    """Signed messages that are no proper requests."""
    head, parent, meta, content = execute_parts(client)
    nest = b"[" * 3000 + b"]" * 3000
    no_type = json.dumps({"msg_id": "1", "session": "s"}).encode()
    return {
        "header no JSON": [b"{", parent, meta, content],
        "header empty": [b"", parent, meta, content],
        "header a list": [b"[]", parent, meta, content],
        "header a text": [b'"x"', parent, meta, content],
        "header without msg_type": [no_type, parent, meta, content],
        "msg_type a number": [b'{"msg_type":3}', parent, meta, content],
        "parent no JSON": [head, b"}", meta, content],
        "metadata no JSON": [head, parent, b"nope", content],
        "content no JSON": [head, parent, meta, b'{"code":'],
        "content with NaN": [head, parent, meta, b'{"code": NaN}'],
        "content too deep": [head, parent, meta, b'{"code":"1","x":' + nest + b"}"],
        "header too deep": [b'{"msg_type":"execute_request","x":' + nest + b"}", parent, meta, content],
        "content not UTF-8": [head, parent, meta, b'{"code":"\xff\xfe"}'],
        "header not UTF-8": [b'{"msg_type":"\xff"}', parent, meta, content],
        "content with trailing text": [head, parent, meta, content + b"x"],
        "NUL in a key": [head, parent, meta, b'{"code":"1","a\\u0000":1}'],
    }


@pytest.mark.parametrize("name", [
    "header no JSON", "header empty", "header a list", "header a text", "header without msg_type",
    "msg_type a number", "parent no JSON", "metadata no JSON", "content no JSON", "content with NaN",
    "content too deep", "header too deep", "content not UTF-8", "header not UTF-8",
    "content with trailing text", "NUL in a key"])
def test_bad_parts_are_dropped_without_status(client, name):
    client.send_parts(bad_parts(client)[name])
    alive(client)


@pytest.mark.parametrize("content", ["[]", "3", '"text"', "null", "{}", '{"code": null}',
                                     '{"code": 7}', '{"code": ["x"]}', '{"code": "1", "x": 1e400}',
                                     '{"code": "1", "x": [-1e999, %s]}' % ("9" * 400)])
def test_wrong_content_gets_an_error_reply_and_idle(client, content):
    head, parent, meta, _ = execute_parts(client)
    client.send_parts([head, parent, meta, content.encode()])
    reply = client.reply()
    assert reply.type == "execute_reply" and reply.content["status"] == "error"
    assert [m.type for m in client.outputs(json.loads(head))] == ["status", "status"]
    alive(client)


def test_numbers_beyond_all_reals_elsewhere_do_no_harm(client):
    head, parent, meta, content = execute_parts(client)
    client.send_parts([head, b'{"x": 1e400}', b'{"x": 1e400}', content])
    assert client.reply().content["status"] == "ok"
    client.outputs(json.loads(head))
    client.send_parts(client.parts("comm_open", {})[:3] + [b'{"comm_id": 1e400}'])
    for _ in range(2):
        assert client.receive(client.iopub).type == "status"
    alive(client)


@pytest.mark.parametrize("kind", ["complete_request", "inspect_request", "is_complete_request"])
def test_missing_code_gets_an_error_reply(client, kind):
    reply, outputs = client.ask(kind, {})
    assert reply.content["status"] == "error" and outputs == []


def test_unknown_subshell_gets_an_error_reply(client):
    header = client.send("execute_request", {"code": "result 1"},
                         header=client.header("execute_request", subshell_id="nobody"))
    assert client.reply().content["status"] == "error"
    assert len(client.outputs(header)) == 2
    header = client.send("execute_request", {"code": ""},
                         header=client.header("execute_request", subshell_id=None))
    assert client.reply().content["status"] == "ok"
    client.outputs(header)


@pytest.mark.parametrize("code,text", [
    (r"print a\u0000b", "a\0b\n"), (r"print \ud800 lone", "\ufffd lone\n"),
    (r"print \udc00\ud83d", "\ufffd\ufffd\n"), (r"print \ud83d\ude00", "\U0001f600\n"),
    (r"print \\ud800", "\\ud800\n")])
def test_odd_escapes_in_code(client, code, text):
    head, parent, meta, _ = execute_parts(client)
    client.send_parts([head, parent, meta, b'{"code":"' + code.encode() + b'"}'])
    reply = client.reply()
    seen = [m for m in client.outputs(json.loads(head))]
    if "u0000" in code:  # the mock stops reading a cell at NUL; the code itself is echoed whole
        assert seen[1].content["code"] == "print a\0b"
    else:
        assert [m.content["text"] for m in seen if m.type == "stream"] == [text]
    assert reply.content["status"] == "ok"


@pytest.mark.parametrize("pos", [10 ** 30, -10 ** 30, 3.0, 1e300, None, "x", True])
def test_odd_numbers(client, pos):
    reply, _ = client.ask("complete_request", {"code": "pri", "cursor_pos": pos})
    assert reply.content["status"] == "ok"
    assert reply.content["cursor_end"] <= 3


def test_identities_and_parent_come_back_unchanged(client):
    raw = (b'{"msg_type" :  "kernel_info_request","msg_id":"\\u0041","odd":[1.50,{"deep":null}],'
           b'"date":"yesterday","session":"","subshell_id":null,"username":"\xc3\xa9"}')
    parts = [raw, b"{}", b"{}", b"{}"]
    client.shell.send_multipart([b"first", b"", b"third", *signed(client, parts)])
    frames = client.shell.recv_multipart()
    assert frames[:3] == [b"first", b"", b"third"] and frames[3] == DELIMITER
    assert frames[6] == raw
    for _ in range(2):
        message = client.receive(client.iopub)
        if message.content.get("execution_state") != "starting":
            assert message.frames[message.at + 3] == raw


@pytest.mark.parametrize("metadata", [
    b'{"cellId":"x","deletedCells":["y"],"recordTiming":true}', b'{"cellId":null,"deletedCells":7}', b"[]", b"null", b'"x"'])
def test_metadata_of_clients_is_tolerated(client, metadata):
    head, parent, _, content = execute_parts(client)
    client.send_parts([head, parent, metadata, content])
    assert client.reply().content["status"] == "ok"
    client.outputs(json.loads(head))
    alive(client)


def test_buffers_are_carried_and_ignored(client):
    parts = client.parts("comm_msg", {"comm_id": "x", "data": {}})
    client.send_parts(parts, buffers=[b"\0" * 100, b"", os.urandom(1000)])
    assert len(client.outputs(json.loads(parts[0]))) == 2
    alive(client)


def test_huge_code(client):
    code = "print " + "x" * (8 << 20)
    reply, outputs = client.run(code, timeout=60)
    assert reply.content["status"] == "ok"
    assert outputs[0].content["code"] == code
    assert sum(len(m.content["text"]) for m in outputs[1:]) == (8 << 20) + 1


@pytest.mark.parametrize("scheme", ["hmac-sha256", "hmac-sha512", "hmac-sha1", "hmac-md5"])
@pytest.mark.parametrize("key", ["short", "0123abcd-" * 30, "schlüssel"])
def test_schemes_and_keys(start, connect, scheme, key):
    alive(connect(start(scheme=scheme, key=key)))


def test_empty_key_turns_signing_off(start, connect):
    client = connect(start(key=""))
    parts = execute_parts(client)
    for signature in (b"", b"anything", b""):  # no replay check either
        client.send_parts(parts, signature=signature)
        reply = client.reply()
        assert reply.content["status"] == "ok" and reply.frames[reply.at + 1] == b""
        client.outputs(json.loads(parts[0]))


def test_random_frames(client):
    """A thousand damaged messages, then work as before."""
    dice = random.Random(2)
    for _ in range(1000):
        frames = signed(client, execute_parts(client, ""))
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(frames))
            data = bytearray(frames[at])
            if data and dice.random() < 0.7:
                data[dice.randrange(len(data))] = dice.randrange(256)
                frames[at] = bytes(data)
            elif len(frames) > 1:
                del frames[at]
        client.shell.send_multipart(frames)
    header = client.send("kernel_info_request")
    while client.reply(20).parent_header != header:
        pass
    while client.receive(client.iopub, 20).parent_header != header:
        pass
    assert client.receive(client.iopub, 5 * SLOW).content["execution_state"] == "idle"

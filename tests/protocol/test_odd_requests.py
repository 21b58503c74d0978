# SPDX-License-Identifier: BSD-3-Clause
"""Random requests that are signed as they should be and odd in what they say: any field gone, of another kind, or damaged.

A front end in error, or one of a later protocol, may send anything. Whatever comes, the kernel lives, signs what it says, and
answers the next good request on both channels. WALK=20000 sends so many; WALK_SEED=N sends others.
"""
import copy
import json
import os
import random

import zmq
from rawkernel import DELIMITER
from test_widgets import PLOT

COUNT = int(os.environ.get("WALK", "2000"))
SEED = int(os.environ.get("WALK_SEED", "1"))
REQUESTS = [
    ("execute_request", {"code": "a = [1, 2, 3]\nplot(x ↦ x², 0..1)", "silent": False, "store_history": True, "allow_stdin": True,
                         "stop_on_error": True, "user_expressions": {"sum": "1 + 1", "half": "1 +"}}),
    ("execute_request", {"code": PLOT, "allow_stdin": True}),
    ("execute_request", {"code": "x = 2\nx +", "silent": True}),
    ("complete_request", {"code": "plo(x)\nα = sum", "cursor_pos": 3}),
    ("inspect_request", {"code": "plot(sin)", "cursor_pos": 2, "detail_level": 1}),
    ("is_complete_request", {"code": "for k in 1..3"}),
    ("history_request", {"output": False, "raw": True, "hist_access_type": "range", "session": 0, "start": 1, "stop": 5}),
    ("history_request", {"output": True, "raw": True, "hist_access_type": "search", "n": 10, "pattern": "[a-z]*?x*", "unique": True}),
    ("history_request", {"output": True, "raw": True, "hist_access_type": "tail", "n": 3}),
    ("comm_open", {"comm_id": "ours", "target_name": "jupyter.widget", "data": {"state": {"a": 1}, "buffer_paths": []}}),
    ("comm_open", {"comm_id": "all", "target_name": "jupyter.widget.control", "data": {}}),
    ("comm_msg", {"comm_id": "ours", "data": {"method": "update", "state": {"value": 3}, "buffer_paths": [["state", 0]]}}),
    ("comm_msg", {"comm_id": "ours", "data": {"method": "request_state"}}),
    ("comm_msg", {"comm_id": "all", "data": {"method": "request_states"}}),
    ("comm_close", {"comm_id": "ours", "data": {}}),
    ("comm_info_request", {"target_name": "jupyter.widget"}),
    ("kernel_info_request", {}), ("connect_request", {}), ("usage_request", {}), ("create_subshell_request", {}),
    ("list_subshell_request", {}), ("delete_subshell_request", {"subshell_id": "1"}),
    ("debug_request", {"command": "x", "arguments": {}}), ("interrupt_request", {}),
]
ODD = [None, True, False, 0, -1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, -2 ** 63, 10 ** 30, 3.5, 1e300, float("inf"), "", "x",
       "\0", "\ud800", "\u202e\0\uffff\U0010ffff", "é" * 5, "a" * 3000, "../../../etc/passwd", "%s%n%d", "\x1b[31m", [], [[]],
       {}, {"": ""}, {"a": {"b": {"c": [1, 2, {"d": None}]}}}, [None] * 50, ["x", "y"]]
PIECES = ["\0", "\ud800", "(", ")", '"', "[", "{", "end\n", "'", "\\", "∇", "²", "\n", "\r", "\t", "…", "↦"]


class Walk:
    """Makes odd requests, and remembers the comms of which the kernel spoke, so that some are about them."""

    def __init__(self, client):
        self.client, self.dice, self.comms, self.answers = client, random.Random(SEED), [], 0

    def odd(self, value, depth=0):
        dice = self.dice
        if depth < 3 and isinstance(value, dict) and value and dice.random() < 0.75:
            key, chance = dice.choice(list(value)), dice.random()
            if chance < 0.1:
                del value[key]
            elif chance < 0.17:
                value[dice.choice(["", "code", "msg_id", "\0", "x" * dice.randint(1, 300)])] = dice.choice(ODD)
            else:
                value[key] = self.odd(value[key], depth + 1)
            return value
        if isinstance(value, list) and value and dice.random() < 0.5:
            at = dice.randrange(len(value))
            return [*value[:at], self.odd(value[at], depth + 1), *value[at + 1:]]
        if isinstance(value, str) and value and dice.random() < 0.5:
            at = dice.randrange(len(value) + 1)
            return value[:at] + dice.choice(PIECES) + value[at + dice.randint(0, 2):]
        return copy.deepcopy(dice.choice(ODD))

    def json(self, value):
        data = json.dumps(value, ensure_ascii=self.dice.random() < 0.5).encode("utf-8", "surrogatepass")
        if self.dice.random() < 0.03:
            at = self.dice.randrange(len(data))
            data = data[:at] + bytes([self.dice.randrange(256)]) + data[at + self.dice.randint(0, 1):]
        return data

    def send(self):
        dice = self.dice
        kind, content = copy.deepcopy(dice.choice(REQUESTS))
        parts = {"header": self.client.header(kind), "parent": {}, "metadata": {}, "content": content}
        if "comm_id" in content and self.comms and dice.random() < 0.7:
            content["comm_id"] = dice.choice(self.comms)
        if dice.random() < 0.1:
            parts["parent"] = {"msg_id": "x", "session": "y", "msg_type": "execute_request"}
            parts["metadata"] = {"deletedCells": ["a"], "cellId": "u", "recordTiming": False}
        if dice.random() < 0.03:
            parts["header"]["subshell_id"] = dice.choice(ODD)
        for name in dice.choice([["content"], ["content"], ["header"], ["header", "content"], ["parent"], ["metadata"], []]):
            parts[name] = self.odd(parts[name])
        buffers = [bytes(dice.randrange(60)) for _ in range(dice.choice([0, 0, 0, 1, 2, 40]))]
        self.client.send_parts([self.json(part) for part in parts.values()], dice.choice([self.client.shell, self.client.control]),
                               buffers=buffers)

    def take(self, socket):
        """The id of the request that the next message of a socket answers, and its content, looked at as far as holds for an
        answer to an odd request."""
        frames = socket.recv_multipart()
        at = frames.index(DELIMITER)
        assert frames[at + 1] == self.client.sign(frames[at + 2:at + 6])
        header, parent, metadata, content = map(json.loads, frames[at + 2:at + 6])
        assert all(isinstance(part, dict) for part in (header, parent, metadata, content)) and header["msg_type"]
        if header["msg_type"] == "comm_open" and len(self.comms) < 50:
            self.comms.append(content["comm_id"])
        self.answers += 1
        return parent.get("msg_id"), content

    def ask(self, socket, kind, content):
        """The content of the reply to a good request; takes what came before it, there and elsewhere."""
        header = self.client.send(kind, content, socket)
        every = [self.client.shell, self.client.control, self.client.iopub]
        poller = zmq.Poller()
        for other in every:
            poller.register(other, zmq.POLLIN)
        while True:
            came = [other for other, _ in poller.poll(60_000)]
            assert came, "no answer"
            self.client.kernel.check_alive()
            for other in came:
                request, reply = self.take(other)
                if request == header["msg_id"] and other is socket:
                    return reply


def test_odd_requests(deepwhy):
    walk = Walk(deepwhy)
    for number in range(COUNT):
        walk.send()
        if number % 20 == 19:
            for socket in (deepwhy.shell, deepwhy.control):
                assert walk.ask(socket, "kernel_info_request", {})["status"] == "ok"
    assert walk.answers > COUNT and walk.comms
    assert walk.ask(deepwhy.shell, "execute_request", {"code": "6 * 7"})["status"] == "ok"

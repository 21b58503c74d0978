# SPDX-License-Identifier: BSD-3-Clause
"""The n-th call of a kind fails, n = 1, 2, 3 …, while a kernel answers requests that touch all of it.

Each time there must be one reply and one idle, as usual or with a clear error, and the next cell runs. When *all*
memory is gone from the n-th allocation on, the kernel may also end, with a sentence. It never hangs.

FAULTS_EVERY=1 tries every n for memory that is gone for good (a new kernel each time: minutes); usually each 17th.
"""
import errno
import json
import os
import time

import pytest
from rawkernel import SLOW

EVERY = int(os.environ.get("FAULTS_EVERY", "17"))
CELLS = {
    "values": "x = [1, 2; 3, 4]\nprint(x)\nx*x",
    "a figure": "plot(sin, 0..1)",
    "a mistake": "y = 2x",
    "printing": 'for k in 1..300\n  print("line {k}")\nend',
    "files": 'save(table(x = 1..3), "t.csv")\nsave((a = 1), "m.npz")\nload("t.csv").x',
    "training": "seed(1)\nround(train(1 → 3 → tanh → 1, table(x = 1..4, y = x ↦ x²), steps = 20).loss, 6)",
    "sliders": "interact a = 1 in 1..3 by 1\n  plot(x ↦ a*x, 0..1)\nend",
}
REQUESTS = {name: ("execute_request", {"code": code}) for name, code in CELLS.items()} | {
    "completion": ("complete_request", {"code": "plo", "cursor_pos": 3}),
    "inspection": ("inspect_request", {"code": "plot", "cursor_pos": 3, "detail_level": 0}),
    "a whole cell?": ("is_complete_request", {"code": "if x"}),
    "history": ("history_request", {"hist_access_type": "tail", "n": 5, "output": False, "raw": True}),
    "kernel info": ("kernel_info_request", {}),
    "comms": ("comm_info_request", {}),
}


class Ended(Exception):
    """The kernel is no more; its last words."""


def wait_for(bench, socket, seconds=5):
    end = time.monotonic() + seconds * SLOW
    while not socket.poll(20):
        if bench.kernel.process.poll() is not None:
            raise Ended(bench.kernel.process.poll(), bench.kernel.process.stderr.read().decode())
        assert time.monotonic() < end, "the kernel hangs"
    return bench.client.receive(socket)


def ask(bench, request):
    """The reply, once idle has come as well."""
    client = bench.open()
    header = client.send(*request)
    reply = wait_for(bench, client.shell)
    assert reply.parent_header == header
    while True:
        message = wait_for(bench, client.iopub)
        if message.parent_header == header and message.content.get("execution_state") == "idle":
            return reply


def count(bench, kind, request):
    ask(bench, request)
    bench.faults.arm(kind)
    usual = ask(bench, request)
    time.sleep(0.01)
    return bench.faults.disarm()[0], usual


def is_as_usual(reply, usual):
    known = ("status", "ename", "evalue")
    return [reply.content.get(k) for k in known] == [usual.content.get(k) for k in known]


def check_next(bench):
    reply, outputs = bench.client.run("[20, 1] + 1")
    assert reply.content["status"] == "ok"
    assert outputs[-1].content["data"]["text/plain"] == "[21, 2]"


# hmac-sha256 is computed without an allocation, the others by libcrypto with many.
@pytest.mark.parametrize("scheme,name", [*(("hmac-sha256", name) for name in REQUESTS), ("hmac-sha512", "a whole cell?")])
def test_one_allocation_fails(shimmed, scheme, name):
    shimmed.open(scheme=scheme)
    calls, usual = count(shimmed, "memory", REQUESTS[name])
    assert calls > 20
    for n in range(1, calls + 1):
        shimmed.faults.arm("memory", n, errno.ENOMEM)
        reply = ask(shimmed, REQUESTS[name])
        shimmed.faults.disarm()
        assert is_as_usual(reply, usual) or reply.content.get("ename") == "MemoryError" or (
            name == "a whole cell?" and reply.content["status"] == "complete"), (n, reply.content)
        check_next(shimmed)


@pytest.mark.parametrize("name", REQUESTS)
def test_memory_is_gone_for_good(shimmed, name):
    calls, _ = count(shimmed, "memory", REQUESTS[name])
    for n in range(1, calls + 1, EVERY):
        shimmed.open()
        shimmed.faults.arm("memory", n, errno.ENOMEM, on=True)
        try:
            ask(shimmed, REQUESTS[name])
            shimmed.faults.disarm()
            check_next(shimmed)
        except Ended as end:
            code, words = end.args
            assert code == 1 and "no memory left" in words, (n, code, words)
            shimmed.faults.disarm()
            shimmed.client.close()
            shimmed.kernel.folder.cleanup()
            shimmed.kernel = shimmed.client = None


def test_memory_is_gone_at_the_start(shimmed):
    """The n-th allocation after the program began: it runs, or says why not."""
    ended = set()
    for n in [*range(1, 60), *range(60, 1000, 3 * EVERY)]:
        shimmed.faults.arm("memory", n, errno.ENOMEM)
        try:
            shimmed.open()
            shimmed.faults.disarm()
            check_next(shimmed)
            shimmed.close()
        except AssertionError as problem:
            ended.add(str(problem))
            shimmed.faults.disarm()
    assert ended and all("'deepwhy: cannot" in words for words in ended), ended


# What goes on without a trace after EINTR; what is an error of the language otherwise.
CALLS = [("zmq send", errno.EINTR, None), ("zmq recv", errno.EINTR, None), ("zmq poll", errno.EINTR, None),
         ("read", errno.EINTR, None), ("write", errno.EINTR, None), ("poll", errno.EINTR, None),
         ("read", errno.EIO, {"PlotError", "FileError"}), ("write", errno.ENOSPC, {"PlotError", "FileError"}),
         ("poll", errno.ENOMEM, {"PlotError"}), ("open", errno.EMFILE, {"PlotError", "FileError"}),
         ("rename", errno.EACCES, {"FileError"})]


@pytest.mark.parametrize("kind,error,names", CALLS, ids=lambda x: errno.errorcode.get(x) if isinstance(x, int) else None)
def test_one_call_fails(shimmed, kind, error, names):
    reached = 0
    for request in REQUESTS.values():
        calls, usual = count(shimmed, kind, request)
        for n in range(1, calls + 1, 1 if calls < 100 else 5):
            shimmed.faults.arm(kind, n, error)
            reply = ask(shimmed, request)
            reached += shimmed.faults.disarm()[1]
            assert is_as_usual(reply, usual) or names and reply.content["ename"] in names and len(
                reply.content["evalue"]) > 20, (n, reply.content)
            check_next(shimmed)
    assert reached


def test_a_full_disk_keeps_the_old_file(shimmed):
    """save writes beside the old file and then takes its place, so a failure loses nothing."""
    client = shimmed.open()
    assert client.run('save([1, 2, 3], "kept.csv")')[0].content["status"] == "ok"
    for kind, error, words in [("write", errno.ENOSPC, "the disk is full"), ("close", errno.EDQUOT, "the disk is full"),
                               ("rename", errno.EROFS, "may not be used"), ("open", errno.EROFS, "may not be used")]:
        shimmed.faults.arm(kind, 1, error, on=True)
        reply, _ = client.run('save([9, 9, 9], "kept.csv")')
        shimmed.faults.disarm()
        assert reply.content["ename"] == "FileError" and "kept.csv" in reply.content["evalue"], json.dumps(reply.content)
        assert words in reply.content["evalue"]
        reply, outputs = client.run('load("kept.csv")')
        assert outputs[-1].content["data"]["text/plain"] == "[1, 2, 3]"
        assert sorted(os.listdir(shimmed.folder)) == ["kept.csv", "orders"]

# SPDX-License-Identifier: BSD-3-Clause
"""Restarts on the same ports while requests are under way: each is answered, by the kernel that ends or by the one that begins.

SOAK_RESTARTS=50 is the long form.
"""
from rawkernel import SLOW, Client
from soak import amount

RESTARTS = amount("RESTARTS", 10)
BURST = 20


def send_burst(client):
    return [client.send("execute_request", {"code": f"{k} + 1"}) for k in range(BURST)]


def take_burst(client, headers):
    for header in headers:
        reply = client.reply(20)
        assert reply.parent_header == header and reply.content["status"] == "ok"
    return reply.header["session"]


def test_no_reply_is_lost(kernel):
    sessions, client = set(), Client(kernel)
    for _ in range(RESTARTS):
        headers = send_burst(client)
        last = client.send("shutdown_request", {"restart": True})  # on shell: behind the cells, whose replies are on their way
        sessions.add(take_burst(client, headers))
        assert client.reply().parent_header == last
        assert kernel.process.wait(3 * SLOW) == 0
        kernel.process.stderr.close()
        client.close()
        client = Client(kernel, welcome=False)  # it asks before the next kernel is there
        headers = send_burst(client)
        kernel.start()
        assert client.receive(client.iopub).type == "iopub_welcome"
        take_burst(client, headers)
    client.close()
    assert len(sessions) == RESTARTS

# SPDX-License-Identifier: BSD-3-Clause
"""Many kernels at a time, each asked again and again: all answer.

SOAK_KERNELS=200 SOAK_SECONDS=600 is the long form.
"""
import random
import time

import zmq
from rawkernel import DEEPWHY, SLOW, Client, Kernel
from soak import Holdings, allow_many_files, amount

KERNELS, SECONDS = amount("KERNELS", 10), amount("SECONDS", 2)
CELLS = {"{k} + 1": "{next}", "f(x) = {k}*x\nf(1) + 1": "{next}", "round(minimize(x ↦ (x - {k})², from = 20).x)": "{k}",
         "count(train(1 → 4 → tanh → 1, table(x = [0, 1], y = [1, 2]), steps = {k}).history.step) > 0": "true",
         "plot(x ↦ {k}*x, 0..1)": None}


def ask(client, dice):
    k = dice.randrange(1, 100)
    code, answer = dice.choice(list(CELLS.items()))
    header = client.send("execute_request", {"code": code.format(k=k)})
    return header, time.monotonic(), answer and answer.format(k=k, next=k + 1)


def take(client, question):
    """Checks the answer; how long it took."""
    header, start, answer = question
    reply = client.reply(0)
    took = time.monotonic() - start
    assert reply.parent_header == header and reply.content["status"] == "ok", reply.content
    shown = client.outputs(header)[2].content["data"]
    assert shown["text/plain"] == answer if answer else "image/svg+xml" in shown
    return took


def test_all_answer():
    allow_many_files()
    dice, kernels, clients, waits = random.Random(7), [], {}, []
    try:
        for _ in range(KERNELS):
            kernels.append(Kernel(DEEPWHY))
            client = Client(kernels[-1])
            clients[client.shell] = client
        first = [Holdings(k.process.pid) for k in kernels]
        poller = zmq.Poller()
        open_questions = {}
        for socket, client in clients.items():
            poller.register(socket, zmq.POLLIN)
            open_questions[socket] = ask(client, dice)
        end, pause = time.monotonic() + SECONDS, {}
        while open_questions or pause:
            now = time.monotonic()
            for socket in [s for s, until in pause.items() if until < now]:
                del pause[socket]
                if now < end:
                    open_questions[socket] = ask(clients[socket], dice)
            for socket, _ in poller.poll(20):
                waits.append(take(clients[socket], open_questions.pop(socket)))
                pause[socket] = now + dice.random() * min(2, SECONDS / 4)  # about what a class does
            assert all(now - start < 30 * SLOW for _, start, _ in open_questions.values()), "a kernel is silent"
        waits.sort()
        held = [Holdings(k.process.pid) for k in kernels]
        print(f"{len(waits)} cells by {KERNELS} kernels; half answered within {waits[len(waits) // 2] * 1000:.1f} ms, all within "
              f"{waits[-1] * 1000:.0f} ms; {sum(h.kilobytes for h in first) >> 10} MB, {sum(h.kilobytes for h in held) >> 10} MB after")
        assert len(waits) >= KERNELS and all(k.process.poll() is None for k in kernels)
    finally:
        for client in clients.values():
            client.close()
        for kernel in kernels:
            kernel.stop()

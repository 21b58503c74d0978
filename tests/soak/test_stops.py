# SPDX-License-Identifier: BSD-3-Clause
"""Trainings stopped at random moments: what is left is a whole net, and the same numbers lead to it again.

SOAK_STOPS=1000 is the long form.
"""
import random
import signal
import time

from soak import amount

STOPS = amount("STOPS", 30)
BEGIN = """data = table(x = linspace(-1..1, 200), y = x ↦ sin(3*x))
seed(1)
net = 1 → 16 → tanh → 1
wide = 1 → 8 → dropout(0.2) → tanh → 1
w = params(net)
before = mean((net(x) - y)² for x, y in data)"""
# how the net is trained, and whether the weights at the end are those of the last step, so that the same number of steps gives them again
WAYS = {
    "train(net, data, steps = {}, seed = {})": True,
    "train(net, data, steps = {}, batch = 8, seed = {})": True,
    "train(net, data, steps = {}, precision = \"single\", batch = 20, seed = {})": True,
    "train(wide, data, steps = {}, optimizer = \"rmsprop\", rate = 0.001, seed = {})": True,
    "train(net, data, steps = {}, optimizer = \"momentum\", seed = {})": True,
    "train(net, data, steps = {}, validate = 0.2, seed = {})": False,
    "train(net, data, steps = {}, optimizer = \"lbfgs\", seed = {})": False,
}


def value(client, code):
    reply, outputs = client.run(code, timeout=60)
    assert reply.content["status"] == "ok", (code, reply.content)
    return outputs[-1].content["data"]["text/plain"]


def stop(client, dice, code):
    """Runs a cell and interrupts it; the reply."""
    header = client.send("execute_request", {"code": code})
    time.sleep(dice.random() ** 2 * 0.05)
    client.kernel.process.send_signal(signal.SIGINT)
    while not client.shell.poll(500):  # it may have come before the cell began
        client.kernel.process.send_signal(signal.SIGINT)
    reply = client.reply()
    client.outputs(header, 20)
    return reply


def test_stopped_trainings(client):
    dice, seen, steps = random.Random(3), {"trained": 0, "nothing": 0}, []
    assert client.run(BEGIN)[0].content["status"] == "ok"
    for turn in range(STOPS):
        way, is_last = list(WAYS.items())[turn % len(WAYS)]
        seed = dice.randrange(1000)
        client.run("fit = 0")
        reply = stop(client, dice, "fit = " + way.format("1e9", seed))
        if reply.content["status"] == "error":  # so early that there was no net to give
            assert reply.content["ename"] == "KeyboardInterrupt"
            assert value(client, "fit") == "0"
            seen["nothing"] += 1
            continue
        seen["trained"] += 1
        steps.append(int(value(client, "fit.steps")))
        # whole, and no worse than it began
        assert value(client, "[all(abs(params(fit)) < 1e6), fit.loss ≥ 0, fit.loss < 1.5*before]") == "[true, true, true]"
        assert value(client, "[all(params(net) == w), fit.best ≤ fit.steps]") == "[true, true]"
        if is_last:  # so many steps with this seed are these weights
            again = way.format("fit.steps", seed)
            assert value(client, f"all(params({again}) == params(fit))") == "true", (way, seed, steps[-1])
        go_on = f"params({way.replace('net', 'fit').replace('wide', 'fit').format(20, seed)})"
        assert value(client, f"all({go_on} == {go_on})") == "true"
    print(seen, "after", min(steps), "to", max(steps), "steps")
    assert seen["trained"] > STOPS / 2

# SPDX-License-Identifier: BSD-3-Clause
"""A large training shows how far it is in one display that changes in place; only its end stays."""
import datetime
import os
import signal
import time

from rawkernel import DEEPWHY, SLOW

# Steps too small for the weights to change never better the validation, so `patience` says exactly when it ends; what may come
# (1e9 steps) makes it a large training from its first step on.
DATA = "t = table(x = linspace(-1..1, 400), y = x ↦ sin(5*x))\nnet = 1 → 32 → tanh → 32 → tanh → 1\n"
TRAIN = 'train(net, t, validate = 0.2, optimizer = "sgd", rate = 1e-300, steps = 1e9, patience = {})'
STEPS = int(4000 / SLOW)  # about a second


def shown(outputs):
    return [m for m in outputs if m.type.endswith("display_data")]


def plain(message):
    return message.content["data"]["text/plain"]


def written(message):
    return datetime.datetime.fromisoformat(message["header"]["date"].replace("Z", "+00:00"))


def test_one_display_changes_in_place(deepwhy):
    reply, outputs = deepwhy.run(DATA + "fit = " + TRAIN.format(STEPS), timeout=20)
    assert reply.content["status"] == "ok"
    first, *others = shown(outputs)
    assert first.type == "display_data" and {m.type for m in others} == {"update_display_data"}
    assert len({m.content["transient"]["display_id"] for m in shown(outputs)}) == 1
    assert plain(first) == "step 0 of 1000000000 " + 20*"░"
    passing, last = others[:-2], others[-1]
    assert passing and all("step " in plain(m) and " left" in plain(m) for m in passing)
    assert any(list(m.content["data"]) == ["text/html", "text/plain"] for m in passing)
    # at most ten a second: the two of the end follow at once
    spent = (written(passing[-1]) - written(first)).total_seconds()
    assert len(passing) <= 10*spent + 1
    assert plain(last).startswith(f"{STEPS} of 1000000000 steps, loss ") and plain(last).endswith(" at step 0")
    assert list(last.content["data"]) == ["text/html", "image/svg+xml", "application/pdf", "text/plain"]
    assert last.content["metadata"]["alt"].startswith(f"Plot “{STEPS} of 1000000000 steps, loss ")


def test_the_end_is_the_same_in_every_kernel(start, connect):
    cell = DATA + "fit = " + TRAIN.format(int(300 / SLOW)) + "\nplot(fit.history)"
    ends = []
    for _ in range(2):
        outputs = connect(start(DEEPWHY)).run(cell, timeout=20)[1]
        ends.append([m.content["data"] for m in shown(outputs)][-2:])
    assert ends[0] == ends[1] and all("image/svg+xml" in data for data in ends[0])


def test_many_trainings_share_a_display(deepwhy):
    each = TRAIN.format(int(300 / SLOW))
    cells = [f"[{each}.loss for run in 1..12]",  # side by side, and one after the other
             f"for run in 1..6\n  fit = {each}\nend"]
    for cell in cells:
        outputs = deepwhy.run(DATA + cell, timeout=20)[1]
        first, *others = shown(outputs)
        assert first.type == "display_data" and {m.type for m in others} == {"update_display_data"}
        count = 12 if "12" in cell else 6
        assert f" of {count}" in plain(first) and plain(others[-1]).startswith(f"{count} trainings, loss ")
        assert list(others[-1].content["data"]) == ["text/plain"]


def test_an_interrupt_leaves_how_far_it_came(deepwhy):
    header = deepwhy.send("execute_request", {"code": DATA + "fit = " + TRAIN.format(10**8)})
    deepwhy.see(header, "update_display_data", 20)
    began = time.monotonic()
    os.kill(deepwhy.kernel.process.pid, signal.SIGINT)
    reply = deepwhy.reply(20)
    assert time.monotonic() - began < 0.2 * SLOW
    assert reply.content["status"] == "ok"  # it was the cell's last statement, and it has a value
    outputs = deepwhy.outputs(header, 20)
    last = shown(outputs)[-1]
    assert plain(last).startswith("stopped after ") and " of 1000000000 steps, loss " in plain(last)
    assert "image/svg+xml" in last.content["data"]
    assert sum(plain(m).startswith("stopped after ") for m in shown(outputs)) == 1  # whoever stops it waits for one picture only
    assert [m.content["text"] for m in outputs if m.type == "stream"] == [
        "the training was stopped; this is the best net so far\n"]
    reply, outputs = deepwhy.run("fit.steps > 0")
    assert reply.content["status"] == "ok" and outputs[-1].content["data"]["text/plain"] == "true"


def test_nobody_watches_a_silent_cell(deepwhy):
    outputs = deepwhy.run(DATA + "fit = " + TRAIN.format(100), timeout=20, silent=True)[1]
    assert not shown(outputs)


def test_frames_of_sliders_have_none(deepwhy):
    cell = DATA + "interact k = 100 in [100, 200]\n  " + TRAIN.format("k") + ".steps\nend"
    ids = [m.content["transient"].get("display_id", "") for m in shown(deepwhy.run(cell, timeout=20)[1])]
    assert len({i for i in ids if i.startswith("train-")}) == 1  # of the start

# SPDX-License-Identifier: BSD-3-Clause
"""What a cell put out while nobody looked can be shown again."""
import os
import signal

from rawkernel import DEEPWHY


def shown(outputs):
    return [m.content["data"] for m in outputs if m.type in ("display_data", "execute_result")]


def words(outputs):
    return "".join(m.content["text"] for m in outputs if m.type == "stream")


def test_a_closed_notebook_sees_all_later(start, connect):
    kernel = start(DEEPWHY)
    first = connect(kernel)
    first.run("t = table(x = linspace(-1..1, 100), y = x ↦ x²)")
    cell = first.send("execute_request", {"code": "print(\"begin\")\nplot(t)\nfit = train(1 → 16 → tanh → 1, t, steps = 1e9, "
                                                  "validate = 0.2, optimizer = \"sgd\", rate = 1e-300, patience = 2000)\n"
                                                  "fit.best"})
    first.see(cell, "display_data", 30)  # the plot is there, and the training begins
    first.close()  # the tab is closed
    second = connect(kernel)
    asked = second.send("kernel_info_request")
    second.reply(30)  # the cell has ended
    while second.receive(second.iopub).parent_header != asked:  # what it said at the end reached this tab too
        pass
    assert second.receive(second.iopub).content == {"execution_state": "idle"}
    reply, outputs = second.run("again()", timeout=30)
    assert reply.content["status"] == "ok" and words(outputs) == "begin\n"
    figure, curve, value = shown(outputs)
    assert list(figure) == list(curve) == ["text/html", "image/svg+xml", "application/pdf", "text/plain"]
    assert curve["text/plain"].startswith("2000 of 1000000000 steps, loss ")
    assert value == {"text/plain": "0"}
    assert all(m.content["transient"] == {} for m in outputs if m.type == "display_data")
    # once more: the same, but for the ids inside the drawings
    again = shown(second.run("again(2)")[1])
    assert [d["text/html"] for d in again[:2]] == [figure["text/html"], curve["text/html"]]
    assert [d["image/svg+xml"] for d in again[:2]] != [figure["image/svg+xml"], curve["image/svg+xml"]]


def test_a_stopped_cell_and_an_error(deepwhy):
    header = deepwhy.send("execute_request", {"code": "print(\"before\")\nwhile true\n  x = 1\nend"})
    deepwhy.see(header, "stream")
    os.kill(deepwhy.kernel.process.pid, signal.SIGINT)
    assert deepwhy.reply(20).content["ename"] == "KeyboardInterrupt"
    deepwhy.outputs(header, 20)
    text = words(deepwhy.run("again()")[1])
    assert text.startswith("before\nKeyboardInterrupt: ") and "\x1b" not in text
    assert deepwhy.run("nonsense + 1")[0].content["status"] == "error"
    assert "NameError: cell 3, line 1: " in words(deepwhy.run("again()")[1])
    reply = deepwhy.run("again(9)")[0]
    assert reply.content["status"] == "error" and "Kept are cells 1 and 3" in reply.content["evalue"]


def test_expressions_say_nothing(deepwhy):
    deepwhy.run("print(1)")
    reply, outputs = deepwhy.run("", user_expressions={"a": "again()"})
    assert not words(outputs) and reply.content["user_expressions"]["a"]["status"] in ("ok", "error")
    assert words(deepwhy.run("again()")[1]) == "1\n"

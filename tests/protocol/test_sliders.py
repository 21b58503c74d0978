# SPDX-License-Identifier: BSD-3-Clause
"""A block with sliders is one display that holds what it would show if they were moved."""
import base64
import os
import re
import signal

from rawkernel import SLOW

PLOT = "interact k = 2 in [1, 2, 3]\n  plot(x ↦ k*x, 0..1, title = \"k = {k}\")\n  check k ≈ 2\nend"


def displays(outputs):
    return [(m.type, m.content) for m in outputs if m.type.endswith("display_data") or m.type == "execute_result"]


def settled(outputs):
    """The displays as they are in the end: where computing is slow the start of a block may be seen at once, then the block."""
    shown = displays(outputs)
    if SLOW > 1 and [kind for kind, _ in shown] == ["display_data", "update_display_data"]:
        assert shown[0][1]["transient"] == shown[1][1]["transient"] != {}
        return [("display_data", dict(shown[1][1], transient={}))]
    return shown


def test_one_display_in_four_forms(deepwhy):
    reply, outputs = deepwhy.run(PLOT)
    assert reply.content["status"] == "ok"
    [(kind, content)] = settled(outputs)
    data = content["data"]
    assert kind == "display_data" and content["transient"] == {}
    assert list(data) == ["text/html", "image/svg+xml", "application/pdf", "text/plain"]
    assert base64.b64decode(data["application/pdf"]).startswith(b"%PDF-")
    assert data["text/plain"].endswith(" at 1. Slider: k from 1 to 3, here 2.")
    assert content["metadata"]["alt"] in data["text/plain"] and "Slider" not in content["metadata"]["alt"]
    assert [m.content["text"] for m in outputs if m.type == "stream"] == ["✓ k ≈ 2\n"]


def test_the_html_needs_nothing_from_outside(deepwhy):
    html = settled(deepwhy.run(PLOT)[1])[0][1]["data"]["text/html"]
    assert set(re.findall(r"<(\w+)", re.sub(r"<script\b.*?</script>", "", html, flags=re.S))) == {"div", "img", "span", "br"}
    assert all(address.startswith("data:image/svg+xml;base64,") for address in re.findall(r'src="([^"\\]+)"', html))
    assert re.findall(r"<script[^>]*>", html) == ['<script type="application/json">', "<script>"]
    assert len(re.findall("<br>k = ", html)) == 3 and "\n\n" not in html


def test_equal_cells_of_equal_kernels_are_equal(start, connect, deepwhy):
    other = connect(start(deepwhy.kernel.program))
    cells = [PLOT, "sample(uniform(0..1), 3)", "animate k in 0..3\n  sample(uniform(0..1)) + k\nend"]
    for cell in cells:
        assert settled(deepwhy.run(cell)[1]) == settled(other.run(cell)[1])


def test_the_states_leave_no_traces(deepwhy):
    deepwhy.run("seed(5); s = 1\ninteract k = 2 in [1, 2, 3]\n  s = s + k*sample(uniform(0..1))\n  s\nend")
    after = displays(deepwhy.run("[s, sample(uniform(0..1))]")[1])
    deepwhy.run("seed(5); s = 1\ns = s + 2*sample(uniform(0..1))")
    alone = displays(deepwhy.run("[s, sample(uniform(0..1))]")[1])
    assert [c["data"] for _, c in alone] == [c["data"] for _, c in after]


def test_nobody_watches(deepwhy):
    reply, outputs = deepwhy.run("interact k = 2 in 1..3\n  k\nend", silent=True)
    assert reply.content["status"] == "ok" and not displays(outputs)


def test_a_slow_start_is_seen_at_once(deepwhy):
    times = int(80_000_000 / SLOW)  # about a second, three times what counts as slow
    slow = f"interact k = 1 in [1, 2]\n  t = 0\n  repeat {times}\n    t = t + 1\n  end\n  k\nend"
    first, second = displays(deepwhy.run(slow, timeout=100)[1])
    assert first[0] == "display_data" and second[0] == "update_display_data"
    assert first[1]["transient"] == second[1]["transient"] != {}
    assert first[1]["data"]["text/plain"] == "1" and "Slider" in second[1]["data"]["text/plain"]


def test_an_interrupt_keeps_the_states_drawn_so_far(deepwhy):
    cell = ("interact k = 1 in [1, 2, 3]\n  while k > 2\n    x = 1\n  end\n  print(\"state {k}\")\nend")
    header = deepwhy.send("execute_request", {"code": cell})
    deepwhy.kernel.compute()
    os.kill(deepwhy.kernel.process.pid, signal.SIGINT)
    reply = deepwhy.reply(20)
    assert reply.content["ename"] == "KeyboardInterrupt" and reply.parent_header == header
    [(_, content)] = settled(deepwhy.outputs(header, 20))
    assert content["data"]["text/plain"] == "state 1\nSlider: k from 1 to 3, here 1 (2 of 3 values)."

"""A training is watched, its tab is closed, and what was missed is shown again."""

import time

from conftest import PATIENCE, SLOW
from fronts import Lab

# Steps too small for the weights to change: `patience` says when it ends, and it counts as large from the first step on.
TRAIN = ('t = table(x = linspace(-1..1, 400), y = x ↦ sin(5*x))\nprint("begin")\n'
         'fit = train(1 → 32 → tanh → 32 → tanh → 1, t, validate = 0.2, optimizer = "sgd", rate = 1e-300, '
         f"steps = 1e9, patience = {int(12000 / SLOW)})\nfit.best")


def test_a_closed_tab(server, chromium, put):
    front = Lab(server, chromium, PATIENCE)
    place = put(front, "closed.ipynb", [TRAIN, "again()"])
    front.open(place)
    front.start(0)
    front.wait("document.querySelector('.jp-Cell .jp-OutputArea-output img')")  # the curve grows
    [first] = [f for f in front.page.evaluate("""() => [...document.querySelectorAll('.jp-OutputArea-output img')].map(
        i => ({alt: i.alt, width: i.width, height: i.height}))""")]
    front.picture("training")
    assert "step" in first["alt"] and (first["width"], first["height"]) == (480, 260)
    front.page.goto("about:blank")
    time.sleep(1)
    front.page.goto(server.url + "lab/tree/" + place)
    front.wait(front.READY.replace("idle() && ", ""))
    assert "steps, loss" not in str(front.cells()[0]["outputs"])  # the end is not there
    outputs = front.run(1)
    front.picture("again")
    assert [o["output_type"] for o in outputs] == ["stream", "display_data", "display_data"]
    assert outputs[0]["text"] == "begin\n" and " of 1000000000 steps, loss " in outputs[1]["data"]["text/plain"]
    assert "image/svg+xml" in outputs[1]["data"] and outputs[2]["data"]["text/plain"] == "0"
    front.close()

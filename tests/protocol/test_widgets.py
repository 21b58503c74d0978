# SPDX-License-Identifier: BSD-3-Clause
"""Live sliders, seen from a front end: the models of a panel, moving them, and a page that comes back."""
import base64
import json
import re
import time
import uuid

import pytest
from rawkernel import DEEPWHY, SLOW

PLOT = 'interact k = 2 in 0..4\n  plot(x ↦ k*x, 0..1, title = "k = {k}")\nend'
VIEW = "application/vnd.jupyter.widget-view+json"
CONTROL = {"target_name": "jupyter.widget.control", "data": {}}


class Page:
    """What a front end does with widgets: keeps models, sends moves, and asks for what it has missed."""

    def __init__(self, client):
        self.client, self.models, self.closed = client, {}, []

    def take(self, outputs):
        """Applies what was published and returns it without busy and idle."""
        rest = []
        for m in outputs:
            if m.type == "comm_open":
                assert m.content["target_name"] == "jupyter.widget" and m.metadata == {"version": "2.1.0"}
                assert m.content["data"]["buffer_paths"] == [] and m.content["target_module"] is None
                state = m.content["data"]["state"]
                for reference in references(state):
                    assert reference in self.models, "a child has to be there before its parent"
                self.models[m.content["comm_id"]] = dict(state)
            elif m.type == "comm_msg" and m.content["data"]["method"] == "update":
                assert m.content["data"]["buffer_paths"] == []
                self.models[m.content["comm_id"]].update(m.content["data"]["state"])
            elif m.type == "comm_close":
                self.closed.append(m.content["comm_id"])
                del self.models[m.content["comm_id"]]
            if m.type != "status":
                rest.append(m)
        return rest

    def run(self, code, status="ok", **more):
        reply, outputs = self.client.run(code, allow_stdin=True, timeout=30, **more)
        assert reply.content["status"] == status
        return self.take(outputs)

    def send(self, model, data):
        return self.client.send("comm_msg", {"comm_id": model, "data": data})

    def update(self, model, **state):
        return self.send(model, {"method": "update", "state": state, "buffer_paths": []})

    def move(self, model, **state):
        """Moves a control and returns what was published between busy and idle."""
        header = self.update(model, **state)
        return self.take(self.client.outputs(header, 30)[1:-1])

    def click(self, model):
        header = self.send(model, {"method": "custom", "content": {"event": "click"}})
        return self.take(self.client.outputs(header, 30)[1:-1])

    def named(self, name, n=-1):
        """The id of the n-th model of a kind, by default the newest."""
        return [i for i, state in self.models.items() if state["_model_name"] == f"{name}Model"][n]

    def html(self, n=-1):
        return self.models[self.named("HTML", n)]["value"]

    def picture(self, n=-1):
        return base64.b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', self.html(n)).group(1)).decode()


def references(state):
    for value in state.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and item.startswith("IPY_MODEL_"):
                yield item.removeprefix("IPY_MODEL_")


def methods(outputs):
    return [m.content["data"]["method"] for m in outputs if m.type == "comm_msg"]


@pytest.fixture
def page(deepwhy):
    return Page(deepwhy)


def test_a_slider_moves_its_figure(page):
    outputs = page.run(PLOT)
    kinds = [m.type for m in outputs]
    assert kinds == ["execute_input", *["comm_open"] * (len(kinds) - 3), "display_data", "display_data"]
    view = outputs[-2].content["data"]
    box = page.models[view[VIEW]["model_id"]]
    assert view == {VIEW: {"version_major": 2, "version_minor": 0, "model_id": page.named("VBox")},
                    "text/html": "", "text/latex": "", "text/plain": ""}
    assert box["_model_name"] == "VBoxModel" and box["_dom_classes"] == ["dw-live"]
    assert "k = 2" in page.picture()
    [echo, update] = page.move(page.named("FloatSlider"), value=3)
    assert echo.content["data"] == {"method": "echo_update", "state": {"value": 3}, "buffer_paths": []}
    assert list(update.content["data"]["state"]) == ["value"] and "k = 3" in page.picture()

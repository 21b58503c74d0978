# SPDX-License-Identifier: BSD-3-Clause
"""Live sliders, seen from a front end: the models of a panel, moving them, and a page that comes back."""
import base64
import os
import re
import signal

import pytest
from rawkernel import DEEPWHY, SLOW

PLOT = 'interact k = 2 in 0..4\n  plot(x ↦ k*x, 0..1, title = "k = {k}")\nend'
VIEW = "application/vnd.jupyter.widget-view+json"
SPIN = int(20_000_000 / SLOW)  # turns of an empty loop, about a quarter of a second


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
        own = self.models.get(model, {})
        own.update({key: value for key, value in state.items() if key in own})
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
    models = kinds.count("comm_open")
    assert kinds[:models + 1] == ["execute_input", *["comm_open"] * models]
    assert kinds[models + 1:] == ["display_data", "display_data"] or SLOW > 1  # a slow start is drawn once more
    view, *_, film = (m.content["data"] for m in outputs if m.type.endswith("display_data"))
    assert view == {VIEW: {"version_major": 2, "version_minor": 0, "model_id": page.named("VBox")},
                    "text/html": "", "text/latex": ""}  # a console would print an empty line for text/plain
    assert page.models[page.named("VBox")]["_dom_classes"] == ["dw-live"] and "dw-film-live" in film["text/html"]
    assert "k = 2" in page.picture()
    [echo, update] = page.move(page.named("FloatSlider"), value=3)
    assert echo.content["data"] == {"method": "echo_update", "state": {"value": 3}, "buffer_paths": []}
    assert list(update.content["data"]["state"]) == ["value"] and "k = 3" in page.picture()


def test_nobody_there_means_the_film_alone(deepwhy):
    """nbclient, nbconvert and papermill answer no questions; what they store does not know of live sliders."""
    for more in ({}, {"allow_stdin": False}, {"allow_stdin": True, "silent": True}):
        outputs = deepwhy.run(PLOT, **more)[1]
        assert not [m for m in outputs if m.type == "comm_open" or VIEW in m.content.get("data", {})]
        assert not [m for m in outputs if "dw-film-live" in m.content.get("data", {}).get("text/html", "")]


KNOBS = """interact a = 0.25 in 0..1, b in 1..9 by 1, c in 0..1 by 0.25, d in [1, 10, 100], e in ["x", "y"], f in [true, false]
  print("{a} {b} {c} {d} {e} {f}")
end"""


def test_each_knob_has_the_control_that_fits(page):
    page.run(KNOBS)
    told = {s["description"]: s for s in page.models.values() if s.get("description")}
    wanted = {
        "a": ("FloatSliderModel", {"value": 0.25, "min": 0, "max": 1, "step": 0.01, "readout_format": ".2f"}),
        "b": ("IntSliderModel", {"value": 5, "min": 1, "max": 9, "step": 1}),
        "c": ("FloatSliderModel", {"value": 0.5, "min": 0, "max": 1, "step": 0.25}),
        "d": ("SelectionSliderModel", {"index": 1, "_options_labels": ["1", "10", "100"]}),
        "e": ("DropdownModel", {"index": 0, "_options_labels": ["x", "y"]}),
        "f": ("CheckboxModel", {"value": True}),
    }
    for name, (model, values) in wanted.items():
        assert told[name]["_model_name"] == model and values.items() <= told[name].items(), told[name]
    assert ">0.25 5 0.5 10 x true\n<" in page.html()


def test_models_are_those_of_ipywidgets_8(page):
    """Every attribute and no other, in the words of the Python package itself."""
    widgets = pytest.importorskip("ipywidgets")
    page.run(KNOBS)
    page.run("animate t in 0..3\n  t\nend")
    seen = set()
    for state in page.models.values():
        name = state["_model_name"].removesuffix("Model")
        made = getattr(widgets, name, None) or getattr(widgets.widgets.widget_description, name, None) or next(
            getattr(module, name) for module in vars(widgets.widgets).values() if hasattr(module, name))
        own = made(options=["x"]) if name in ("Dropdown", "SelectionSlider") else made()
        own = own.get_state()
        assert state.keys() == own.keys(), name
        fixed = [key for key in own if key.startswith("_") and key not in ("_dom_classes", "_options_labels")]
        assert {key: state[key] for key in fixed} == {key: own[key] for key in fixed}
        seen.add(name)
    assert len(seen) == 16


def test_ids_of_models_never_repeat(page, start, connect):
    """Not in another process either: a saved notebook keeps the ids of the kernel before."""
    page.run(PLOT)
    page.run(PLOT)
    other = Page(connect(start(DEEPWHY)))
    other.run(PLOT)
    assert len(page.models) == 2 * len(other.models) and not page.models.keys() & other.models.keys()
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in [*page.models, *other.models])


def test_models_for_ipywidgets_7(start, connect):
    page = Page(connect(start(DEEPWHY, env={"DEEPWHY_WIDGETS": "7"})))
    page.run(KNOBS)
    page.run("animate t in 0..3\n  t\nend")
    for state in page.models.values():
        base = state["_model_module"].endswith("/base")
        assert state["_model_module_version"] == ("1.2.0" if base else "1.5.0")
        assert state["_view_module_version"] == ("1.2.0" if state["_view_module"].endswith("/base") else "1.5.0")
        assert not {"tabbable", "behavior", "description_allow_html", "playing", "border_top"} & state.keys()
    names = {state["_model_name"] for state in page.models.values()}
    assert names >= {"DescriptionStyleModel", "SliderStyleModel", "ButtonStyleModel"}
    assert not names & {"HTMLStyleModel", "CheckboxStyleModel"}
    page.move(page.named("IntSlider", 0), value=7)
    assert " 7 " in page.html(0)


def test_sliders_combine_and_go_back(page):
    page.run(KNOBS)
    moves = [("FloatSlider", "value", 0.75), ("IntSlider", "value", 2), ("SelectionSlider", "index", 2),
             ("Dropdown", "index", 1), ("Checkbox", "value", False)]
    for name, key, value in moves:
        page.move(page.named(name, 0), **{key: value})
    assert ">0.75 2 0.5 100 y false\n<" in page.html()
    assert page.models[page.named("Button")]["description"] == "reset"  # the word docs/language.md has for it
    outputs = page.click(page.named("Button"))
    assert ">0.25 5 0.5 10 x true\n<" in page.html() and methods(outputs) == ["update"] * 6
    assert [page.models[page.named(name, 0)][key] for name, key, _ in moves] == [0.25, 5, 1, 0, True]
    assert not page.click(page.named("Button"))


def test_an_animation_plays(page):
    page.run('animate t in 10..20, u in 0..1\n  print("t is {t}")\nend')
    play, slider = page.named("Play"), page.named("IntSlider")
    assert page.models[play].items() >= {"value": 0, "min": 0, "max": 10, "step": 1, "playing": False}.items()
    row = page.models[page.named("HBox")]["children"]
    assert row == [f"IPY_MODEL_{play}", f"IPY_MODEL_{slider}"]
    page.move(play, playing=True)
    page.move(play, value=3)
    assert page.models[slider]["value"] == 13 and "t is 13" in page.html()
    page.move(slider, value=19)
    assert page.models[play]["value"] == 9 and "t is 19" in page.html()


def test_the_same_place_shows_the_same_whatever_happened_since(page):
    page.run("seed(3); s = 10; f(x) = x + s")
    page.run("interact k = 2 in 0..4\n  s = s + k\n  [f(k), sample(uniform(0..1))]\nend")
    slider = page.named("FloatSlider")
    at_start = page.html()
    page.move(slider, value=3)
    moved = page.html()
    page.run("s = 1000; f(x) = 0; k = 9; seed(8)")
    page.move(slider, value=2)
    assert page.html() == at_start
    page.move(slider, value=3)
    assert page.html() == moved
    outputs = page.run("[s, f(1), k, sample(uniform(0..1))]")
    other = page.run("seed(8); [s, f(1), k, sample(uniform(0..1))]")
    assert outputs[-1].content["data"] == other[-1].content["data"] and "1000, 0, 9" in str(outputs[-1].content["data"])


def test_values_out_of_reach_come_back_corrected(page):
    page.run(KNOBS)
    slider, chosen, box = page.named("FloatSlider", 0), page.named("SelectionSlider"), page.named("Checkbox")
    for model, key, sent, stays in [(slider, "value", 7, 1), (slider, "value", -1e300, 0), (slider, "value", "0.5", 0),
                                    (slider, "value", None, 0), (slider, "value", [1], 0), (chosen, "index", 99, 2),
                                    (chosen, "index", -5, 0), (box, "value", 1, True)]:
        outputs = page.move(model, **{key: sent})
        assert outputs[0].content["data"]["state"] == {key: sent} and outputs[1].content["comm_id"] == model
        assert page.models[model][key] == stays
    assert methods(page.move(slider, value=0.30000000000000004)) == ["echo_update", "update"]
    assert ">0.3 5 0.5 1 x true\n<" in page.html()
    assert methods(page.move(slider, value=0.3)) == ["echo_update"]
    assert methods(page.move(slider, nonsense=1, value=0.3)) == ["echo_update"] and "nonsense" not in page.models[slider]


def test_moves_that_pile_up_run_once(page):
    client = page.client
    page.run('interact k = 2 in 0..4, j in [0, 1]\n  print("{k} {j}")\nend')
    slider, chosen = page.named("FloatSlider"), page.named("SelectionSlider")
    spin = f"t = 0\nrepeat {SPIN}\n  t = t + 1\nend"
    cell = client.send("execute_request", {"code": spin})
    first = [page.update(slider, value=value / 10) for value in range(20)] + [page.update(chosen, index=1)]
    between = client.send("execute_request", {"code": "1"})
    second = [page.update(slider, value=value / 10) for value in range(25, 30)]
    runs = []
    for header in [cell, *first, between, *second]:
        outputs = page.take(client.outputs(header, 60)[1:-1])
        if header["msg_type"] == "comm_msg":
            assert methods(outputs)[0] == "echo_update"
            runs += [m.content["data"]["state"]["value"] for m in outputs if methods([m]) == ["update"]]
    assert len(runs) == 2 and ">1.9 1\n<" in runs[0] and ">2.9 1\n<" in runs[1]


def test_a_move_can_be_interrupted(page):
    page.run('interact k = 1 in 0..2.5\n  print("at {k}")\n  while abs(k - 2.25) < 0.01\n    x = 1\n  end\nend')
    header = page.update(page.named("FloatSlider"), value=2.25)
    page.client.kernel.compute()
    os.kill(page.client.kernel.process.pid, signal.SIGINT)
    page.take(page.client.outputs(header, 20))
    assert "at 2.25" in page.html() and "KeyboardInterrupt" in page.html()
    page.move(page.named("FloatSlider"), value=1.5)
    assert "at 1.5" in page.html() and "Interrupt" not in page.html()


def test_a_failing_block_says_so_in_its_place(page):
    page.run("interact i = 1 in [1, 2, 5]\n  print(\"about {i}\")\n  [10, 20][i]\nend")
    outputs = page.move(page.named("SelectionSlider"), index=2)
    assert methods(outputs) == ["echo_update", "update"] and len(outputs) == 2
    assert re.search("about 5\n</pre><pre [^>]*>IndexError: cell 1, line 3: there is no element 5", page.html())
    page.move(page.named("SelectionSlider"), index=1)
    assert "about 2\n20\n</pre>" in page.html()
    failing = page.update(page.named("SelectionSlider"), index=2)
    page.client.send("execute_request", {"code": "1"})  # sent before anybody knows that it fails, and not aborted
    assert page.client.reply().content["status"] == "ok"
    page.take(page.client.outputs(failing))
    assert "IndexError" in page.html()
    while page.client.receive(page.client.iopub).content.get("execution_state") != "idle":
        pass
    page.run("interact i = 5 in [1, 2, 5]\n  [10, 20][i]\nend", status="error")
    assert len([s for s in page.models.values() if s["_model_name"] == "VBoxModel"]) == 1


def test_a_move_shows_checks_and_writes_no_files(page, tmp_path, monkeypatch):
    page.run('interact k = 2 in 0..4\n  save("{k}", "k.txt")\n  check k ≈ 2\n  "here"\nend')
    assert (tmp_path / "k.txt").exists()  # beside the notebook: where the kernel was started
    page.move(page.named("FloatSlider"), value=3)
    assert "✗ k ≈ 2" in page.html() and "here" in page.html()
    assert page.run('load("k.txt")')[-1].content["data"]["text/plain"] == '"2"'
    page.run("check 1 < 2")


def test_a_page_that_comes_back_gets_all_models(page, connect):
    page.run(PLOT)
    page.move(page.named("FloatSlider"), value=3)
    other = connect(page.client.kernel)
    while not other.is_quiet():
        pass
    for comm in ("control 1", "control 2"):
        other.send("comm_open", {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}})
        header = other.send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
        [answer] = [m for m in (other.receive(other.iopub) for _ in range(5)) if m.type == "comm_msg"]
        assert answer.parent_header == header and answer.content["comm_id"] == comm
        data = answer.content["data"]
        assert data["method"] == "update_states" and data["buffer_paths"] == []
        assert {i: m["state"] for i, m in data["states"].items()} == page.models
        assert all(m[f"model_{key}"] == m["state"][f"_model_{key}"] for m in data["states"].values()
                   for key in ("name", "module", "module_version"))
    comms = other.ask("comm_info_request", {"target_name": "jupyter.widget"})[0].content["comms"]
    assert comms == {i: {"target_name": "jupyter.widget"} for i in page.models}
    everything = other.ask("comm_info_request")[0].content["comms"]
    assert set(everything) - set(comms) == {"control 1", "control 2"}
    for model, state in page.models.items():
        header = other.send("comm_msg", {"comm_id": model, "data": {"method": "request_state"}})
        [answer] = other.outputs(header)[1:-1]
        assert answer.content["data"] == {"method": "update", "state": state, "buffer_paths": []}
    header = other.send("comm_close", {"comm_id": "control 1", "data": {}})
    assert not other.outputs(header)[1:-1]
    assert "control 1" not in other.ask("comm_info_request")[0].content["comms"]


def test_a_second_page_follows_the_first(page, connect):
    page.run(PLOT)
    second = connect(page.client.kernel)
    header = page.update(page.named("FloatSlider"), value=1)
    echo, update = second.outputs(header)[1:-1]
    assert methods([echo, update]) == ["echo_update", "update"] and echo.content["comm_id"] != update.content["comm_id"]


def test_the_oldest_sliders_are_forgotten_in_the_end(page):
    for k in range(32):
        page.run(f"interact k = {k} in [{k}, 100]\n  k\nend")
    first = page.named("SelectionSlider", 0)
    page.move(first, index=1)
    assert ">100\n<" in page.html(0)
    page.run("interact k in 0..4\n  k\nend")
    page.move(first, index=0)
    assert "ValueError: these sliders are no longer live" in page.html(0) and "run their cell again" in page.html(0)
    for _ in range(31):
        page.run("interact k in 0..4\n  k\nend")
    assert not page.closed
    boxes = [state for state in page.models.values() if state["_model_name"] == "VBoxModel"]
    outputs = page.run("interact k in 0..4\n  k\nend")
    assert len(boxes) == 64 and first in page.closed
    assert [m.content["data"] for m in outputs if m.type == "comm_close"] == [{}] * len(page.closed)
    assert not page.move(page.closed[0], value=1)


HOSTILE = [
    ("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {"state": {"_model_name": "IntSliderModel"}}}, 1),
    ("comm_open", {"comm_id": "x", "target_name": "no such target"}, 1),
    ("comm_open", {"comm_id": "x", "target_name": 5, "data": []}, 1),
    ("comm_open", {"comm_id": "y" * 5000, "target_name": "jupyter.widget.control"}, 1),
    ("comm_open", {"target_name": "jupyter.widget.control"}, 0),
    ("comm_msg", {"comm_id": "nobody", "data": {"method": "update", "state": {"value": 1}}}, 0),
    ("comm_msg", {"comm_id": ["x"], "data": {}}, 0),
    ("comm_msg", [], 0),
    ("comm_close", {"comm_id": "nobody"}, 0),
    ("comm_close", "text", 0),
]


def test_hostile_messages_change_nothing(page):
    page.run(PLOT)
    client, slider = page.client, page.named("FloatSlider")
    for kind, content, closes in HOSTILE:
        outputs = client.outputs(client.send(kind, content))[1:-1]
        assert [m.type for m in outputs] == ["comm_close"] * closes
        assert all(m.content == {"comm_id": content["comm_id"], "data": {}} for m in outputs)
    for data in [None, [], "x", {}, {"method": 5}, {"method": "dance"}, {"method": "update"}, {"method": "update", "state": 7},
                 {"method": "custom"}, {"method": "custom", "content": {"event": "click"}}]:
        for model in page.models:
            outputs = page.take(client.outputs(page.send(model, data))[1:-1])
            assert not [m for m in outputs if m.content["data"].get("method") == "update"], (data, outputs)
    for model, state in list(page.models.items()):
        if model != slider:
            wild = {**{key: 3 for key in state}, "value": {"deep": [[]]}}
            page.take(client.outputs(page.send(model, {"method": "update", "state": wild}))[1:-1])
    taken = client.send("comm_open", {"comm_id": slider, "target_name": "jupyter.widget.control"})
    assert not client.outputs(taken)[1:-1]
    page.move(slider, value=1)
    assert "k = 1" in page.picture()


def test_a_model_that_is_closed_is_forgotten(page):
    page.run(PLOT)
    slider = page.named("FloatSlider")
    header = page.client.send("comm_close", {"comm_id": page.named("HTML"), "data": {}})
    assert not page.client.outputs(header)[1:-1]
    assert methods(page.move(slider, value=1)) == ["echo_update"]
    page.client.outputs(page.client.send("comm_close", {"comm_id": slider, "data": {}}))
    assert not page.move(slider, value=1)


def test_buffers_are_read_and_passed_over(page):
    page.run(PLOT)
    client, header = page.client, page.client.header("comm_msg")
    content = {"comm_id": page.named("FloatSlider"),
               "data": {"method": "update", "state": {"value": 1}, "buffer_paths": [["picture"]]}}
    client.send_parts(client.parts("comm_msg", content, header), buffers=[b"\x00\xff" * 1000, b""])
    page.take(client.outputs(header)[1:-1])
    assert "k = 1" in page.picture()


def test_a_slow_block_can_be_moved_before_it_is_drawn_ahead(page):
    """The first move ends the drawing ahead, so the film has fewer states; what they show is the same."""
    slow = f'interact k = 1 in 0..4\n  t = 0\n  repeat {SPIN}\n    t = t + 1\n  end\n  print("at {{k}}")\nend'
    client, cell = page.client, page.client.header("execute_request")
    client.send("execute_request", {"code": slow, "allow_stdin": True}, header=cell)
    outputs = []
    while not outputs or VIEW not in outputs[-1].content.get("data", {}):
        outputs.append(client.receive(client.iopub, 30))
    page.take(m for m in outputs if m.parent_header == cell)
    move = page.update(page.named("FloatSlider"), value=2.5)
    rest = []
    while not rest or rest[-1].type != "status":
        rest.append(client.receive(client.iopub, 30))
    film = [m for m in rest if "dw-film" in m.content.get("data", {}).get("text/html", "")][-1]
    drawn = int(re.search(r"\((\d+) of 15 values\)|$", film.content["data"]["text/plain"]).group(1) or 1)
    assert drawn <= 5, film.content["data"]["text/plain"]
    page.take(client.outputs(move, 30))
    assert "at 2.5" in page.html()

"""The client of `make bench`, which frames and signs messages by itself, understands the kernel; with few samples."""

import json
import subprocess

import pytest
from conftest import BUILD, SLOW

CLIENT = BUILD / "bench-client"


@pytest.fixture
def ask(place):
    def ask(*rows, argv=(str(BUILD / "deepwhy"), "-f", "{connection_file}")):
        job = json.dumps({"argv": list(argv), "rows": rows})
        done = subprocess.run([CLIENT], input=job, cwd=place.folder, env=place.env, capture_output=True, text=True, timeout=100 * SLOW)
        assert not [left for left in place.folder.glob("kernel-*")]
        return [json.loads(line) for line in done.stdout.splitlines()]
    if not CLIENT.exists():
        pytest.skip("the client is not built (make client)")
    return ask


def test_every_measurement_measures(ask):
    loop = 'print("go")\nwhile true\n  s = 1\nend'
    start, trip, info, flood, interrupt, memory, drag, crowd = ask(
        {"what": "start", "code": "1 + 1", "count": 2}, {"what": "trip", "code": "1 + 1", "count": 20},
        {"what": "trip", "type": "kernel_info_request", "count": 20},
        {"what": "flood", "code": "for i in 1..20000\n  print(i)\nend"}, {"what": "interrupt", "code": loop, "count": 2},
        {"what": "memory", "count": 20}, {"what": "drag", "code": "interact a = 1 in 0..2\n  print(a)\nend", "seconds": 1},
        {"what": "crowd", "code": "1 + 1", "count": 4})
    assert len(start["times"]) == len(interrupt["times"]) == 2
    for got in (trip, info):
        assert len(got["times"]) == 20 and all(0 < a <= b for a, b in zip(got["times"], got["idle"], strict=True))
    assert flood["lines"] == 20000 and flood["last"] == "20000" and flood["peak"] > 1000
    assert 1000 < memory["before"]["pss"] < memory["before"]["rss"] <= memory["after"]["rss"]
    assert len(drag["times"]) > 2 and drag["outputs"] >= len(drag["times"])
    assert crowd["answered"] == 4 and crowd["pss"] < crowd["rss"]


def test_what_a_kernel_does_not_do_is_null(ask):
    wrong, ended = {"what": "trip", "code": "lins(3)", "count": 1}, {"what": "drag", "code": "1 + 1", "seconds": 0.1}
    assert ask(wrong, ended) == [None, None]
    assert ask({"what": "start", "code": "1", "count": 1}, argv=["false"]) == [None]

"""The program is built so that a fault in memory is hard to make use of: what readelf sees in it."""

import os
import pathlib
import platform
import re
import subprocess

import pytest

BUILD = pathlib.Path(os.environ.get("DEEPWHY_BUILD", pathlib.Path(__file__).parents[2] / "build"))
PROGRAM = BUILD / "deepwhy"


def readelf(*words):
    return subprocess.run(["readelf", "-W", *words], capture_output=True, text=True, check=True,
                          env=dict(os.environ, LC_ALL="C")).stdout


def test_the_program_lies_anywhere():
    assert re.search(r"Type:\s+DYN", readelf("-h", PROGRAM))
    assert re.search(r"FLAGS_1\).*\bPIE\b", readelf("-d", PROGRAM))


def test_what_the_loader_filled_in_is_read_only():
    assert "GNU_RELRO" in readelf("-l", PROGRAM)
    assert re.search(r"\(FLAGS\).*BIND_NOW|FLAGS_1\).*\bNOW\b", readelf("-d", PROGRAM))


def test_nothing_can_be_written_and_run():
    segments = re.findall(r"^\s+(LOAD|GNU_STACK)\s.*?((?:[RWE ]){3}) 0x\w+$", readelf("-l", PROGRAM), re.M)
    assert {kind for kind, _ in segments} == {"LOAD", "GNU_STACK"}
    assert not [s for s in segments if "W" in s[1] and "E" in s[1]]


@pytest.mark.parametrize("name", ["setlocale", "uselocale", "prctl", "fork"])
def test_what_is_never_called(name):
    """A locale would write 1,5 into messages; PR_SET_PDEATHSIG ends a kernel with a thread of its server; a copy of this
    process would share its sockets."""
    assert not re.search(rf" UND {name}(@|$)", readelf("-s", PROGRAM), re.M)


@pytest.mark.parametrize("name", ["__stack_chk_fail", r"__\w+_chk"])
def test_overflows_end_the_program(name):
    """The canary of the stack, and the C library's functions that know how much room there is."""
    assert re.search(rf" UND {name}(@|$)", readelf("-s", PROGRAM), re.M)


def test_every_object_marks_the_targets_of_jumps():
    if platform.machine() != "x86_64":
        pytest.skip("only processors of the x86-64 family have this")
    archives = sorted(BUILD.glob("lib*.a"))
    assert archives
    for archive in archives:
        for member in readelf("-n", archive).split("\nFile: ")[1:] or [readelf("-n", archive)]:
            assert re.search(r"x86 feature:.*IBT.*SHSTK", member), f"{archive.name}: {member[:60]}"


def test_large_frames_are_touched_page_by_page():
    """readelf cannot see this one in a program that clang made, so look at what was asked for."""
    assert "-fstack-clash-protection" in (BUILD / "obj/flags").read_text()

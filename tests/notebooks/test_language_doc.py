"""Every ```deepwhy block of docs/language.md runs, and prints what the ```text block after it says.

A block marked ```deepwhy error must fail, and its ```text block is what a reader sees on the terminal.
"""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = pathlib.Path(os.environ.get("DEEPWHY_BUILD", ROOT / "build")) / "deepwhy"
SLOW = float(os.environ.get("DEEPWHY_SLOW", "1"))
PAGE = ROOT / "docs" / "language.md"
BLOCK = re.compile(r"^```deepwhy( error)?\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", re.M | re.S)


def blocks():
    text = PAGE.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield pytest.param(found[2], found[1] is not None, found[3], id=f"line-{line}")


def run(source, folder):
    (folder / "lesson.dw").write_text(source, encoding="utf-8")
    return subprocess.run([PROGRAM, "run", "--figures", "figures", "lesson.dw"], cwd=folder, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, encoding="utf-8", timeout=60 * SLOW)


@pytest.mark.parametrize("source, fails, expected", blocks())
def test_block(source, fails, expected, tmp_path):
    done = run(source, tmp_path)
    assert done.returncode == (1 if fails else 0), done.stdout + done.stderr
    assert expected is not None, "every block is followed by what it prints"
    assert done.stdout + done.stderr == expected


def test_every_fence_is_seen():
    """A fence the pattern does not understand would be an example nobody tests."""
    text = PAGE.read_text(encoding="utf-8")
    seen = list(blocks())
    assert len(seen) == len(re.findall(r"^```deepwhy", text, re.M)) >= 20
    assert any(block.values[1] for block in seen)

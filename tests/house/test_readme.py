"""What README.md shows works: its programs run, its files and targets exist."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(os.environ.get("DEEPWHY_BUILD", ROOT / "build"))
README = (ROOT / "README.md").read_text()


def test_programs_run(tmp_path):
    programs = re.findall(r"```deepwhy\n(.*?)```", README, re.S)
    assert len(programs) >= 2
    for program in programs:
        (tmp_path / "program.dw").write_text(program)
        done = subprocess.run([BUILD / "deepwhy", "run", "program.dw"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0 and "✓" in done.stdout, done.stdout + done.stderr


def test_language_has_ten_lines():
    program = README.split("## The language in ten lines")[1].split("```")[1]
    assert len([line for line in program.split("\n")[1:] if line.strip() and line.strip() != "end"]) <= 11


def test_files_exist():
    for name in re.findall(r"\]\(([\w./-]+)\)", README):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"`((?:docs|kernel|runtime|tests)/[\w./-]+)`", README):
        assert (ROOT / name).exists(), name


def test_targets_exist():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"\bmake ([a-z]+)\b", README):
        assert re.search(rf"^{target}\b.*:|^\S* ?{target}\b.*:", makefile, re.M), target

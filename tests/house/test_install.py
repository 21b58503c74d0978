"""make install and uninstall, and the set-up that has nothing left to do."""

import json
import os
import pathlib
import shlex
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(os.environ.get("DEEPWHY_BUILD", ROOT / "build"))


def make(*words):
    """With the variables of the build under test, so that nothing has to be compiled again."""
    variables = shlex.split(os.environ.get("DEEPWHY_MAKE", f"OUT={os.path.relpath(BUILD, ROOT)}"))
    done = subprocess.run(["make", "--no-print-directory", "-C", ROOT, *variables, *words],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def files(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_install_and_uninstall(tmp_path):
    make("install", "PREFIX=/opt/deepwhy", f"DESTDIR={tmp_path}")
    prefix = tmp_path / "opt/deepwhy"
    spec = prefix / "share/jupyter/kernels/deepwhy"
    assert {"bin/deepwhy", *(f"share/jupyter/kernels/deepwhy/{n}" for n in (
        "kernel.json", "kernel.js", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg")),
            "share/jupyter/labextensions/deepwhy/package.json",
            "share/jupyter/labextensions/deepwhy/static/remoteEntry.js"} <= files(prefix)
    assert json.loads((spec / "kernel.json").read_text())["argv"][0] == "/opt/deepwhy/bin/deepwhy"
    for path in prefix.rglob("*"):
        assert path.stat().st_mode & 0o444 == 0o444, f"not everybody can read {path}"
    make("uninstall", "PREFIX=/opt/deepwhy", f"DESTDIR={tmp_path}")
    assert not files(tmp_path)


def test_kernelspec_of_the_build_names_its_program():
    spec = json.loads((BUILD / "share/jupyter/kernels/deepwhy/kernel.json").read_text())
    assert spec["argv"][0] == str(BUILD / "deepwhy") and "{connection_file}" in spec["argv"]


@pytest.mark.parametrize("words", [["--prefix", "{}"], ["--sys-prefix"], ["--user"]])
def test_install_for_jupyter_alone(tmp_path, words):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "XDG", "VIRTUAL", "CONDA"))}
    env.update(HOME=str(tmp_path / "home"), VIRTUAL_ENV=str(tmp_path))
    (tmp_path / "home").mkdir()
    command = [BUILD / "deepwhy", "install", *(w.format(tmp_path) for w in words)]
    for _ in range(2):  # again is fine
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    where = tmp_path / ("home/.local/share/jupyter" if "--user" in words else "share/jupyter")
    spec = json.loads((where / "kernels/deepwhy/kernel.json").read_text())
    assert spec["argv"][0] == str(BUILD / "deepwhy")
    gone = subprocess.run([command[0], "uninstall", *command[2:]], env=env, capture_output=True, text=True)
    assert gone.returncode == 0 and not (where / "kernels/deepwhy").exists(), gone.stderr


@pytest.mark.parametrize("level", ["essay", "test"])
def test_second_set_up_installs_nothing(level):
    done = subprocess.run(["scripts/setup", level], cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0 and done.stdout == "" and done.stderr == "", done.stdout + done.stderr


def test_doctor_looks_at_what_figures_and_jupyter_need():
    done = subprocess.run([BUILD / "deepwhy", "doctor"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode in (0, 1), done.stderr
    for word in ("gnuplot", "svg", "pdf", "font", "kernel"):
        assert word in done.stdout.lower(), done.stdout


def test_extras_are_installed_once_and_never_needed(tmp_path):
    def extras():
        done = subprocess.run(["scripts/extras", tmp_path], cwd=ROOT, env=dict(os.environ, SHARE=str(BUILD / "share")),
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert done.returncode == 0
        return done.stderr

    assert "the lexer could not be installed" in extras()  # there is no Python
    assert (tmp_path / "share/jupyter/labextensions/deepwhy/static/remoteEntry.js").exists()
    subprocess.run([ROOT / ".venv/bin/python", "-m", "venv", tmp_path], check=True)
    assert extras() == "" and list(tmp_path.glob("lib/*/site-packages/deepwhy_lexer"))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.py") if "deepwhy" in str(path)}
    assert extras() == ""
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.py") if "deepwhy" in str(path)}

# SPDX-License-Identifier: BSD-3-Clause
"""The command line: run, install, uninstall, doctor, words that make no sense."""
import json
import os
import signal
import subprocess
import time
import zipfile

import pytest
from rawkernel import BUILD, DEEPWHY, PROGRAM, SLOW, compute


def call(*words, cwd=None, env=None):
    return subprocess.run([DEEPWHY, *map(str, words)], capture_output=True, text=True, cwd=cwd,
                          env=dict(os.environ, **(env or {})), timeout=60 * SLOW)


@pytest.fixture
def script(tmp_path):
    def write(text, name="t.dw"):
        file = tmp_path / name
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file
    return write


def test_cells_share_their_names(script):
    done = call("run", script('# %% first\nx = 2\nprint("a")\n# %%\nx + 1\n# %% [markdown]\n# words\n'))
    assert (done.returncode, done.stdout, done.stderr) == (0, "a\n3\n", "")


def test_an_error_names_file_and_line_and_ends_the_run(script, tmp_path):
    script('print("a")\n# %%\ny = 1\nnobody\n# %%\nprint("b")\n')
    done = call("run", "t.dw", cwd=tmp_path)
    assert done.returncode == 1 and done.stdout == "a\n"
    lines = done.stderr.splitlines()
    assert lines[0].startswith("NameError: t.dw, line 4: ")
    assert lines[1] == "  nobody" and lines[2].strip(" ^") == ""


def test_a_failed_check_is_exit_1(script):
    assert call("run", script("check 1 == 1\n")).returncode == 0
    done = call("run", script("check 1 == 2\n"))
    assert done.returncode == 1 and done.stderr.startswith("CheckFailed: ")


def test_figures_are_numbered_files(script, tmp_path):
    file = script("plot(sin, 0..1)\n# %%\nplot(cos, 0..1)\n")
    done = call("run", file, cwd="/")
    assert done.returncode == 0 and done.stderr == "" and len(done.stdout.splitlines()) == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t-1.svg", "t-2.svg", "t.dw"]
    assert (tmp_path / "t-1.svg").read_text().startswith("<svg")
    done = call("run", "t.dw", "--figures", "figs", "--pdf", cwd=tmp_path)
    assert done.returncode == 0
    assert sorted(p.name for p in (tmp_path / "figs").iterdir()) == [
        "t-1.pdf", "t-1.svg", "t-2.pdf", "t-2.svg"]
    assert (tmp_path / "figs/t-1.pdf").read_bytes().startswith(b"%PDF")


def test_a_folder_that_cannot_be_written(script):
    done = call("run", script("plot(sin, 0..1)\n"), "--figures", "/proc/nowhere")
    assert done.returncode == 2 and "cannot create /proc/nowhere" in done.stderr


@pytest.mark.parametrize("words", [[], ["--figures"], ["a.dw", "b.dw"], ["--colour", "a.dw"],
                                   ["/nowhere/a.dw"], ["nowhere.dw"], ["/"], ["x" * 5000]])
def test_run_words_that_make_no_sense(words, tmp_path):
    done = call("run", *words, cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and done.stderr.startswith("deepwhy run: ")


@pytest.mark.parametrize("bytes_", [b"", b"\n\n", b"# %%", b"# %%\n# %%\n", b"\xff\xfe\x00\x01",
                                    b"print(1)\r\n# %%\r\nprint(2)\r\n", b"\0" * 1000,
                                    b"(" * 100000, b"x" * 1000000])
def test_any_bytes_are_a_script_or_an_error(script, bytes_):
    done = call("run", script(bytes_))
    assert done.returncode in (0, 1)
    assert (done.returncode == 1) == bool(done.stderr)


def test_interrupting_a_script(script):
    process = subprocess.Popen([DEEPWHY, "run", str(script("repeat 1000000000000\n  x = 1\nend\n"))],
                               stderr=subprocess.PIPE, text=True)
    compute(process, 0.1)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=5 * SLOW)[1].startswith("KeyboardInterrupt: ")
    assert process.returncode == -signal.SIGINT


def test_questions_are_answered_by_the_lines_of_the_input(script):
    file = script('n = number(ask("n? "))\nn^2\nask("pw? ", hidden = true) == "x y"\n')
    done = subprocess.run([DEEPWHY, "run", str(file)], input="12\nx y", capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "n? 12\n144\npw? \ntrue\n", "")
    done = subprocess.run([DEEPWHY, "run", str(file)], input="12\n", capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stdout == "n? 12\n144\npw? \n"
    assert done.stderr.startswith("InputError: ") and "a line for each question" in done.stderr


def test_interrupting_a_question(script):
    process = subprocess.Popen([DEEPWHY, "run", str(script('ask("n? ")\n'))], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.read(3) == b"n? "
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.stderr.read().startswith(b"KeyboardInterrupt: ")
    assert process.wait() == -signal.SIGINT and time.monotonic() - began < 0.5 * SLOW
    for pipe in (process.stdin, process.stdout, process.stderr):
        pipe.close()


@pytest.mark.parametrize("word", ["run", "--help", "--version", "--encryption"])
def test_a_full_disk_is_told(script, word):
    words = [str(script('print("x")\n'))] if word == "run" else []
    with open("/dev/full", "w") as full:
        done = subprocess.run([DEEPWHY, word, *words], stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 1 and b"cannot write the output" in done.stderr


@pytest.mark.parametrize("way", ["user", "prefix", "sys-prefix", "conda", "joined"])
def test_install_and_uninstall(tmp_path, way):
    empty = {"JUPYTER_DATA_DIR": "", "XDG_DATA_HOME": "", "VIRTUAL_ENV": "", "CONDA_PREFIX": ""}
    words, more, base = {
        "user": (["--user"], {"HOME": str(tmp_path)}, ".local/share/jupyter"),
        "prefix": (["--prefix", "p"], {}, "p/share/jupyter"),
        "joined": (["--prefix=p"], {}, "p/share/jupyter"),
        "sys-prefix": (["--sys-prefix"], {"VIRTUAL_ENV": str(tmp_path)}, "share/jupyter"),
        "conda": (["--sys-prefix"], {"CONDA_PREFIX": str(tmp_path)}, "share/jupyter"),
    }[way]
    env = {**empty, **more}
    for _ in range(2):  # a second time is fine
        done = call("install", *words, cwd=tmp_path, env=env)
        assert done.returncode == 0, done.stderr
    folder = tmp_path / base / "kernels/deepwhy"
    spec = json.loads((folder / "kernel.json").read_text())
    assert spec["argv"] == [PROGRAM, "-f", "{connection_file}"]
    assert spec["interrupt_mode"] == "message" and spec["language"] == "deepwhy"
    assert spec["kernel_protocol_version"] == "5.5.0" and "env" not in spec
    assert {"logo-32x32.png", "logo-64x64.png", "logo-svg.svg"} <= set(os.listdir(folder))
    found = call("doctor", env=dict(env, JUPYTER_PATH=str(tmp_path / base)))
    assert str(folder) in found.stdout
    assert call("uninstall", *words, cwd=tmp_path, env=env).returncode == 0
    assert not folder.exists()
    done = call("uninstall", *words, cwd=tmp_path, env=env)
    assert done.returncode == 1 and "there is no kernel" in done.stderr


def test_uninstall_takes_a_link_but_not_what_it_points_to(tmp_path):
    kernels = tmp_path / "share/jupyter/kernels"
    kernels.mkdir(parents=True)
    spec = tmp_path / "developer"
    spec.mkdir()
    (spec / "kernel.json").write_text("{}")
    (kernels / "deepwhy").symlink_to(spec)
    assert call("uninstall", "--prefix", tmp_path).returncode == 0
    assert not (kernels / "deepwhy").is_symlink() and (spec / "kernel.json").exists()


def test_install_words_that_make_no_sense(tmp_path):
    for words in ([], ["--nowhere"], ["--prefix"], ["--user", "--sys-prefix"]):
        assert call("install", *words).returncode == 2
    env = {"VIRTUAL_ENV": "", "CONDA_PREFIX": ""}
    assert call("install", "--sys-prefix", env=env).returncode == 1


def test_doctor_says_what_is_missing():
    done = call("doctor", env={"PATH": "/nowhere", "JUPYTER_PATH": str(BUILD / "share/jupyter")})
    assert done.returncode == 1
    assert "--  gnuplot" in done.stdout and "apt install gnuplot-nox" in done.stdout


def test_doctor_looks_at_the_gnuplot_that_is_used():
    done = call("doctor", env={"DEEPWHY_GNUPLOT": "/nowhere/gnuplot"})
    assert done.returncode == 1 and "--  gnuplot      /nowhere/gnuplot" in done.stdout
    assert "ok  gnuplot      /bin/true" in call("doctor", env={"DEEPWHY_GNUPLOT": "/bin/true"}).stdout


@pytest.mark.parametrize("family,line", [
    ("Nimbus Sans", "ok  fonts        Nimbus Sans, in figures as PDF\n"),
    ("Liberation Sans", "ok  fonts        Liberation Sans, in figures as PDF (stored ones have Nimbus Sans)\n")])
def test_doctor_looks_at_the_letters_of_figures(tmp_path, family, line):
    for name, words in (("fc-list", "DejaVu Sans"), ("fc-match", family)):
        (tmp_path / name).write_text(f"#!/bin/sh\nprintf '{words}'\n")
        (tmp_path / name).chmod(0o755)
    found = call("doctor", env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}).stdout
    assert "ok  fonts        DejaVu Sans\n" in found and line in found, found
    assert ("apt install fonts-urw-base35" in found.split(line)[1]) == (family != "Nimbus Sans"), found
    (tmp_path / "fc-list").write_text("#!/bin/sh\n")
    found = call("doctor", env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}).stdout
    assert "--  fonts        neither Liberation Sans nor DejaVu Sans\n" in found and "apt install fonts-liberation" in found


def test_doctor_is_content():
    done = call("doctor", env={"JUPYTER_PATH": str(BUILD / "share/jupyter")})
    assert done.returncode == 0, done.stdout
    assert "all that is needed is here" in done.stdout and "BLAS" not in done.stdout


def test_words():
    assert call("--version").stdout.startswith("deepwhy ")
    assert "deepwhy run FILE.dw" in call("--help").stdout
    done = call("--nonsense")
    assert done.returncode == 2 and "deepwhy run FILE.dw" in done.stderr
    done = call("-f", "/nowhere/kernel.json")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1


def test_names_out_of_files_give_no_orders_to_the_terminal(script, tmp_path):
    orders = "\x1b]0;gone\x07\x1b[2J\x9b1m"
    (tmp_path / "t.csv").write_text(f"{orders}x,y\na{orders},1\n", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
        file.writestr(f"{orders}.npy", b"\x93NUMPY\x01\0\x76\0" + b"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n" + bytes(8))
    script(f'# {orders}\nt = load("t.csv")\nt\nprint(t)\nload("a.npz")\nt.nobody # {orders}\n')
    done = call("run", "t.dw", cwd=tmp_path)
    assert done.returncode == 1 and "␛]0;gone␇␛[2J" in done.stdout and "nobody" in done.stderr, done
    assert not set(done.stdout + done.stderr) & set("\x1b\x07\x9b"), done

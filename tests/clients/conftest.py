"""What the tests with other clients share: the kernel under test, a place of its own for each, and waiting."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(os.environ.get("DEEPWHY_BUILD", ROOT / "build")).resolve()
CLIENTS = ROOT / ".venv/clients"  # scripts/setup test puts jupyter-console, the gateway and the hub there
SLOW = float(os.environ.get("DEEPWHY_SLOW", "1"))


class Place:
    """A folder with a home, and the environment of the programs that run there."""

    def __init__(self, folder):
        self.folder = folder
        self.started = []
        home, runtime = folder / "home", folder / "runtime"
        home.mkdir()
        runtime.mkdir()
        self.env = {
            "PATH": f"{CLIENTS}/bin:{ROOT}/.venv/bin:/usr/local/bin:/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color", "PYTHONPATH": str(CLIENTS), "PYTHONDONTWRITEBYTECODE": "1", "JUPYTER_PLATFORM_DIRS": "0",
            "JUPYTER_PATH": str(BUILD / "share/jupyter"), "JUPYTER_RUNTIME_DIR": str(runtime),
            "JUPYTER_NO_CONFIG": "1",  # whatever the machine's own Jupyter is told
        }

    def run(self, *command, text=None, seconds=180):
        """A program until its end: (exit code, what it wrote)."""
        done = subprocess.run([sys.executable, *map(str, command)], cwd=self.folder, env=self.env, input=text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds * SLOW)
        return done.returncode, done.stdout

    def start(self, *command, **env):
        """A program that goes on; what it writes goes to a file, and it ends with the test."""
        log = open(self.folder / f"log-{len(self.started)}", "wb")
        process = subprocess.Popen([sys.executable, *map(str, command)], cwd=self.folder, env={**self.env, **env},
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        process.log = pathlib.Path(log.name)
        self.started.append(process)
        return process

    def close(self):
        for process in self.started:
            process.terminate()
        for process in self.started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                pass
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path)
    yield place
    place.close()


def until(ask, seconds=90, alive=None):
    """The first true answer, or the last exception's words. Other suites run beside these, so it may take long."""
    end, problem = time.monotonic() + seconds * SLOW, None
    while time.monotonic() < end:
        assert not alive or alive.poll() is None, alive.log.read_text()
        try:
            if answer := ask():
                return answer
        except Exception as error:
            problem = error
        time.sleep(0.05)
    pytest.fail(f"nothing within {seconds} s; {problem}; {alive.log.read_text() if alive else ''}")

"""What the tests in real front ends share: one Jupyter server, one Chromium, and a folder of notebooks to work in."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import nbformat
import pytest

ROOT = pathlib.Path(__file__).parents[2]
FRONTENDS = ROOT / ".venv/frontends"  # scripts/setup test puts nbclassic and playwright there
BUILD = pathlib.Path(os.environ.get("DEEPWHY_BUILD", ROOT / "build")).resolve()
SLOW = float(os.environ.get("DEEPWHY_SLOW", "1"))
PATIENCE = 90 * SLOW  # seconds until something that comes in one has not come: other suites run beside these
PICTURES = ROOT / "build/test/browser"
CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
           "--disable-background-networking", "--disable-component-update", "--disable-sync",
           "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]

sys.path.append(str(FRONTENDS))


class Server:
    """A Jupyter server that offers JupyterLab, Notebook 7 and the classic Notebook at one address."""

    def __init__(self, folder, *options):
        self.home, self.work, runtime = folder / "home", folder / "work", folder / "runtime"
        for made in (self.home, self.work, runtime):
            made.mkdir()
        quiet = self.home / ".jupyter/lab/user-settings/@jupyterlab/apputils-extension"
        quiet.mkdir(parents=True)
        (quiet / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
        env = {
            "PATH": f"{ROOT}/.venv/bin:/usr/local/bin:/usr/bin:/bin", "HOME": str(self.home), "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(FRONTENDS), "PYTHONDONTWRITEBYTECODE": "1", "JUPYTER_PLATFORM_DIRS": "0",
            "JUPYTER_PATH": str(BUILD / "share/jupyter"), "JUPYTER_CONFIG_PATH": str(FRONTENDS / "etc/jupyter"),
            "JUPYTER_RUNTIME_DIR": str(runtime),
        }
        self.log = folder / "server.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [ROOT / ".venv/bin/python", "-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1",
                 "--port=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={self.work}",
                 "--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True", *options],
                cwd=self.work, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        end = time.monotonic() + PATIENCE
        while not (address := self.address(runtime)):
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)
        self.url = address

    @staticmethod
    def address(runtime):
        try:
            return json.loads(next(runtime.glob("jpserver-*.json")).read_text())["url"]
        except (StopIteration, ValueError):
            return None

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    if not (FRONTENDS / "nbclassic").exists():
        pytest.skip("nbclassic is not in .venv/frontends: scripts/setup test")
    made = Server(tmp_path_factory.mktemp("jupyter"))
    yield made
    made.close()


@pytest.fixture
def bare_server(tmp_path):
    """One without our extension of JupyterLab, wherever it is installed."""
    others = tmp_path / "labextensions"
    others.mkdir()
    for place in (ROOT / ".venv/share/jupyter/labextensions").iterdir():
        if place.name != "deepwhy":
            (others / place.name).symlink_to(place)
    made = Server(tmp_path, f"--LabServerApp.labextensions_path={others}")
    yield made
    made.close()


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not in .venv/frontends: scripts/setup test")
    with sync.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def put():
    """Lays a notebook, made of cells or copied from a file, into the folder of a front end's server; its path there."""
    def lay(front, name, source):
        place = f"{front.NAME}/{name}"
        target = front.server.work / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, pathlib.Path):
            book = nbformat.read(source, as_version=4)
            for number, cell in enumerate(book.cells):
                if cell.cell_type == "code":  # as if run long ago, so that a new run is seen by its numbers
                    cell.execution_count = 1000 + number
            nbformat.write(book, target)
            shutil.copytree(source.parent / "data", target.parent / "data", dirs_exist_ok=True)
            return place
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in source])
        book.metadata["kernelspec"] = {"name": "deepwhy", "display_name": "deepwhy", "language": "deepwhy"}
        for number, cell in enumerate(book.cells):
            cell["id"] = f"cell-{number}"
        nbformat.write(book, target)
        return place
    return lay

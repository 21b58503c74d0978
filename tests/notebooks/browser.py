"""A headless Chromium driven through its debugging port, with the network shut off."""

import base64
import json
import pathlib
import shutil
import subprocess
import time
import urllib.request

import websocket

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    def __init__(self, folder, patience):
        self.patience, self.sent, self.events = patience, 0, []
        self.process = subprocess.Popen(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-port=0", "--remote-allow-origins=*",
             "--window-size=900,1000", f"--user-data-dir={folder}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"})
        try:
            address = self.wait(lambda: self.page_address(pathlib.Path(folder, "DevToolsActivePort")))
            self.socket = websocket.create_connection(address, timeout=patience)
        except BaseException:
            self.process.kill()
            raise
        self("Page.enable")
        self("Runtime.enable")

    def wait(self, look):
        """The first true answer of `look`."""
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.05)
        raise TimeoutError("the browser does not answer")

    @staticmethod
    def page_address(file):
        """Where to talk to the browser's page; None while it is not there yet."""
        if not file.exists() or "\n" not in file.read_text():
            return None
        with urllib.request.urlopen(f"http://127.0.0.1:{file.read_text().split()[0]}/json", timeout=10) as answer:
            pages = [target for target in json.load(answer) if target["type"] == "page"]
        return pages[0]["webSocketDebuggerUrl"] if pages else None

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait()

    def __call__(self, method, **parameters):
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.sent:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def open(self, path, careful=True):
        """Load a page; fails when one of its scripts does, if careful."""
        self.events.clear()
        self("Page.navigate", url=f"file://{path}")
        while not any(e["method"] == "Page.loadEventFired" for e in self.events):
            self.events.append(json.loads(self.socket.recv()))
        if not careful:
            self.events.clear()
        self.check()

    def check(self):
        wrong = [e for e in self.events if e["method"] == "Runtime.exceptionThrown"]
        assert not wrong, wrong

    def js(self, code):
        """The value of an expression in the page, awaited if it is a promise."""
        done = self("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True, userGesture=True)
        assert "exceptionDetails" not in done, done
        self.check()
        return done["result"].get("value")

    def press(self, key, code):
        for kind in "rawKeyDown", "keyUp":
            self("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def picture(self, path):
        path.write_bytes(base64.b64decode(self("Page.captureScreenshot", captureBeyondViewport=True)["data"]))

"""Servers that start kernels for others: a Kernel Gateway over REST and a websocket, and a hub with two users at once."""

import json
import pathlib
import socket
import sys
import threading
import uuid

import pytest
import requests
import websocket
from conftest import CLIENTS, SLOW, until

needs_clients = pytest.mark.skipif(not (CLIENTS / "jupyterhub").exists(), reason="JupyterHub is not installed (scripts/setup test)")


def free_port():
    with socket.socket() as knock:
        knock.bind(("127.0.0.1", 0))
        return knock.getsockname()[1]


class Channels:
    """The websocket to one kernel of a server, messages as JSON."""

    def __init__(self, address, kernel, token):
        self.session = uuid.uuid4().hex
        self.socket = websocket.create_connection(f"{address.replace('http', 'ws', 1)}/api/kernels/{kernel}/channels", timeout=60 * SLOW,
                                                  header=[f"Authorization: token {token}"])

    def send(self, kind, content, channel="shell"):
        ident = uuid.uuid4().hex
        header = {"msg_id": ident, "session": self.session, "username": "", "date": "2026-01-01T00:00:00Z", "msg_type": kind,
                  "version": "5.4"}
        self.socket.send(json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel,
                                     "buffers": []}))
        return ident

    def run(self, code, printed=lambda: None):
        """What a cell published and its reply: [(type, content)]; `printed` is called when its first text comes."""
        ident = self.send("execute_request", {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                                              "allow_stdin": False, "stop_on_error": True})
        seen, ends = [], set()
        while len(ends) < 2:
            message = json.loads(self.socket.recv())
            if message["parent_header"].get("msg_id") != ident:
                continue
            if message["msg_type"] == "stream" and "stream" not in dict(seen):
                printed()
            seen.append((message["msg_type"], message["content"]))
            if message["msg_type"] == "execute_reply" or message["content"].get("execution_state") == "idle":
                ends.add(message["msg_type"])
        return seen

    def printed(self, code):
        return "".join(content["text"] for kind, content in self.run(code) if kind == "stream")

    def close(self):
        self.socket.close()


def kernels_below(pid):
    """The processes of deepwhy that descend from a process."""
    parents = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rsplit(")", 1)
        except OSError:
            continue
        parents[int(stat.parent.name)] = (int(words[1].split()[1]), words[0].split("(", 1)[1])

    def descends(child):
        while child in parents and child != pid:
            child = parents[child][0]
        return child == pid
    return [child for child, (_, name) in parents.items() if name.startswith("deepwhy") and descends(child)]


@pytest.fixture
def gateway(place):
    """The address of a gateway that takes idle kernels away after five seconds."""
    port = free_port()
    process = place.start(CLIENTS / "bin/jupyter-kernelgateway", "--ip=127.0.0.1", f"--port={port}", "--KernelGatewayApp.auth_token=secret",
                          "--KernelGatewayApp.allow_root=True", "--MappingKernelManager.cull_idle_timeout=5",
                          "--MappingKernelManager.cull_interval=1", "--MappingKernelManager.cull_connected=False")
    place.process, address = process, f"http://127.0.0.1:{port}"
    place.headers = {"Authorization": "token secret"}
    until(lambda: requests.get(f"{address}/api/kernelspecs", headers=place.headers, timeout=20).ok, alive=process)
    return address


@needs_clients
def test_a_kernel_gateway(place, gateway):
    specs = requests.get(f"{gateway}/api/kernelspecs", headers=place.headers, timeout=60).json()
    assert "deepwhy" in specs["kernelspecs"]
    assert requests.get(f"{gateway}/api/kernelspecs", timeout=60).status_code in (401, 403)
    made = requests.post(f"{gateway}/api/kernels", json={"name": "deepwhy"}, headers=place.headers, timeout=60)
    assert made.status_code == 201 and made.json()["name"] == "deepwhy"
    kernel = made.json()["id"]
    channels = Channels(gateway, kernel, "secret")
    assert channels.printed("for k in 1..2000\n  print(k)\nend") == "".join(f"{k}\n" for k in range(1, 2001))
    kinds = [kind for kind, _ in channels.run("plot(sin, 0..1)")]
    assert "display_data" in kinds or "execute_result" in kinds

    def interrupt():
        assert requests.post(f"{gateway}/api/kernels/{kernel}/interrupt", headers=place.headers, timeout=60 * SLOW).ok
    seen = channels.run('print("it runs"); while true; x = 1; end', interrupt)
    assert ("error", "KeyboardInterrupt") in [(kind, content.get("ename")) for kind, content in seen]
    assert len(kernels_below(place.process.pid)) == 1
    channels.close()
    about = f"{gateway}/api/kernels/{kernel}"
    until(lambda: requests.get(about, headers=place.headers, timeout=60).status_code == 404, alive=place.process)
    until(lambda: not kernels_below(place.process.pid), alive=place.process)


HUB = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub}
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.cookie_secret_file = "{folder}/cookie"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.Authenticator.allow_all = True
c.ConfigurableHTTPProxy.command = ["{python}", "{proxy}"]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.ConfigurableHTTPProxy.auth_token = "{secret}"
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
c.Spawner.cmd = ["{python}", "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.environment = {env}
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
c.JupyterHub.services = [{{"name": "teacher", "api_token": "{secret}"}}]
c.JupyterHub.load_roles = [{{"name": "teacher", "services": ["teacher"],
    "scopes": ["admin:users", "admin:servers", "access:servers", "list:users", "tokens"]}}]
"""


@pytest.fixture
def hub(place):
    """The address of a hub whose users are whoever comes, their servers processes of this user."""
    port, api, inner = (free_port() for _ in range(3))
    secret = uuid.uuid4().hex
    env = {name: value for name, value in place.env.items() if name not in ("HOME", "JUPYTER_RUNTIME_DIR")}
    env["JUPYTERHUB_SINGLEUSER_APP"] = "jupyter_server.serverapp.ServerApp"  # nobody looks at it
    (place.folder / "jupyterhub_config.py").write_text(HUB.format(
        port=port, api=api, hub=inner, folder=place.folder, python=sys.executable, proxy=CLIENTS / "bin/configurable-http-proxy",
        secret=secret, env=json.dumps(env)))
    place.headers, address = {"Authorization": f"token {secret}"}, f"http://127.0.0.1:{port}"

    def answers():
        return place.process.poll() is not None or requests.get(f"{address}/hub/api/", timeout=20).ok
    for _ in range(3):  # a hub gives its proxy ten seconds to start and then ends; a loaded machine may need more
        place.process = place.start("-m", "jupyterhub", "-f", "jupyterhub_config.py")
        until(answers, 120)
        if place.process.poll() is None:
            return address
    pytest.fail(place.process.log.read_text())


@needs_clients
def test_two_users_of_a_hub(place, hub):
    """Each has a server and a kernel; both compute at the same time, and neither sees the other's values."""
    def api(way, path, **more):
        answer = requests.request(way, f"{hub}{path}", headers=place.headers, timeout=60 * SLOW, **more)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text}"
        return answer

    users, channels, printed = ["ada", "grace"], {}, {}
    for user in users:
        api("POST", f"/hub/api/users/{user}")
        api("POST", f"/hub/api/users/{user}/server")
    for user in users:
        until(lambda user=user: api("GET", f"/hub/api/users/{user}").json()["servers"].get("", {}).get("ready"), 120, alive=place.process)
        kernel = api("POST", f"/user/{user}/api/kernels", json={"name": "deepwhy"}).json()["id"]
        channels[user] = Channels(f"{hub}/user/{user}", kernel, place.headers["Authorization"].split()[1])
    assert len(kernels_below(place.process.pid)) == 2

    def work(user):
        code = f'mine = "{user}"\nfor k in 1..3000\n  print("{{mine}} {{k}}")\nend'
        printed[user] = channels[user].printed(code)
    threads = [threading.Thread(target=work, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for user in users:
        assert printed[user] == "".join(f"{user} {k}\n" for k in range(1, 3001))
        channels[user].close()
        api("DELETE", f"/hub/api/users/{user}/server")

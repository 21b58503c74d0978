# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures of the soak: a kernel in a folder of its own, and how much of everything."""
import os
import pathlib
import sys

import pytest
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "protocol"))
from rawkernel import DEEPWHY, Client, Kernel  # noqa: E402


@pytest.fixture
def kernel(tmp_path):
    kernel = Kernel(DEEPWHY, before=lambda: os.chdir(tmp_path))
    yield kernel
    kernel.stop()


@pytest.fixture
def client(kernel):
    client = Client(kernel)
    yield client
    client.close()


def pytest_configure():
    zmq.Context.instance().max_sockets = 8192  # of all clients together; has to be said before the first

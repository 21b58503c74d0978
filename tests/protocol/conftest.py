# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures: a kernel around the mock engine, and clients of it."""
import inspect
import os
import re

import pytest
from rawkernel import DEEPWHY, MOCK, Client, Kernel


def pytest_configure(config):
    config.addinivalue_line("markers", "timed: looks at a clock, so that nothing else should run beside it")


def pytest_collection_modifyitems(items):
    """A test with a limit of time reads the clock or speaks of SLOW, by which limits are stretched: nobody needs to mark it."""
    for item in items:
        if re.search(r"SLOW|MUCH|monotonic", inspect.getsource(item.function)):
            item.add_marker("timed")


@pytest.fixture
def start():
    """Starts kernels that are stopped after the test."""
    running = []

    def begin(*args, **more):
        running.append(Kernel(*args, **more))
        return running[-1]

    yield begin
    for kernel in running:
        kernel.stop()


@pytest.fixture
def connect():
    """Connects clients that are closed after the test."""
    clients = []

    def begin(kernel, **more):
        clients.append(Client(kernel, **more))
        return clients[-1]

    yield begin
    for client in clients:
        client.close()


@pytest.fixture
def kernel(start):
    return start(MOCK)


@pytest.fixture
def client(kernel, connect):
    return connect(kernel)


@pytest.fixture
def deepwhy(start, connect, tmp_path):
    """A client of the real kernel, which reads and writes files in a folder of the test's own."""
    return connect(start(DEEPWHY, before=lambda: os.chdir(tmp_path)))

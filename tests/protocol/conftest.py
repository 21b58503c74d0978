# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures: a kernel around the mock engine, and clients of it."""
import os

import pytest
from rawkernel import DEEPWHY, MOCK, Client, Kernel


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

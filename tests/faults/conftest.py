# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures: a kernel in a folder of its own, with a shim that takes orders or without."""
import os

import pytest
from faults import SHIM, Faults
from rawkernel import DEEPWHY, Client, Kernel


class Bench:
    """A kernel that is replaced when it ended; one client; perhaps a shim."""

    def __init__(self, folder, faults=None, env=None):
        self.folder, self.faults, self.kernel, self.client = folder, faults, None, None
        self.env = dict(env or {}, **(faults.env if faults else {}))

    def open(self, **more):
        if self.kernel and self.kernel.process.poll() is not None:
            self.close()
        if not self.kernel:
            self.kernel = Kernel(DEEPWHY, env=self.env, before=lambda: os.chdir(self.folder), **more)
            self.client = Client(self.kernel)
        return self.client

    def close(self):
        if self.client:
            self.client.close()
        if self.kernel:
            self.kernel.stop()
        self.kernel = self.client = None


@pytest.fixture
def bench(tmp_path):
    """A kernel without a shim."""
    bench = Bench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def shimmed(tmp_path):
    """A kernel whose calls can be made to fail."""
    if not SHIM.exists():
        pytest.skip("this variant has no shim: the sanitizers replace the same functions")
    bench = Bench(tmp_path, Faults(tmp_path))
    yield bench
    bench.close()

# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of the soak share: how much of everything, and what a process holds."""
import os
import resource
import time


def amount(name, short):
    """How many: few in `make test`, as many as SOAK_<name> says by hand."""
    return int(os.environ.get(f"SOAK_{name}", short))


def allow_many_files():
    """As many open files as the system gives; how many that are."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


class Holdings:
    """Memory, open files and threads of a process at one moment."""

    def __init__(self, pid):
        self.files = len(os.listdir(f"/proc/{pid}/fd"))
        self.threads = len(os.listdir(f"/proc/{pid}/task"))
        status = open(f"/proc/{pid}/status").read().split("\n")
        self.kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
        self.seconds = time.monotonic()

    def __str__(self):
        return f"{self.kilobytes / 1024:.1f} MB, {self.files} files, {self.threads} threads"

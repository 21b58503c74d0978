# SPDX-License-Identifier: BSD-3-Clause
"""Orders to the shim (shim.c) in a kernel: which call shall fail, and with what."""
import mmap
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "protocol"))
from rawkernel import BUILD  # noqa: E402

SHIM = BUILD / "faults" / "shim.so"
KINDS = {"memory": 1, "read": 2, "write": 3, "poll": 4, "zmq send": 5, "zmq recv": 6, "zmq poll": 7, "open": 8,
         "rename": 9, "close": 10}
FORM = struct.Struct("=iiqqqq")
FAR = 1 << 40


class Faults:
    """The file through which a shim takes its orders."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder, "orders")
        self.path.write_bytes(bytes(4096))
        with open(self.path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), 4096)
        self.env = {"LD_PRELOAD": str(SHIM), "FAULTS": str(self.path)}

    def arm(self, kind, at=FAR, error=0, on=False):
        """The at-th call of this kind from now on fails; `on`: and all that follow."""
        self.map[:FORM.size] = FORM.pack(0, 0, 0, 0, 0, 0)
        self.map[4:FORM.size] = FORM.pack(0, error, at, int(on), 0, 0)[4:]
        self.map[:4] = struct.pack("=i", KINDS[kind])

    def disarm(self):
        """(calls seen, calls failed) since arm."""
        self.map[:4] = struct.pack("=i", 0)
        return FORM.unpack(self.map[:FORM.size])[4:]

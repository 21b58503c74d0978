# SPDX-License-Identifier: BSD-3-Clause
"""Files that others change while a cell reads them, and a folder that is by turns a link that leads outside.

CHANGES=60 goes on for so many seconds.
"""
import gzip
import io
import os
import random
import struct
import threading
import time
import zipfile

import pytest
from test_sandbox import SECRET

SECONDS = float(os.environ.get("CHANGES", "2"))


def arrays(count):
    """An npy file of so many zeros."""
    head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({count},), }}".ljust(117) + "\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head.encode() + bytes(8 * count)


def packed(members):
    """A zip file, which is what npz files are."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in members.items():
            zipped.writestr(name, data)
    return file.getvalue()


@pytest.fixture
def meanwhile():
    """Calls a function again and again in a thread of its own; what cannot be done just then is left."""
    done, threads = threading.Event(), []

    def begin(step):
        def work():
            while not done.is_set():
                try:
                    step()
                except OSError:
                    pass
        threads.append(threading.Thread(target=work))
        threads[-1].start()

    yield begin
    done.set()
    for thread in threads:
        thread.join()


def run_for_a_while(client, cells):
    """Runs the cells again and again; the ways in which each ended."""
    ends, end = {code: set() for code in cells}, time.monotonic() + SECONDS
    while time.monotonic() < end or min(map(len, ends.values())) < 2 and time.monotonic() < end + 30:
        for code in cells:
            reply, outputs = client.run(code, timeout=60)
            assert SECRET not in str(reply) + str(outputs)
            assert reply.content["status"] == "ok" or reply.content["ename"] in ("FileError", "DataError"), reply.content
            ends[code].add(reply.content["status"])
    return ends


def test_files_that_change(bench, tmp_path, meanwhile):
    table = b"a,b\n" + b"1,2\n" * 50000
    files = {"d.csv": table, "d.csv.gz": gzip.compress(table), "d.npy": arrays(100000),
             "d.npz": packed({"a.npy": arrays(50000), "b.npy": arrays(50000)})}
    dice = random.Random(1)

    def change():
        name, data = dice.choice(list(files.items()))
        path, chance = tmp_path / name, dice.random()
        if chance < 0.4:
            path.write_bytes(data)
        elif chance < 0.6:
            os.truncate(path, dice.randrange(len(data)))
        elif chance < 0.7:
            path.unlink()
        else:
            with open(path, "r+b") as file:
                file.seek(dice.randrange(len(data)))
                file.write(dice.randbytes(5000))

    meanwhile(change)
    for ends in run_for_a_while(bench.open(), [f'load("{name}")' for name in files]).values():
        assert ends == {"ok", "error"}


def test_a_link_that_comes_and_goes(bench, tmp_path_factory, tmp_path, meanwhile):
    outside, real, way = tmp_path_factory.mktemp("outside"), tmp_path / "real", tmp_path / "way"
    (outside / "s.csv").write_text(f"secret\n{SECRET}\n")
    real.mkdir()
    (real / "s.csv").write_text("fine\n1\n")

    def swap():
        os.rename(real, way)
        os.rename(way, real)
        os.symlink(outside, way)
        os.unlink(way)

    meanwhile(swap)
    for ends in run_for_a_while(bench.open(), ['load("way/s.csv")', 'save([1, 2, 3], "way/x.csv")']).values():
        assert ends == {"ok", "error"}
    assert os.listdir(outside) == ["s.csv"]

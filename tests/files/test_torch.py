# SPDX-License-Identifier: BSD-3-Clause
"""PyTorch itself takes the weights deepwhy saves and gives the same answers. Debian's python3-torch serves."""
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEEPWHY = pathlib.Path(os.environ.get("DEEPWHY_BUILD", ROOT / "build")).resolve() / "deepwhy"
PYTHON = os.environ.get("PYTHON_WITH_TORCH", "/usr/bin/python3")
PROGRAM = """
seed(5)
f = 64 → conv(8, 5) → relu → pool(2) → flatten → 10 → tanh → layernorm → 3 → softmax
x = [sin(i) for i in 1..64]'
save(f, "image.safetensors", names = "pytorch")
save(x', "x.npy")
e = 2 → embed(3, count = 5) → 4 → sigmoid → batchnorm → 1
save(e, "words.safetensors", names = "pytorch")
print("{f(x)[1]:17} {f(x)[2]:17} {f(x)[3]:17}")
print("{e([2; 5]):17} {e([1; 1]):17}")
"""


def test_pytorch_gives_the_same_answers(tmp_path):
    if subprocess.run([PYTHON, "-c", "import torch, numpy"], capture_output=True).returncode:
        pytest.skip("PyTorch is not installed (python3-torch)")
    (tmp_path / "t.dw").write_text(PROGRAM, encoding="utf-8")
    ours = subprocess.run([DEEPWHY, "run", "t.dw"], cwd=tmp_path, capture_output=True, text=True, check=True)
    theirs = subprocess.run([PYTHON, ROOT / "tests/files/torch_forward.py"], cwd=tmp_path, capture_output=True, text=True)
    assert theirs.returncode == 0, theirs.stderr
    a = [float(v) for v in ours.stdout.split()]
    b = [float.fromhex(v) for v in theirs.stdout.split()]
    assert a == pytest.approx(b, rel=1e-12, abs=1e-14) and len(a) == 5

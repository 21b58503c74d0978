# SPDX-License-Identifier: BSD-3-Clause
"""Files that NumPy and the safetensors package write are read, and those deepwhy writes are read by them."""
import gzip
import os
import pathlib
import resource
import struct
import subprocess

import numpy as np
import pytest
import safetensors
import safetensors.numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEEPWHY = pathlib.Path(os.environ.get("DEEPWHY_BUILD", ROOT / "build")).resolve() / "deepwhy"
SLOW = float(os.environ.get("DEEPWHY_SLOW", "1"))


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a program in an empty folder, where the test is, too; gives what it prints."""
    monkeypatch.chdir(tmp_path)

    def run(source, code=0):
        pathlib.Path("t.dw").write_text(source, encoding="utf-8")
        done = subprocess.run([DEEPWHY, "run", "t.dw"], capture_output=True, text=True, timeout=60 * SLOW)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr if code else done.stdout
    return run


def same(got, expected):
    expected = np.asarray(expected)
    assert got.shape == expected.shape and got.dtype == expected.dtype, (got, expected)
    assert np.array_equal(got, expected, equal_nan=got.dtype.kind == "f"), (got, expected)


NUMBERS = [0, 1, 5, 100, 127]
DTYPES = ["f2", "f4", "f8", ">f4", ">f8", "i1", "i2", "i4", "i8", ">i2", ">i8", "u1", "u2", "u4", "u8", "?"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_npy_of_every_kind(run, dtype):
    np.save("a.npy", np.array(NUMBERS, dtype))
    run('save(load("a.npy"), "b.npy")')
    same(np.load("b.npy"), np.array(NUMBERS, dtype).astype("?" if dtype == "?" else "f8"))


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_npz_is_read(run, write):
    rng = np.random.default_rng(1)
    arrays = {"x": rng.normal(size=(3, 500)), "y": rng.normal(size=500), "n": np.float64(7), "layer.w": np.eye(3)}
    write("a.npz", **arrays, images=np.arange(24).reshape(2, 3, 4), turned=np.asfortranarray(np.arange(24).reshape(2, 3, 4)))
    out = run('r = load("a.npz")\n'
              'save(r.x, "x.npy")\nsave(r.y, "y.npy")\nsave(r.n, "n.npy")\nsave(r.layer.w, "w.npy")\n'
              'check all(r["layer.w"] == r.layer.w) and all(r.images == r.turned)\nsave(r.images, "images.npy")')
    assert out.startswith("✓")
    for name, file in (("x", "x"), ("y", "y"), ("n", "n"), ("layer.w", "w")):
        same(np.load(f"{file}.npy"), arrays[name])
    same(np.load("images.npy"), np.arange(24.0).reshape(2, 12))


def test_npz_is_written(run):
    run('save((x = [1, 2, 3], c = [1; 2], n = 1/3, layer = (w = [1, 2; 3, 4], flags = [1, 2] > 1)), "a.npz")')
    with np.load("a.npz") as z:
        assert sorted(z) == ["c", "layer.flags", "layer.w", "n", "x"]
        same(z["x"], [1.0, 2, 3])
        same(z["c"], [[1.0], [2]])
        same(z["n"], np.array(1 / 3))
        same(z["layer.w"], [[1.0, 2], [3, 4]])
        same(z["layer.flags"], [False, True])


def test_a_table_of_many_numbers_goes_through(run):
    run('save(digits(), "d.npz")\nsave(digits(), "d.safetensors", precision = "single")')
    with np.load("d.npz") as z:
        counts = np.bincount(z["y"].astype(int))
        assert z["x"].shape == (64, 1797) and list(counts) == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
        same(safetensors.numpy.load_file("d.safetensors")["x"], z["x"].astype("f4"))


@pytest.mark.parametrize("packed", [False, True])
def test_mnist_is_read(run, packed):
    rng = np.random.default_rng(2)
    images, labels = rng.integers(0, 256, (50, 28, 28), "u1"), rng.integers(0, 10, 50, "u1")
    ending = ".gz" if packed else ""
    for name, a in (("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", labels)):
        data = struct.pack(f">2xBB{a.ndim}I", 8, a.ndim, *a.shape) + a.tobytes()
        pathlib.Path(name + ending).write_bytes(gzip.compress(data) if packed else data)
    run(f'save(load("train-images-idx3-ubyte{ending}"), "x.npy")\nsave(load("train-labels-idx1-ubyte{ending}"), "y.npy")')
    same(np.load("x.npy"), images.reshape(50, 784).T.astype("f8"))
    same(np.load("y.npy"), labels.astype("f8"))


def test_packed_files(run):
    pathlib.Path("t.csv.gz").write_bytes(gzip.compress(b"x,word\n1,a\n2,b\n"))
    assert run('t = load("t.csv.gz")\nt.word[2]\nsave(t, "u.csv.gz")') == '"b"\n'
    assert gzip.decompress(pathlib.Path("u.csv.gz").read_bytes()) == b"x,word\n1,a\n2,b\n"


SAFE = ["float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8", "bool"]


@pytest.mark.parametrize("dtype", SAFE)
def test_safetensors_of_every_kind(run, dtype):
    a = np.array(NUMBERS, dtype)
    safetensors.numpy.save_file({"a": a, "b": a.reshape(1, 5), "n": np.array(3, dtype)}, "a.safetensors")
    run('r = load("a.safetensors")\ncheck size(r.a)[2] == 1\nsave(r.a\', "a.npy")\nsave(r.n, "n.npy")\n'
        'check all(r.b == r.a\')')
    same(np.load("a.npy"), a.astype("?" if dtype == "bool" else "f8"))
    same(np.load("n.npy"), np.array(3, dtype).astype("?" if dtype == "bool" else "f8"))


def test_safetensors_of_brain_floats(run):
    numbers = np.array([1, -2.5, 3e38, 0], "f4")
    upper = numbers.view("u4") >> 16
    head = b'{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}'
    data = struct.pack("<Q", len(head)) + head + upper.astype("<u2").tobytes()
    assert safetensors.deserialize(data)[0][1]["dtype"] == "BF16"  # the package takes it, too
    pathlib.Path("a.safetensors").write_bytes(data)
    run('save(load("a.safetensors").a\', "a.npy")')
    same(np.load("a.npy"), (upper << 16).astype("u4").view("f4").astype("f8"))


def test_weights_of_pytorch_are_read(run):
    rng = np.random.default_rng(3)
    state = {"0.weight": rng.normal(size=(32, 1)), "0.bias": rng.normal(size=32),
             "2.weight": rng.normal(size=(1, 32)), "2.bias": rng.normal(size=1),
             "conv.weight": rng.normal(size=(8, 3, 5, 5))}
    safetensors.numpy.save_file({k: v.astype("f4") for k, v in state.items()}, "a.safetensors", {"format": "pt"})
    run('r = load("a.safetensors")\nsave(r["0.weight"], "w.npy")\nsave(r["0"].bias, "b.npy")\nsave(r.conv.weight, "c.npy")\n'
        'save(r["2"].weight*relu(r["0.weight"]*0.5 + r["0.bias"]) + r["2.bias"], "y.npy")')
    f4 = {k: v.astype("f4").astype("f8") for k, v in state.items()}
    same(np.load("w.npy"), f4["0.weight"])
    same(np.load("b.npy"), f4["0.bias"].reshape(32, 1))
    same(np.load("c.npy"), f4["conv.weight"].reshape(8, 75))
    y = f4["2.weight"] @ np.maximum(f4["0.weight"] @ [0.5] + f4["0.bias"], 0) + f4["2.bias"]
    assert np.allclose(np.load("y.npy"), y, rtol=1e-14)


@pytest.mark.parametrize("precision, dtype", [("double", "f8"), ("single", "f4")])
def test_safetensors_are_written(run, precision, dtype):
    run('save((x = [1, 2, 1/3], c = [1; 1/7], n = π, inner = (w = [1, 2; 3, 4], flag = [1, 2] > 1)), '
        f'"a.safetensors", precision = "{precision}")')
    r = safetensors.numpy.load_file("a.safetensors")
    assert sorted(r) == ["c", "inner.flag", "inner.w", "n", "x"]
    same(r["x"], np.array([[1, 2, 1 / 3]], dtype))
    same(r["c"], np.array([1, 1 / 7], dtype))
    same(r["n"], np.array(np.pi, dtype))
    same(r["inner.w"], np.array([[1, 2], [3, 4]], dtype))
    same(r["inner.flag"], np.array([[False, True]]))


STATE = {"0.weight": (8, 4), "0.bias": (8,), "2.weight": (3, 8), "2.bias": (3,)}  # torch.nn.Sequential(Linear, ReLU, Linear)


def forward(state, x):
    return state["2.weight"] @ np.maximum(state["0.weight"] @ x + state["0.bias"], 0) + state["2.bias"]


def test_a_net_takes_the_weights_of_pytorch(run):
    rng = np.random.default_rng(4)
    state = {k: rng.normal(size=s).astype("f4") for k, s in STATE.items()}
    safetensors.numpy.save_file(state, "torch.safetensors", {"format": "pt"})
    out = run('f = load("torch.safetensors", into = 4 → 8 → relu → 3)\n'
              'save(f([1; -2; 0.5; 3])\', "y.npy")\nf')
    assert out.startswith("4 → 8 → relu → 3\n")
    y = forward({k: v.astype("f8") for k, v in state.items()}, np.array([1, -2, 0.5, 3]))
    assert np.allclose(np.load("y.npy"), y, rtol=1e-13)


def test_layers_are_found_in_the_order_of_their_numbers(run):
    rng = np.random.default_rng(5)
    sizes = [3] * 12  # fc2 comes before fc10, although the file sorts by letters
    state = {f"fc{i + 1}.{n}": rng.normal(size=(3, 3) if n == "weight" else 3) for i in range(11) for n in ("weight", "bias")}
    safetensors.numpy.save_file(state, "a.safetensors")
    run(f'f = load("a.safetensors", into = {" → ".join(map(str, sizes))})\nsave(f.W10, "w.npy")\nsave(f.b2\', "b.npy")')
    same(np.load("w.npy"), state["fc10.weight"])
    same(np.load("b.npy"), state["fc2.bias"])


@pytest.mark.parametrize("precision, dtype", [("double", "f8"), ("single", "f4")])
def test_pytorch_takes_the_weights_of_a_net(run, precision, dtype):
    """With these names and shapes torch's load_state_dict takes them as they are."""
    run('seed(3)\nf = 4 → 8 → relu → 3\n'
        f'save(f, "f.safetensors", names = "pytorch", precision = "{precision}")\nsave(f([1; -2; 0.5; 3])\', "y.npy")')
    state = safetensors.numpy.load_file("f.safetensors")
    assert {k: v.shape for k, v in state.items()} == STATE and all(v.dtype == dtype for v in state.values())
    y = forward({k: v.astype("f8") for k, v in state.items()}, np.array([1, -2, 0.5, 3]))
    assert np.allclose(np.load("y.npy"), y, rtol=1e-13 if dtype == "f8" else 1e-5)
    with safetensors.safe_open("f.safetensors", "np") as f:
        assert f.metadata() == {"format": "pt", "net": "4 → 8 → relu → 3"}


def test_embeddings_and_windows_have_the_shapes_of_pytorch(run):
    run('seed(3)\nf = 2 → embed(3, count = 5) → layernorm → 2\nsave(f, "e.safetensors", names = "pytorch")\nsave(f.E1, "E.npy")\n'
        'g = 25 → conv(2, 3) → batchnorm → flatten → 1\nsave(g, "c.safetensors", names = "pytorch")\nsave(g.W1, "W.npy")\n'
        'check all(params(load("e.safetensors", into = randomize(f))) == params(f))')
    e, c = safetensors.numpy.load_file("e.safetensors"), safetensors.numpy.load_file("c.safetensors")
    same(e["0.weight"], np.load("E.npy").T)
    assert e["1.weight"].shape == e["1.bias"].shape == (6,)
    same(c["0.weight"].reshape(2, 9), np.load("W.npy"))
    assert c["0.weight"].shape == (2, 1, 3, 3) and c["1.running_mean"].shape == c["1.running_var"].shape
    assert c["1.num_batches_tracked"].shape == ()


def test_a_net_goes_through_its_own_names(run):
    run('seed(3)\nf = 4 → 8 → relu → 1\nsave(f, "f.npz")\nsave(f, "f.safetensors")')
    shapes = {"W1": (8, 4), "b1": (8,), "W2": (1, 8), "b2": (1,)}
    state = safetensors.numpy.load_file("f.safetensors")
    assert {k: v.shape for k, v in state.items()} == shapes
    with np.load("f.npz") as z:
        assert sorted(z) == sorted(shapes) and np.array_equal(z["W1"], state["W1"])
    np.savez("g.npz", **{k: 2 * v for k, v in state.items()})
    run('f = load("g.npz", into = 4 → 8 → relu → 1)\nsave(f.b1\', "b.npy")\nsave(f.W2, "w.npy")')
    same(np.load("w.npy"), 2 * state["W2"][0])


def test_what_is_cut_off_says_so(run):
    np.savez("a.npz", x=np.arange(100.0))
    whole = pathlib.Path("a.npz").read_bytes()
    pathlib.Path("a.npz").write_bytes(whole[:500])
    assert "DataError: t.dw, line 1: a.npz is no zip file" in run('load("a.npz")', 1)
    safetensors.numpy.save_file({"a": np.arange(4.0)}, "a.safetensors")
    whole = pathlib.Path("a.safetensors").read_bytes()
    pathlib.Path("a.safetensors").write_bytes(whole[:-8])
    assert "ends at byte 32, but there are only 24" in run('load("a.safetensors")', 1)


def test_a_bomb_ends_as_an_error(run, monkeypatch):
    monkeypatch.setenv("DEEPWHY_MEMORY", "100M")
    pathlib.Path("a.txt.gz").write_bytes(gzip.compress(bytes(300_000_000)))
    assert "MemoryError" in run('load("a.txt.gz")', 1)


def test_many_names_are_told_apart_without_comparing_all_pairs(run):
    """9,999 names that differ at their ends: to compare all pairs takes ten times as long."""
    names = [f"{'c' * 2000}{k}" for k in range(9999)]
    pathlib.Path("wide.csv").write_text(",".join(names) + "\n" + ",".join(map(str, range(9999))) + "\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert run(f't = load("wide.csv")\nt.{names[9998]}') == "9998\n"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 1.2 * SLOW

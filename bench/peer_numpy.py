"""NumPy: programs vectorised over the runs by hand, and the peak of its OpenBLAS."""

import numpy as np

from peer import data, once, serve, threads, weights
from rows import DIPS


def descend(runs, steps, d, dtype, seed=1):
    """Gradient descent on the essay's dip from `runs` starts at once; the part that ends in the dip."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((runs, d)).astype(dtype)
    near, far = np.zeros(d, dtype), np.zeros(d, dtype)
    near[0], far[0] = -1, 3
    rate, tenth, depth = dtype(0.5), dtype(0.1), dtype(2.2)
    for _ in range(steps):
        a = x - near
        pull = depth * np.exp(dtype(-2) * np.einsum("ij,ij->i", a, a))
        x -= rate * (tenth * (x - far) + pull[:, None] * a)
    return np.mean(x[:, 0] < 1)


def train_nets(row, dtype):
    """All nets at once, backward pass by hand; the part of them that learned."""
    x, y = data(row, dtype)
    (w1, b1), (w2, b2) = weights(row, dtype, row.runs)
    one, rate, scale = dtype(1), dtype(row.rate), dtype(2 / len(x))
    for _ in range(row.steps):
        h = one / (one + np.exp(-(x @ w1 + b1)))
        o = one / (one + np.exp(-(h @ w2 + b2)))
        do = scale * (o - y) * o * (one - o)
        dh = (do @ w2.transpose(0, 2, 1)) * h * (one - h)
        w2 -= rate * (h.transpose(0, 2, 1) @ do)
        b2 -= rate * do.sum(1, keepdims=True)
        w1 -= rate * (x.T @ dh)
        b1 -= rate * dh.sum(1, keepdims=True)
    return np.mean(((o - y) ** 2).mean((1, 2)) < 0.05)


def peak(row, dtype, seconds):
    """Floating-point operations a second of the product of two 1024×1024 matrices, the best of some."""
    a, b = (np.random.default_rng(k).standard_normal((1024, 1024)).astype(dtype) for k in (1, 2))
    a @ b
    best = min(once(lambda: (a @ b)[0, 0])["seconds"] for _ in range(max(5, int(seconds / 0.02))))
    return {"seconds": best, "flops": 2 * 1024 ** 3 / best}


serve({
    "descents": lambda row, dtype, _: once(lambda: descend(row.runs, row.steps, row.dimensions, dtype)),
    "dimensions": lambda row, dtype, _: once(lambda: sum(descend(row.runs, row.steps, d, dtype) for d in DIPS)),
    "nets": lambda row, dtype, _: once(lambda: train_nets(row, dtype)),
    "peak": peak,
}, {"name": f"NumPy {np.__version__}", "threads": threads()})

"""JAX on the CPU: jit, with the whole loop inside fori_loop."""

import os

from peer import data, once, repeat, serve, threads, weights
from rows import DIPS

# One thread means one CPU here: XLA makes as many threads as it may use CPUs, and has no other switch for all of them.
if threads() == 1:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"

import jax  # noqa: E402 (after what it reads at its start)
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

ACTIVATIONS = {"relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid, "tanh": jnp.tanh}
prepared = {}


def loss_of(row, x, y):
    def loss(parameters):
        h = x
        for i, (w, b) in enumerate(parameters):
            h = h @ w + b
            h = ACTIVATIONS[row.activation](h) if i < len(parameters) - 1 else h
        if row.last == "softmax":
            return -jnp.mean(jax.nn.log_softmax(h)[jnp.arange(len(y)), y])
        return jnp.mean(((jax.nn.sigmoid(h) if row.last == "sigmoid" else h) - y) ** 2)
    return loss


def stepper(row, gradient, dtype):
    """state after one step; the state is (parameters, Adam's means, step)."""
    def sgd(_, state):
        p, rest = state
        return jax.tree.map(lambda a, g: a - dtype(row.rate) * g, p, gradient(p)), rest

    def adam(_, state):
        p, (m, v, n) = state
        n = n + 1
        g = gradient(p)
        m = jax.tree.map(lambda m, g: dtype(0.9) * m + dtype(0.1) * g, m, g)
        v = jax.tree.map(lambda v, g: dtype(0.999) * v + dtype(0.001) * g * g, v, g)
        a, b = 1 - dtype(0.9) ** n, 1 - dtype(0.999) ** n
        p = jax.tree.map(lambda p, m, v: p - dtype(row.rate) * (m / a) / (jnp.sqrt(v / b) + dtype(1e-8)), p, m, v)
        return p, (m, v, n)
    return adam if row.optimizer == "adam" else sgd


def build(row, dtype):
    x, y = (jnp.asarray(a) for a in data(row, dtype))
    loss = loss_of(row, x, y)
    p = [(jnp.asarray(w), jnp.asarray(b)) for w, b in weights(row, dtype)]
    zeros = jax.tree.map(jnp.zeros_like, p)
    state = (p, (zeros, zeros, dtype(0)) if row.optimizer == "adam" else ())
    step = stepper(row, jax.grad(loss), dtype)
    return jax.jit(lambda steps, state: jax.lax.fori_loop(0, steps, step, state)), jax.jit(loss), state


def train(row, dtype, seconds):
    key = row.name, dtype
    if key not in prepared:
        prepared[key] = build(row, dtype)
    run, loss, state = prepared[key]

    def steps(count):
        nonlocal state
        state = jax.block_until_ready(run(count, state))
    answer = {"seconds": repeat(steps, seconds), "value": float(loss(state[0]))}
    prepared[key] = run, loss, state
    return answer


def descent(d, steps, dtype):
    near, far = np.zeros(d, dtype), np.zeros(d, dtype)
    near[0], far[0] = -1, 3

    def dip(x):
        return dtype(0.05) * jnp.sum((x - far) ** 2) - dtype(0.55) * jnp.exp(dtype(-2) * jnp.sum((x - near) ** 2))
    step = jax.vmap(lambda x: x - dtype(0.5) * jax.grad(dip)(x))
    return jax.jit(lambda x: jnp.mean(jax.lax.fori_loop(0, steps, lambda _, x: step(x), x)[:, 0] < 1))


def descend(row, d, dtype):
    key = row.name, d, dtype
    if key not in prepared:
        start = jnp.asarray(np.random.default_rng(1).standard_normal((row.runs, d)).astype(dtype))
        run = descent(d, row.steps, dtype)
        float(run(start))
        prepared[key] = run, start
    run, start = prepared[key]
    return once(lambda: run(start))


def dimensions(row, dtype, _):
    all_of_them = [descend(row, d, dtype) for d in DIPS]
    return {k: sum(one[k] for one in all_of_them) for k in ("seconds", "value")}


def nets(row, dtype, _):
    key = row.name, dtype
    if key not in prepared:
        x, y = (jnp.asarray(a) for a in data(row, dtype))
        loss = loss_of(row, x, y)
        step = stepper(row, jax.vmap(jax.grad(loss)), dtype)
        p = [(jnp.asarray(w), jnp.asarray(b)) for w, b in weights(row, dtype, row.runs)]
        run = jax.jit(lambda p: jnp.mean(jax.vmap(loss)(jax.lax.fori_loop(0, row.steps, step, (p, ()))[0]) < 0.05))
        float(run(p))
        prepared[key] = run, p
    run, p = prepared[key]
    return once(lambda: run(p))


def cold(row, dtype, _):
    """From the formulas to the first step, compiling included."""
    jax.clear_caches()

    def whole():
        run, loss, state = build(row, dtype)
        return jax.block_until_ready(run(1, state))[0][-1][1][0, 0]
    return once(whole)


serve({"train": train, "descents": lambda row, dtype, _: descend(row, row.dimensions, dtype), "dimensions": dimensions,
       "nets": nets, "cold": cold},
      {"name": f"JAX {jax.__version__}", "threads": len(os.sched_getaffinity(0))})

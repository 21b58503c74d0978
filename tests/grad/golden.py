#!/usr/bin/env python3
"""What PyTorch computes: losses and parameters after 100 steps, written to golden.json beside this file.
(PyTorch's L-BFGS searches along lines in a way of its own: there the least squares solution is stored instead.)

    /usr/bin/python3 tests/grad/golden.py        (Debian's python3-torch; run by hand when a case is added)

The tests never need PyTorch: tests/grad/run.py trains the same nets in deepwhy and compares with what is stored here.
Starts and data are small multiples of 1/64, exact in both precisions and short to write. A parameter is stored as
the language holds it: W of a dense layer one row an output, b a column.
"""

import json
import math
import pathlib

import torch
from torch import nn

STEPS = 100
MARKS = (1, 10, STEPS)  # the losses after so many steps are kept


def exact(shape, seed, scale=1.0):
    """Numbers that look random, multiples of 1/64 in [-scale, scale]; the same on every version of everything."""
    count, state, numbers = math.prod(shape), 12345 + 7919 * seed, []
    for _ in range(count):
        state = (1103515245 * state + 12345) % 2 ** 31
        numbers.append(round((state / 2 ** 30 - 1) * scale * 64) / 64)
    return torch.tensor(numbers, dtype=torch.float64).reshape(shape)


DENSE = ("W1", "b1", "W2", "b2")


def dense(inputs, outputs):
    return nn.Linear(inputs, outputs)


# ---- Nets: what the language writes, the same in PyTorch, and the shape of a sample ------------------------------
class Case:
    """A net with its data. `stages` are PyTorch modules, `input` the sizes of a sample in the language's order."""

    words = 0  # inputs are class numbers up to this

    def __init__(self, chain, stages, inputs, outputs, samples=6, classes=0, names=DENSE, before=(), **training):
        self.chain, self.stages, self.inputs, self.outputs = chain, stages, inputs, outputs
        self.samples, self.classes, self.names, self.before, self.training = samples, classes, names, before, training

    def data(self):
        """x as columns in the language (inputs × samples); y the same, or class numbers from 0."""
        x = exact((self.inputs, self.samples), 1, 2.0)
        if self.words:
            x = 1 + torch.arange(x.numel()).reshape(x.shape) * 3 % self.words
        y = torch.arange(self.samples) % self.classes if self.classes else exact((self.outputs, self.samples), 2)
        return x, y


def mlp(activation):
    return lambda: [dense(3, 5), activation, dense(5, 2)]


TANH = mlp(nn.Tanh())
# name: (word in the language, options of train, PyTorch's optimiser, PyTorch's scheduler)
OPTIMIZERS = {
    "sgd": ("sgd", {"rate": 0.1}, lambda p: torch.optim.SGD(p, lr=0.1), None),
    "sgd with decay": ("sgd", {"rate": 0.1, "decay": 0.05}, lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.05), None),
    "momentum": ("momentum", {"rate": 0.02}, lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9), None),
    "nesterov": ("nesterov", {"rate": 0.02}, lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True), None),
    "rmsprop": ("rmsprop", {"rate": 0.002}, lambda p: torch.optim.RMSprop(p, lr=0.002), None),
    "adam": ("adam", {"rate": 0.02}, lambda p: torch.optim.Adam(p, lr=0.02), None),
    "adam with decay": ("adam", {"rate": 0.02, "decay": 0.05}, lambda p: torch.optim.Adam(p, lr=0.02, weight_decay=0.05), None),
    "adamw": ("adamw", {"rate": 0.02, "decay": 0.05}, lambda p: torch.optim.AdamW(p, lr=0.02, weight_decay=0.05), None),
    "cosine": ("sgd", {"rate": 0.1, "schedule": "cosine"}, lambda p: torch.optim.SGD(p, lr=0.1),
               lambda o, steps: torch.optim.lr_scheduler.CosineAnnealingLR(o, steps)),
    "linear": ("sgd", {"rate": 0.1, "schedule": "linear"}, lambda p: torch.optim.SGD(p, lr=0.1),
               lambda o, steps: torch.optim.lr_scheduler.LinearLR(o, 1.0, 0.0, steps)),
    "exponential": ("sgd", {"rate": 0.1, "schedule": "exponential"}, lambda p: torch.optim.SGD(p, lr=0.1),
                    lambda o, steps: torch.optim.lr_scheduler.ExponentialLR(o, 0.01 ** (1 / steps))),
}
ACTIVATIONS = {"relu": nn.ReLU(), "leaky": nn.LeakyReLU(0.01), "elu": nn.ELU(), "gelu": nn.GELU(), "swish": nn.SiLU(),
               "tanh": nn.Tanh(), "σ": nn.Sigmoid(), "softplus": nn.Softplus()}


def shaped(*sizes):
    return nn.Unflatten(1, sizes)


def images():
    """Images of one channel, 36 or 16 pixels row by row; a line of 12 numbers."""
    names = ("W1", "b1", "W2", "b2")
    yield "conv and pool", "36 → conv(2, 3) → tanh → pool(2) → flatten → 2", 36, names, lambda: [
        shaped(1, 6, 6), nn.Conv2d(1, 2, 3), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(), dense(8, 2)]
    yield "meanpool", "36 → conv(2, 3) → tanh → meanpool(2) → flatten → 2", 36, names, lambda: [
        shaped(1, 6, 6), nn.Conv2d(1, 2, 3), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(), dense(8, 2)]
    yield "conv with a rim, two channels", "16 → conv(2, 3, pad = 1) → tanh → conv(2, 3) → flatten → 2", 16, (
        *names, "W3", "b3"), lambda: [
        shaped(1, 4, 4), nn.Conv2d(1, 2, 3, padding=1), nn.Tanh(), nn.Conv2d(2, 2, 3), nn.Flatten(), dense(8, 2)]
    yield "conv along a line", "12 → conv(3, 4, line = true, step = 2) → tanh → flatten → 2", 12, names, lambda: [
        shaped(1, 12), nn.Conv1d(1, 3, 4, stride=2), nn.Tanh(), nn.Flatten(), dense(15, 2)]


class Embed(nn.Module):
    """An embedding whose table has a column for each class, as the language has it; classes count from 1."""

    def __init__(self, size, count):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(size, count))

    def forward(self, x):
        return self.table.T[x.long() - 1].flatten(1)


def others():
    yield "layernorm", "4 → 6 → layernorm → tanh → 2", 4, ("W1", "b1", "gain1", "shift1", "W2", "b2"), lambda: [
        dense(4, 6), nn.LayerNorm(6), nn.Tanh(), dense(6, 2)]
    # no bias before it: batchnorm takes it away again, so its gradient would be nothing but rounding
    yield "batchnorm", "4 → dense(6, bias = false) → batchnorm → tanh → 2", 4, ("W1", "gain1", "shift1", "W2", "b2"), lambda: [
        nn.Linear(4, 6, bias=False), nn.BatchNorm1d(6), nn.Tanh(), dense(6, 2)]
    yield "dropout of nothing", "4 → 6 → tanh → dropout(0) → 2", 4, DENSE, lambda: [
        dense(4, 6), nn.Tanh(), nn.Dropout(0.0), dense(6, 2)]
    yield "embed", "2 → embed(3, count = 5) → 4 → tanh → 2", 2, ("E1", *DENSE), lambda: [
        Embed(3, 5), dense(6, 4), nn.Tanh(), dense(4, 2)]


ADAM = dict(optimizer="adam", options={"rate": 0.02}, make=lambda p: torch.optim.Adam(p, lr=0.02), schedule=None)


def cases():
    table = {}
    for name, (word, options, make, schedule) in OPTIMIZERS.items():
        table[name] = Case("3 → 5 → tanh → 2", TANH, 3, 2, optimizer=word, options=options, make=make, schedule=schedule)
    for word, activation in ACTIVATIONS.items():
        before = ("swish(x) = x .* σ(x)",) if word == "swish" else ()
        table[f"layer {word}"] = Case(f"3 → 5 → {word} → 2", mlp(activation), 3, 2, before=before, **ADAM)
    table["layer softmax"] = Case("4 → 6 → tanh → 3 → softmax", lambda: [dense(4, 6), nn.Tanh(), dense(6, 3)], 4, 3,
                                  samples=7, classes=3, **ADAM)
    for name, chain, inputs, names, stages in (*images(), *others()):
        table[f"layer {name}"] = Case(chain, stages, inputs, 2, names=names, **ADAM)
    table["layer embed"].words = 5
    table["lbfgs"] = Case("3 → 2", lambda: [dense(3, 2)], 3, 2, names=("W1", "b1"), optimizer="lbfgs", options={}, make=None)
    return table


# ---- One run -------------------------------------------------------------------------------------------------------
def held(parameter):
    """A parameter as rows of numbers, in the way the language holds it."""
    p = parameter.detach()
    return (p.reshape(p.shape[0], -1)).double().tolist()


def begin(net, dtype):
    for i, p in enumerate(p for layer in net for p in layer.parameters()):
        p.data = exact(p.shape, 10 + i, 0.75).to(dtype)
    for layer in net:
        if isinstance(layer, (nn.LayerNorm, nn.BatchNorm1d)):  # a gain near 1, as in use
            layer.weight.data += 1


def run(case, dtype):
    net = nn.Sequential(*case.stages()).to(dtype)
    begin(net, dtype)
    start = [held(p) for p in net.parameters()]
    x, y = case.data()
    inputs, target = x.T.to(dtype), (y if case.classes else y.T.to(dtype))
    loss = nn.CrossEntropyLoss() if case.classes else nn.MSELoss()
    optimizer = case.training["make"](net.parameters())
    schedule = case.training["schedule"]
    schedule = schedule(optimizer, STEPS) if schedule else None
    net.train()
    losses = {}
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        loss(net(inputs), target).backward()
        optimizer.step()
        if schedule:
            schedule.step()
        if step in MARKS:
            with torch.no_grad():
                losses[step] = loss(net(inputs), target).item()
    return start, losses, [held(p) for p in net.parameters()]


def bottom(case, dtype):
    """The same of a net of one dense layer by least squares: where any good optimiser ends."""
    net = case.stages()[0]
    begin([net], torch.float64)
    start = [held(p) for p in net.parameters()]
    x, y = case.data()
    known = torch.cat([x, torch.ones(1, case.samples, dtype=torch.float64)]).T
    solution = torch.linalg.lstsq(known, y.T).solution
    loss = ((known @ solution - y.T) ** 2).mean().item()
    return start, {STEPS: loss}, [held(solution[:-1].T), held(solution[-1])]


def main():
    torch.set_num_threads(1)
    stored = {}
    for name, case in cases().items():
        x, y = case.data()
        entry = {"chain": case.chain, "x": x.tolist(), "y": y.tolist(), "optimizer": case.training["optimizer"],
                 "options": case.training["options"], "names": case.names, "before": case.before}
        for word, dtype in (("double", torch.float64), ("single", torch.float32)):
            if dtype == torch.float32 and not case.training["make"]:
                continue  # lbfgs of the language is for doubles
            entry["start"], losses, end = (run if case.training["make"] else bottom)(case, dtype)
            entry[word] = {"losses": losses, "end": end}
        stored[name] = entry
    text = ",\n".join(f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in stored.items())
    path = pathlib.Path(__file__).with_name("golden.json")
    path.write_text(f'{{"made by": "PyTorch {torch.__version__}", "steps": {STEPS}, "cases": {{\n{text}\n}}}}\n')
    print(f"{len(stored)} cases, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

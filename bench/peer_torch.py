"""PyTorch, eager, the loop everybody writes; compiled too where it is a 2.x."""

import math

import torch

from peer import data, once, repeat, serve, threads, weights

torch.set_num_threads(threads())
ACTIVATIONS = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh}
prepared = {}


def optimizer(row, parameters):
    kinds = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
    return kinds[row.optimizer](parameters, lr=row.rate)


def build(row, dtype):
    """The net with the same start as everybody's, its optimiser, data and loss."""
    layers = []
    for i, (w, b) in enumerate(weights(row, dtype)):
        layer = torch.nn.Linear(w.shape[0], w.shape[1])
        layer.weight.data, layer.bias.data = torch.from_numpy(w.T.copy()), torch.from_numpy(b[0].copy())
        layers += [layer] + ([ACTIVATIONS[row.activation]()] if i < len(row.sizes) - 2 else [])
    if row.last == "sigmoid":
        layers.append(torch.nn.Sigmoid())
    x, y = (torch.from_numpy(a) for a in data(row, dtype))
    loss = torch.nn.CrossEntropyLoss() if row.last == "softmax" else torch.nn.MSELoss()
    net = torch.nn.Sequential(*layers)
    return net, optimizer(row, net.parameters()), x, y, loss


def train(row, dtype, seconds, compiled=False):
    key = row.name, dtype, compiled
    if key not in prepared:
        net, *others = build(row, dtype)
        prepared[key] = torch.compile(net) if compiled else net, *others
    net, opt, x, y, loss = prepared[key]
    last = torch.zeros(())

    def run(steps):
        nonlocal last
        for _ in range(steps):
            opt.zero_grad()
            last = loss(net(x), y)
            last.backward()
            opt.step()
    return {"seconds": repeat(run, seconds), "value": last.item()}


def train_both(row, dtype, seconds):
    answer = train(row, dtype, seconds)
    if hasattr(torch, "compile"):
        answer["compiled"] = train(row, dtype, seconds, True)["seconds"]
    return answer


def train_nets(row, dtype, steps):
    """All nets at once: a batched product for each layer. Counts `steps` of the row's steps."""
    x, y = (torch.from_numpy(a) for a in data(row, dtype))
    (w1, b1), (w2, b2) = [(torch.from_numpy(w).requires_grad_(), torch.from_numpy(b).requires_grad_())
                          for w, b in weights(row, dtype, row.runs)]
    opt = optimizer(row, [w1, b1, w2, b2])
    for _ in range(steps):
        opt.zero_grad()
        out = torch.sigmoid(torch.matmul(torch.sigmoid(torch.matmul(x, w1) + b1), w2) + b2)
        loss = ((out - y) ** 2).mean((1, 2)).sum()
        loss.backward()
        opt.step()
    return loss.item()


def nets(row, dtype, _):
    part = 20  # every step costs the same, so a part of them tells the whole
    answer = once(lambda: train_nets(row, dtype, math.ceil(row.steps / part)))
    return {**answer, "seconds": answer["seconds"] * part}


def cold(row, dtype, _):
    def run():
        net, opt, x, y, loss = build(row, dtype)
        opt.zero_grad()
        value = loss(net(x), y)
        value.backward()
        opt.step()
        return value.item()
    return once(run)


serve({"train": train_both, "nets": nets, "cold": cold},
      {"name": f"PyTorch {torch.__version__}", "threads": torch.get_num_threads(), "compile": hasattr(torch, "compile")})

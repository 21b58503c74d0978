# SPDX-License-Identifier: BSD-3-Clause
"""Run by test_torch.py with a Python that has PyTorch: load what deepwhy saved into torch.nn modules of the same stages
and print, in hexadecimal, what they answer. Reads the safetensors files itself, for the package may be missing there."""
import json
import struct

import numpy as np
import torch
from torch import nn


def load_file(path):
    data = open(path, "rb").read()
    size, = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name != "__metadata__":
            numbers = data[8 + size :][slice(*entry["data_offsets"])]
            array = np.frombuffer(numbers, {"F64": "<f8", "F32": "<f4"}[entry["dtype"]])
            tensors[name] = torch.from_numpy(array.reshape(entry["shape"]).copy())
    return tensors


class Words(nn.Sequential):
    """An embedding gives its columns below one another, as in deepwhy."""

    def forward(self, x):
        for layer in self:
            x = layer(x).flatten(1)
        return x


torch.set_default_dtype(torch.float64)
image = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32, 10), nn.Tanh(),
                      nn.LayerNorm(10), nn.Linear(10, 3), nn.Softmax(1))
words = Words(nn.Embedding(5, 3), nn.Linear(6, 4), nn.Sigmoid(), nn.BatchNorm1d(4), nn.Linear(4, 1)).eval()
image.load_state_dict(load_file("image.safetensors"), strict=True)
words.load_state_dict(load_file("words.safetensors"), strict=True)
for answer in (image(torch.from_numpy(np.load("x.npy")).reshape(1, 1, 8, 8)), words(torch.tensor([[1, 4], [0, 0]]))):
    print(*(float(v).hex() for v in answer.detach().flatten()))

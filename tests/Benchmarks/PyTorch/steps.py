# SPDX-License-Identifier: Apache-2.0
"""Times training steps of a network in Python PyTorch, in floating point and with learned steps (LSQ), and prints them as JSON.

    python3 steps.py NETWORK.json BATCH STEPS THREADS BATCH_NORM(none|folded) SUM_BITS(0 for none)

The network is NetworkSpec's JSON. Quantisers are written as the public implementations of LSQ (Esser et al. 2020) write them: with detach() for the straight-through estimator.
"""
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


def scale_gradient(x, factor):
    y = x * factor
    return (x - y).detach() + y


def round_through(x):
    return (x.round() - x).detach() + x


class LearnedStep(nn.Module):
    """Fake quantisation with a trained step: one for a tensor, or one for each output channel of weights."""

    def __init__(self, bits, signed, shape=None):
        super().__init__()
        self.lowest = -(2 ** (bits - 1)) + (1 if shape else 0) if signed else 0
        self.highest = 2 ** (bits - 1) - 1 if signed else 2**bits - 1
        self.per_channel = shape is not None
        self.step = nn.Parameter(torch.ones([shape[0]] + [1] * (len(shape) - 1)) if shape else torch.ones([]))

    def start(self, x):
        dims = list(range(1, x.dim()))
        mean = x.abs().mean(dims, keepdim=True) if self.per_channel else x.abs().mean()
        self.step.data.copy_(2 * mean / math.sqrt(self.highest))

    def forward(self, x):
        sharing = x.numel() / x.shape[0]
        step = scale_gradient(self.step, 1 / math.sqrt(sharing * self.highest))
        return round_through((x / step).clamp(self.lowest, self.highest)) * step


class Network(nn.Module):
    def __init__(self, spec, batch_norm, sum_bits):
        super().__init__()
        self.spec = spec
        self.quantized = False
        self.matrices, self.norms, self.weights, self.outputs = nn.ModuleDict(), nn.ModuleDict(), nn.ModuleDict(), nn.ModuleDict()
        shapes = {"input": (spec["input"]["channels"], spec["input"]["height"], spec["input"]["width"])}
        previous = "input"
        self.layers = []
        for layer in spec["layers"]:
            inputs = layer.get("inputs") or [layer.get("input") or previous]
            name, kind = layer["name"], layer["kind"]
            channels, height, width = shapes[inputs[0]]
            if kind == "conv2d":
                self.matrices[name] = nn.Conv2d(channels, layer["channels"], layer["kernel"], layer["stride"], layer["padding"], bias=not batch_norm)
                extents = [(size + 2 * layer["padding"] - layer["kernel"]) // layer["stride"] + 1 for size in (height, width)]
                shapes[name] = (layer["channels"], *extents)
            elif kind == "dense":
                self.matrices[name] = nn.Linear(channels * height * width, layer["outputs"], bias=not batch_norm)
                shapes[name] = (layer["outputs"], 1, 1)
            elif kind == "max_pool":
                shapes[name] = (channels, height // layer["window"], width // layer["window"])
            elif kind == "flatten":
                shapes[name] = (channels * height * width, 1, 1)
            elif kind == "global_average_pool":
                shapes[name] = (channels, 1, 1)
            elif kind == "add":
                shapes[name] = shapes[inputs[0]]
            else:
                raise ValueError(kind)
            last = layer is spec["layers"][-1]
            linear = last or layer.get("activation") == "none"
            if name in self.matrices:
                self.weights[name] = LearnedStep(4, True, self.matrices[name].weight.shape)
                if batch_norm:
                    self.norms[name] = nn.BatchNorm1d(layer["outputs"]) if kind == "dense" else nn.BatchNorm2d(layer["channels"])
            if name in self.matrices or kind in ("add", "global_average_pool"):
                self.outputs[name] = LearnedStep(8 if last else sum_bits, True) if linear else LearnedStep(4, False)
            self.layers.append((layer, inputs, linear))
            previous = name

    def forward(self, images, start=False):
        tensors = {"input": images}
        for layer, inputs, linear in self.layers:
            name, kind = layer["name"], layer["kind"]
            x = tensors[inputs[0]]
            if name in self.matrices:
                matrix = self.matrices[name]
                if start:
                    self.weights[name].start(matrix.weight)
                weight = self.weights[name](matrix.weight) if self.quantized else matrix.weight
                y = F.conv2d(x, weight, matrix.bias, matrix.stride, matrix.padding) if kind == "conv2d" else F.linear(x.flatten(1), weight, matrix.bias)
                if name in self.norms:
                    y = self.norms[name](y)
            elif kind == "max_pool":
                y = F.max_pool2d(x, layer["window"])
            elif kind == "flatten":
                y = x.flatten(1)
            elif kind == "global_average_pool":
                y = x.mean([2, 3], keepdim=True)
            else:
                y = x + tensors[inputs[1]]
            if name in self.outputs:
                if start:
                    self.outputs[name].start(y if linear else y.relu())
                y = self.outputs[name](y) if self.quantized else y if linear else y.relu()
            tensors[name] = y
        return y


def steps(model, images, labels, batch, count):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    order = torch.randperm(len(images))
    seconds = []
    model.train()
    for i in range(count):
        begin = time.perf_counter()
        index = order[(i * batch) % len(images):][:batch]
        x, y = images[index], labels[index]
        scores = model(x)
        loss = F.cross_entropy(scores, y)
        if not math.isfinite(loss.item()):
            raise ValueError("the loss is not finite")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for quantizer in [*model.weights.values(), *model.outputs.values()]:
                quantizer.step.clamp_(1e-8)
            (scores.argmax(1) == y).sum().item()
        seconds.append(time.perf_counter() - begin)
    return seconds


def main():
    file, batch, count, threads, batch_norm, sum_bits = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5], int(sys.argv[6])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    with open(file, encoding="utf-8") as text:
        spec = json.load(text)
    shape = spec["input"]
    images = torch.randint(0, 256, (batch * count, shape["channels"], shape["height"], shape["width"])).float() / 256
    labels = torch.randint(0, 10, (batch * count,))
    model = Network(spec, batch_norm != "none", sum_bits)
    real = steps(model, images, labels, batch, count)
    with torch.no_grad():
        model(images[:batch], start=True)
    model.quantized = True
    print(json.dumps({"version": torch.__version__, "float": real, "quantized": steps(model, images, labels, batch, count)}))


main()

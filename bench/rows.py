"""The rows of bench/engine.py: what is measured, in words that every peer understands.

bench/README.md explains each row and its bar. A row of kind `train` is a dense net, its data and its optimiser; the
other kinds are programs of their own, which each peer has in its own words.
"""

from dataclasses import asdict, dataclass, field


@dataclass
class Row:
    name: str                   # how it is called on the command line and in the JSON
    title: str                  # how it is called in the table
    kind: str                   # train, descents, nets, dimensions, cold
    unit: str = "µs"            # of the table; times are kept in seconds
    sizes: tuple = ()           # of the net
    activation: str = "relu"
    last: str = ""              # after the last layer: "", sigmoid, softmax (with cross entropy)
    samples: int = 0            # all of them make one step
    optimizer: str = "sgd"
    rate: float = 0.01
    data: str = "normal"        # sine, xor, normal
    dimensions: int = 1
    runs: int = 1
    steps: int = 1
    bars: dict = field(default_factory=dict)    # "single" and "double": seconds at most, on one thread
    ratios: dict = field(default_factory=dict)  # peer: how many times faster than it we must be
    efficiency: float = 0       # at least this part of the peak of the matrix product

    def flops(self):
        """Multiplications and additions of the matrix products in one step; the input needs no gradient."""
        pairs = list(zip(self.sizes, self.sizes[1:]))
        return 2 * self.samples * (3 * sum(a * b for a, b in pairs) - pairs[0][0] * pairs[0][1])

    def parameters(self):
        return sum(a * b + b for a, b in zip(self.sizes, self.sizes[1:]))


US, MS = 1e-6, 1e-3

TRAIN = [
    Row("sine", "1-32-32-1 relu, 10 points, Adam", "train", sizes=(1, 32, 32, 1), samples=10, optimizer="adam",
        data="sine", bars={"single": 3 * US, "double": 6 * US}, ratios={"torch": 10, "jax": 3}),
    Row("xor", "2-4-1 sigmoid, XOR, SGD", "train", sizes=(2, 4, 1), activation="sigmoid", last="sigmoid", samples=4,
        rate=0.5, data="xor", bars={"single": 0.6 * US, "double": 0.6 * US}, ratios={"torch": 10, "jax": 3}),
    Row("classify", "64-128-10 relu, batch 64, SGD", "train", sizes=(64, 128, 10), last="softmax", samples=64,
        bars={"single": 40 * US}, ratios={"torch": 1}),
    Row("digits", "784-256-10 relu, batch 64, Adam", "train", sizes=(784, 256, 10), last="softmax", samples=64,
        optimizer="adam", rate=0.001, bars={"single": 600 * US}, ratios={"torch": 1}),
    Row("large", "1024-1024-1024-10 relu, batch 256, SGD", "train", "ms", sizes=(1024, 1024, 1024, 10), last="softmax",
        samples=256, bars={"single": 16 * MS}, ratios={"torch": 1}, efficiency=0.85),
]

DESCENTS = [
    Row(f"descents{d}", f"4000 descents × 2000 steps, d = {d}", "descents", "ms", dimensions=d, runs=4000, steps=2000)
    for d in (1, 10, 50)
]

PROGRAMS = [
    Row("nets", "1000 XOR nets of width 4 × 3000 steps", "nets", "ms", sizes=(2, 4, 1), activation="sigmoid",
        last="sigmoid", samples=4, rate=0.5, data="xor", runs=1000, steps=3000),
    Row("dimensions", "seven dimensions × 1000 starts × 200 steps", "dimensions", "ms", runs=1000, steps=200),
    Row("cold", "a new 1-32-32-1 net and its first step", "cold", "ms", sizes=(1, 32, 32, 1), samples=10,
        optimizer="adam", data="sine"),
]

# Two layers of the same width, so that nearly all parameters are in the products: 10^3 … 10^7 of them.
WIDTHS = (22, 70, 223, 707, 2236)
GROWTH = [
    Row(f"grow{w}", f"{w}-{w}-{w} relu, batch 64, SGD", "train", sizes=(w, w, w), samples=64, last="")
    for w in WIDTHS
]

ROWS = {row.name: row for row in TRAIN + DESCENTS + PROGRAMS + GROWTH}
DIPS = (1, 2, 3, 4, 6, 8, 10)   # the dimensions of the row `dimensions`, as in the essay


def request(row, single, seconds):
    return {"row": asdict(row), "single": single, "seconds": seconds}

"""Our side: scripts in the language, run with `deepwhy run`, timed from outside.

A step of training is the difference between two runs that differ in the number of steps only, divided by the
difference, so that starting, reading and planning cancel. The thread count is DEEPWHY_THREADS.
"""

import json
import os
import pathlib
import resource
import subprocess
import tempfile
import time

from record import BUILD

DIP = """dip(n) = do
  near = -unit(1, n)
  far  = 3*unit(1, n)
  θ ↦ 0.05*norm(θ - far)² - 0.55*exp(-2*norm(θ - near)²)
end
"""


def clock():
    """Seconds on the wall, or with --cpu what the processes that ended have used."""
    if os.environ.get("BENCH_CLOCK") != "cpu":
        return time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def chain(row, sizes=None):
    sizes = [str(s) for s in sizes or row.sizes]
    act = {"sigmoid": "σ"}.get(row.activation, row.activation)
    net = " → ".join([sizes[0], *(f"{s} → {act}" for s in sizes[1:-1]), sizes[-1]])
    return net + {"": "", "sigmoid": " → σ", "softmax": " → softmax"}[row.last]


def data(row):
    if row.data == "sine":
        return f"data = table(x = linspace(-1..1, {row.samples}), y = x ↦ sin(π*x))\n"
    if row.data == "xor":
        return "data = table(x = [0, 0, 1, 1; 0, 1, 0, 1], y = [0, 1, 1, 0])\n"
    target = (f"[mod(i, {row.sizes[-1]}) for i in 1..{row.samples}]" if row.last == "softmax"
              else f"sample(normal(0, 1)^{row.sizes[-1]}, {row.samples})")
    return f"data = table(x = sample(normal(0, 1)^{row.sizes[0]}, {row.samples}), y = {target})\n"


def train_call(row, steps, single, net="net"):
    precision = ', precision = "single"' if single else ""
    return f'train({net}, data, optimizer = "{row.optimizer}", rate = {row.rate}, steps = {steps}{precision})'


class Ours:
    name = "deepwhy"

    def __init__(self, threads, simd=None):
        self.env = {**os.environ, "DEEPWHY_THREADS": str(threads), **({"DEEPWHY_SIMD": simd} if simd else {})}
        self.folder = tempfile.TemporaryDirectory(prefix="dw-bench-")
        self.known = {}     # (row, single): a number of steps that takes about the time asked for

    def run(self, script):
        """(seconds, what it printed) of a script."""
        path = pathlib.Path(self.folder.name, "bench.dw")
        path.write_text(script)
        start = clock()
        done = subprocess.run([BUILD / "deepwhy", "run", path], env=self.env, cwd=self.folder.name, capture_output=True, text=True)
        spent = clock() - start
        if done.returncode:
            raise RuntimeError((done.stdout + done.stderr).strip()[:400])
        return spent, done.stdout

    def value(self, text):
        return float(text.split()[-1])

    def train(self, row, single, seconds):
        def script(steps):
            return f"seed(1)\nnet = {chain(row)}\n{data(row)}fit = {train_call(row, steps, single)}\nprint(fit.loss)\n"
        few = 1
        base = min(self.run(script(few))[0] for _ in range(2))
        steps = self.known.get((row.name, single), 16)
        while True:
            spent, text = self.run(script(few + steps))
            if spent - base > 0.5 * seconds:
                break
            steps = max(2 * steps, int(steps * 0.8 * seconds / max(spent - base, 1e-4)))
        self.known[row.name, single] = steps
        return {"seconds": (spent - base) / steps, "value": self.value(text)}

    def whole(self, before, work, show):
        """Seconds of `work` alone: a run with it less a run without it."""
        base = min(self.run(before)[0] for _ in range(2))
        spent, text = self.run(before + work + show)
        return {"seconds": spent - base, "value": self.value(text)}

    def descend(self, row, n):
        return (f"[minimize(dip({n}), from = normal(0, 1)^{n}, rate = 0.5, steps = {row.steps}).x[1] < 1"
                f" for run in 1..{row.runs}]")

    def descents(self, row, _single, _seconds):
        """minimize computes in double precision; in the rows of single precision that stands beside the peers' floats."""
        return self.whole(f"seed(1)\n{DIP}", f"p = fraction({self.descend(row, row.dimensions)})\n", "print(p + 0)\n")

    def dimensions(self, row, _single, _seconds):
        work = f"ps = [fraction({self.descend(row, 'n')}) + 0 for n in [1, 2, 3, 4, 6, 8, 10]]\n"
        return self.whole(f"seed(1)\n{DIP}", work, "print(sum(ps))\n")

    def nets(self, row, single, _):
        work = f"losses = [{train_call(row, row.steps, single)}.loss for run in 1..{row.runs}]\n"
        return self.whole(f"seed(1)\nnet = {chain(row)}\n{data(row)}", work, "print(mean(losses < 0.05) + 0)\n")

    def cold(self, row, single, _):
        """The mean of 20 nets of different widths, 32 on average, so that no plan serves twice."""
        net = chain(row, (row.sizes[0], "w", "w", row.sizes[-1]))
        loop = f"for w in 22..42\n  fit = {train_call(row, 1, single, net)}\nend\n"
        one = f"fit = {train_call(row, 1, single, net.replace('w', '32'))}\n"
        answer = self.whole(f"seed(1)\n{data(row)}{one}", loop, "print(fit.loss)\n")
        return {**answer, "seconds": answer["seconds"] / 21}

    def measure(self, row, single, seconds):
        try:
            return getattr(self, row.kind)(row, single, seconds)
        except RuntimeError as problem:
            return {"error": str(problem)}


# ---- What a gradient costs: functions of the language, their loss and their gradient, counted and timed ----------
FUNCTIONS = {
    "dip, 10 numbers": (DIP + "L = dip(10)\n", "zeros(10, 1)"),
    "Rosenbrock, 100 numbers": ("L(θ) = sum(100*(θ[i+1] - θ[i]²)² + (1 - θ[i])² for i in 1..99)\n", "zeros(100, 1)"),
    "a loop of 50 sines": ("L(θ) = do\n  s = θ\n  repeat 50\n    s = sin(s + θ)\n  end\n  norm(s)²\nend\n", "[0.1; 0.2; 0.3]"),
    "4-16-1 tanh, 20 points": (
        "f = 4 → 16 → tanh → 1\ndata = table(x = sample(normal(0, 1)^4, 20), y = sample(normal(0, 1), 20))\n"
        "L(w) = mean((y - f(x; w))² for x, y in data)\n", "params(f)"),
    "1-32-32-1 relu, 10 points": (
        "f = 1 → 32 → relu → 32 → relu → 1\ndata = table(x = linspace(-1..1, 10), y = x ↦ sin(π*x))\n"
        "L(w) = mean((y - f(x; w))² for x, y in data)\n", "params(f)"),
    "64-32-10 softmax, one sample": (
        "f = 64 → 32 → relu → 10 → softmax\nx = sample(normal(0, 1)^64)\nL(w) = -log(f(x; w)[3])\n", "params(f)"),
}


def gradient_costs(ours, repeats):
    """For each function: flops of the loss, of loss and gradient, and the least seconds of each."""
    table = {}
    for name, (define, at) in FUNCTIONS.items():
        script = (f"seed(1)\n{define}w = {at}\n"
                  "print(cost(L, w).flops)\nprint(cost(∇L, w).flops)\n"
                  f"print(min(cost(L, w).seconds for k in 1..{repeats}))\n"
                  f"print(min(cost(∇L, w).seconds for k in 1..{repeats}))\n")
        try:
            loss, gradient, loss_s, gradient_s = map(float, ours.run(script)[1].split())
            table[name] = {"loss_flops": loss, "gradient_flops": gradient, "flops_ratio": gradient / loss,
                           "loss_s": loss_s, "gradient_s": gradient_s, "seconds_ratio": gradient_s / loss_s if loss_s else None}
        except (RuntimeError, ValueError) as problem:
            table[name] = {"error": str(problem)[:400]}
    return table


if __name__ == "__main__":
    print(json.dumps(gradient_costs(Ours(1), 5), indent=1))

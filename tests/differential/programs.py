# SPDX-License-Identifier: BSD-3-Clause
"""Random programs: functions of a column of three numbers that are right by construction.

One seed, one program, always. Numbers stay moderate (what grows goes through tanh or sin), so that a comparison with
finite differences means something.
"""
import random

SMOOTH = ["sin", "cos", "tanh", "σ", "atan", "erf", "softplus", "gelu"]
CORNERS = ["abs", "relu", "leaky", "elu"]


class Writer:
    """Writes one function; `depth` bounds how far expressions nest."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.numbers, self.columns = [], ["θ"]  # names that may be used
        self.helpers = []

    def pick(self, choices):
        return self.dice.choice(choices)

    def constant(self):
        return self.pick(["0.5", "2", "-1", "0.3", "1/3", "π/4", "1e-1", "3"])

    def number(self, depth):
        if depth <= 0:
            return self.pick([self.constant(), f"θ[{self.dice.randrange(1, 4)}]", "θ[-1]", *self.numbers])
        n, c, m = (lambda: self.number(depth - 1)), (lambda: self.column(depth - 1)), (lambda: self.matrix(depth - 1))
        return self.pick([
            lambda: f"({n()} + {n()})", lambda: f"({n()} - {n()})", lambda: f"{n()}*{n()}", lambda: f"(-{n()})",
            lambda: f"{n()}/(2 + ({n()})²)", lambda: f"{self.pick(SMOOTH)}({n()})", lambda: f"{self.pick(CORNERS)}({n()})",
            lambda: f"sin({n()})^{self.pick(['2', '3', '4'])}", lambda: f"exp(tanh({n()}))", lambda: f"log(2 + sin({n()}))",
            lambda: f"sqrt(1.5 + cos({n()}))", lambda: f"sum({c()})", lambda: f"mean({c()})", lambda: f"max({c()})",
            lambda: f"min({c()})", lambda: f"norm({c()})", lambda: f"{c()}·{c()}", lambda: f"sum({c()}'*{c()})",
            lambda: f"product(tanh({c()}))", lambda: f"({n()} when {n()} < {n()} otherwise {n()})",
            lambda: f"max({n()}, {n()})", lambda: f"min({n()}, {n()}, 1)", lambda: f"clip({n()}, -1..1)",
            lambda: f"({m()})[{self.dice.randrange(1, 4)}, {self.dice.randrange(1, 4)}]", lambda: f"sum({m()})",
            lambda: f"sum(sin(k*{n()}) for k in 1..3)", lambda: f"max(tanh(k - {n()}) for k in 1..3)",
            lambda: f"mean(x*{n()} for x, y in data)", lambda: f"norm({c()})²", *([lambda: f"{self.pick(self.helpers)}({n()}, {n()})"] * (2 * len(self.helpers))),
        ])()

    def column(self, depth):
        if depth <= 0:
            return self.pick([*self.columns, *self.columns, "[1; -2; 0.5]", "ones(3)"])
        n, c, m = (lambda: self.number(depth - 1)), (lambda: self.column(depth - 1)), (lambda: self.matrix(depth - 1))
        return self.pick([
            lambda: f"({c()} + {c()})", lambda: f"({c()} - {c()})", lambda: f"({c()} .* {c()})", lambda: f"({n()}*{c()})",
            lambda: f"({m()}*{c()})", lambda: f"{self.pick(SMOOTH)}({c()})", lambda: f"{self.pick(CORNERS)}({c()})",
            lambda: f"[{n()}; {n()}; {n()}]", lambda: f"({c()} when {c()} > {n()} otherwise {c()})",
            lambda: f"softmax({c()})", lambda: f"reverse({c()})", lambda: f"clip({c()}, -2..2)", lambda: f"({c()} + {n()})",
            lambda: f"({m()})[:, {self.dice.randrange(1, 4)}]", lambda: f"[{c()}[2..3]; {n()}]",
            lambda: f"[sin(x + {n()}) for x in {c()}]'", lambda: f"({c()}')'", lambda: f"({c()}/(1 + ({n()})²))",
        ])()

    def matrix(self, depth):
        if depth <= 0:
            return self.pick(["A", "eye(3)", "A'"])
        c, m = (lambda: self.column(depth - 1)), (lambda: self.matrix(depth - 1))
        return self.pick([
            lambda: f"({c()}*{c()}')", lambda: f"({m()} + {m()})", lambda: f"({m()} .* {m()})", lambda: f"tanh({m()}*{m()})",
            lambda: f"({m()})'", lambda: f"[{c()}, {c()}, {c()}]", lambda: f"{self.pick(SMOOTH)}({m()})",
        ])()

    def helper(self, name):
        """A function of two numbers, with its own way to write numbers."""
        inner = Writer(self.dice.random())
        inner.columns, inner.numbers = ["[a; b; a*b]"], ["a", "b"]
        body = inner.number(2).replace("θ[-1]", "a").replace("θ[1]", "a").replace("θ[2]", "b").replace("θ[3]", "(a - b)")
        self.helpers.append(name)
        return f"{name}(a, b) = {body}"

    def function(self, name):
        """The lines that define the function `name`."""
        lines = [self.helper(f"{name}_{k}") for k in range(self.dice.randrange(0, 3))]
        if self.dice.random() < 0.4:
            return [*lines, f"{name}(θ) = {self.number(4)}"]
        lines.append(f"{name}(θ) = do")
        for k in range(self.dice.randrange(1, 4)):
            local, kind = f"v{k}", self.dice.randrange(5)
            if kind == 0:
                lines.append(f"  {local} = {self.column(2)}")
                self.columns.append(local)
                continue
            lines.append(f"  {local} = {self.number(2)}")
            self.numbers.append(local)
            if kind == 1:
                lines += [f"  for j in 1..3", f"    {local} = 0.5*{local} + sin(j*{self.number(1)})", "  end"]
            elif kind == 2:
                lines += [f"  repeat 2", f"    {local} = tanh({local} + {self.number(1)})", "  end"]
            elif kind == 3:
                lines += [f"  if {self.dice.randrange(2)} == 1", f"    {local} = -{local}", "  else", f"    {local} = {local}*{self.number(1)}",
                          "  end"]
        # every local value counts, so that what stands above is not idle
        parts = [*self.numbers, *(f"sum({name})" for name in self.columns)]
        return [*lines, f"  {self.number(3)} + 0.3*sin({' + '.join(parts)})", "end"]


PRELUDE = """A = [0.5, -0.3, 0.1; 0.2, 0.4, -0.6; -0.1, 0.7, 0.3]
data = table(x = [0.5, -1, 2], y = [1, 0, 1])
difference(f, x, i, h) = (f(x + h*unit(i, 3)) - f(x - h*unit(i, 3)))/(2*h)
"""


def program(seed):
    """(lines that define f, the start)."""
    writer = Writer(seed)
    lines = writer.function("f")
    start = [round(writer.dice.uniform(-1.5, 1.5), 9) for _ in range(3)]  # on no corner by accident
    return lines, f"[{start[0]}; {start[1]}; {start[2]}]"

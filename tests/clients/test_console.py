"""`jupyter console` in a terminal, by what stands on the screen."""

import sys
import time

import pexpect
import pytest
from conftest import CLIENTS, SLOW

sys.path.append(str(CLIENTS))
pyte = pytest.importorskip("pyte", reason="jupyter-console is not installed (scripts/setup test)")

UP, CTRL_A, CTRL_C, CTRL_D, CTRL_K, TAB = "\x1b[A", "\x01", "\x03", "\x04", "\x0b", "\t"


class Terminal:
    """A screen of 40 lines, as a person sees it."""

    def __init__(self, place, *command):
        self.screen = pyte.Screen(100, 40)
        self.stream = pyte.Stream(self.screen)
        self.child = pexpect.spawn(sys.executable, list(command), cwd=str(place.folder), dimensions=(40, 100), encoding="utf-8",
                                   env={**place.env, "PROMPT_TOOLKIT_NO_CPR": "1"})

    def lines(self):
        return "\n".join(line.rstrip() for line in self.screen.display).strip().split("\n")

    def read(self):
        try:
            self.stream.feed(self.child.read_nonblocking(65536, 0.05))
        except (pexpect.TIMEOUT, pexpect.EOF):
            pass

    def see(self, *wanted, seconds=60):
        """Waits until the screen ends with these lines; an empty one is any."""
        end = time.monotonic() + seconds * SLOW
        while time.monotonic() < end:
            self.read()
            tail = self.lines()[-len(wanted):]
            if len(tail) == len(wanted) and all(w in ("", t) for w, t in zip(wanted, tail)):
                return
        pytest.fail("\n".join(["wanted:", *wanted, "on the screen:", *self.lines()]))

    def type(self, *keys):
        for key in keys:
            self.child.send(key)


@pytest.fixture
def console(place):
    # It asks at every line whether that is all, and without an answer within a second it never asks again.
    terminal = Terminal(place, "-m", "jupyter_console", "--kernel=deepwhy",
                        "--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=30")
    terminal.see("In [1]:", seconds=120)
    yield terminal
    terminal.child.close(force=True)


def test_the_banner_says_what_this_is(console):
    head = "\n".join(console.lines())
    assert "deepwhy: neural networks in a few lines" in head and "?" in head


def test_lines_go_on_until_a_block_ends(console):
    console.type("1 + 1\r")
    console.see("In [1]: 1 + 1", "Out[1]: 2", "", "In [2]:")
    console.type("for k in 1..3\r")
    console.see("In [2]: for k in 1..3", "   ...:")
    console.type("print(k)\r")
    console.see("In [2]: for k in 1..3", "   ...:   print(k)", "   ...:")
    console.type("end\r")
    console.see("   ...:   end", "1", "2", "3", "", "In [3]:")
    console.type("f(x) = (x +\r")
    console.see("In [3]: f(x) = (x +", "   ...:")
    console.type("1)\r")
    console.see("   ...:   1)", "", "In [4]:")
    console.type("f(2)\r")
    console.see("Out[4]: 3", "", "In [5]:")


def test_arrows_bring_earlier_lines_back(console):
    console.type("a = 5\r")
    console.see("In [2]:")
    for line in "repeat 2", "print(a)", "end":
        console.type(f"{line}\r")
        console.see("   ...:" if line != "end" else "In [3]:")
    console.see("5", "5", "", "In [3]:")
    console.type(UP)
    console.see("In [3]: repeat 2", "   ...:   print(a)", "   ...:   end")
    console.type("\r")
    console.see("   ...:   end", "5", "5", "", "In [4]:")
    console.type(*[UP] * 4)  # to the block, to its first line, and on
    console.see("In [4]: a = 5")


def test_tab_completes_words_and_symbols(console):
    console.type("linsp", TAB)
    console.see("In [1]: linspace")
    console.type(CTRL_A, CTRL_K, "\\lambda", TAB)
    end = time.monotonic() + 60 * SLOW
    while "In [1]: λ" not in console.lines() and time.monotonic() < end:
        console.read()
    assert "In [1]: λ" in console.lines()
    console.type(" = 3\r")
    console.see("In [2]:")
    console.type("λ\r")
    console.see("Out[2]: 3", "", "In [3]:")


def test_control_c_ends_a_loop_and_keeps_its_values(console):
    console.type('n = 0; print("it runs"); while true; n = n + 1; end\r')
    console.see("it runs")
    console.type(CTRL_C)
    console.see("In [2]:")
    assert any("stopped here; everything computed before is kept" in line for line in console.lines())
    console.type("n > 1000\r")
    console.see("Out[2]: true", "", "In [3]:")


def test_an_error_shows_the_place_and_a_way_out(console):
    console.type("linspac(0..1, 3)\r")
    console.see("cell 1, line 1: there is no linspac; did you mean linspace?", "  linspac(0..1, 3)", "  ^^^^^^^", "", "In [2]:")


def test_a_figure_is_a_sentence_in_a_terminal(console):
    console.type("plot(sin, 0..1)\r")
    console.see("In [2]:")
    assert any("Plot: x from 0 to 1" in line for line in console.lines())


def test_sliders_are_their_sentence_and_nothing_else(console):
    """The console answers questions, so it is sent live sliders too, which it cannot show."""
    console.type("interact k = 1 in [1, 2]; k; end\r")
    console.see("In [1]: interact k = 1 in [1, 2]; k; end", "1", "Slider: k from 1 to 2, here 1.", "", "In [2]:")


def test_a_question_is_answered_at_the_prompt(console):
    console.type('n = number(ask("How many? "))\r')
    console.see("How many?")
    console.type("42\r")
    console.see("How many? 42", "", "In [2]:")
    console.type("n + 1\r")
    console.see("Out[2]: 43", "", "In [3]:")


def test_leaving_ends_the_kernel(console):
    console.type("1\r")
    console.see("In [2]:")
    console.type(CTRL_D)
    console.see("Do you really want to exit ([y]/n)?")
    console.type("y\r")
    console.child.expect(pexpect.EOF, timeout=60 * SLOW)
    console.child.close()
    assert console.child.exitstatus == 0

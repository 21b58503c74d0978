#!/usr/bin/env python3
"""Run the language scripts of tests/lang/ through `deepwhy run` and compare what they print.

A script says in comments what it must do:

    y = 2*3
    y                       # expect: 6
    # expect: second line

* `# expect: TEXT`, at the end of a line or on a line of its own: the next line of standard output is
  exactly TEXT. The expectations of a script, in order, are its whole standard output: one line more or
  less is a failure. A text that must keep blanks at its ends is written in double quotes.
* `# expect like: REGEX`: the next line matches REGEX from start to end (Python's `re`).
* `# expect error: KIND @LINE:COLUMN TEXT`: the script ends with an error of that kind (a row of
  runtime/base/err.def in small letters: name, shape, syntax …), its caret under COLUMN of LINE of this
  file (both from 1; columns count characters), its message containing TEXT. COLUMN, the place and the
  text may each be left out. Exit code and standard error are then checked too: 1, and nothing but the error.
  Without such a line the script must exit with 0 and leave standard error empty.
* `# answer: TEXT`: a line of the program's standard input, for its questions.
* `# ---- NAME` begins a new program: the pieces of a file between such lines run on their own, one process
  each. Line numbers stay those of the file.

* `# waits for: REASON` at the beginning of a line: the program uses what the language does not have yet; it is
  reported as skipped with the reason.

A script runs in a folder that holds copies of the files in tests/lang/data/; figures go to `figures`.
A script without any expectation must not print anything and must succeed (its `check` lines do the testing);
lines that begin with a check mark, and the sentences about figures, are not compared unless the script has
expectations of its own.

    tests/lang/run.py [--program build/deepwhy] [--stack KB] [--only REGEX] [--but REGEX] [--jobs N] [--tap] [FILE …]

Under tests/lang/must_fail/ lie scripts that are wrong on purpose; --must-fail runs those and passes when
every one of them is caught.
"""

import argparse
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SLOW = float(os.environ.get("DEEPWHY_SLOW", "1"))
SECONDS = 30 * SLOW

EXPECT = re.compile(r"#\s*expect( like| error)?:[ \t]?(.*)$")
WAITS = re.compile(r"^#\s*waits for:\s*(.+)$")
ANSWER = re.compile(r"#\s*answer: (.*)$")
PIECE = re.compile(r"#\s*----\s*(.+?)\s*-*\s*$")
ERROR = re.compile(r"(?P<kind>\w+)(?:\s+@(?P<line>\d+)(?::(?P<column>\d+))?)?(?:\s+(?P<text>.+))?$")


def error_names():
    """Kind in small letters -> the name `deepwhy run` shows, from err.def."""
    text = (ROOT / "runtime/base/err.def").read_text()
    return {k.lower(): e for k, e in re.findall(r'DW_ERR_KIND\((\w+), "(\w+)"\)', text)}


class Program:
    """One piece of a file: its source (padded, so that lines keep their numbers) and what it must do."""

    def __init__(self, path, name, first_line, lines):
        self.path, self.name = path, name
        self.source = "\n" * first_line + "\n".join(lines) + "\n"
        self.expected = []  # (how, text): how is "is" or "like"
        self.error = None
        self.input = "".join(f"{m.group(1)}\n" for m in map(ANSWER.search, lines) if m)
        self.waits = next((m.group(1) for m in map(WAITS.match, lines) if m), None)
        for number, line in enumerate(lines, first_line + 1):
            found = EXPECT.search(line)
            if not found:
                continue
            how, text = found.group(1), found.group(2).rstrip()
            if how == " error":
                self.error = ERROR.match(text)
                if not self.error:
                    raise SystemExit(f"{path}:{number}: cannot read this expectation: {text}")
            else:
                if len(text) > 1 and text[0] == text[-1] == '"' and how is None:
                    text = text[1:-1]
                self.expected.append(("like" if how else "is", text))


def read_programs(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    starts = [(i, PIECE.match(line).group(1)) for i, line in enumerate(lines) if PIECE.match(line)]
    if not starts:
        return [Program(path, path.stem, 0, lines)]
    ends = [i for i, _ in starts[1:]] + [len(lines)]
    return [
        Program(path, f"{path.stem}: {name}", start + 1, lines[start + 1 : end])
        for (start, name), end in zip(starts, ends)
    ]


def compare_output(program, printed):
    lines = printed.split("\n")
    if lines[-1] == "":
        lines.pop()
    if not program.expected:
        lines = [line for line in lines if not line.startswith(("✓", "Plot", "Page of "))]
    for i, (how, text) in enumerate(program.expected):
        if i >= len(lines):
            return f"the output ends after {len(lines)} lines; expected next: {text}"
        same = lines[i] == text if how == "is" else re.fullmatch(text, lines[i])
        if not same:
            return f"output line {i + 1} is\n    {lines[i]}\nexpected{' like' if how != 'is' else ''}\n    {text}"
    if len(lines) > len(program.expected):
        return "more output than expected:\n    " + "\n    ".join(lines[len(program.expected) :][:5])
    return None


def caret_column(stderr):
    """Column from 1, in characters, of the first caret; the source line above is indented by two blanks."""
    for line in stderr.split("\n"):
        if re.fullmatch(r" *\^+.*", line):
            return line.index("^") - 1
    return None


def compare_error(want, stderr, names):
    if want["kind"] not in names:
        return f"there is no error kind {want['kind']}; the kinds are {', '.join(names)}"
    if not re.search(rf"\b{names[want['kind']]}\b", stderr):
        return f"expected a {names[want['kind']]}, standard error is\n{stderr}"
    first = re.search(r"line (\d+)", stderr)
    if want["line"] and (not first or first.group(1) != want["line"]):
        return f"expected the error at line {want['line']}, standard error is\n{stderr}"
    if want["column"] and caret_column(stderr) != int(want["column"]):
        return f"expected the caret under column {want['column']}, it is under {caret_column(stderr)}\n{stderr}"
    said = [line for line in stderr.split("\n") if not line.startswith("  ")]  # not the source line, which holds the comment
    if want["text"] and not any(want["text"] in line for line in said):
        return f"expected the words\n    {want['text']}\nstandard error is\n{stderr}"
    return None


def run(program, executable, stack, names):
    """None, or what went wrong."""
    def limit():
        if stack:
            resource.setrlimit(resource.RLIMIT_STACK, (stack * 1024, stack * 1024))

    with tempfile.TemporaryDirectory(prefix="dw-lang-") as folder:
        if (HERE / "data").is_dir():
            shutil.copytree(HERE / "data", folder, dirs_exist_ok=True)
        script = pathlib.Path(folder, program.path.name)
        script.write_text(program.source, encoding="utf-8")
        try:
            done = subprocess.run(
                [executable, "run", "--figures", "figures", script.name],
                cwd=folder, input=program.input.encode(), capture_output=True, timeout=SECONDS,
                preexec_fn=limit if stack else None,
            )
        except subprocess.TimeoutExpired:
            return f"still running after {SECONDS:.0f} s"
    stdout, stderr = (b.decode("utf-8", "backslashreplace") for b in (done.stdout, done.stderr))
    want = 1 if program.error else 0
    if done.returncode != want:
        return f"exit code {done.returncode}, expected {want}\n{stdout[-800:]}{stderr[-4000:]}"
    wrong = compare_output(program, stdout)
    if wrong:
        return wrong
    if program.error:
        return compare_error(program.error, stderr, names)
    return f"standard error is not empty:\n{stderr}" if stderr else None


def main():
    options = argparse.ArgumentParser(description="Run the language scripts.")
    build = os.environ.get("DEEPWHY_BUILD", str(ROOT / "build"))
    options.add_argument("--program", default=f"{build}/deepwhy")
    options.add_argument("--stack", type=int, default=0, help="stack of the process in kB")
    options.add_argument("--only", default="", help="only programs in which this is found")
    options.add_argument("--but", help="no programs whose names begin with this")
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    options.add_argument("--tap", action="store_true", help="one line per program, for tests/run")
    options.add_argument("--must-fail", action="store_true")
    options.add_argument("files", nargs="*", type=pathlib.Path)
    opts = options.parse_args()

    where = HERE / "must_fail" if opts.must_fail else HERE
    files = opts.files or sorted(p for p in where.rglob("*.dw") if opts.must_fail or "must_fail" not in p.parts
                                 and "data" not in p.relative_to(HERE).parts)
    programs = [p for path in files for p in read_programs(path.resolve()) if re.search(opts.only, p.source)
                and not (opts.but and re.match(opts.but, p.name))]
    names = error_names()
    executable = os.path.abspath(opts.program)
    with ThreadPoolExecutor(opts.jobs) as pool:
        wrongs = list(pool.map(lambda p: None if p.waits else run(p, executable, opts.stack, names), programs))

    failed = 0
    for number, (program, wrong) in enumerate(zip(programs, wrongs), 1):
        if opts.must_fail:
            wrong = None if wrong else "this program is wrong on purpose, but nobody noticed"
        failed += wrong is not None
        if opts.tap:
            skip = f" # skip waits for {program.waits}" if program.waits else ""
            print(f"{'not ok' if wrong else 'ok'} {number} - {program.name}{skip}")
        if wrong:
            print("\n".join("# " * opts.tap + line for line in f"{program.name}: {wrong}".split("\n")))
    if opts.tap:
        print(f"1..{len(programs)}")
    else:
        waiting = sum(p.waits is not None for p in programs)
        print(f"{len(programs) - failed - waiting} passed, {failed} failed, {waiting} skipped")
    return 1 if failed or not programs else 0


if __name__ == "__main__":
    sys.exit(main())

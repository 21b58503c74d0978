"""What the check scripts share: finding the C sources and looking at them without comments and texts."""

import pathlib
import re
import sys

FOLDERS = ("base", "tensor", "graph", "data", "nets", "plot", "syntax", "lang")


def root():
    """The checkout to look at: the first argument, or the one this script lies in."""
    return pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()


def sources(top, *places, endings=(".c", ".h")):
    return sorted(p for place in places for p in (top / place).rglob("*") if p.suffix in endings)


def allowed(top, name):
    """Rows of an exceptions file, `FILE THING REASON…`, as a set of (file, thing)."""
    path = top / "scripts" / name
    if not path.exists():
        return set()
    rows = [line.split(None, 2) for line in path.read_text().split("\n") if line and line[0] != "#"]
    for row in rows:
        if len(row) < 3:
            sys.exit(f"{path}: every exception needs a reason: {' '.join(row)}")
    return {(row[0], row[1]) for row in rows}


PIECES = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(match, keep_texts):
    piece = match.group(0)
    if piece[0] in "\"'" and keep_texts:
        return piece
    blanked = re.sub(r"[^\n]", " ", piece)
    return blanked if piece[0] == "/" else piece[0] + blanked[1:-1] + piece[-1]


def strip(text, keep_texts=False):
    """The text with comments (and the insides of texts) blanked; lines and columns stay."""
    return PIECES.sub(lambda m: blank(m, keep_texts), text)


def texts(text):
    """(line, contents) of every text literal outside comments and #include lines."""
    for m in PIECES.finditer(text):
        start = text.rfind("\n", 0, m.start()) + 1
        if m.group(0)[0] == '"' and not text[start:m.start()].lstrip().startswith("#include"):
            yield text.count("\n", 0, m.start()) + 1, m.group(0)[1:-1]


def functions(text):
    """(name, first line, lines, parameters, deepest block) of every function defined in stripped text."""
    text = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.M)
    depth = deepest = start = 0
    head_start, head = 0, None
    for i, c in enumerate(text):
        if c == "{":
            if depth == 0:
                start, head, deepest = i, text[head_start:i], 0
            depth += 1
            deepest = max(deepest, depth)
        elif c == "}":
            depth -= 1
            if depth == 0:
                found = re.search(r"(\w+)\s*\(([^{}=;]*)\)\s*(?:__attribute__\s*\(\(.*\)\)\s*)?$", head, re.S)
                if found and "=" not in head:
                    first = head_start + len(head) - len(head.lstrip())
                    lines = text.count("\n", first, i) + 1
                    yield (found.group(1), text.count("\n", 0, first) + 1, lines,
                           parameters(found.group(2)), deepest - 1)
                head_start = i + 1
        elif c == ";" and depth == 0:
            head_start = i + 1


def parameters(inside):
    depth = count = 0
    for c in inside:
        depth += (c == "(") - (c == ")")
        count += c == "," and depth == 0
    return count + 1 if inside.strip() not in ("", "void") else 0


def report(name, faults, looked_at):
    for fault in faults:
        print(fault)
    print(f"{name}: {len(faults)} faults in {looked_at} files")
    sys.exit(1 if faults or not looked_at else 0)

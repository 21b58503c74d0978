# SPDX-License-Identifier: BSD-3-Clause
"""No text gets a shell, and no file outside the folder is read or written.

Every word of the language (docs/words.md, written from the tables, so a new word cannot be left out) is tried: each
text of its example and each of its options becomes a hostile text in turn. gnuplot would run a command for `…`,
for '<…' and '|…' as file names, for system() and !, if it ever saw them as such; a line end would begin a command.

HOSTILE_ALL=1 tries every text in every place (some minutes); usually each place gets every eighth, another eighth than
the place before.
"""
import os
import pathlib
import re
import threading

import pytest
from rawkernel import ROOT

STEP = 1 if os.environ.get("HOSTILE_ALL") else 8
MARK = "touch mark-of-a-shell"
HOSTILE = {
    "backticks": f"a `{MARK}` b", "dollar": f"$({MARK})", "quote": f"'; system('{MARK}') #", "quotes": f'"; system("{MARK}") #',
    "bang": f"!{MARK}", "reading a pipe": f"<{MARK}", "writing a pipe": f"|{MARK}", "semicolon": f"; {MARK};",
    "line end": f"x'\nsystem('{MARK}')\n!{MARK}\n`{MARK}`\n", "carriage return": f"x'\rsystem('{MARK}')\r",
    "line separator": f"x'\u2028system('{MARK}')\u0085system('{MARK}')", "backslash": f"x\\'\\\nsystem('{MARK}')\\",
    "macro": "@m {{/Symbol a}} %s%n%1$s", "unicode quotes": f"‘{MARK}’ ʼ; system(ʼ{MARK}ʼ)", "control": "\x01\x1b[31m\x7f\x00end",
    "markup": "</text><script>alert(1)</script><image href='http://x/'/> &amp; ]]> -->", "long": "x'" * 5000,
    "right to left": "\u202e\u2066abc", "empty": "", "blank": " ",
    "up": "../secret.csv", "far up": "a/../../secret.csv", "absolute": "/etc/passwd.csv", "absolute text": "/etc/passwd",
    "link": "link.csv", "linked folder": "way/secret.csv", "processes": "/proc/self/environ", "own files": "/proc/self/fd/0",
    "device": "/dev/stdin", "fifo": "pipe.csv", "folder": "folder.csv", "packed up": "../secret.csv.gz", "a net up": "../secret.net",
    "arrays up": "../secret.npz", "dots": "..", "root": "/", "url": "http://127.0.0.1:9/x.csv", "home": "~/secret.csv",
}
SECRET = "31415926535"
ENTRY = re.compile(r"^### (\S+)\n\n`(.*?)`\n(.*?)(?=^### |^## |\Z)", re.M | re.S)
TEXT = re.compile(r'"(?:[^"]|"")*"')
OPTION = re.compile(r"(\w+) = ")


def words():
    text = pathlib.Path(ROOT, "docs/words.md").read_text()
    for name, signature, rest in ENTRY.findall(text):
        example = re.search(r"```deepwhy\n(.*?)```", rest, re.S)
        assert example, name
        yield name, signature, re.sub(r"  # → .*", "", example.group(1))


def with_option(name, code, option):
    """The example with one more option in the last call of the word; None when it is not called."""
    at = code.rfind(f"{name}(")
    if at < 0:
        return None
    depth, end = 0, at + len(name)
    for end in range(at + len(name), len(code)):
        depth += {"(": 1, ")": -1}.get(code[end], 0)
        if depth == 0:
            break
    return f"{code[:end]}, {option} = evil{code[end:]}"


def attempts(name, signature, code):
    """The example with each of its texts, and each option, hostile."""
    for found in TEXT.finditer(code):
        if not code[:found.start()].rstrip().endswith("evil ="):
            yield f"{code[:found.start()]}evil{code[found.end():]}"
    for option in OPTION.findall(signature):
        more = with_option(name, code, option)
        if more:
            yield more


@pytest.fixture
def place(bench, tmp_path):
    """A kernel in a folder with traps; outside lie secrets."""
    inside = tmp_path / "inside"
    inside.mkdir()
    for name in ("secret.csv", "secret.txt", "secret.net", "secret.npz", "secret.csv.gz"):
        (tmp_path / name).write_text(f"{SECRET}\n")
    (inside / "link.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "way").symlink_to(tmp_path)
    (inside / "folder.csv").mkdir()
    os.mkfifo(inside / "pipe.csv")
    bench.folder = inside
    return bench


def snapshot(folder):
    """What lies beside the folder of the kernel."""
    return {p.name: p.lstat().st_mtime_ns for p in folder.iterdir() if p.name != "inside"}


def check_untouched(place, before, seen, what):
    outside = place.folder.parent
    assert SECRET not in seen, what
    assert snapshot(outside) == before, what
    for folder in (place.folder, outside, pathlib.Path("/")):
        assert not (folder / "mark-of-a-shell").exists(), what


def test_every_word_with_hostile_texts(place):
    client = place.open()
    before = snapshot(place.folder.parent)
    places = [attempt for word in words() for attempt in attempts(*word)]
    assert len(places) > 40
    for turn, (kind, text) in enumerate(HOSTILE.items()):
        (place.folder / "evil.txt").write_text(text)
        for attempt in places[turn % STEP::STEP]:
            reply, outputs = client.run(f'evil = load("evil.txt")\n{attempt}')
            assert reply.content.get("ename") != "InternalError", attempt
            check_untouched(place, before, str([m.content for m in outputs]), (kind, attempt))
    assert {p.name for p in place.folder.iterdir()} >= {"link.csv", "way", "pipe.csv", "folder.csv"}
    assert (place.folder / "link.csv").is_symlink() and (place.folder / "way").is_symlink()


def test_names_that_are_never_files(place):
    """Reading and writing, written out: all of these are errors that name the file."""
    client = place.open()
    before = snapshot(place.folder.parent)
    for name in [text for kind, text in HOSTILE.items() if "/" in text and "\n" not in text or kind in (
            "link", "linked folder", "fifo", "folder", "dots")]:
        if len(name) > 100 or '"' in name:
            continue
        quoted = name.replace("{", "{{").replace("}", "}}")
        for code in (f'load("{quoted}")', f'save([1, 2], "{quoted}")', f'save((a = 1), "{quoted}")'):
            reply, outputs = client.run(code)
            if reply.content["status"] == "error":
                assert reply.content["ename"] in ("FileError", "ValueError", "TypeError"), (code, reply.content)
            else:  # a harmless name after all, such as one with / inside
                assert "save" in code
            check_untouched(place, before, str([m.content for m in outputs]), code)


def test_what_stands_in_files_and_names(place):
    """Column names, labels and names of arrays come from strangers, too, and land in legends and titles."""
    client = place.open()
    before = snapshot(place.folder.parent)
    for text in HOSTILE.values():
        if "\0" in text:
            continue
        column = '"' + text.replace('"', '""') + '"'
        (place.folder / "t.csv").write_text(f"x,{column}\n1,2\n2,3\n", newline="")
        (place.folder / "l.csv").write_text(f"x,y\n1,{column}\n2,b\n", newline="")
        for code in ('t = load("t.csv")\nprint(t)\nplot(t)', 'l = load("l.csv")\nprint(l)\nconfusion(x ↦ l.y[1], l)',
                     'l = load("l.csv")\nbars(l.y, [1, 2])', 'l = load("l.csv")\nplot(sin, 0..1, title = l.y[1], xlabel = l.y[1], ylabel = l.y[1])',
                     'l = load("l.csv")\nplot(sin, note(0, 0, l.y[1]), 0..1)', 'l = load("l.csv")\ncheck false, l.y[1]'):
            reply, outputs = client.run(code)
            assert reply.content.get("ename") != "InternalError"
            check_untouched(place, before, str([m.content for m in outputs]), (text, code))
            for message in outputs:
                svg = message.content.get("data", {}).get("image/svg+xml", "")
                assert "<script" not in svg and "<image" not in svg


@pytest.mark.parametrize("kind", ["complete_request", "inspect_request", "is_complete_request"])
def test_help_and_completion(place, kind):
    client = place.open()
    before = snapshot(place.folder.parent)
    for text in HOSTILE.values():
        for code in (text, f"?{text}", f'load("{text}', f'plot(sin, title = "{text}'):
            reply, _ = client.ask(kind, {"code": code, "cursor_pos": len(code), "detail_level": 1})
            check_untouched(place, before, str(reply.content), code)


def test_a_folder_that_becomes_a_link_meanwhile(place):
    """The name is checked part by part as it is opened, so there is no moment in between."""
    client = place.open()
    target, stop = place.folder / "turning", threading.Event()
    (place.folder / "real").mkdir()
    (place.folder / "real" / "secret.csv").write_text("1,2\n")
    (place.folder / "away").symlink_to(place.folder.parent)

    def turn():
        while not stop.is_set():
            for source in ("real", "away"):
                os.rename(place.folder / source, target)
                os.rename(target, place.folder / source)

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        before = snapshot(place.folder.parent)
        for _ in range(100):
            _, outputs = client.run('load("turning/secret.csv")')
            check_untouched(place, before, str([m.content for m in outputs]), "reading")
            client.run('save([7, 7, 7], "turning/new.csv")')
            assert snapshot(place.folder.parent) == before
    finally:
        stop.set()
        thread.join()

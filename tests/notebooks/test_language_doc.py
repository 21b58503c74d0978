"""Every ```deepwhy block of docs/language.md runs, and prints what the ```text block after it says.

A block marked ```deepwhy error must fail, and its ```text block is what a reader sees on the terminal.
"""

import importlib.machinery
import importlib.util
import os
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
SLOW = float(os.environ.get("DEEPWHY_SLOW", "1"))
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def load_script(name):
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(ROOT / "scripts" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


docs = load_script("refresh-docs")


def blocks():
    text = docs.PAGE.read_text(encoding="utf-8")
    for found in docs.BLOCK.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield pytest.param(found[2], found[1] is not None, found[3], id=f"line-{line}")


@pytest.mark.parametrize("source, fails, expected", list(blocks()))
def test_block(source, fails, expected, tmp_path):
    done = docs.run(source, tmp_path, patience=60 * SLOW)
    assert done.returncode == (1 if fails else 0), done.stdout + done.stderr
    assert expected is not None, "every block is followed by what it prints"
    assert done.stdout + done.stderr == expected, "scripts/refresh-docs writes the page anew"


def test_every_fence_is_seen():
    """A fence the pattern does not understand would be an example nobody tests."""
    text = docs.PAGE.read_text(encoding="utf-8")
    seen = list(blocks())
    assert len(seen) == len(re.findall(r"^```deepwhy", text, re.M)) >= 20
    assert any(block.values[1] for block in seen)


def test_links_lead_somewhere():
    text = docs.PAGE.read_text(encoding="utf-8")
    headings = {re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in re.findall(r"^#+ (.*)$", text, re.M)}
    text = docs.BLOCK.sub("", text)
    for anchor in re.findall(r"\]\(#([^)]+)\)", text):
        assert anchor in headings
    for target in LINK.findall(text):
        assert (docs.PAGE.parent / target).exists(), target


def test_every_word_has_an_example():
    programs = [[block[2] for block in docs.BLOCK.finditer(text)]
                for text in (docs.CHAPTER.search(docs.PAGE.read_text(encoding="utf-8"))[0], docs.words_chapter())]
    assert programs[0] == programs[1], "scripts/refresh-docs writes the page anew"
    letters = {"sigmoid": "σ", "normal_cdf": "Φ"}
    words = [letters.get(word, word) for group in docs.groups().values() for word in group]
    assert len(words) > 100 and all(re.search(rf"(?<!\w){word}(?!\w)", "".join(programs[1])) for word in words)


def test_the_list_of_words_is_that_of_the_program():
    page = docs.WORDS.read_text(encoding="utf-8")
    assert page == docs.words_page(), "scripts/refresh-docs writes the page anew"
    assert all(f"\n### {word}\n" in page for word in ("integral", "plot", "sample", "table"))

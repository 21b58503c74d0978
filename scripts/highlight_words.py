"""The words that editors and exporters colour, as the language itself lists them: its tables of words and symbols, and
what ?functions answers. Written for JavaScript and for Python; tests/notebooks/test_highlight.py sees that they are current."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[1]
HEAD = "Written by scripts/refresh-docs; the language's own tables are the source."


def table(name, macro):
    """The texts of each row of a table in runtime/syntax."""
    text = (ROOT / "runtime/syntax" / name).read_text(encoding="utf-8")
    rows = re.findall(rf"^{macro}\((.*)$", text, re.M)
    return [re.findall(r'"((?:[^"\\]|\\.)*)"', row) for row in rows]


def candidates():
    """Symbols that could be words too, such as σ: letters that are no sign."""
    signs = {row[0] for row in table("token.def", "DW_TOKEN_SIGN")}
    return sorted({s for _, s in table("symbols.def", "DW_SYMBOL") if s not in signs and (s.isalpha() or s == "∞")})


def words(groups, symbols_that_are_words):
    keywords = [row[0] for row in table("token.def", "DW_TOKEN_WORD")]
    truths = [word for word in keywords if word in ("true", "false")]
    builtins = [word for group in groups.values() for word in group]
    return {
        "keywords": sorted(set(keywords) - set(truths)),
        "truths": sorted(truths),
        "builtins": sorted(set(builtins) | set(symbols_that_are_words)),
        "symbols": table("symbols.def", "DW_SYMBOL"),
    }


def listed(items, opening, closing, width=118):
    """Items in lines of at most that width, between brackets."""
    lines, line = [], "   "
    for item in items:
        if len(line) + len(item) + 2 > width:
            lines.append(line)
            line = "   "
        line += f" {item},"
    return "\n".join([opening, *lines, line, closing])


def texts(found):
    """File -> what stands in it."""
    def quoted(name):
        return [f'"{word}"' for word in found[name]]
    pairs = [f'["{name}", "{symbol}"]' for name, symbol in found["symbols"]]
    script = [f"  {name}: " + listed(quoted(name), "[", "  ],") for name in ("keywords", "truths", "builtins")]
    script.append("  symbols: " + listed(pairs, "[", "  ],"))
    python = [f"{name.upper()} = frozenset(" + listed(quoted(name), "[", "])") for name in ("keywords", "truths", "builtins")]
    return {
        ROOT / "extras/highlight/words.js": f"/* {HEAD} */\nconst deepwhyWords = {{\n" + "\n".join(script) + "\n};\n",
        ROOT / "extras/pygments/deepwhy_lexer/words.py": f'"""{HEAD}"""\n\n' + "\n".join(python) + "\n",
    }

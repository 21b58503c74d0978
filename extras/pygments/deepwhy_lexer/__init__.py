"""deepwhy for Pygments: nbconvert, Sphinx, `pygmentize -l deepwhy lesson.dw`."""

import re

import pygments.unistring as letters
from pygments.lexer import RegexLexer, default, include
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

from .words import BUILTINS, KEYWORDS, TRUTHS

LETTER = f"(?![ʰ-ʸᴬ-ᵡ⁰-ⁿªº])[{letters.combine('Lu', 'Ll', 'Lt', 'Lm', 'Lo')}_]"  # raised letters are signs
NAME = f"{LETTER}(?:{LETTER}|[{letters.combine('Mn', 'Mc', 'Nd')}₀-₉])*|∞"
SIGN = r"\+/-|==|!=|<=|>=|~=|->|=>|\.\.|\.\*|[-+*/^=<>'?·⋅×∗−ᵀ⊤→⟶↦⟼≤≥≠≈±∈∇]|[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+"
GIVES = re.compile(r"\s*=(?![=>])")


def word(lexer, match):
    """A keyword, or a name; a built-in one unless it is a field or gets a value."""
    found, before = match[0], match.string[:match.start()][-2:]
    field = before.endswith(".") and before != ".."
    if found in TRUTHS:
        kind = Keyword.Constant
    elif found in KEYWORDS:
        kind = Keyword
    elif found in BUILTINS and not field and not GIVES.match(match.string, match.end()):
        kind = Name.Builtin
    else:
        kind = Name
    yield match.start(), kind, found


class DeepwhyLexer(RegexLexer):
    name = "deepwhy"
    aliases = ["deepwhy"]
    filenames = ["*.dw"]
    mimetypes = ["text/x-deepwhy"]

    tokens = {
        "root": [
            (r"\n", Whitespace),
            include("code"),
        ],
        "code": [
            (r"[^\S\n]+", Whitespace),
            (r"#[^\n]*", Comment.Single),
            (NAME, word),
            (r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", Number),
            (SIGN, Operator),
            (r"[][(),;:.]", Punctuation),
            (r'"', String, "text"),
            (r"[“”„]", String, "curly text"),
        ],
        "text": [
            (r'(?:""|\{\{|\}\}|[^"{\n])+', String),
            (r'"', String, "#pop"),
            include("end of text"),
        ],
        "curly text": [
            (r'(?:""|\{\{|\}\}|[^"{“”\n])+', String),
            (r'["“”]', String, "#pop"),
            include("end of text"),
        ],
        "end of text": [
            (r"\{", String.Interpol, "value"),
            (r"(?=\n)|\Z", Error, "#pop"),  # texts end on their line
        ],
        "value": [
            (r"\}", String.Interpol, "#pop"),
            (r"(?=\n)", Error, "#pop"),
            include("code"),
        ],
    }

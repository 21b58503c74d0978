"""A formula of TeX as MathML, which browsers draw by themselves, without a script and without the network.

latex2mathml translates; what browsers would then draw otherwise than TeX is mended here.
"""

import re
import unicodedata
import xml.etree.ElementTree as xml

from latex2mathml.converter import convert_to_element

THIN = "0.167em"
NAMED_SPACES = {"negativethinmathspace": "-0.167em", "negativemediummathspace": "-0.222em",
                "negativethickmathspace": "-0.278em"}
ALPHABETS = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT", "fraktur": "FRAKTUR", "bold": "BOLD",
             "bold-italic": "BOLD ITALIC", "bold-script": "BOLD SCRIPT", "sans-serif": "SANS-SERIF",
             "monospace": "MONOSPACE"}
TIGHT = {"/", "."}
BARS = {"|", "‖"}
CLOSING = {")", "]", "}", "|", "‖", "⟩", "!"}


def in_alphabet(letter, alphabet):
    """The character that is this letter in double-struck, bold, …; browsers no longer change alphabets themselves."""
    name = unicodedata.name(letter, "")
    for word in ("LATIN ", "GREEK ", "LETTER "):
        name = name.replace(word, "")
    for prefix in ("MATHEMATICAL ", ""):
        try:
            return unicodedata.lookup(f"{prefix}{alphabet} {name}")
        except KeyError:
            pass
    return letter


def spell_alphabets(root):
    for e in root.iter():
        alphabet = ALPHABETS.get(e.get("mathvariant"))
        if alphabet and e.text:
            del e.attrib["mathvariant"]
            e.text = "".join(in_alphabet(c, alphabet) for c in e.text)


def is_function(e):
    """ln, sin, max …, also with an exponent or an index."""
    while e.tag in ("msup", "msub", "msubsup", "munder") and len(e):
        e = e[0]
    return e.tag == "mi" and e.text is not None and len(e.text) > 1 and e.text.isalpha() and not e.get("mathvariant")


def space_functions(row):
    """4 ln 2, not 4ln2: a thin space beside the name of a function, none before a bracket."""
    for e in [e for e in row if is_function(e)]:
        at = list(row).index(e)
        if at + 1 < len(row) and row[at + 1].tag not in ("mo", "mspace"):
            row.insert(at + 1, xml.Element("mspace", width=THIN))
        before = row[at - 1] if at else None
        if before is not None and before.tag != "mspace" and (before.tag != "mo" or before.text in CLOSING):
            row.insert(at, xml.Element("mspace", width=THIN))


def join_words(row):
    """Upright letters side by side are one word: mse, not m·s·e."""
    for before, e in zip(list(row), list(row)[1:]):
        if before.tag == e.tag == "mi" and before.get("mathvariant") == e.get("mathvariant") == "normal":
            e.text = before.text + e.text
            row.remove(before)


def bracket_tables(row):
    """Brackets grow with what is in their row: a matrix and its brackets get a row of their own."""
    for at in range(len(row) - 3, -1, -1):
        part = row[at:at + 3]
        if [e.tag for e in part] == ["mo", "mtable", "mo"]:
            group = xml.Element("mrow")
            group.extend(part)
            row[at:at + 3] = [group]


def sign_minus(row):
    """A minus behind = or ( is a sign and stands close to its number."""
    for before, e in zip(list(row), list(row)[1:]):
        if before.tag == e.tag == "mo" and e.text in ("−", "+", "±") and before.text not in CLOSING:
            e.set("form", "prefix")


def place_bars(row):
    """Bars in pairs are brackets, stand as close, and are as high as each other, the second one squared or not."""
    signs = [e[0] if e.tag in ("msup", "msub", "msubsup") and len(e) else e for e in row]
    bars = [e for e in signs if e.tag == "mo" and e.text in BARS]
    for number, e in enumerate(bars if len(bars) % 2 == 0 else []):
        e.set("form", "postfix" if number % 2 else "prefix")
    for e in bars:
        e.attrib.setdefault("stretchy", "false")


def opening(items):
    """Where the bracket was opened that closes behind these items; None when it was not."""
    depth = 1
    for at in range(len(items) - 1, -1, -1):
        sign = items[at] if items[at].tag == "mo" or not len(items[at]) else items[at][0]
        depth += (sign.tag == "mo" and sign.text in (")", "]", "}")) - (sign.tag == "mo" and sign.text in ("(", "[", "{"))
        if depth == 0:
            return at
    return None


def raise_brackets(row):
    """What is squared in (a + b)² is the whole bracket, so that both its halves grow alike."""
    for e in list(row):
        if e.tag in ("msup", "msub", "msubsup") and len(e) and e[0].tag == "mo" and e[0].text in (")", "]", "}"):
            end = list(row).index(e)
            start = opening(row[:end])
            if start is not None:
                group = xml.Element("mrow")
                group.extend([*row[start:end], e[0]])
                e[0] = group
                row[start:end] = []


def mathml(tex, display=False):
    """MathML of a formula; ValueError when something in it is not understood."""
    if len(re.findall(r"(?<!\\)\{", tex)) != len(re.findall(r"(?<!\\)\}", tex)):
        raise ValueError(f"a brace is open or too many in the formula {tex.strip()}")
    try:
        root = convert_to_element(tex.strip(), display="block" if display else "inline")
    except Exception as problem:  # latex2mathml has many, of no common kind
        raise ValueError(f"{type(problem).__name__} in the formula {tex.strip()}") from problem
    # latex2mathml writes characters as references, which must not be escaped a second time
    root = xml.fromstring(xml.tostring(root, encoding="unicode").replace("&amp;#x", "&#x"))
    namespace = "{http://www.w3.org/1998/Math/MathML}"
    for e in root.iter():
        e.tag = e.tag.removeprefix(namespace)
        if (e.text or "").startswith("\\") or e.text == "&":
            raise ValueError(f"{e.text} is not understood in the formula {tex.strip()}")
        if e.tag == "mo" and e.text and len(e.text) > 1 and e.text.isalpha():
            e.tag = "mi"  # max is a name, not a sign with space around it
        if e.tag == "mo" and e.text in TIGHT:
            e.set("lspace", "0")
            e.set("rspace", "0")
        if e.get("width") in NAMED_SPACES:
            e.set("width", NAMED_SPACES[e.get("width")])
    spell_alphabets(root)
    for row in [e for e in root.iter() if e.tag in ("math", "mrow", "mtd", "mstyle", "msqrt")]:
        space_functions(row)
        join_words(row)
        bracket_tables(row)
        sign_minus(row)
        place_bars(row)
        raise_brackets(row)
    return xml.tostring(root, encoding="unicode")

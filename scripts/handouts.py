"""Execute notebooks and write each as one HTML page that needs nothing from the network.

    .venv/bin/python scripts/handouts.py [--all] FOLDER NOTEBOOK…

With --all each is also written as PDF, as slides and as student/NAME.ipynb (handout_forms.py).

Formulas become MathML (mathml.py), the page carries the letters they need, and it has no scripts but those of
sliders. The notebooks themselves are not changed. Fails when a cell or a check fails or a formula cannot be drawn,
and then leaves no page of that notebook.
"""

import base64
import copy
import html
import io
import pathlib
import re
import shutil
import sys

import nbformat
from fontTools import subset
from jinja2 import pass_context
from nbclient.exceptions import CellExecutionError
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import CoalesceStreamsPreprocessor, ExecutePreprocessor
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

import handout_forms
from mathml import in_alphabet, mathml

# JupyterLab's page without what it loads: RequireJS, MathJax, Mermaid, widgets.
TEMPLATE = "{% extends 'lab/index.html.j2' %}" + "".join(
    f"{{% block {name} %}}{{% endblock %}}"
    for name in ("html_head_js", "html_head_js_mathjax", "html_head_js_mermaidjs", "jupyter_widgets"))

STYLE = f"<style>{pathlib.Path(__file__).with_name('handout.css').read_text(encoding='utf-8')}</style>"

# Roots, brackets and integrals only grow with a font made for formulas, and not every computer has one.
FONT = pathlib.Path("/usr/share/texmf/fonts/opentype/public/tex-gyre-math/texgyrepagella-math.otf")
LETTERS = """<style>
@font-face {{ font-family: "Handout Math"; src: url(data:font/woff;base64,{font}) format("woff"); }}
math {{ font-family: "Handout Math", math; font-size: 1.1em; }}
</style>"""


class Renderer(IPythonRenderer):
    """nbconvert finds the formulas (not those in code); here they are written."""

    def block_math(self, body):
        return mathml(body, display=True)

    def inline_math(self, body):
        return mathml(body)

    def latex_environment(self, name, body):
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)


def glued(page):
    """A formula in a line, and the bracket before it or the comma behind it, which no line may end between."""
    return re.sub(r'(?P<before>[(\[“"]?)(?P<formula><math display="inline">.*?</math>)(?P<behind>[^\s<]*)',
                  lambda m: f'<span class="glued">{m[0]}</span>' if m["before"] or m["behind"] else m[0], page, flags=re.S)


def with_own_colours(book):
    """The notebook with the language's own lexer, where scripts/extras or pip has installed it, instead of the kernel's choice."""
    try:
        find_lexer_class_by_name("deepwhy")
    except ClassNotFound:
        return book
    book = copy.deepcopy(book)
    book.metadata.setdefault("language_info", {})["pygments_lexer"] = "deepwhy"
    return book


class Mathematics:
    """Of an exporter to HTML: formulas as MathML, programs in the language's own colours."""

    def from_notebook_node(self, nb, resources=None, **options):
        return super().from_notebook_node(with_own_colours(nb), resources, **options)

    @pass_context
    def markdown2html(self, context, source):
        renderer = Renderer(escape=False, attachments=context.get("cell", {}).get("attachments", {}),
                            anchor_link_text=self.anchor_link_text)
        return glued(MarkdownWithMath(renderer=renderer).render(source))


class Handout(Mathematics, HTMLExporter):
    def __init__(self, **options):
        super().__init__(raw_template=TEMPLATE, **options)


def letters(text):
    """A style that brings the letters of the page's formulas; nothing when the font is not installed."""
    formulas = re.sub("<[^>]*>", "", "".join(re.findall("<math.*?</math>", text, re.S)))
    if not formulas or not FONT.exists():
        return ""
    wanted = set(html.unescape(formulas))
    wanted |= {in_alphabet(c, "ITALIC") for c in wanted if c.isalpha()} | {"ℎ", "√"}  # browsers slant single letters
    options = subset.Options(flavor="woff", layout_features=["*"], notdef_outline=True, drop_tables=["FFTM"])
    font = subset.load_font(str(FONT), options)
    tool = subset.Subsetter(options)
    tool.populate(unicodes=map(ord, wanted))
    tool.subset(font)
    made = io.BytesIO()
    subset.save_font(font, made, options)
    return LETTERS.format(font=base64.b64encode(made.getvalue()).decode())


def finished(text, style=""):
    """With a style and the letters of its formulas, and links to other notebooks leading to their pages."""
    text = re.sub(r'(<a\b[^>]*href="[^":]*)\.ipynb"', r'\1.html"', text)
    return text.replace("</head>", style + letters(text) + "</head>", 1)


def executed(notebook):
    """The notebook with what its cells print now, and where it lies."""
    book = nbformat.read(notebook, as_version=4)
    where = {"metadata": {"path": str(notebook.parent), "name": notebook.stem}}
    ExecutePreprocessor(timeout=None).preprocess(book, where)
    return together(book), where


def together(book):
    """With what was printed in one piece: where it breaks depends on time."""
    return CoalesceStreamsPreprocessor().preprocess(book, {})[0]


def write(target, text):
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(f"handouts: {target} ({len(text.encode()) // 1000} kB)", flush=True)


def other_forms(notebook, book, where, page):
    folder = page.parent
    write(folder / f"{notebook.stem}.slides.html", finished(handout_forms.slides(book, where, Mathematics)))
    write(folder / "student" / notebook.name, nbformat.writes(handout_forms.student(book)) + "\n")
    if (notebook.parent / "data").is_dir():
        shutil.copytree(notebook.parent / "data", folder / "student" / "data", dirs_exist_ok=True)
    problem = handout_forms.pdf(book, where, page, page.with_suffix(".pdf"))
    print(f"handouts: {problem or page.with_suffix('.pdf')}", flush=True)


def main(folder, *notebooks, every_form=False):
    for notebook in map(pathlib.Path, notebooks):
        target = pathlib.Path(folder, f"{notebook.stem}.html")
        forms = [target, target.with_suffix(".pdf"), target.with_suffix(".slides.html"), target.parent / "student" / notebook.name]
        for old in forms if every_form else forms[:1]:
            old.unlink(missing_ok=True)
        try:
            book, where = executed(notebook)
            write(target, finished(Handout().from_notebook_node(book, where)[0], STYLE))
            if every_form:
                other_forms(notebook, book, where, target)
        except (CellExecutionError, ValueError) as problem:
            sys.exit(f"handouts: {notebook}: {problem}")


if __name__ == "__main__":
    every = sys.argv[1:2] == ["--all"]
    if len(sys.argv) < 3 + every:
        sys.exit(__doc__)
    main(*sys.argv[1 + every:], every_form=every)

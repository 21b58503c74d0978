"""Execute notebooks and write each as one HTML page that needs nothing from the network.

    .venv/bin/python scripts/handouts.py FOLDER NOTEBOOK…

Formulas become MathML (mathml.py), the page carries the letters they need, and it has no scripts but those of
sliders. The notebooks themselves are not changed. Fails when a cell or a check fails or a formula cannot be drawn,
and then leaves no page of that notebook.
"""

import base64
import html
import io
import pathlib
import re
import sys

import nbformat
from fontTools import subset
from jinja2 import pass_context
from nbclient.exceptions import CellExecutionError
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import ExecutePreprocessor

from mathml import in_alphabet, mathml

# JupyterLab's page without what it loads: RequireJS, MathJax, Mermaid, widgets.
TEMPLATE = "{% extends 'lab/index.html.j2' %}" + "".join(
    f"{{% block {name} %}}{{% endblock %}}"
    for name in ("html_head_js", "html_head_js_mathjax", "html_head_js_mermaidjs", "jupyter_widgets"))
TEMPLATE += "{% block extra_css %}<style>h1, h2, h3 { break-after: avoid; } img { break-inside: avoid; }</style>{% endblock %}"

# Roots, brackets and integrals only grow with a font made for formulas, and not every computer has one.
FONT = pathlib.Path("/usr/share/texmf/fonts/opentype/public/tex-gyre-math/texgyrepagella-math.otf")
STYLE = """<style>
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


class Handout(HTMLExporter):
    def __init__(self, **options):
        super().__init__(raw_template=TEMPLATE, **options)

    @pass_context
    def markdown2html(self, context, source):
        renderer = Renderer(escape=False, attachments=context.get("cell", {}).get("attachments", {}),
                            anchor_link_text=self.anchor_link_text)
        return MarkdownWithMath(renderer=renderer).render(source)


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
    return STYLE.format(font=base64.b64encode(made.getvalue()).decode())


def page(notebook):
    """The executed notebook as HTML."""
    book = nbformat.read(notebook, as_version=4)
    where = {"metadata": {"path": str(notebook.parent), "name": notebook.stem}}
    ExecutePreprocessor(timeout=None).preprocess(book, where)
    text = Handout().from_notebook_node(book, where)[0]
    return text.replace("</head>", letters(text) + "</head>", 1)


def main(folder, *notebooks):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    for notebook in map(pathlib.Path, notebooks):
        target = pathlib.Path(folder, f"{notebook.stem}.html")
        target.unlink(missing_ok=True)
        try:
            text = page(notebook)
        except (CellExecutionError, ValueError) as problem:
            sys.exit(f"handouts: {notebook}: {problem}")
        target.write_text(text, encoding="utf-8")
        print(f"handouts: {target} ({len(text.encode()) // 1000} kB)")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])

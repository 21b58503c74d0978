"""The other forms of a handout: a PDF, slides, and the student's copy without solutions.

handouts.py calls these with an executed notebook; nothing here needs the network.
"""

import copy
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from nbconvert.exporters import PDFExporter, SlidesExporter

LATEX = pathlib.Path(__file__).parents[1] / "extras" / "nbconvert"  # the folder of the template for LaTeX
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BEGIN, END, STUB = "BEGIN SOLUTION", "END SOLUTION", "# your lines here"

# nbconvert's slides load reveal.js from the network; these move by the few lines of SCRIPT instead.
SLIDES = "{% extends 'reveal/index.html.j2' %}" + "".join(
    f"{{% block {name} %}}{{% endblock %}}"
    for name in ("html_head_js", "html_head_js_mathjax", "jupyter_widgets", "footer_js"))
STYLE = """<style>
.slides > section > section { max-width: 1100px; margin: 0 auto; padding: 24px 32px; }
.reveal img { max-height: 62vh; }
.jp-Notebook pre { white-space: pre-wrap !important; overflow-wrap: anywhere; }
.jp-InputPrompt, .jp-OutputPrompt { display: none; }
.moving { overflow: hidden; }
.moving .slides > section > section { display: none; box-sizing: border-box; height: 100vh; overflow-y: auto; }
.moving .slides > section > section.now { display: block; }
.turn { position: fixed; right: 16px; bottom: 12px; font: 16px sans-serif; color: #555; }
.turn button { font: inherit; padding: 2px 10px; }
@media print {
  .turn { display: none; }
  .moving { overflow: visible; }
  .moving .slides > section > section { display: block; height: auto !important; zoom: 0.8 !important; max-width: none !important;
    break-after: page; }
}
</style>"""
SCRIPT = """<script>
(() => {
  const slides = [...document.querySelectorAll(".slides > section > section")];
  const turn = document.createElement("nav");
  turn.className = "turn";
  turn.innerHTML = '<button aria-label="back">‹</button> <span></span> <button aria-label="on">›</button>';
  document.body.append(turn);
  document.body.classList.add("moving");
  let at = 0;
  const show = number => {
    slides[at].classList.remove("now");
    at = Math.min(Math.max(number, 0), slides.length - 1);
    const slide = slides[at];
    slide.classList.add("now");
    for (let size = 1; size > 0.58; size -= 0.05) {  // what is too long is made smaller, but never tiny
      slide.style.zoom = size;
      slide.style.height = 100 / size + "vh";
      slide.style.maxWidth = 1100 / size + "px";
      if (slide.scrollHeight <= slide.clientHeight) break;
    }
    turn.querySelector("span").textContent = at + 1 + " / " + slides.length;
    history.replaceState(null, "", "#" + (at + 1));
  };
  const keys = {ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1,
                Home: -1e6, End: 1e6};
  addEventListener("keydown", event => {
    if (event.key in keys && !event.ctrlKey && !event.altKey && !event.metaKey && !event.target.matches("input, button")) {
      event.preventDefault();
      show(at + keys[event.key]);
    }
  });
  turn.addEventListener("click", event => event.target.matches("button") &&
    show(at + (event.target === turn.firstChild ? -1 : 1)));
  addEventListener("hashchange", () => show(parseInt(location.hash.slice(1)) - 1 || 0));
  show(parseInt(location.hash.slice(1)) - 1 || 0);
})();
</script>"""


def with_slide_types(book):
    """A slide for every text, together with the first program behind it; headings begin a new group."""
    book = copy.deepcopy(book)
    before = None
    for cell in book.cells:
        heading = re.match("##? ", cell.source)
        usual = "slide" if heading else "-" if before == "markdown" and cell.cell_type == "code" else "subslide"
        cell.metadata.setdefault("slideshow", {}).setdefault("slide_type", usual)
        before = cell.cell_type
    return book


def slides(book, where, mathematics):
    """The executed notebook as slides in one file; mathematics is the class that writes formulas."""
    class Slides(mathematics, SlidesExporter):
        def __init__(self):
            SlidesExporter.__init__(self, raw_template=SLIDES)

    text = Slides().from_notebook_node(with_slide_types(book), where)[0]
    text = re.sub(r'<link\b[^>]*href="http[^>]*>', "", text)
    text = re.sub(r"<script>\s*if *\( *window\.location\.search.*?</script>", "", text, flags=re.S)
    return text.replace("</head>", STYLE + "</head>", 1).replace("</body>", SCRIPT + "</body>", 1)


def browser():
    """Chromium under one of its names; None when there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def print_page(page, target):
    """Print a page with the browser, which is kept from the network."""
    with tempfile.TemporaryDirectory() as private:
        command = [browser(), "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={private}", "--no-pdf-header-footer",
                   f"--print-to-pdf={pathlib.Path(target).resolve()}", pathlib.Path(page).resolve().as_uri()]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium has no other way to run as root
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode or not pathlib.Path(target).exists():
        raise ValueError(f"{command[0]} could not print: {done.stderr.strip()[-500:]}")


def pdf(book, where, page, target):
    """The PDF of a notebook; None, or a sentence when nothing on this machine can make it."""
    if browser():
        print_page(page, target)
    elif shutil.which("xelatex") and shutil.which("pandoc"):
        exporter = PDFExporter(template_name="deepwhy-latex", extra_template_basedirs=[str(LATEX)])
        pathlib.Path(target).write_bytes(exporter.from_notebook_node(copy.deepcopy(book), where)[0])
    else:
        return "no PDF: install chromium, or what docs/authoring.md names for LaTeX"
    return None


def without_solution(source):
    """A cell's lines, with one line in the place of each solution."""
    lines, inside = [], False
    for line in source.split("\n"):
        begins, ends = BEGIN in line, END in line
        if (begins and inside) or (ends and not inside):
            raise ValueError(f"{line.strip()} has no partner")
        if begins:
            lines.append(re.match(r"\s*", line)[0] + STUB)
        elif not inside and not ends:
            lines.append(line)
        inside = (inside or begins) and not ends
    if inside:
        raise ValueError(f"{BEGIN} has no partner")
    return "\n".join(lines)


def student(book):
    """The notebook as a student gets it: no solutions and no outputs."""
    book = copy.deepcopy(book)
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.source = without_solution(cell.source)
            cell.outputs, cell.execution_count = [], None
    return book

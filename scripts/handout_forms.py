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
/* A slide is 1200 × 675, and as large as the window permits; --size is how much its contents are made smaller. */
.moving { overflow: hidden; --scale: 1; }
.moving .slides > section > section {
  display: none;
  box-sizing: border-box;
  zoom: calc(var(--scale) * var(--size, 1));
  width: calc(1200px / var(--size, 1));
  height: calc(675px / var(--size, 1));
  margin: 0 auto;
  padding: 24px 32px 48px;
  overflow-y: auto;
}
.moving .slides > section > section.now { display: block; }
/* What programs show, to the right of text and program. */
.moving .slides > section > section.beside.now { display: grid; }
.beside { grid-template: max-content 1fr / 56fr 44fr; column-gap: 24px; }
.beside > .jp-MarkdownCell, .beside .jp-Cell-inputWrapper { grid-column: 1; min-width: 0; }
.beside > .jp-CodeCell { display: contents; }
.beside .jp-Cell-outputWrapper { grid-column: 2; grid-row: 1 / span 2; min-width: 0; align-self: start; }
.beside.large .jp-OutputArea-output > img { width: 100%; height: auto; }
.slides .jp-RenderedMarkdown { font-size: 20px !important; }
.slides .jp-Cell pre { font-size: 16px !important; line-height: 1.35 !important; }
.slides .jp-RenderedHTML table { font-size: 15px !important; }
.jp-Notebook .jp-OutputArea pre { white-space: pre-wrap !important; overflow-wrap: anywhere; }
.jp-InputPrompt, .jp-OutputPrompt { display: none; }
.turn { position: fixed; right: 16px; bottom: 12px; font: 16px sans-serif; color: #555; }
.turn button { font: inherit; padding: 2px 10px; }
@media (max-width: 640px) {
  .moving .slides > section > section { zoom: 1; width: auto; height: 100vh; padding: 12px; }
}
@media print {
  @page { size: 1200px 675px; margin: 0; }
  .turn { display: none; }
  .moving .dw-film .dw-film-strip { display: none !important; } /* for the small pictures of sliders there is no room */
  .moving { overflow: visible; --scale: 1 !important; }
  .moving .slides > section > section { display: block; break-after: page; overflow: hidden; }
  .moving .slides > section > section.beside { display: grid; }
}
</style>"""
SCRIPT = """<script>
(() => {
  const turn = document.createElement("nav");
  turn.className = "turn";
  turn.innerHTML = '<button aria-label="back">‹</button> <span></span> <button aria-label="on">›</button>';
  document.body.append(turn);
  document.body.classList.add("moving");
  const within = part => part.scrollWidth <= part.clientWidth + 1;
  const fits = slide => slide.scrollHeight <= slide.clientHeight + 1 &&
    [...slide.querySelectorAll(".jp-OutputArea-output, .jp-InputArea pre, math[display=block]")].every(within);
  // How large the smallest thing on it is when all of it is to be seen.
  const legible = (slide, beside) => {
    let size = 105;
    slide.classList.toggle("beside", beside);
    do {
      size -= 5;
      slide.style.setProperty("--size", size / 100);
    } while (!fits(slide) && size > 50);
    const figures = [...slide.querySelectorAll("img[width]")].filter(figure => figure.clientWidth > 0);
    return size / 100 * Math.min(1, ...figures.map(figure => figure.clientWidth / figure.getAttribute("width")));
  };
  // Outputs below programs or beside them, figures then as large as there is room for; where both ways are small the
  // program gets a slide of its own, and where that is still small, what it shows gets one too.
  const lay = slide => {
    const [first, ...others] = slide.children;
    slide.classList.add("now");
    const below = legible(slide, false);
    const shown = slide.querySelector(".jp-Cell-inputWrapper ~ .jp-Cell-outputWrapper");
    const beside = shown && slide.querySelectorAll(".jp-Cell-outputWrapper").length === 1 ? legible(slide, true) : 0;
    if (below >= beside) legible(slide, false);
    slide.classList.add("large");
    if (!fits(slide)) slide.classList.remove("large");
    slide.classList.remove("now");
    if (Math.max(below, beside) >= 0.75) return;
    const next = document.createElement("section");
    if (others.length > 0) next.append(...others);
    else if (shown) next.append(first.cloneNode(false)), next.firstChild.append(shown);
    else return;
    slide.after(next);
    [slide, next].forEach(lay);
  };
  document.querySelectorAll(".slides > section > section").forEach(lay);
  const slides = document.querySelectorAll(".slides > section > section");
  let at = 0;
  const show = number => {
    slides[at].classList.remove("now");
    at = Math.min(Math.max(number, 0), slides.length - 1);
    slides[at].classList.add("now");
    turn.querySelector("span").textContent = at + 1 + " / " + slides.length;
    history.replaceState(null, "", "#" + (at + 1));
  };
  const fill = () => document.body.style.setProperty("--scale", Math.min(innerWidth / 1200, innerHeight / 675));
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
  addEventListener("resize", fill);
  fill();
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

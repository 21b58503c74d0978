"""The three front ends as a user meets them: keys, menus and what is on the screen. Where a test has to wait, it asks
the front end's own list of cells, since a front end may not draw what is outside the window."""

import pathlib

PICTURES = pathlib.Path(__file__).parents[2] / "build/test/browser"

# Images and drawings in outputs that a reader sees, with their size and words: a list for each cell.
FIGURES = """
([cell, output]) => [...document.querySelectorAll(cell)].map(c =>
  [...c.querySelectorAll(output + ' img, ' + output + ' svg')].map(e => {
    const box = e.getBoundingClientRect();
    return {width: box.width, height: box.height, alt: e.alt || '', source: e.src || e.outerHTML,
            drawn: e.tagName != 'IMG' || (e.complete && e.naturalWidth > 0)};
  }).filter(f => f.width > 0 && f.height > 0))
"""


class Front:
    """One front end in a page of its own."""

    def __init__(self, server, chromium, patience):
        self.server = server
        self.context = chromium.new_context(viewport={"width": 1100, "height": 900})
        self.context.set_default_timeout(1000 * patience)
        self.page = self.context.new_page()
        self.broken = []
        self.page.on("pageerror", lambda problem: self.broken.append(str(problem)))

    def close(self):
        self.context.close()

    def open(self, place):
        self.page.goto(self.server.url + self.ADDRESS.format(place))
        self.wait(f"{self.READY}")

    def wait(self, condition, **values):
        """Until a JavaScript expression is true; `cells()` in it are the notebook's cells, `idle()` the kernel's state."""
        self.page.wait_for_function(f"v => {{{self.TOOLS} return {condition}}}", arg=values)

    def ask(self, expression, **values):
        return self.page.evaluate(f"v => {{{self.TOOLS} return {expression}}}", values)

    def cells(self):
        return self.ask("cells()")

    def finished(self, before=()):
        """Waits until every code cell has a number, another one than in `before`, the cells at an earlier time."""
        old = [c.get("count") for c in before]
        self.wait("idle() && cells().every((c, i) => !c.code || (c.count && !c.busy && c.count != v.old[i]))", old=old)

    def errors(self):
        return [o for c in self.cells() for o in c["outputs"] if o["output_type"] == "error"]

    def cell(self, number):
        return self.page.locator(self.CELL).nth(number)

    def figures(self):
        """What a reader sees drawn under each cell, once all of it is there."""
        where = [self.CELL, self.OUTPUT]
        self.wait(f"({FIGURES})(v.where).length == cells().length", where=where)  # Lab draws cells one after the other
        self.page.wait_for_function(f"w => ({FIGURES})(w).flat().every(f => f.drawn)", arg=where)
        return self.page.evaluate(FIGURES, where)

    def edit(self, number):
        """Puts the cursor at the end of a cell."""
        self.cell(number).locator(self.EDITOR).click()
        self.page.keyboard.press("Control+End")

    def run(self, number):
        self.edit(number)
        self.page.keyboard.press("Shift+Enter")

    def picture(self, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{self.NAME}-{name}.png")


class Lab(Front):
    NAME, ADDRESS = "lab", "lab/tree/{}?reset"
    TOOLS = """
      const panel = () => window.jupyterapp && jupyterapp.shell.currentWidget;
      const ready = () => panel() && panel().context && panel().context.isReady && panel().sessionContext.session;
      const idle = () => panel().sessionContext.session.kernel.status == 'idle';
      const cells = () => panel().content.widgets.map(w => w.model).map(m => m.type == 'code'
        ? {code: true, count: m.executionCount, busy: m.executionState != 'idle', outputs: m.outputs.toJSON(),
           source: m.sharedModel.source} : {code: false, outputs: []});
    """
    READY = "ready() && idle() && cells().length"
    CELL, OUTPUT, EDITOR = ".jp-Notebook .jp-Cell", ".jp-OutputArea-output", ".cm-content"

    def menu(self, name, item):
        self.page.locator(".lm-MenuBar-itemLabel", has_text=name).first.click()
        self.page.locator(".lm-Menu-itemLabel", has_text=item).first.click()

    def run_all(self):
        self.menu("Run", "Run All Cells")


class Notebook(Lab):
    NAME, ADDRESS = "notebook", "notebooks/{}"


class Classic(Front):
    NAME, ADDRESS = "classic", "nbclassic/notebooks/{}"
    TOOLS = """
      const book = () => window.Jupyter && Jupyter.notebook;
      const idle = () => book().kernel && book().kernel.is_connected() && !book().kernel_busy;
      const cells = () => book().get_cells().map(c => c.cell_type == 'code'
        ? {code: true, count: c.input_prompt_number == '*' ? null : c.input_prompt_number,
           busy: c.input_prompt_number == '*', outputs: c.output_area.toJSON(), source: c.get_text()}
        : {code: false, outputs: []});
    """
    READY = "book() && book()._fully_loaded && idle() && cells().length"
    CELL, OUTPUT, EDITOR = "#notebook-container .cell", ".output_subarea", ".CodeMirror-lines"

    def menu(self, name, item):
        self.page.locator("#menubar .navbar-nav > li > a", has_text=name).first.click()
        self.page.locator("#menubar .dropdown.open a", has_text=item).first.click()

    def run_all(self):
        self.menu("Cell", "Run All")

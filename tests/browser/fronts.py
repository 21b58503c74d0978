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

    def start(self, number):
        self.edit(number)
        self.page.keyboard.press("Shift+Enter")

    def run(self, number):
        """Runs a cell and waits until it has run; its outputs."""
        before = self.cells()[number]["count"]
        self.start(number)
        self.wait("idle() && !cells()[v.number].busy && cells()[v.number].count && cells()[v.number].count != v.before",
                  number=number, before=before)
        return self.cells()[number]["outputs"]

    def interrupt(self):
        self.menu("Kernel", "Interrupt")

    def until_coloured(self, number, word):
        """Types a word of the language and waits until it has a colour: front ends load the language after the notebook."""
        self.type(number, word)
        self.cell(number).locator(".cm-line span, .cm-keyword", has_text=word).first.wait_for()

    def type(self, number, *keys):
        """Empties a cell and types: words as they are, and keys that are named as in "Tab"."""
        self.edit(number)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        for key in keys:
            (self.page.keyboard.press if key in ("Tab", "Enter", "Escape", "Shift+Tab") else self.page.keyboard.type)(key)

    def complete(self, number, beginning):
        """What Tab makes of a beginning, when the first proposal is taken."""
        self.type(number, beginning, "Tab")
        self.take_first(number, beginning)
        return self.cells()[number]["source"]

    def explain(self, number, word):
        """What Shift-Tab shows about a word."""
        self.type(number, word, "Shift+Tab")
        tooltip = self.page.locator(self.TOOLTIP)
        tooltip.wait_for()
        self.wait("getComputedStyle(document.querySelector(v.tooltip)).opacity == 1", tooltip=self.TOOLTIP)  # it may fade in
        words = tooltip.inner_text()
        self.picture("help")
        self.page.keyboard.press("Escape")
        tooltip.wait_for(state="hidden")
        return words

    def show(self, number):
        """Rolls a cell's outputs to the middle of the window."""
        self.cell(number).locator(self.OUTPUT).last.evaluate("e => e.scrollIntoView({block: 'center'})")

    def colour(self, number, word):
        """Colour and weight of a word in a cell, as drawn."""
        return self.cell(number).evaluate("""(cell, word) => {
          const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const here = walk.currentNode, style = getComputedStyle(here.parentElement);
            if (here.parentElement.closest('.cm-line, .CodeMirror-line') && here.textContent.trim() == word)
              return style.color + ' ' + style.fontWeight;
          }
          return 'nowhere';
        }""", word)

    def corner(self, figure):
        """The colour of a figure's outermost point: red, green, blue, opacity."""
        return self.page.evaluate("""async source => {
          const image = new Image();
          image.src = source;
          await image.decode();
          const canvas = document.createElement('canvas').getContext('2d');
          canvas.drawImage(image, 0, 0);
          return [...canvas.getImageData(0, 0, 1, 1).data];
        }""", figure["source"])

    def knobs(self, number):
        """The sliders below a cell that a reader sees: the kernel's, or those a figure brings along."""
        return self.cell(number).locator(".widget-slider:visible, .dw-film input[type=range]:visible")

    def drag(self, number, knob, share):
        """Draws a slider with the mouse to a share of its length."""
        slider = self.knobs(number).nth(knob)
        slider.scroll_into_view_if_needed()
        handle, way = slider, slider
        if slider.evaluate("e => e.tagName") != "INPUT":
            handle, way = slider.locator(".noUi-handle"), slider.locator(".noUi-base")
        box, track = handle.bounding_box(), way.bounding_box()
        start = box["x"] + box["width"] / 2
        if handle is way:  # where the browser draws the thumb
            start = box["x"] + 8 + (box["width"] - 16) * slider.evaluate("e => (e.value - e.min) / (e.max - e.min)")
        middle = box["y"] + box["height"] / 2
        self.page.mouse.move(start, middle)
        self.page.mouse.down()
        self.page.mouse.move(track["x"] + track["width"] * share, middle, steps=5)
        self.page.mouse.up()

    def until_figure(self, number, *words):
        """Waits until the figure below a cell says all these words, and nothing else is shown there."""
        self.wait(f"""(f => f.length == 1 && f[0].drawn && v.words.every(w => f[0].alt.includes(w)))
                  (({FIGURES})(v.where)[v.number])""", where=[self.CELL, self.OUTPUT], number=number, words=words)

    def reload(self):
        self.save()
        self.page.reload()
        self.wait(self.READY)

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
    TOOLTIP, FORMULA = ".jp-Tooltip", ".jp-RenderedMarkdown mjx-container"

    def menu(self, name, item):
        self.page.locator(".lm-MenuBar-itemLabel", has_text=name).first.click()
        self.page.locator(".lm-Menu-itemLabel", has_text=item).first.click()

    def run_all(self):
        self.menu("Run", "Run All Cells")

    def restart(self):
        self.menu("Kernel", "Restart Kernel…")
        self.page.locator(".jp-Dialog button.jp-mod-accept").click()
        self.page.locator(".jp-Dialog").wait_for(state="detached")

    def save(self):
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Control+S")
        self.wait("!panel().context.model.dirty")

    def take_first(self, number, beginning):
        self.page.locator(".jp-Completer-item").first.wait_for()
        self.picture("completion")
        self.page.keyboard.press("Enter")
        self.wait("cells()[v.number].source != v.beginning", number=number, beginning=beginning)

    def theme(self, name):
        self.ask("jupyterapp.commands.execute('apputils:change-theme', {theme: v.name})", name=f"JupyterLab {name}")
        self.wait("document.body.dataset.jpThemeLight == v.light && !document.getElementById('jupyterlab-splash')",
                  light=str(name == "Light").lower())


class Notebook(Lab):
    NAME, ADDRESS = "notebook", "notebooks/{}"


class Classic(Front):
    NAME, ADDRESS = "classic", "nbclassic/notebooks/{}"
    TOOLS = """
      const book = () => window.Jupyter && Jupyter.notebook;
      const idle = () => book().kernel && book().kernel.is_connected() && !book().kernel_busy;
      // the reply and the outputs come on two channels, and either may be the first
      const done = c => (m => !m || m.shell_done && m.iopub_done)(book().kernel._msg_callbacks[c.last_msg_id]);
      const cells = () => book().get_cells().map(c => c.cell_type == 'code'
        ? {code: true, count: c.input_prompt_number == '*' || !done(c) ? null : c.input_prompt_number,
           busy: c.input_prompt_number == '*' || !done(c), outputs: c.output_area.toJSON(), source: c.get_text()}
        : {code: false, outputs: []});
    """
    READY = "book() && book()._fully_loaded && idle() && cells().length"
    CELL, OUTPUT, EDITOR = "#notebook-container .cell", ".output_subarea", ".CodeMirror-lines"
    TOOLTIP, FORMULA = "#tooltip", ".text_cell_render .MathJax"

    def menu(self, name, item):
        self.page.locator("#menubar .navbar-nav > li > a", has_text=name).first.click()
        self.page.locator("#menubar .dropdown.open a", has_text=item).first.click()

    def run_all(self):
        self.menu("Cell", "Run All")

    def restart(self):
        self.menu("Kernel", "Restart")
        self.page.locator(".modal-dialog .btn-danger").click()
        self.page.locator(".modal-dialog").wait_for(state="hidden")

    def take_first(self, number, beginning):
        """A single proposal is taken at once, of several the one pointed at with Enter."""
        self.wait("document.querySelector('#complete') || cells()[v.number].source != v.beginning",
                  number=number, beginning=beginning)
        if self.cells()[number]["source"] == beginning:
            self.picture("completion")
            self.page.keyboard.press("Enter")
            self.wait("cells()[v.number].source != v.beginning", number=number, beginning=beginning)

    def save(self):
        self.menu("File", "Save and Checkpoint")
        self.wait("!book().dirty")

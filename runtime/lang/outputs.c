/* SPDX-License-Identifier: BSD-3-Clause */
#include "lang/outputs.h"

#include "plot/svg.h"

#include <stdio.h>
#include <string.h>

/* Of a stretch of words that is too long, so much stays at either end; lines are cut out whole. */
enum { END = DW_OUTPUTS_WORDS / 4, FORMS = 8 };

/* One thing that was shown, or a stretch of words that were printed. */
typedef struct {
    dw_buf words; /* printed */
    size_t head;  /* bytes of words before those that were left out; 0: none were */
    size_t left_out;
    dw_part *parts; /* shown; NULL for words. Types and data are copies */
    size_t count;
    char *alt, *id;
    unsigned width, height;
    size_t bytes; /* all that it takes */
} piece;

typedef struct {
    size_t number;
    piece *pieces;
    size_t count, room, bytes;
    bool lost;     /* some of it is not kept */
    bool asked;    /* it showed another one again: what else it says is not worth keeping */
    char *failure; /* NULL when it ended well */
} cell;

struct dw_outputs {
    dw_mem *mem;
    dw_host to, own;
    size_t room, bytes;
    size_t begun;
    cell cells[DW_OUTPUTS_CELLS];
    size_t count;
    bool runs;    /* the last of the cells is running */
    bool repeats; /* what is shown now was shown before */
    bool clears;  /* what was shown goes with the next output */
    bool moves;   /* what is shown now comes a second time, as a film (film.h) */
};

/* ---- forgetting ---- */

static void free_piece(piece *p) {
    dw_buf_free(&p->words);
    for (size_t i = 0; i < p->count; i++) {
        dw_mem_free((char *)(uintptr_t)p->parts[i].data);
        dw_mem_free((char *)(uintptr_t)p->parts[i].mime);
    }
    dw_mem_free(p->parts);
    dw_mem_free(p->alt);
    dw_mem_free(p->id);
    *p = (piece){.count = 0};
}

static void count_bytes(dw_outputs *o, cell *c, piece *p, size_t bytes) {
    o->bytes = o->bytes - p->bytes + bytes;
    c->bytes = c->bytes - p->bytes + bytes;
    p->bytes = bytes;
}

static void forget_pieces(dw_outputs *o, cell *c, size_t count) {
    for (size_t i = 0; i < count; i++) {
        count_bytes(o, c, &c->pieces[i], 0);
        free_piece(&c->pieces[i]);
    }
    c->count -= count;
    if (c->count > 0)
        memmove(c->pieces, c->pieces + count, c->count * sizeof *c->pieces);
}

static void forget_cell(dw_outputs *o, size_t i) {
    cell *c = &o->cells[i];
    forget_pieces(o, c, c->count);
    dw_mem_free(c->pieces);
    dw_mem_free(c->failure);
    memmove(c, c + 1, (--o->count - i) * sizeof *c);
}

/* Makes room at the cost of what is oldest, of the running cell an eighth at once; false when there
 * is nothing left to forget. */
static bool forget_oldest(dw_outputs *o) {
    if (o->count > 1 || (o->count == 1 && !o->runs)) {
        forget_cell(o, 0);
        return true;
    }
    if (o->count == 0 || o->cells[0].count < 2)
        return false;
    forget_pieces(o, &o->cells[0], o->cells[0].count / 8 + 1);
    o->cells[0].lost = true;
    return true;
}

static void keep_within(dw_outputs *o) {
    while (o->bytes > o->room && forget_oldest(o)) {
    }
    cell *c = &o->cells[o->count - 1];
    if (o->bytes > o->room) { /* one thing alone is too large */
        forget_pieces(o, c, c->count);
        c->lost = true;
    }
}

/* ---- keeping ---- */

/* The cell that keeps what comes now; NULL when nothing is to be kept. */
static cell *open_cell(dw_outputs *o) {
    if (!o->runs || o->repeats || o->moves)
        return NULL;
    cell *c = &o->cells[o->count - 1];
    if (o->clears)
        forget_pieces(o, c, c->count);
    o->clears = false;
    return c;
}

static piece *add_piece(dw_outputs *o, cell *c) {
    if (c->count == c->room) {
        size_t room = c->room == 0 ? 4 : 2 * c->room;
        piece *pieces = dw_mem_grow(o->mem, c->pieces, room * sizeof *pieces);
        if (pieces == NULL)
            return NULL;
        c->pieces = pieces;
        c->room = room;
    }
    piece *p = &c->pieces[c->count++];
    *p = (piece){.count = 0};
    dw_buf_init(&p->words, o->mem);
    count_bytes(o, c, p, sizeof *p);
    return p;
}

static bool begins_line(const dw_buf *words, size_t i) {
    return words->data[i - 1] == '\n';
}

static bool begins_letter(const dw_buf *words, size_t i) {
    return ((unsigned char)words->data[i] & 0xC0) != 0x80;
}

/* The first place from `from` on where a line begins, or if none does before `to`, a letter. */
static size_t next_cut(const dw_buf *words, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (begins_line(words, i))
            return i;
    while (from < to && !begins_letter(words, from))
        from++;
    return from;
}

/* Leaves out the middle of words that became too many. */
static void cut_middle(piece *p) {
    dw_buf *w = &p->words;
    if (w->size < DW_OUTPUTS_WORDS)
        return;
    size_t from = p->head > 0 ? p->head : next_cut(w, END, 2 * (size_t)END);
    size_t to = next_cut(w, w->size - END, w->size);
    memmove(w->data + from, w->data + to, w->size - to + 1);
    w->size -= to - from;
    p->head = from;
    p->left_out += to - from;
}

static void keep_words(dw_outputs *o, const char *text, size_t size) {
    cell *c = open_cell(o);
    if (c == NULL || size == 0)
        return;
    bool fresh = c->count == 0 || c->pieces[c->count - 1].parts != NULL;
    piece *p = fresh ? add_piece(o, c) : &c->pieces[c->count - 1];
    for (size_t at = 0, step; p != NULL && at < size && !p->words.failed; at += step) {
        step = size - at < END ? size - at : END;
        dw_buf_add(&p->words, text + at, step);
        if (!p->words.failed)
            cut_middle(p);
    }
    if (p == NULL || p->words.failed)
        c->lost = true;
    if (p == NULL)
        return;
    p->words.failed = false;
    count_bytes(o, c, p, sizeof *p + p->words.room);
    keep_within(o);
}

/* A copy of a text, or NULL; false without memory. */
static bool copy_text(dw_outputs *o, const char *text, char **out, size_t *bytes) {
    size_t size = text == NULL ? 0 : strlen(text);
    *out = text == NULL ? NULL : dw_mem_text(o->mem, text, size);
    *bytes += size;
    return text == NULL || *out != NULL;
}

static bool copy_bundle(dw_outputs *o, const dw_bundle *bundle, piece *p, size_t *bytes) {
    char *mime;
    size_t count = bundle->count < FORMS ? bundle->count : FORMS;
    p->parts = dw_mem_array(o->mem, count + 1, sizeof *p->parts);
    bool fine = p->parts != NULL && copy_text(o, bundle->alt, &p->alt, bytes) &&
                copy_text(o, bundle->id, &p->id, bytes);
    for (size_t i = 0; fine && i < count; i++) {
        const dw_part *part = &bundle->parts[i];
        dw_part *copy = &p->parts[p->count++];
        copy->data = dw_mem_text(o->mem, part->data, part->size);
        copy->size = part->size;
        fine = copy_text(o, part->mime, &mime, bytes) && copy->data != NULL;
        copy->mime = mime;
        *bytes += part->size;
    }
    p->width = bundle->width;
    p->height = bundle->height;
    return fine;
}

/* Puts a bundle into a piece, instead of what it held. Without memory the piece stays empty. */
static void fill_piece(dw_outputs *o, cell *c, piece *p, const dw_bundle *bundle) {
    size_t bytes = sizeof *p;
    count_bytes(o, c, p, 0);
    free_piece(p);
    dw_buf_init(&p->words, o->mem);
    if (!copy_bundle(o, bundle, p, &bytes)) {
        free_piece(p);
        dw_buf_init(&p->words, o->mem);
        bytes = sizeof *p;
        c->lost = true;
    }
    count_bytes(o, c, p, bytes);
    keep_within(o);
}

static void keep_bundle(dw_outputs *o, const dw_bundle *bundle) {
    cell *c = open_cell(o);
    piece *p = c == NULL ? NULL : add_piece(o, c);
    if (p != NULL)
        fill_piece(o, c, p, bundle);
    else if (c != NULL)
        c->lost = true;
}

static void keep_change(dw_outputs *o, const dw_bundle *bundle) {
    cell *c = open_cell(o);
    if (bundle->id == NULL)
        return;
    for (size_t i = c == NULL ? 0 : c->count; i-- > 0;)
        if (c->pieces[i].id != NULL && strcmp(c->pieces[i].id, bundle->id) == 0) {
            fill_piece(o, c, &c->pieces[i], bundle);
            return;
        }
}

/* ---- the host between ---- */

static void write_on(void *context, const char *text, size_t size) {
    dw_outputs *o = context;
    keep_words(o, text, size);
    if (o->to.write != NULL)
        o->to.write(o->to.context, text, size);
}

static void display_on(void *context, const dw_bundle *bundle) {
    dw_outputs *o = context;
    keep_bundle(o, bundle);
    if (o->to.display != NULL)
        o->to.display(o->to.context, bundle);
}

static void result_on(void *context, const dw_bundle *bundle) {
    dw_outputs *o = context;
    keep_bundle(o, bundle);
    if (o->to.result != NULL)
        o->to.result(o->to.context, bundle);
}

static void update_on(void *context, const dw_bundle *bundle) {
    dw_outputs *o = context;
    keep_change(o, bundle);
    o->to.update(o->to.context, bundle);
}

static void clear_on(void *context, bool wait) {
    dw_outputs *o = context;
    if (o->runs && !o->repeats) {
        o->clears = true;
        if (!wait)
            (void)open_cell(o);
    }
    if (o->to.clear != NULL)
        o->to.clear(o->to.context, wait);
}

static dw_ask ask_on(void *context, const char *question, size_t size, bool hidden,
                     dw_buf *answer) {
    const dw_outputs *o = context;
    return o->to.ask(o->to.context, question, size, hidden, answer);
}

static void propose_on(void *context, const char *text, size_t size) {
    const dw_outputs *o = context;
    o->to.propose(o->to.context, text, size);
}

static double clock_on(void *context) {
    const dw_outputs *o = context;
    return o->to.clock(o->to.context);
}

static bool wants_frames_on(void *context) {
    const dw_outputs *o = context;
    return o->to.wants_frames(o->to.context);
}

static bool wants_panels_on(void *context) {
    const dw_outputs *o = context;
    return o->to.wants_panels(o->to.context);
}

static void panel_on(void *context, const dw_panel *panel) {
    dw_outputs *o = context;
    o->moves = panel != NULL;
    o->to.panel(o->to.context, panel);
}

static bool hurries_on(void *context) {
    const dw_outputs *o = context;
    return o->to.hurries(o->to.context);
}

static bool wants_progress_on(void *context) {
    const dw_outputs *o = context;
    return o->to.wants_progress(o->to.context);
}

/* What the other host cannot do, this one cannot either. */
dw_outputs *dw_outputs_new(dw_mem *mem, const dw_host *to, size_t room) {
    dw_outputs *o = dw_mem_new(mem, sizeof *o);
    if (o == NULL)
        return NULL;
    o->mem = mem;
    o->to = *to;
    o->room = room < DW_OUTPUTS_ROOM ? room : DW_OUTPUTS_ROOM;
    o->own = (dw_host){.context = o,
                       .write = write_on,
                       .display = display_on,
                       .result = result_on,
                       .update = to->update == NULL ? NULL : update_on,
                       .clear = clear_on,
                       .ask = to->ask == NULL ? NULL : ask_on,
                       .propose = to->propose == NULL ? NULL : propose_on,
                       .clock = to->clock == NULL ? NULL : clock_on,
                       .wants_frames = to->wants_frames == NULL ? NULL : wants_frames_on,
                       .wants_panels = to->wants_panels == NULL ? NULL : wants_panels_on,
                       .panel = to->panel == NULL ? NULL : panel_on,
                       .hurries = to->hurries == NULL ? NULL : hurries_on,
                       .wants_progress = to->wants_progress == NULL ? NULL : wants_progress_on};
    return o;
}

void dw_outputs_free(dw_outputs **outputs) {
    dw_outputs *o = *outputs;
    while (o != NULL && o->count > 0)
        forget_cell(o, o->count - 1);
    dw_mem_free(o);
    *outputs = NULL;
}

const dw_host *dw_outputs_host(dw_outputs *o) {
    return &o->own;
}

size_t dw_outputs_bytes(const dw_outputs *o) {
    return o->bytes;
}

/* ---- cells ---- */

/* The number in "cell 3"; 0 for other names. */
static size_t number_in(const char *name) {
    size_t number = 0;
    if (strncmp(name, "cell ", 5) != 0)
        return 0;
    for (name += 5; *name >= '0' && *name <= '9' && number < 100000000; name++)
        number = 10 * number + (size_t)(*name - '0');
    return *name == '\0' ? number : 0;
}

void dw_outputs_begin(dw_outputs *o, const char *name) {
    size_t number = number_in(name);
    o->begun++;
    if (o->count == DW_OUTPUTS_CELLS)
        forget_cell(o, 0);
    o->cells[o->count++] = (cell){.number = number > 0 ? number : o->begun};
    o->runs = true;
    o->clears = false;
}

/* A number that is used again means the newer cell. */
void dw_outputs_end(dw_outputs *o, const char *failure) {
    cell *c = &o->cells[o->count - 1];
    size_t ignored = 0;
    o->runs = o->clears = false;
    if (!c->asked)
        (void)copy_text(o, failure, &c->failure, &ignored);
    if (c->count == 0 && c->failure == NULL) {
        forget_cell(o, o->count - 1);
        return;
    }
    for (size_t i = o->count - 1; i-- > 0;)
        if (o->cells[i].number == o->cells[o->count - 1].number)
            forget_cell(o, i);
}

/* How many cells have ended. */
static size_t ended(const dw_outputs *o) {
    return o->count - (o->runs ? 1 : 0);
}

void dw_outputs_kept(const dw_outputs *o, dw_buf *out) {
    size_t count = ended(o);
    for (size_t i = 0; i < count; i++)
        dw_buf_print(out, "%s%zu",
                     i == 0           ? ""
                     : i + 1 == count ? " and "
                                      : ", ",
                     o->cells[i].number);
}

/* ---- showing again ---- */

static void write_words(const dw_host *to, const char *text, size_t size) {
    if (to->write != NULL && size > 0)
        to->write(to->context, text, size);
}

/* Ids on a page are used once: each time they are others. */
static void rename_ids(piece *p) {
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->parts[i].mime, "image/svg+xml") == 0)
            dw_svg_rename((char *)(uintptr_t)p->parts[i].data, p->parts[i].size);
}

static void show_piece(piece *p, const dw_host *to) {
    const dw_bundle bundle = {.parts = p->parts,
                              .count = p->count,
                              .alt = p->alt,
                              .width = p->width,
                              .height = p->height};
    char note[64];
    rename_ids(p);
    if (p->count > 0 && to->display != NULL)
        to->display(to->context, &bundle);
    if (p->words.data == NULL)
        return;
    write_words(to, p->words.data, p->head);
    if (p->head > 0) {
        int size =
            snprintf(note, sizeof note, "… %zu bytes were too many to keep …\n", p->left_out);
        write_words(to, note, (size_t)size);
    }
    write_words(to, p->words.data + p->head, p->words.size - p->head);
}

static void show_cell(cell *c, const dw_host *to) {
    static const char lost[] = "(what came before this was too much to keep)\n";
    if (c->lost)
        write_words(to, lost, sizeof lost - 1);
    for (size_t i = 0; i < c->count; i++)
        show_piece(&c->pieces[i], to);
    if (c->failure != NULL) {
        write_words(to, c->failure, strlen(c->failure));
        write_words(to, "\n", 1);
    }
}

bool dw_outputs_again(dw_outputs *o, size_t number, const dw_host *to) {
    static const char none[] = "no cell before this one has put out anything\n";
    size_t i = ended(o);
    while (i > 0 && number > 0 && o->cells[i - 1].number != number)
        i--;
    if (o->runs)
        o->cells[o->count - 1].asked = true;
    o->repeats = true;
    if (i > 0)
        show_cell(&o->cells[i - 1], to);
    else if (number == 0)
        write_words(to, none, sizeof none - 1);
    o->repeats = false;
    return i > 0 || number == 0;
}

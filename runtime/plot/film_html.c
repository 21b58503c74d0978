/* SPDX-License-Identifier: BSD-3-Clause */
/* The states travel as the numbers of their lines in one list of all different lines, because most
 * lines of most pictures are those of their neighbours. */
#include "plot/film_html.h"

#include "base/map.h"
#include "plot/embed.h"
#include "plot/film_script.h"
#include "plot/svg.h"

#include <string.h>

enum {
    SMALL = 136,   /* pixels a picture of the strip is wide */
    STRIP = 5,     /* pictures in the strip of a single knob, */
    FEWER = 3,     /* or this many when a state takes more than */
    LARGE = 40000, /* bytes */
    SECONDS = 4,   /* an animation takes, if its frames stay between these times: */
    FASTEST = 125,
    SLOWEST = 500 /* milliseconds */
};

/* ---- pieces ---- */

static void put_page_piece(dw_buf *out, const dw_film_piece *piece) {
    const dw_part *html = dw_film_form(piece, "text/html");
    const dw_part *plain = dw_film_form(piece, "text/plain");
    if (html != NULL) {
        dw_buf_add(out, html->data, html->size);
    } else if (plain != NULL) {
        dw_buf_text(out, "<pre>");
        dw_svg_escape(out, plain->data, plain->size);
        dw_buf_text(out, "</pre>");
    }
}

/* The picture of a piece, as wide as it is or `small`; false when it is none. */
static bool picture_of(const dw_film_piece *piece, bool small, dw_embed *out) {
    const dw_part *svg = dw_film_form(piece, "image/svg+xml");
    if (svg == NULL)
        return false;
    *out = (dw_embed){svg->data, svg->size, piece->alt == NULL ? "" : piece->alt, piece->width,
                      piece->height};
    if (small && out->width > SMALL) {
        out->height = (out->height * SMALL + out->width / 2) / out->width;
        out->width = SMALL;
    }
    return true;
}

static void put_frame_piece(dw_buf *out, const dw_film_piece *piece) {
    dw_embed picture;
    if (picture_of(piece, false, &picture))
        dw_embed_raw(out, &picture);
    else
        put_page_piece(out, piece);
}

static void put_small_piece(dw_buf *out, const dw_film_piece *piece) {
    dw_embed picture;
    if (picture_of(piece, true, &picture)) {
        dw_embed_image(out, &picture);
        dw_buf_text(out, "<br>");
    } else {
        put_page_piece(out, piece);
    }
}

/* ---- the strip ---- */

static void put_small(dw_buf *out, const dw_film *film, const dw_film_knob *knob, size_t i) {
    const dw_film_state *state = i == knob->start ? &film->start : &knob->states[i];
    dw_buf_text(out, "<span style=\"display:inline-block;vertical-align:top;"
                     "margin:0 8px 8px 0\">");
    for (size_t p = 0; p < state->count; p++)
        put_small_piece(out, &state->pieces[p]);
    dw_svg_escape(out, knob->name, strlen(knob->name));
    dw_buf_text(out, " = ");
    dw_svg_escape(out, knob->states[i].label, strlen(knob->states[i].label));
    dw_buf_text(out, "</span>\n");
}

/* How many small pictures a knob has. */
static size_t strip_of(const dw_film *film) {
    size_t size = 0;
    for (size_t i = 0; i < film->start.count; i++) {
        const dw_part *svg = dw_film_form(&film->start.pieces[i], "image/svg+xml");
        size += svg == NULL ? 0 : svg->size;
    }
    return film->count > 1 ? 2 : size > LARGE ? FEWER : STRIP;
}

/* A few of the states that stay, evenly spread, the first and the last among them. */
static void put_knob_strip(dw_buf *out, const dw_film *film, const dw_film_knob *knob) {
    size_t kept = dw_film_kept(film, knob), want = strip_of(film), seen = 0;
    if (want > kept)
        want = kept;
    for (size_t i = 0, shown = 0; i < knob->count; i++) {
        if (!dw_film_keeps(film, knob, i))
            continue;
        size_t next = want < 2 ? 0 : (shown * (kept - 1) + (want - 1) / 2) / (want - 1);
        if (seen++ == next && shown < want) {
            put_small(out, film, knob, i);
            shown++;
        }
    }
}

static void put_strip(dw_buf *out, const dw_film *film) {
    dw_buf_text(out, "<div class=\"dw-film-strip\">\n");
    for (size_t k = 0; k < film->count; k++)
        if (dw_film_kept(film, &film->knobs[k]) > 1)
            put_knob_strip(out, film, &film->knobs[k]);
    dw_buf_text(out, "</div>\n");
}

/* Says which knobs have fewer states than values. */
static void put_note(dw_buf *out, const dw_film *film) {
    bool any = false;
    for (size_t k = 0; k < film->count; k++) {
        const dw_film_knob *knob = &film->knobs[k];
        size_t kept = dw_film_kept(film, knob);
        if (kept >= knob->all)
            continue;
        dw_buf_text(out, any ? ", " : "<div class=\"dw-film-note\"><small>drawn ahead: ");
        dw_buf_print(out, "%zu of %zu values of ", kept, knob->all);
        dw_svg_escape(out, knob->name, strlen(knob->name));
        any = true;
    }
    if (any)
        dw_buf_text(out, "</small></div>\n");
}

/* ---- the states for the script ---- */

/* A text in JSON, fit to stand in a script of a page. */
static void put_json(dw_buf *out, const char *text) {
    dw_buf_byte(out, '"');
    for (char last = '\0'; *text != '\0'; last = *text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            dw_buf_print(out, "\\%c", c);
        else if (c < 0x20)
            dw_buf_print(out, "\\u%04x", c);
        else if (c == '<' && text[1] == '!')
            dw_buf_text(out, "\\u003c");
        else if (c == '/' && last == '<')
            dw_buf_text(out, "\\/");
        else
            dw_buf_byte(out, (char)c);
    }
    dw_buf_byte(out, '"');
}

typedef struct {
    const dw_film *film;
    dw_map lines;
    dw_buf html, lists; /* one state as HTML; the states as lists of lines */
} packer;

/* Appends the list of the lines of p->html. */
static bool pack_lines(packer *p) {
    char *line = p->html.data;
    dw_buf_byte(&p->lists, '[');
    for (bool first = true; line != NULL; first = false) {
        char *end = strchr(line, '\n');
        uint32_t number;
        if (end != NULL)
            *end = '\0';
        if (!dw_map_add(&p->lines, line, &number))
            return false;
        dw_buf_print(&p->lists, first ? "%u" : ",%u", number);
        line = end == NULL ? NULL : end + 1;
    }
    dw_buf_byte(&p->lists, ']');
    return !p->lists.failed;
}

static bool pack_state(packer *p, const dw_film_state *state) {
    dw_buf_clear(&p->html);
    for (size_t i = 0; i < state->count; i++)
        put_frame_piece(&p->html, &state->pieces[i]);
    return !p->html.failed && pack_lines(p);
}

static bool pack_knob(packer *p, const dw_film_knob *knob) {
    size_t before = 0;
    dw_buf_text(&p->lists, "{\"name\":");
    put_json(&p->lists, knob->name);
    dw_buf_text(&p->lists, ",\"labels\":[");
    for (size_t i = 0, at = 0; i < knob->count; i++) {
        if (!dw_film_keeps(p->film, knob, i))
            continue;
        if (at++ > 0)
            dw_buf_byte(&p->lists, ',');
        put_json(&p->lists, knob->states[i].label);
        before += i < knob->start;
    }
    dw_buf_print(&p->lists, "],\"start\":%zu,\"frames\":[", before);
    for (size_t i = 0, at = 0; i < knob->count; i++) {
        if (!dw_film_keeps(p->film, knob, i))
            continue;
        if (at++ > 0)
            dw_buf_byte(&p->lists, ',');
        if (i == knob->start)
            dw_buf_byte(&p->lists, '0');
        else if (!pack_state(p, &knob->states[i]))
            return false;
    }
    dw_buf_text(&p->lists, "]}");
    return !p->lists.failed;
}

static bool pack(packer *p, dw_buf *out) {
    for (size_t k = 0; k < p->film->count; k++) {
        if (k > 0)
            dw_buf_byte(&p->lists, ',');
        if (!pack_knob(p, &p->film->knobs[k]))
            return false;
    }
    size_t pause = (size_t)SECONDS * 1000 / (dw_film_kept(p->film, &p->film->knobs[0]) + 1);
    pause = pause < FASTEST ? FASTEST : pause > SLOWEST ? SLOWEST : pause;
    dw_buf_print(out, "<script type=\"application/json\">{\"plays\":%s,\"pause\":%zu,\"knobs\":[",
                 p->film->plays ? "true" : "false", pause);
    dw_buf_add(out, p->lists.data, p->lists.size);
    dw_buf_text(out, "],\"lines\":[");
    for (uint32_t i = 0; i < p->lines.count; i++) {
        if (i > 0)
            dw_buf_byte(out, ',');
        put_json(out, p->lines.keys[i]);
    }
    dw_buf_text(out, "]}</script>\n");
    return !out->failed;
}

/* ---- the whole ---- */

/* Whether any slider can be moved. */
static bool moves(const dw_film *film) {
    for (size_t k = 0; k < film->count; k++)
        if (dw_film_kept(film, &film->knobs[k]) > 1)
            return true;
    return false;
}

/* The states behind the start, for those who can run the script and for those who cannot. */
static bool put_states(const dw_film *film, dw_buf *out) {
    packer p = {.film = film};
    put_strip(out, film);
    dw_map_init(&p.lines, film->mem);
    dw_buf_init(&p.html, film->mem);
    dw_buf_init(&p.lists, film->mem);
    bool fine = pack(&p, out);
    dw_map_free(&p.lines);
    dw_buf_free(&p.html);
    dw_buf_free(&p.lists);
    dw_buf_print(out, "<script>%s</script>\n", dw_film_script_text());
    return fine;
}

static bool put_all(const dw_film *film, dw_buf *out) {
    dw_buf_print(out, "<div class=\"dw-film%s\">\n<div class=\"dw-film-now\">",
                 film->live ? " dw-film-live" : "");
    for (size_t i = 0; i < film->start.count; i++)
        put_page_piece(out, &film->start.pieces[i]);
    dw_buf_text(out, "</div>\n");
    put_note(out, film);
    bool fine = !moves(film) || put_states(film, out);
    if (film->live)
        dw_buf_print(out, "<script>%s</script>\n", dw_film_script_live());
    dw_buf_text(out, "</div>\n");
    return fine && !out->failed;
}

static size_t longest(const dw_film *film) {
    size_t most = 0;
    for (size_t k = 0; k < film->count; k++)
        if (film->knobs[k].count > most)
            most = film->knobs[k].count;
    return most;
}

/* Leaves out every state but the start. */
static void keep_start(dw_film *film) {
    for (size_t k = 0; k < film->count; k++)
        for (size_t i = 0; i < film->knobs[k].count; i++)
            film->knobs[k].states[i].drawn = false;
}

bool dw_film_html_write(dw_film *film, size_t limit, dw_buf *out, dw_err *err) {
    size_t begin = out->size, most = longest(film);
    for (film->step = 1;; film->step *= 2) {
        if (film->step > most)
            keep_start(film);
        if (!put_all(film, out))
            return dw_err_memory(err, "the states of these sliders");
        if (out->size - begin <= limit || film->step > most)
            return true;
        out->size = begin;
        out->data[begin] = '\0';
    }
}

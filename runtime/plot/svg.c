/* SPDX-License-Identifier: BSD-3-Clause */
/* A pass over gnuplot's tags: each is taken apart, its attributes are written again in one style,
 * and groups that hold nothing are left out. Tags outside a short list end the pass with an error,
 * so nothing but drawing can come out. */
/* _GNU_SOURCE: memmem. */
#define _GNU_SOURCE
#include "plot/svg.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { ATTRIBUTES = 24, DEPTH = 64, COARSE_FROM = 100000 };

typedef struct {
    const char *name, *value;
    size_t name_size, value_size;
} attribute;

typedef struct {
    const char *name;
    size_t name_size;
    bool closing, empty; /* </name>, <name/> */
    attribute attributes[ATTRIBUTES];
    size_t count;
} tag;

typedef struct {
    const char *raw, *end;
    const dw_svg_head *head;
    dw_buf *out;
    size_t pending[DEPTH]; /* where in `out` an open group began, while it holds nothing */
    bool filled[DEPTH];    /* whether it holds something */
    bool bare[DEPTH];      /* whether it has no attributes and therefore no tag */
    bool stroked[DEPTH];   /* whether it or one around it says how lines are drawn */
    size_t depth;
    bool seen_svg, closed;
    bool coarse; /* the picture is large: a tenth of a pixel is enough */
} pass;

static const char *const drawing[] = {"path",     "rect", "circle", "use",    "polygon",
                                      "polyline", "line", "image",  "ellipse"};

static bool is(const char *text, size_t size, const char *word) {
    return strlen(word) == size && memcmp(text, word, size) == 0;
}

static bool is_drawing(const tag *t) {
    for (size_t i = 0; i < sizeof drawing / sizeof drawing[0]; i++)
        if (is(t->name, t->name_size, drawing[i]))
            return true;
    return false;
}

void dw_svg_escape(dw_buf *out, const char *text, size_t size) {
    for (size_t i = 0; i < size;) {
        uint32_t code = 0;
        size_t step = dw_text_decode(text + i, size - i, &code);
        bool allowed = step > 0 && (code >= 0x20 || code == '\n' || code == '\t') && code != 0x7f &&
                       (code & 0xfffe) != 0xfffe;
        if (!allowed)
            dw_buf_text(out, "\xEF\xBF\xBD");
        else if (code == '&')
            dw_buf_text(out, "&amp;");
        else if (code == '<')
            dw_buf_text(out, "&lt;");
        else if (code == '>')
            dw_buf_text(out, "&gt;");
        else if (code == '"')
            dw_buf_text(out, "&quot;");
        else
            dw_buf_add(out, text + i, step);
        i += step == 0 ? 1 : step;
    }
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_space(const char *c, const char *end) {
    while (c < end && is_space(*c))
        c++;
    return c;
}

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' ||
           c == '-' || c == '_';
}

/* Reads name="value" at c; NULL when there is none. */
static const char *read_attribute(const char *c, const char *end, attribute *a) {
    a->name = c;
    while (c < end && is_name(*c))
        c++;
    a->name_size = (size_t)(c - a->name);
    c = skip_space(c, end);
    if (c >= end || *c != '=' || a->name_size == 0)
        return NULL;
    c = skip_space(c + 1, end);
    if (c >= end || (*c != '"' && *c != '\''))
        return NULL;
    char quote = *c++;
    a->value = c;
    c = memchr(c, quote, (size_t)(end - c));
    if (c == NULL)
        return NULL;
    a->value_size = (size_t)(c - a->value);
    return c + 1;
}

/* Reads a tag whose `<` was just passed; returns the place after its `>`, or NULL. */
static const char *read_tag(const char *c, const char *end, tag *t) {
    memset(t, 0, sizeof *t);
    if (c < end && *c == '/') {
        t->closing = true;
        c++;
    }
    t->name = c;
    while (c < end && ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z')))
        c++;
    t->name_size = (size_t)(c - t->name);
    if (t->name_size == 0)
        return NULL;
    for (;;) {
        c = skip_space(c, end);
        if (c >= end)
            return NULL;
        if (*c == '>')
            return c + 1;
        if (*c == '/') {
            t->empty = true;
            c++;
            continue;
        }
        if (t->count == ATTRIBUTES)
            return NULL;
        c = read_attribute(c, end, &t->attributes[t->count]);
        if (c == NULL)
            return NULL;
        t->count++;
    }
}

/* "rgb(148,   0, 211)" as #9400d3; anything else as it stands. */
static void put_color(dw_buf *out, const attribute *a) {
    unsigned red, green, blue;
    char text[32];
    if (a->value_size < sizeof text && a->value_size > 4 && memcmp(a->value, "rgb(", 4) == 0) {
        memcpy(text, a->value, a->value_size);
        text[a->value_size] = '\0';
        if (sscanf(text, "rgb(%3u,%3u,%3u)", &red, &green, &blue) == 3 && red < 256 &&
            green < 256 && blue < 256) {
            dw_buf_print(out, "#%02x%02x%02x", red, green, blue);
            return;
        }
    }
    dw_svg_escape(out, a->value, a->value_size);
}

/* Attributes that say how something is drawn. All others are left out: what the head says once for
 * the whole picture, what only matters to gnuplot's script, and what nobody has judged. */
static bool is_known(const attribute *a) {
    static const char *const names[] = {
        "color",       "cx",
        "cy",          "d",
        "dx",          "dy",
        "fill",        "fill-opacity",
        "fill-rule",   "font-size",
        "font-style",  "font-weight",
        "height",      "id",
        "opacity",     "points",
        "r",           "rx",
        "ry",          "preserveAspectRatio",
        "stroke",      "stroke-width",
        "transform",   "shape-rendering",
        "text-anchor", "width",
        "x",           "stroke-dasharray",
        "x1",          "x2",
        "xlink:href",  "stroke-opacity",
        "xml:space",   "y",
        "y1",          "y2",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (is(a->name, a->name_size, names[i]))
            return true;
    return false;
}

static bool is_link(const attribute *a) {
    return is(a->name, a->name_size, "xlink:href");
}

/* Links lead to a piece of the picture itself or hold an image, never elsewhere. */
static bool leads_away(const attribute *a) {
    static const char image[] = "data:image/";
    return is_link(a) && !(a->value_size > 0 && a->value[0] == '#') &&
           !(a->value_size >= strlen(image) && memcmp(a->value, image, strlen(image)) == 0);
}

/* What every outer group of gnuplot says, and the head of the picture says for all of them. */
static bool is_common(const pass *p, const attribute *a) {
    for (size_t i = 0; i < p->depth; i++)
        if (!p->bare[i])
            return false;
    return (is(a->name, a->name_size, "fill") && is(a->value, a->value_size, "none")) ||
           (is(a->name, a->name_size, "color") && is(a->value, a->value_size, "black")) ||
           (is(a->name, a->name_size, "stroke") && is(a->value, a->value_size, "currentColor"));
}

/* Whether an attribute is left out. */
static bool is_dropped(const pass *p, const tag *t, const attribute *a) {
    if (!is_known(a) || leads_away(a))
        return true;
    return is(t->name, t->name_size, "g") && (is(a->name, a->name_size, "id") || is_common(p, a));
}

/* A value that refers to an id gets the prefix: "#id" and "url(#id)"; a picture inside stays. */
static void put_reference(pass *p, const attribute *a) {
    const char *hash = memchr(a->value, '#', a->value_size);
    size_t before = hash == NULL ? a->value_size : (size_t)(hash - a->value) + 1;
    dw_svg_escape(p->out, a->value, before);
    if (hash == NULL)
        return;
    dw_buf_print(p->out, "%s-", p->head->prefix);
    dw_svg_escape(p->out, hash + 1, a->value_size - before);
}

static bool refers(const attribute *a) {
    return (is_link(a) && a->value_size > 0 && a->value[0] == '#') ||
           (a->value_size > 5 && memcmp(a->value, "url(#", 5) == 0);
}

/* Coordinates with one digit after the point, for pictures of many pieces. gnuplot writes two. */
static void put_coarse(dw_buf *out, const char *value, size_t size) {
    for (size_t i = 0; i < size; i++) {
        bool second = i >= 2 && value[i - 2] == '.' && value[i] >= '0' && value[i] <= '9';
        if (!second && value[i] != '"' && value[i] != '<' && value[i] != '&')
            dw_buf_byte(out, value[i]);
    }
}

/* The size of a value without blanks at its end. */
static size_t trimmed(const attribute *a) {
    size_t size = a->value_size;
    while (size > 0 && is_space(a->value[size - 1]))
        size--;
    return size;
}

static bool says_stroke(const tag *t) {
    for (size_t i = 0; i < t->count; i++)
        if (is(t->attributes[i].name, t->attributes[i].name_size, "stroke"))
            return true;
    return false;
}

static void put_tag(pass *p, const tag *t) {
    dw_buf_byte(p->out, '<');
    dw_buf_add(p->out, t->name, t->name_size);
    for (size_t i = 0; i < t->count; i++) {
        const attribute *a = &t->attributes[i];
        bool id = is(a->name, a->name_size, "id");
        if (is_dropped(p, t, a))
            continue;
        dw_buf_byte(p->out, ' ');
        dw_buf_add(p->out, a->name, a->name_size);
        dw_buf_text(p->out, "=\"");
        if (id)
            dw_buf_print(p->out, "%s-", p->head->prefix);
        if (refers(a))
            put_reference(p, a);
        else if (is(a->name, a->name_size, "stroke") || is(a->name, a->name_size, "fill") ||
                 is(a->name, a->name_size, "color"))
            put_color(p->out, a);
        else if (p->coarse &&
                 (is(a->name, a->name_size, "d") || is(a->name, a->name_size, "points")))
            put_coarse(p->out, a->value, trimmed(a));
        else
            dw_svg_escape(p->out, a->value, trimmed(a));
        dw_buf_byte(p->out, '"');
    }
    /* What no group spoke for would inherit the head's strokes. */
    if (p->depth > 0 && !p->stroked[p->depth - 1] && is_drawing(t) && !says_stroke(t))
        dw_buf_text(p->out, " stroke=\"none\"");
    dw_buf_text(p->out, t->empty ? "/>" : ">");
}

static void fill_all(pass *p) {
    for (size_t i = 0; i < p->depth; i++)
        p->filled[i] = true;
}

static void put_head(pass *p) {
    const dw_svg_head *h = p->head;
    bool titled = h->title != NULL && h->title[0] != '\0';
    dw_buf_print(p->out,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                 "xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"%u\" height=\"%u\" "
                 "viewBox=\"0 0 %u %u\" role=\"img\" aria-labelledby=\"%s%s%s%s-desc\" "
                 "font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\" "
                 "fill=\"none\" color=\"black\" stroke=\"currentColor\" "
                 "stroke-linecap=\"round\" stroke-linejoin=\"round\">\n",
                 h->width, h->height, h->width, h->height, titled ? h->prefix : "",
                 titled ? "-title" : "", titled ? " " : "", h->prefix);
    if (titled) {
        dw_buf_print(p->out, "<title id=\"%s-title\">", h->prefix);
        dw_svg_escape(p->out, h->title, strlen(h->title));
        dw_buf_text(p->out, "</title>\n");
    }
    dw_buf_print(p->out, "<desc id=\"%s-desc\">", h->prefix);
    dw_svg_escape(p->out, h->alt, strlen(h->alt));
    dw_buf_text(p->out, "</desc>\n");
}

/* Skips to after the end tag of an element without children of its own name. */
static const char *skip_element(const char *c, const char *end, const char *close) {
    const char *found = memmem(c, (size_t)(end - c), close, strlen(close));
    return found == NULL ? NULL : found + strlen(close);
}

/* Whether anything after the definitions, or one of them that is used, refers to an id. */
static bool is_used(const char *from, const char *end, const attribute *id) {
    for (const char *c = from; id->value_size > 0 && c < end;) {
        c = memmem(c, (size_t)(end - c), id->value, id->value_size);
        if (c == NULL)
            return false;
        const char *after = c + id->value_size;
        if (c[-1] == '#' && after < end && (*after == '\'' || *after == '"' || *after == ')'))
            return true;
        c = after;
    }
    return false;
}

static const attribute *id_of(const tag *t) {
    for (size_t i = 0; i < t->count; i++)
        if (is(t->attributes[i].name, t->attributes[i].name_size, "id"))
            return &t->attributes[i];
    return NULL;
}

/* Point shapes that are used, from the definitions between c and close. A shape may stand on
 * another one, which comes first; whatever refers to it from a shape that is not used costs a few
 * bytes. */
static bool put_definitions(pass *p, const char *c, const char *close) {
    dw_buf_text(p->out, "<defs>");
    while ((c = memchr(c, '<', (size_t)(close - c))) != NULL) {
        tag t;
        const char *next = read_tag(c + 1, close, &t);
        if (next == NULL)
            return false;
        c = next;
        if (t.closing)
            continue;
        if (!t.empty && is(t.name, t.name_size, "filter")) {
            c = skip_element(c, close, "</filter>");
            if (c == NULL)
                return false;
            continue;
        }
        const attribute *id = id_of(&t);
        if (id != NULL && t.empty && is_drawing(&t) && is_used(c, p->end, id))
            put_tag(p, &t);
    }
    dw_buf_text(p->out, "</defs>\n");
    return true;
}

static bool open_group(pass *p, const tag *t) {
    if (p->depth == DEPTH)
        return false;
    if (t->empty)
        return true;
    bool bare = true;
    for (size_t i = 0; i < t->count; i++)
        bare = bare && is_dropped(p, t, &t->attributes[i]);
    p->pending[p->depth] = p->out->size;
    if (!bare)
        put_tag(p, t);
    p->filled[p->depth] = false;
    p->stroked[p->depth] = says_stroke(t) || (p->depth > 0 && p->stroked[p->depth - 1]);
    p->bare[p->depth++] = bare;
    return true;
}

static bool close_group(pass *p) {
    if (p->depth == 0)
        return false;
    p->depth--;
    if (p->filled[p->depth]) {
        dw_buf_text(p->out, p->bare[p->depth] ? "\n" : "</g>\n");
    } else if (!p->out->failed && p->out->data != NULL) {
        p->out->size = p->pending[p->depth];
        p->out->data[p->out->size] = '\0';
    }
    return true;
}

/* <text …>words</text>, with the words as they are (gnuplot writes entities). */
static const char *put_words(pass *p, const tag *t, const char *c) {
    const char *close = memmem(c, (size_t)(p->end - c), "</text>", 7);
    if (close == NULL || memchr(c, '<', (size_t)(close - c)) != NULL)
        return NULL;
    fill_all(p);
    put_tag(p, t);
    c = skip_space(c, close);
    dw_buf_add(p->out, c, (size_t)(close - c));
    dw_buf_text(p->out, "</text>");
    return close + 7;
}

/* Handles one tag; returns where to go on, or NULL when it does not belong here. */
static const char *take_tag(pass *p, const tag *t, const char *c) {
    if (is(t->name, t->name_size, "svg")) {
        if (t->closing) {
            bool ends = p->seen_svg && !p->closed && p->depth == 0;
            p->closed = true;
            return ends ? c : NULL;
        }
        if (p->seen_svg)
            return NULL;
        p->seen_svg = true;
        put_head(p);
        return c;
    }
    if (!p->seen_svg || p->closed)
        return NULL;
    if (is(t->name, t->name_size, "title"))
        return skip_element(c, p->end, "</title>");
    if (is(t->name, t->name_size, "desc"))
        return skip_element(c, p->end, "</desc>");
    if (is(t->name, t->name_size, "g"))
        return (t->closing ? close_group(p) : open_group(p, t)) ? c : NULL;
    if (is(t->name, t->name_size, "text") && !t->closing)
        return put_words(p, t, c);
    if (is(t->name, t->name_size, "defs") && !t->closing) {
        const char *close = memmem(c, (size_t)(p->end - c), "</defs>", 7);
        return close != NULL && put_definitions(p, c, close) ? close + 7 : NULL;
    }
    if (!is_drawing(t))
        return NULL;
    if (!t->closing) {
        fill_all(p);
        put_tag(p, t);
    } else {
        dw_buf_print(p->out, "</%.*s>", (int)t->name_size, t->name);
    }
    return c;
}

/* Whether bytes are characters that XML allows; it has no form for NUL and its like. */
static bool is_text(const char *raw, size_t size) {
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)raw[i] < ' ' && !is_space(raw[i]))
            return false;
    return dw_text_valid(raw, size) == size;
}

bool dw_svg_clean(const char *raw, size_t size, const dw_svg_head *head, dw_buf *out, dw_err *err) {
    pass p = {
        .raw = raw, .end = raw + size, .head = head, .out = out, .coarse = size > COARSE_FROM};
    const char *c = raw;
    if (!is_text(raw, size))
        return dw_err_set(err, DW_ERR_PLOT,
                          "gnuplot answered with something that is no text. Look at it with: "
                          "gnuplot --version");
    while (c != NULL && c < p.end && (c = memchr(c, '<', (size_t)(p.end - c))) != NULL) {
        if (p.end - c >= 2 && (c[1] == '?' || c[1] == '!')) {
            c = skip_element(c, p.end, c[1] == '?' ? "?>" : ">");
            if (c == NULL)
                break;
            continue;
        }
        tag t;
        const char *next = read_tag(c + 1, p.end, &t);
        c = next == NULL ? NULL : take_tag(&p, &t, next);
        if (c == NULL)
            return dw_err_set(err, DW_ERR_PLOT,
                              "gnuplot answered with a picture that cannot be "
                              "read. Look at it with: gnuplot --version");
    }
    if (!p.closed)
        return dw_err_set(err, DW_ERR_PLOT,
                          "gnuplot answered without a whole picture. Look at it "
                          "with: gnuplot --version");
    dw_buf_text(out, "</svg>\n");
    return !out->failed || dw_err_memory(err, "a picture");
}

/* The prefix, which ends in a dash, is read off the description that every picture has. */
void dw_svg_rename(char *svg, size_t size) {
    static const char mark[] = "<desc id=\"";
    enum { MOST = 32 };
    char prefix[MOST], *at = memmem(svg, size, mark, sizeof mark - 1), *end = svg + size;
    if (at == NULL)
        return;
    at += sizeof mark - 1;
    const char *dash = memchr(at, '-', (size_t)(end - at));
    size_t length = dash == NULL ? 0 : (size_t)(dash - at) + 1;
    if (length < 2 || length > MOST)
        return;
    memcpy(prefix, at, length);
    for (at = svg; (at = memmem(at, (size_t)(end - at), prefix, length)) != NULL; at += length)
        *at = *at == 'z' ? 'a' : (char)(*at + 1);
}

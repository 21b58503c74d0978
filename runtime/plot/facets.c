/* SPDX-License-Identifier: BSD-3-Clause */
/* A pass over a cleaned picture that looks for `fill, outline` pairs with the same corners. The
 * outline's group usually holds the fill of the next piece, so a run of pairs becomes one group. */
/* _GNU_SOURCE: memmem. */
#define _GNU_SOURCE
#include "plot/facets.h"

#include <string.h>

enum { CORNERS = 16 };

typedef struct {
    const char *text;
    size_t size;
} slice;

typedef struct {
    slice color, points;
    slice corner[CORNERS];
    size_t count;
} fill;

typedef struct {
    slice width, color, path;
} outline;

static const char fill_begin[] = "<g stroke=\"none\" shape-rendering=\"crispEdges\">"
                                 "<polygon fill=\"";
static const char points_begin[] = "\" points=\"";
static const char fill_end[] = "\"/></g>\n";
static const char outline_begin[] = "<g stroke-width=\"";
static const char path_begin[] = "\"><path stroke=\"";
static const char corners_begin[] = "\" d=\"";
static const char outline_end[] = "\"/>";
static const char group_end[] = "</g>\n";

/* Steps over fixed words at *c. */
static bool pass_words(const char **c, const char *end, const char *words) {
    size_t size = strlen(words);
    if ((size_t)(end - *c) < size || memcmp(*c, words, size) != 0)
        return false;
    *c += size;
    return true;
}

/* The value of an attribute, up to its quote. */
static bool pass_value(const char **c, const char *end, slice *out) {
    const char *quote = memchr(*c, '"', (size_t)(end - *c));
    if (quote == NULL)
        return false;
    *out = (slice){*c, (size_t)(quote - *c)};
    *c = quote;
    return true;
}

/* Takes text apart at blanks. */
static bool split_corners(slice text, slice *corner, size_t *count) {
    const char *c = text.text, *end = text.text + text.size;
    for (*count = 0; c < end; (*count)++) {
        if (*count == CORNERS)
            return false;
        const char *blank = memchr(c, ' ', (size_t)(end - c));
        const char *stop = blank == NULL ? end : blank;
        corner[*count] = (slice){c, (size_t)(stop - c)};
        c = blank == NULL ? end : blank + 1;
    }
    return *count >= 3;
}

static bool pass_fill(const char **c, const char *end, fill *out) {
    return pass_words(c, end, fill_begin) && pass_value(c, end, &out->color) &&
           pass_words(c, end, points_begin) && pass_value(c, end, &out->points) &&
           pass_words(c, end, fill_end) && split_corners(out->points, out->corner, &out->count);
}

static bool pass_outline(const char **c, const char *end, outline *out) {
    return pass_words(c, end, outline_begin) && pass_value(c, end, &out->width) &&
           pass_words(c, end, path_begin) && pass_value(c, end, &out->color) &&
           pass_words(c, end, corners_begin) && pass_value(c, end, &out->path) &&
           pass_words(c, end, outline_end);
}

static bool same(slice a, slice b) {
    return a.size == b.size && memcmp(a.text, b.text, a.size) == 0;
}

/* Whether a path goes once around the corners, in either direction, back to the first. */
static bool goes_around(const outline *o, const fill *f) {
    slice step[CORNERS];
    size_t count;
    if (!split_corners(o->path, step, &count) || count != f->count + 1)
        return false;
    bool forward = true, backward = true;
    for (size_t i = 0; i < count; i++) {
        if (step[i].size < 2 || step[i].text[0] != (i == 0 ? 'M' : 'L'))
            return false;
        slice place = {step[i].text + 1, step[i].size - 1};
        forward = forward && same(place, f->corner[i % f->count]);
        backward = backward && same(place, f->corner[(f->count - i % f->count) % f->count]);
    }
    return forward || backward;
}

/* A fill and the outline around it; between them the end of the group of an outline before. */
static bool pass_facet(const char **c, const char *end, bool grouped, fill *f, outline *o) {
    return pass_fill(c, end, f) && (!grouped || pass_words(c, end, group_end)) &&
           pass_outline(c, end, o) && goes_around(o, f);
}

static void put(dw_buf *out, slice text) {
    dw_buf_add(out, text.text, text.size);
}

static void put_facet(dw_buf *out, const fill *f) {
    dw_buf_text(out, "<polygon fill=\"");
    put(out, f->color);
    dw_buf_text(out, points_begin);
    put(out, f->points);
    dw_buf_text(out, outline_end);
}

/* One group for all pieces with outlines of one look. It stays open: what ended the group of the
 * last outline, behind the run, becomes its end. A first piece may stand in a group, which then
 * ends before the run. NULL when no facet begins at c. */
static const char *join_run(dw_buf *out, const char *c, const char *end) {
    fill f;
    outline look, next;
    const char *first = c;
    if (!pass_facet(&c, end, false, &f, &look)) {
        c = first;
        if (!pass_facet(&c, end, true, &f, &look))
            return NULL;
        dw_buf_text(out, group_end);
    }
    dw_buf_text(out, "<g stroke=\"");
    put(out, look.color);
    dw_buf_text(out, "\" stroke-width=\"");
    put(out, look.width);
    dw_buf_text(out, "\">");
    put_facet(out, &f);
    const char *after = c;
    while (pass_facet(&after, end, true, &f, &next) && same(next.color, look.color) &&
           same(next.width, look.width)) {
        put_facet(out, &f);
        c = after;
    }
    return c;
}

void dw_facets_join(dw_buf *svg) {
    if (svg->failed || svg->size == 0)
        return;
    dw_buf out;
    dw_buf_init(&out, svg->mem);
    const char *c = svg->data, *end = c + svg->size, *found;
    size_t runs = 0;
    while ((found = memmem(c, (size_t)(end - c), fill_begin, sizeof fill_begin - 1)) != NULL) {
        dw_buf_add(&out, c, (size_t)(found - c));
        const char *after = join_run(&out, found, end);
        runs += after != NULL;
        if (after == NULL)
            dw_buf_byte(&out, *found);
        c = after == NULL ? found + 1 : after;
    }
    if (runs > 0)
        dw_buf_add(&out, c, (size_t)(end - c));
    if (runs > 0 && !out.failed) {
        dw_buf_free(svg);
        *svg = out;
    } else {
        dw_buf_free(&out);
    }
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* An interval is looked at and cut until the function is straight in each part; then neighbours
 * that continue each other are joined. */
#include "nets/kinks.h"

#include <math.h>
#include <stdlib.h>

enum { PIECES_MOST = 1000000 };

typedef struct {
    double lo, hi;
    size_t start; /* the operation to look at it from */
} stretch;

/* A part on which the function is straight. */
typedef struct {
    double lo, hi, at; /* `at` is inside */
    dw_pieces_plane plane;
} straight;

typedef struct {
    dw_mem *mem;
    dw_pieces *pieces;
    double grain;
    stretch *waiting; /* the leftmost last */
    size_t waiting_count, waiting_room;
    straight *parts; /* from left to right */
    size_t part_count, part_room;
    double *places; /* cuts of one look */
    size_t place_room;
    dw_err *err;
} finder;

/* The items of a growing array with room for `need` of them, or NULL; the old ones stay then. */
static void *roomy(finder *f, void *items, size_t *room, size_t need, size_t size) {
    if (need <= *room)
        return items;
    size_t wanted = need + need / 2 + 16;
    void *grown = need > PIECES_MOST ? NULL : dw_mem_grow(f->mem, items, wanted * size);
    if (grown != NULL)
        *room = wanted;
    else if (need > PIECES_MOST)
        dw_err_set(f->err, DW_ERR_LIMIT,
                   "this function has more than %d pieces here: take a smaller interval",
                   PIECES_MOST);
    else
        dw_err_memory(f->err, "the kinks of a function");
    return grown;
}

static bool wait_for(finder *f, stretch s) {
    stretch *waiting =
        roomy(f, f->waiting, &f->waiting_room, f->waiting_count + 1, sizeof *waiting);
    if (waiting == NULL)
        return false;
    f->waiting = waiting;
    f->waiting[f->waiting_count++] = s;
    return true;
}

static int order(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The parts between the places where the cuts are 0; the right one waits first. */
static bool cut(finder *f, const stretch *s, double at) {
    const dw_pieces_plane *cuts;
    size_t count = dw_pieces_cuts(f->pieces, &cuts), stop = dw_pieces_stop(f->pieces);
    double *places = roomy(f, f->places, &f->place_room, count, sizeof *places);
    if (places == NULL)
        return false;
    f->places = places;
    for (size_t i = 0; i < count; i++)
        f->places[i] = at - cuts[i].value / cuts[i].slope[0];
    qsort(f->places, count, sizeof *f->places, order);
    double right = s->hi;
    for (size_t i = count; i-- > 0;) {
        double place = f->places[i];
        if (!(place > s->lo && place < right) || (right < s->hi && right - place <= f->grain))
            continue;
        if (!wait_for(f, (stretch){place, right, stop}))
            return false;
        right = place;
    }
    /* Rounding put every cut to an end: the middle takes its place, so that parts grow smaller. */
    if (right == s->hi && !wait_for(f, (stretch){at, right, stop}))
        return false;
    return wait_for(f, (stretch){s->lo, right == s->hi ? at : right, stop});
}

static bool look(finder *f, stretch s) {
    double corners[2] = {s.lo, s.hi}, at = s.lo / 2 + s.hi / 2;
    const dw_pieces_plane *cuts;
    dw_pieces_cell cell = {corners, &at, 2, f->grain, s.start};
    straight part = {.lo = s.lo, .hi = s.hi, .at = at};
    if (!dw_pieces_look(f->pieces, &cell, &part.plane, f->err))
        return false;
    if (dw_pieces_cuts(f->pieces, &cuts) > 0)
        return cut(f, &s, at);
    straight *parts = roomy(f, f->parts, &f->part_room, f->part_count + 1, sizeof *parts);
    if (parts == NULL)
        return false;
    f->parts = parts;
    f->parts[f->part_count++] = part;
    return true;
}

static double value_at(const straight *part, double x) {
    return part->plane.value + part->plane.slope[0] * (x - part->at);
}

/* Whether the right part goes on where the left one ends: same slope, same height. */
static bool goes_on(const straight *left, const straight *right, double steepest, double highest) {
    double a = left->plane.slope[0], b = right->plane.slope[0];
    double place = right->lo, y = value_at(left, place), z = value_at(right, place);
    bool bend = fabs(a - b) > 1e-12 * fmax(fabs(a), fabs(b)) + 1e-14 * steepest;
    return !bend && fabs(y - z) <= 1e-11 * highest;
}

static bool read_kinks(finder *f, dw_kinks *out) {
    double steepest = 0, highest = 0;
    out->places = dw_mem_array(f->mem, f->part_count + 1, sizeof *out->places);
    if (out->places == NULL)
        return dw_err_memory(f->err, "the kinks of a function");
    for (size_t i = 0; i < f->part_count; i++) {
        const straight *part = &f->parts[i];
        double reach = fmax(fabs(value_at(part, part->lo)), fabs(value_at(part, part->hi)));
        steepest = fmax(steepest, fabs(part->plane.slope[0]));
        highest = fmax(highest, reach);
    }
    const straight *before = &f->parts[0];
    for (size_t i = 1; i < f->part_count; i++) {
        const straight *part = &f->parts[i];
        if (part->hi - part->lo <= 4 * f->grain && i + 1 < f->part_count)
            continue; /* what rounding left between two cuts at one place */
        if (!goes_on(before, part, steepest, highest))
            out->places[out->count++] = part->lo;
        before = part;
    }
    return true;
}

bool dw_kinks_find(dw_mem *mem, dw_pieces *pieces, const double ends[2], const dw_cancel *cancel,
                   dw_kinks *out, dw_err *err) {
    finder f = {.mem = mem, .pieces = pieces, .err = err};
    f.grain = 1e-14 * fmax(fabs(ends[0]), fabs(ends[1]));
    *out = (dw_kinks){.places = NULL};
    bool fine = wait_for(&f, (stretch){ends[0], ends[1], 0});
    while (fine && f.waiting_count > 0) {
        if (cancel != NULL && dw_cancel_pending(cancel))
            fine = dw_err_set(err, DW_ERR_INTERRUPT, "stopped while looking for kinks");
        else
            fine = look(&f, f.waiting[--f.waiting_count]);
    }
    fine = fine && read_kinks(&f, out);
    dw_mem_free(f.waiting);
    dw_mem_free(f.parts);
    dw_mem_free(f.places);
    return fine;
}

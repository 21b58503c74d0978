/* SPDX-License-Identifier: BSD-3-Clause */
/* Convex parts are looked at and cut along lines until the function is one plane on each; then
 * neighbours with the same plane are joined by number. */
#include "nets/regions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS_MOST = 50000 };

/* A convex polygon that waits: how many corners, and the operation to look at it from. */
typedef struct {
    size_t count, start;
} task;

typedef struct {
    dw_mem *mem;
    dw_pieces *pieces;
    dw_regions *out;
    const dw_cancel *cancel;
    dw_err *err;
    double grain;                   /* of places */
    size_t part_room;               /* of out->parts */
    size_t corner_room;             /* of out->corners, in pairs */
    double *stack;                  /* corners of the polygons that wait */
    size_t stack_count, stack_room; /* in pairs */
    task *tasks;                    /* of each polygon that waits */
    size_t waiting, task_room;
    size_t stop; /* where the polygons that are being cut are to be looked at from */
} finder;

static void *roomy(finder *f, void *items, size_t *room, size_t need, size_t size) {
    if (need <= *room)
        return items;
    size_t wanted = need + need / 2 + 64;
    void *grown = dw_mem_grow(f->mem, items, wanted * size);
    if (grown != NULL)
        *room = wanted;
    else
        dw_err_memory(f->err, "the regions of a function");
    return grown;
}

/* ---- polygons that wait ---- */

static bool push_corner(finder *f, const double corner[2]) {
    double *stack = roomy(f, f->stack, &f->stack_room, f->stack_count + 1, 2 * sizeof *stack);
    if (stack == NULL)
        return false;
    f->stack = stack;
    memcpy(stack + 2 * f->stack_count++, corner, 2 * sizeof *corner);
    return true;
}

/* The corners pushed since there were `before` of them become a polygon. */
static bool push_polygon(finder *f, size_t before) {
    task *tasks = roomy(f, f->tasks, &f->task_room, f->waiting + 1, sizeof *tasks);
    if (tasks == NULL)
        return false;
    f->tasks = tasks;
    tasks[f->waiting++] = (task){f->stack_count - before, f->stop};
    return true;
}

/* Twice the signed area; the centre of mass into centre[]. */
static double measure(const double *corners, size_t count, double centre[2]) {
    double twice = 0, x = 0, y = 0;
    for (size_t i = 1; i + 1 < count; i++) {
        const double *a = corners, *b = corners + 2 * i, *c = corners + 2 * i + 2;
        double piece = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
        twice += piece;
        x += piece * ((b[0] - a[0]) + (c[0] - a[0]));
        y += piece * ((b[1] - a[1]) + (c[1] - a[1]));
    }
    centre[0] = corners[0] + (twice != 0 ? x / (3 * twice) : 0);
    centre[1] = corners[1] + (twice != 0 ? y / (3 * twice) : 0);
    return twice;
}

/* How far a corner is on the positive side of a plane's zero line; 0 within the grain. */
static double side_of(const finder *f, const dw_pieces_plane *cut, const double place[2],
                      const double *corner) {
    double h = cut->value + cut->slope[0] * (corner[0] - place[0]) +
               cut->slope[1] * (corner[1] - place[1]);
    double edge = (fabs(cut->slope[0]) + fabs(cut->slope[1])) * f->grain;
    return fabs(h) <= edge ? 0 : h;
}

/* Pushes the part of a polygon on one side (sign 1 or -1) of a cut; nothing if it has no area. */
static bool push_side(finder *f, const dw_pieces_plane *cut, const double place[2], double *polygon,
                      size_t count, double sign) {
    size_t before = f->stack_count;
    bool beyond = false;
    for (size_t i = 0; i < count; i++) {
        const double *a = polygon + 2 * i, *b = polygon + 2 * ((i + 1) % count);
        double u = sign * side_of(f, cut, place, a), v = sign * side_of(f, cut, place, b);
        beyond = beyond || u > 0;
        if (u >= 0 && !push_corner(f, a))
            return false;
        double t = u / (u - v), corner[2] = {a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])};
        if (((u > 0 && v < 0) || (u < 0 && v > 0)) && !push_corner(f, corner))
            return false;
    }
    if (beyond && f->stack_count - before >= 3)
        return push_polygon(f, before);
    f->stack_count = before;
    return true;
}

/* Takes the last polygon off the stack into *polygon (dw_mem_free). */
static double *pop_polygon(finder *f, size_t *count) {
    *count = f->tasks[--f->waiting].count;
    f->stack_count -= *count;
    double *polygon = dw_mem_array(f->mem, 2 * *count, sizeof *polygon);
    if (polygon != NULL)
        memcpy(polygon, f->stack + 2 * f->stack_count, 2 * *count * sizeof *polygon);
    else
        dw_err_memory(f->err, "the regions of a function");
    return polygon;
}

/* Cuts the polygons that wait above `from` in two. */
static bool cut_all(finder *f, const dw_pieces_plane *cut, const double place[2], size_t from) {
    size_t many = f->waiting - from;
    double **polygons = dw_mem_array(f->mem, many, sizeof *polygons);
    size_t *counts = dw_mem_array(f->mem, many, sizeof *counts);
    bool fine =
        (polygons != NULL && counts != NULL) || dw_err_memory(f->err, "the regions of a function");
    for (size_t i = 0; fine && i < many; i++)
        fine = (polygons[i] = pop_polygon(f, &counts[i])) != NULL;
    for (size_t i = 0; fine && i < many; i++)
        fine = push_side(f, cut, place, polygons[i], counts[i], 1) &&
               push_side(f, cut, place, polygons[i], counts[i], -1);
    for (size_t i = 0; polygons != NULL && i < many; i++)
        dw_mem_free(polygons[i]);
    dw_mem_free(polygons);
    dw_mem_free(counts);
    if (fine && f->waiting + f->out->part_count > PARTS_MOST)
        fine = dw_err_set(f->err, DW_ERR_LIMIT,
                          "this function has more than %d regions here: take smaller intervals or "
                          "a smaller net",
                          PARTS_MOST);
    return fine;
}

/* ---- parts ---- */

static bool add_part(finder *f, const double *polygon, size_t count, dw_regions_part part) {
    dw_regions *out = f->out;
    dw_regions_part *parts =
        roomy(f, out->parts, &f->part_room, out->part_count + 1, sizeof *parts);
    if (parts == NULL)
        return false;
    out->parts = parts;
    double *corners =
        roomy(f, out->corners, &f->corner_room, out->corner_count + count, 2 * sizeof *corners);
    if (corners == NULL)
        return false;
    out->corners = corners;
    part.first = out->corner_count;
    part.count = count;
    memcpy(corners + 2 * part.first, polygon, 2 * count * sizeof *corners);
    out->corner_count += count;
    parts[out->part_count++] = part;
    return true;
}

/* Looks at one polygon: a part, or more to look at. */
static bool look(finder *f, const double *polygon, task t) {
    size_t count = t.count;
    dw_regions_part part = {.region = 0};
    const dw_pieces_plane *cuts;
    part.area = fabs(measure(polygon, count, part.centre)) / 2;
    if (!(part.area > f->grain * f->grain))
        return true;
    dw_pieces_cell cell = {polygon, part.centre, count, f->grain, t.start};
    if (!dw_pieces_look(f->pieces, &cell, &part.plane, f->err))
        return false;
    size_t many = dw_pieces_cuts(f->pieces, &cuts), from = f->waiting, before = f->stack_count;
    if (many == 0)
        return add_part(f, polygon, count, part);
    f->stop = dw_pieces_stop(f->pieces);
    for (size_t i = 0; i < count; i++)
        if (!push_corner(f, polygon + 2 * i))
            return false;
    bool fine = push_polygon(f, before);
    for (size_t i = 0; fine && i < many; i++)
        fine = cut_all(f, &cuts[i], part.centre, from);
    return fine;
}

/* ---- joining ---- */

static bool stopped(const finder *f) {
    if (f->cancel == NULL || !dw_cancel_pending(f->cancel))
        return false;
    dw_err_set(f->err, DW_ERR_INTERRUPT, "stopped while looking for regions");
    return true;
}

typedef struct {
    double slope;
    size_t part;
} key;

static int by_slope(const void *a, const void *b) {
    const key *x = a, *y = b;
    if (x->slope != y->slope)
        return x->slope < y->slope ? -1 : 1;
    return (x->part > y->part) - (x->part < y->part);
}

static double plane_at(const dw_regions_part *part, const double place[2]) {
    return part->plane.value + part->plane.slope[0] * (place[0] - part->centre[0]) +
           part->plane.slope[1] * (place[1] - part->centre[1]);
}

/* How large slopes and values are, for telling rounding from a difference. */
typedef struct {
    double slope, value;
} scales;

static bool same_plane(const dw_regions_part *a, const dw_regions_part *b, const scales *s) {
    for (size_t k = 0; k < 2; k++)
        if (fabs(a->plane.slope[k] - b->plane.slope[k]) > 1e-12 * s->slope)
            return false;
    return fabs(plane_at(a, b->centre) - b->plane.value) <= 1e-11 * s->value;
}

/* Whether two edges lie on one line and share more than a corner. */
static bool edges_touch(const double *a, const double *b, const double *c, const double *d,
                        double grain) {
    double x = b[0] - a[0], y = b[1] - a[1], length = sqrt(x * x + y * y);
    if (!(length > grain))
        return false;
    x /= length;
    y /= length;
    double off_c = x * (c[1] - a[1]) - y * (c[0] - a[0]);
    double off_d = x * (d[1] - a[1]) - y * (d[0] - a[0]);
    if (fabs(off_c) > 8 * grain || fabs(off_d) > 8 * grain)
        return false;
    double at_c = x * (c[0] - a[0]) + y * (c[1] - a[1]);
    double at_d = x * (d[0] - a[0]) + y * (d[1] - a[1]);
    return fmin(length, fmax(at_c, at_d)) - fmax(0, fmin(at_c, at_d)) > 16 * grain;
}

static bool are_neighbours(const finder *f, const dw_regions_part *a, const dw_regions_part *b) {
    const double *p = f->out->corners + 2 * a->first, *q = f->out->corners + 2 * b->first;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            if (edges_touch(p + 2 * i, p + 2 * ((i + 1) % a->count), q + 2 * j,
                            q + 2 * ((j + 1) % b->count), f->grain))
                return true;
    return false;
}

static size_t root_of(dw_regions_part *parts, size_t i) {
    while (parts[i].region != i) {
        parts[i].region = parts[parts[i].region].region;
        i = parts[i].region;
    }
    return i;
}

static scales find_scales(const dw_regions *out) {
    scales s = {0, 0};
    for (size_t i = 0; i < out->part_count; i++) {
        const dw_regions_part *part = &out->parts[i];
        for (size_t k = 0; k < 2; k++)
            s.slope = fmax(s.slope, fabs(part->plane.slope[k]));
        for (size_t k = 0; k < part->count; k++)
            s.value = fmax(s.value, fabs(plane_at(part, out->corners + 2 * (part->first + k))));
    }
    return s;
}

/* Gives neighbours with the same plane one root; planes are compared in the order of a slope. */
static bool join(finder *f) {
    dw_regions *out = f->out;
    scales s = find_scales(out);
    key *keys = dw_mem_array(f->mem, out->part_count + 1, sizeof *keys);
    if (keys == NULL)
        return dw_err_memory(f->err, "the regions of a function");
    for (size_t i = 0; i < out->part_count; i++) {
        out->parts[i].region = i;
        keys[i] = (key){out->parts[i].plane.slope[0], i};
    }
    qsort(keys, out->part_count, sizeof *keys, by_slope);
    bool fine = true;
    for (size_t i = 0; i < out->part_count && (fine = !stopped(f)); i++)
        for (size_t k = i + 1;
             k < out->part_count && keys[k].slope - keys[i].slope <= 1e-12 * s.slope; k++) {
            dw_regions_part *a = &out->parts[keys[i].part], *b = &out->parts[keys[k].part];
            size_t x = root_of(out->parts, keys[i].part), y = root_of(out->parts, keys[k].part);
            if (x == y || !same_plane(a, b, &s) || !are_neighbours(f, a, b))
                continue;
            out->parts[x > y ? x : y].region = x > y ? y : x;
        }
    dw_mem_free(keys);
    return fine;
}

static int by_region(const void *a, const void *b) {
    const dw_regions_part *x = a, *y = b;
    if (x->region != y->region)
        return x->region < y->region ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Numbers regions from 0 and puts their parts side by side. */
static void number_regions(dw_regions *out) {
    for (size_t i = 0; i < out->part_count; i++)
        out->parts[i].region = root_of(out->parts, i);
    if (out->part_count > 0)
        qsort(out->parts, out->part_count, sizeof *out->parts, by_region);
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < out->part_count; i++) {
        size_t root = out->parts[i].region;
        out->count += i == 0 || root != last;
        last = root;
        out->parts[i].region = out->count - 1;
    }
}

/* ---- all of it ---- */

static bool start(finder *f, const double box[4]) {
    const double *x = box, *y = box + 2;
    const double corners[4][2] = {{x[0], y[0]}, {x[1], y[0]}, {x[1], y[1]}, {x[0], y[1]}};
    for (size_t i = 0; i < 4; i++)
        if (!push_corner(f, corners[i]))
            return false;
    return push_polygon(f, 0);
}

bool dw_regions_find(dw_mem *mem, dw_pieces *pieces, const double box[4], const dw_cancel *cancel,
                     dw_regions *out, dw_err *err) {
    finder f = {.mem = mem, .pieces = pieces, .out = out, .cancel = cancel, .err = err};
    for (size_t i = 0; i < 4; i++)
        f.grain = fmax(f.grain, 1e-13 * fabs(box[i]));
    *out = (dw_regions){.parts = NULL};
    bool fine = start(&f, box);
    while (fine && f.waiting > 0) {
        task next = f.tasks[f.waiting - 1];
        double *polygon = pop_polygon(&f, &next.count);
        fine = polygon != NULL && !stopped(&f) && look(&f, polygon, next);
        dw_mem_free(polygon);
    }
    fine = fine && join(&f);
    if (fine)
        number_regions(out);
    dw_mem_free(f.stack);
    dw_mem_free(f.tasks);
    return fine;
}

void dw_regions_free(dw_regions *regions) {
    dw_mem_free(regions->parts);
    dw_mem_free(regions->corners);
    *regions = (dw_regions){.parts = NULL};
}

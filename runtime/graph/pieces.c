/* SPDX-License-Identifier: BSD-3-Clause */
/* Values and slopes through a graph, operation by operation: what is linear runs on both alike,
 * what has a hinge chooses its side, everything else must not depend on the input. */
#include "graph/pieces.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CUTS_MOST = 100000 };

/* A node and what is known of its elements: values at the base, then the slopes along each axis. */
typedef struct {
    dw_op_call call;
    dw_graph_id input[DW_OP_INPUTS];
    uint32_t argument;
    size_t size;
    const double *value;
    double *own; /* (1 + axes)*size numbers that begin with the values; NULL: a constant */
} item;

struct dw_pieces {
    dw_mem *mem;
    size_t axes, count; /* of items, one for each node up to the output */
    item *items;        /* size is SIZE_MAX where a node is not needed */
    double *zeros, *spare;
    void *room;
    double base[DW_PIECES_AXES]; /* all planes are told around the place of the first cell */
    size_t stop;                 /* the operation that cut the cell */
    const dw_pieces_cell *cell;  /* of the running look */
    dw_err *err;
    dw_pieces_plane *cuts;
    size_t cut_count, cut_room;
};

/* ---- making and freeing ---- */

static void mark_needed(dw_pieces *p, const dw_graph *graph) {
    for (size_t i = 0; i + 1 < p->count; i++)
        p->items[i].size = SIZE_MAX;
    for (size_t i = p->count; i-- > 0;) {
        item *it = &p->items[i];
        if (it->size == SIZE_MAX)
            continue;
        const dw_graph_node *node = dw_graph_at(graph, (dw_graph_id)i);
        dw_store_call(graph, node, &it->call);
        it->argument = node->argument;
        it->size = node->rows * node->columns;
        it->value = node->op == DW_OP_CONSTANT ? node->value->data : NULL;
        for (unsigned k = 0; k < DW_OP_INPUTS; k++)
            it->input[k] = node->input[k];
        for (unsigned k = 0; k < dw_op_arity(node->op); k++)
            p->items[node->input[k]].size = 0;
    }
}

/* Memory for every node, and the largest amounts a single one needs. */
static bool make_room(dw_pieces *p) {
    size_t largest = 1, room = 1, bytes;
    for (size_t i = 0; i < p->count; i++) {
        item *it = &p->items[i];
        if (it->size == SIZE_MAX)
            continue;
        if (!dw_op_room(&it->call, &bytes, p->err))
            return false;
        largest = it->size > largest ? it->size : largest;
        room = bytes > room ? bytes : room;
        if (it->value != NULL)
            continue;
        it->own = dw_mem_array(p->mem, it->size + 1, (1 + p->axes) * sizeof *it->own);
        it->value = it->own;
        if (it->own == NULL)
            return dw_err_memory(p->err, "the pieces of a function");
    }
    p->zeros = dw_mem_array(p->mem, largest, sizeof *p->zeros);
    p->spare = dw_mem_array(p->mem, largest, sizeof *p->spare);
    p->room = dw_mem_raw(p->mem, room);
    return (p->zeros != NULL && p->spare != NULL && p->room != NULL) ||
           dw_err_memory(p->err, "the pieces of a function");
}

dw_pieces *dw_pieces_new(dw_mem *mem, const dw_graph *graph, dw_graph_id output, size_t axes,
                         dw_err *err) {
    dw_pieces *p = dw_mem_new(mem, sizeof *p);
    if (p == NULL) {
        dw_err_memory(err, "the pieces of a function");
        return NULL;
    }
    *p = (dw_pieces){.mem = mem, .axes = axes, .count = (size_t)output + 1, .err = err};
    p->items = dw_mem_array(mem, p->count, sizeof *p->items);
    if (p->items != NULL)
        mark_needed(p, graph);
    else
        dw_err_memory(err, "the pieces of a function");
    if (p->items != NULL && make_room(p))
        return p;
    dw_pieces_free(&p);
    return NULL;
}

void dw_pieces_free(dw_pieces **pieces) {
    dw_pieces *p = *pieces;
    if (p == NULL)
        return;
    for (size_t i = 0; p->items != NULL && i < p->count; i++)
        dw_mem_free(p->items[i].own);
    dw_mem_free(p->items);
    dw_mem_free(p->zeros);
    dw_mem_free(p->spare);
    dw_mem_free(p->room);
    dw_mem_free(p->cuts);
    dw_mem_free(p);
    *pieces = NULL;
}

/* ---- elements ---- */

static const double *slopes_of(const dw_pieces *p, const item *it, size_t axis) {
    return it->own == NULL ? p->zeros : it->own + (1 + axis) * it->size;
}

static double *own_slopes(const item *it, size_t axis) {
    return it->own + (1 + axis) * it->size;
}

static const item *input_of(const dw_pieces *p, const item *it, unsigned k) {
    return &p->items[it->input[k]];
}

/* Element i of an operand that may be a single number. */
static dw_pieces_plane plane_at(const dw_pieces *p, const item *it, size_t i) {
    dw_pieces_plane out = {.value = it->value[it->size == 1 ? 0 : i]};
    for (size_t a = 0; a < p->axes; a++)
        out.slope[a] = slopes_of(p, it, a)[it->size == 1 ? 0 : i];
    return out;
}

static void put_plane(const dw_pieces *p, const item *it, size_t i, dw_pieces_plane plane) {
    it->own[i] = plane.value;
    for (size_t a = 0; a < p->axes; a++)
        own_slopes(it, a)[i] = plane.slope[a];
}

static bool is_level(const dw_pieces *p, const dw_pieces_plane *plane) {
    for (size_t a = 0; a < p->axes; a++)
        if (plane->slope[a] != 0)
            return false;
    return true;
}

static dw_pieces_plane scaled(const dw_pieces_plane *x, double factor) {
    dw_pieces_plane out = {.value = factor * x->value};
    for (size_t a = 0; a < DW_PIECES_AXES; a++)
        out.slope[a] = factor * x->slope[a];
    return out;
}

/* x + sign*y */
static dw_pieces_plane added(const dw_pieces_plane *x, const dw_pieces_plane *y, double sign) {
    dw_pieces_plane out = {.value = x->value + sign * y->value};
    for (size_t a = 0; a < DW_PIECES_AXES; a++)
        out.slope[a] = x->slope[a] + sign * y->slope[a];
    return out;
}

/* The value where the cell's place is. */
static double here(const dw_pieces *p, const dw_pieces_plane *plane) {
    double value = plane->value;
    for (size_t a = 0; a < p->axes; a++)
        value += plane->slope[a] * (p->cell->place[a] - p->base[a]);
    return value;
}

static dw_pieces_plane level(double value) {
    return (dw_pieces_plane){.value = value};
}

/* ---- cuts ---- */

static bool curved(const dw_pieces *p, const char *what) {
    return dw_err_set(p->err, DW_ERR_VALUE,
                      "this function is not piecewise linear: %s is a curve. Straight pieces come "
                      "from relu, leaky, abs, max, min, floor and when",
                      what);
}

static bool add_cut(dw_pieces *p, dw_pieces_plane plane) {
    if (p->cut_count == CUTS_MOST)
        return dw_err_set(p->err, DW_ERR_LIMIT,
                          "this function has more than %d pieces here: take a smaller interval",
                          CUTS_MOST);
    if (p->cut_count == p->cut_room) {
        size_t room = p->cut_room == 0 ? 64 : 2 * p->cut_room;
        dw_pieces_plane *grown = dw_mem_grow(p->mem, p->cuts, room * sizeof *grown);
        if (grown == NULL)
            return dw_err_memory(p->err, "the pieces of a function");
        p->cuts = grown;
        p->cut_room = room;
    }
    plane.value = here(p, &plane);
    p->cuts[p->cut_count++] = plane;
    return true;
}

/* The least and largest value over the cell, and how much of that is the grain at the edge. */
static void range_of(const dw_pieces *p, const dw_pieces_plane *plane, double range[2],
                     double *edge) {
    range[0] = HUGE_VAL;
    range[1] = -HUGE_VAL;
    *edge = 0;
    for (size_t a = 0; a < p->axes; a++)
        *edge += fabs(plane->slope[a]) * p->cell->grain;
    for (size_t c = 0; c < p->cell->count; c++) {
        double value = plane->value;
        for (size_t a = 0; a < p->axes; a++)
            value += plane->slope[a] * (p->cell->corners[c * p->axes + a] - p->base[a]);
        range[0] = fmin(range[0], value);
        range[1] = fmax(range[1], value);
    }
}

/* Cuts the cell where the plane is 0, if that is inside. `noise`: what rounding may do to it. */
static bool cut_at_zero(dw_pieces *p, dw_pieces_plane plane, double noise) {
    double range[2], edge;
    range_of(p, &plane, range, &edge);
    bool inside = range[0] < -edge && range[1] > edge && range[1] - range[0] > noise;
    return !inside || add_cut(p, plane);
}

/* Cuts where the plane passes offset + a whole number. */
static bool cut_at_steps(dw_pieces *p, dw_pieces_plane plane, double offset) {
    double range[2], edge;
    range_of(p, &plane, range, &edge);
    if (!(edge > 0))
        return true;
    if (!(range[1] - range[0] < CUTS_MOST))
        return dw_err_set(p->err, DW_ERR_LIMIT,
                          "this function has more than %d steps here: take a smaller interval",
                          CUTS_MOST);
    double first = ceil(range[0] - offset), last = floor(range[1] - offset);
    if (!(fmax(fabs(first), fabs(last)) < 0x1p52))
        return dw_err_set(p->err, DW_ERR_LIMIT,
                          "this function has steps at numbers as large as %.3g, where every number "
                          "is whole: take smaller ones",
                          fmax(fabs(first), fabs(last)));
    size_t count = first <= last ? (size_t)(last - first) + 1 : 0;
    for (size_t i = 0; i < count; i++) {
        dw_pieces_plane moved = plane;
        moved.value -= first + (double)i + offset;
        if (!cut_at_zero(p, moved, 0))
            return false;
    }
    return true;
}

/* What rounding may do to the elements of an operand. */
static double noise_of(const item *it) {
    double largest = 0;
    for (size_t i = 0; i < it->size; i++)
        largest = fmax(largest, fabs(it->value[i]));
    return 1e-14 * largest;
}

/* ---- operations that are linear ---- */

static bool run(const dw_pieces *p, const item *it, double *out, const double *const *in) {
    return dw_op_run(&it->call, out, in, p->room, NULL, p->err);
}

/* The same on values and on slopes. `fixed`: this operand does not depend on the input. */
static bool look_linear(dw_pieces *p, item *it, unsigned fixed) {
    const double *in[DW_OP_INPUTS] = {NULL};
    unsigned arity = dw_op_arity(it->call.op);
    for (unsigned k = 0; k < arity; k++)
        in[k] = input_of(p, it, k)->value;
    if (!run(p, it, it->own, in))
        return false;
    for (size_t a = 0; a < p->axes; a++) {
        for (unsigned k = 0; k < arity; k++)
            if (k != fixed)
                in[k] = slopes_of(p, input_of(p, it, k), a);
        if (!run(p, it, own_slopes(it, a), in))
            return false;
    }
    return true;
}

/* Operand k must be level all over. */
static bool expect_level(const dw_pieces *p, const item *it, unsigned k, const char *what) {
    const item *x = input_of(p, it, k);
    for (size_t a = 0; x->own != NULL && a < p->axes; a++)
        for (size_t i = 0; i < x->size; i++)
            if (slopes_of(p, x, a)[i] != 0)
                return curved(p, what);
    return true;
}

/* Slopes of x times values of y, added to (or, at first, put into) the slopes of the product. */
static bool add_product(dw_pieces *p, item *it, size_t axis, const double *const in[2],
                        bool first) {
    double *to = own_slopes(it, axis);
    if (first)
        return run(p, it, to, in);
    if (!run(p, it, p->spare, in))
        return false;
    for (size_t i = 0; i < it->size; i++)
        to[i] += p->spare[i];
    return true;
}

static bool look_product(dw_pieces *p, item *it) {
    const item *x = input_of(p, it, 0), *y = input_of(p, it, 1);
    if (!run(p, it, it->own, (const double *const[]){x->value, y->value, NULL}))
        return false;
    for (size_t a = 0; a < p->axes; a++) {
        const double *xs = slopes_of(p, x, a), *ys = slopes_of(p, y, a);
        if (x->own != NULL && !add_product(p, it, a, (const double *const[]){xs, y->value}, true))
            return false;
        if (y->own != NULL &&
            !add_product(p, it, a, (const double *const[]){x->value, ys}, x->own == NULL))
            return false;
    }
    for (size_t a = 0; x->own != NULL && y->own != NULL && a < p->axes * p->axes; a++) {
        const double *both[] = {slopes_of(p, x, a / p->axes), slopes_of(p, y, a % p->axes), NULL};
        if (!run(p, it, p->spare, both))
            return false;
        for (size_t i = 0; i < it->size; i++)
            if (p->spare[i] != 0)
                return curved(p, "a product of two things that depend on the input");
    }
    return true;
}

/* ---- operations with hinges ---- */

static bool has_hinge(dw_elem_unary op) {
    return op == DW_ELEM_RELU || op == DW_ELEM_LEAKY_RELU || op == DW_ELEM_ABS ||
           op == DW_ELEM_SIGN;
}

static bool has_steps(dw_elem_unary op) {
    return op == DW_ELEM_FLOOR || op == DW_ELEM_CEIL || op == DW_ELEM_ROUND;
}

/* What an operation multiplies slopes with on the side of its hinge where x is. */
static double factor_of(dw_elem_unary op, double x) {
    switch (op) {
    case DW_ELEM_NEGATE:
        return -1;
    case DW_ELEM_RELU:
        return x > 0 ? 1 : 0;
    case DW_ELEM_LEAKY_RELU:
        return x > 0 ? 1 : -dw_elem_number1(op, -1);
    case DW_ELEM_ABS:
        return x < 0 ? -1 : 1;
    default:
        return 0;
    }
}

/* One element of MAP on a cell that does not cut it. */
static bool map_element(const dw_pieces *p, dw_elem_unary op, const dw_pieces_plane *x,
                        dw_pieces_plane *out) {
    char what[96];
    double at = here(p, x);
    if (op == DW_ELEM_NEGATE || (has_hinge(op) && op != DW_ELEM_SIGN)) {
        *out = scaled(x, factor_of(op, at));
        return true;
    }
    *out = level(dw_elem_number1(op, at));
    if (op == DW_ELEM_SIGN || has_steps(op) || is_level(p, x))
        return true;
    snprintf(what, sizeof what, "%.40s of what depends on the input", dw_elem_word1(op));
    return curved(p, what);
}

static bool look_map(dw_pieces *p, item *it) {
    dw_elem_unary op = (dw_elem_unary)it->call.elem;
    const item *x = input_of(p, it, 0);
    double noise = has_hinge(op) ? noise_of(x) : 0;
    for (size_t i = 0; i < it->size; i++) {
        dw_pieces_plane in = plane_at(p, x, i), out;
        if (has_hinge(op) && !cut_at_zero(p, in, noise))
            return false;
        if (has_steps(op) && !cut_at_steps(p, in, op == DW_ELEM_ROUND ? 0.5 : 0))
            return false;
        if (!map_element(p, op, &in, &out))
            return false;
        put_plane(p, it, i, out);
    }
    return true;
}

static bool is_comparison(dw_elem_binary op) {
    return op == DW_ELEM_LESS || op == DW_ELEM_LESS_EQUAL || op == DW_ELEM_GREATER ||
           op == DW_ELEM_GREATER_EQUAL;
}

/* x mod y for a fixed y: x less the whole multiple of y below it. */
static bool pair_remainder(dw_pieces *p, const dw_pieces_plane *x, double y, dw_pieces_plane *out) {
    *out = *x;
    out->value -= y * floor(here(p, x) / y);
    return cut_at_steps(p, scaled(x, 1 / y), 0);
}

/* x*y, x/y, x mod y, x^y where at most one side depends on the input. */
static bool pair_scaled(dw_pieces *p, dw_elem_binary op, const dw_pieces_plane *x,
                        const dw_pieces_plane *y, dw_pieces_plane *out) {
    bool x_level = is_level(p, x), y_level = is_level(p, y);
    *out = level(dw_elem_number2(op, x->value, y->value));
    if (x_level && y_level)
        return true;
    if (op == DW_ELEM_MULTIPLY && (x_level || y_level)) {
        *out = x_level ? scaled(y, x->value) : scaled(x, y->value);
    } else if (op == DW_ELEM_DIVIDE && y_level) {
        for (size_t a = 0; a < p->axes; a++)
            out->slope[a] = x->slope[a] / y->value;
    } else if (op == DW_ELEM_MOD && y_level) {
        return pair_remainder(p, x, y->value, out);
    } else if (op == DW_ELEM_POWER && y_level && (y->value == 1 || y->value == 0)) {
        *out = y->value == 1 ? *x : level(1);
    } else {
        return curved(p, op == DW_ELEM_MULTIPLY ? "a product of two things that depend on the input"
                         : op == DW_ELEM_DIVIDE ? "a quotient by what depends on the input"
                         : op == DW_ELEM_MOD    ? "a remainder by what depends on the input"
                                                : "a power of what depends on the input");
    }
    return true;
}

static bool pair_element(dw_pieces *p, dw_elem_binary op, const dw_pieces_plane *x,
                         const dw_pieces_plane *y, dw_pieces_plane *out) {
    dw_pieces_plane gap = added(x, y, -1);
    double noise = 1e-14 * (fabs(x->value) + fabs(y->value));
    if (op == DW_ELEM_ADD) {
        *out = added(x, y, 1);
    } else if (op == DW_ELEM_SUBTRACT) {
        *out = gap;
    } else if (op == DW_ELEM_MIN || op == DW_ELEM_MAX) {
        *out = (here(p, &gap) < 0) == (op == DW_ELEM_MIN) ? *x : *y;
        return cut_at_zero(p, gap, noise);
    } else if (dw_elem_is_truth(op)) {
        *out = level(dw_elem_number2(op, here(p, x), here(p, y)));
        return !is_comparison(op) || cut_at_zero(p, gap, noise);
    } else {
        return pair_scaled(p, op, x, y, out);
    }
    return true;
}

static bool look_pair(dw_pieces *p, item *it) {
    const item *x = input_of(p, it, 0), *y = input_of(p, it, 1);
    for (size_t i = 0; i < it->size; i++) {
        dw_pieces_plane a = plane_at(p, x, i), b = plane_at(p, y, i), out;
        if (!pair_element(p, (dw_elem_binary)it->call.elem, &a, &b, &out))
            return false;
        put_plane(p, it, i, out);
    }
    return true;
}

static bool look_choose(dw_pieces *p, item *it) {
    const item *condition = input_of(p, it, 0);
    for (size_t i = 0; i < it->size; i++) {
        bool holds = condition->value[condition->size == 1 ? 0 : i] != 0;
        put_plane(p, it, i, plane_at(p, input_of(p, it, holds ? 1 : 2), i));
    }
    return true;
}

/* The largest (sign 1) or smallest (-1) of several planes. Where another one takes over within the
 * cell there is a cut; the parts then have no, or fewer, of them. */
static bool look_extreme(dw_pieces *p, item *it, double sign) {
    const item *x = input_of(p, it, 0);
    double noise = noise_of(x);
    size_t best = 0;
    dw_pieces_plane top = plane_at(p, x, 0);
    for (size_t i = 1; i < x->size; i++) {
        dw_pieces_plane other = plane_at(p, x, i);
        if (sign * here(p, &other) > sign * here(p, &top)) {
            top = other;
            best = i;
        }
    }
    for (size_t i = 0; i < x->size; i++) {
        dw_pieces_plane other = plane_at(p, x, i);
        if (i != best && !cut_at_zero(p, added(&top, &other, -1), noise))
            return false;
    }
    put_plane(p, it, 0, top);
    return true;
}

/* A norm of one number is its size. */
static bool look_norm(dw_pieces *p, item *it) {
    const item *x = input_of(p, it, 0);
    if (x->size != 1)
        return expect_level(p, it, 0, "the norm of what depends on the input") &&
               look_linear(p, it, DW_OP_INPUTS);
    dw_pieces_plane in = plane_at(p, x, 0);
    put_plane(p, it, 0, scaled(&in, here(p, &in) < 0 ? -1 : 1));
    return cut_at_zero(p, in, 0);
}

static void look_input(dw_pieces *p, item *it) {
    for (size_t i = 0; i < it->size; i++) {
        size_t axis = it->argument + i;
        dw_pieces_plane plane = level(axis < p->axes ? p->base[axis] : 0);
        if (axis < p->axes)
            plane.slope[axis] = 1;
        put_plane(p, it, i, plane);
    }
}

/* ---- looking ---- */

static bool look_at(dw_pieces *p, item *it) {
    switch (it->call.op) {
    case DW_OP_INPUT:
        look_input(p, it);
        return true;
    case DW_OP_CONSTANT:
        return true;
    case DW_OP_MAP:
        return look_map(p, it);
    case DW_OP_PAIR:
        return look_pair(p, it);
    case DW_OP_CHOOSE:
        return look_choose(p, it);
    case DW_OP_PRODUCT:
        return look_product(p, it);
    case DW_OP_LARGEST:
    case DW_OP_SMALLEST:
        return look_extreme(p, it, it->call.op == DW_OP_LARGEST ? 1 : -1);
    case DW_OP_NORM:
        return look_norm(p, it);
    case DW_OP_SOLVE:
        return expect_level(p, it, 0, "the solution of equations that depend on the input") &&
               look_linear(p, it, 0);
    case DW_OP_PICK:
    case DW_OP_PUT:
        return expect_level(p, it, 1, "a choice by what depends on the input") &&
               look_linear(p, it, 1);
    case DW_OP_RANDOM:
        return expect_level(p, it, 0, "chance that depends on the input") && look_linear(p, it, 0);
    default:
        return look_linear(p, it, DW_OP_INPUTS);
    }
}

bool dw_pieces_look(dw_pieces *p, const dw_pieces_cell *cell, dw_pieces_plane *out, dw_err *err) {
    p->cell = cell;
    p->err = err;
    p->cut_count = 0;
    if (cell->start == 0)
        memcpy(p->base, cell->place, p->axes * sizeof *p->base);
    for (p->stop = cell->start; p->stop < p->count; p->stop++) {
        item *it = &p->items[p->stop];
        if (it->size != SIZE_MAX && !look_at(p, it))
            return false;
        if (p->cut_count > 0)
            return true;
    }
    *out = plane_at(p, &p->items[p->count - 1], 0);
    out->value = here(p, out);
    bool finite = isfinite(out->value);
    for (size_t a = 0; a < p->axes; a++)
        finite = finite && isfinite(out->slope[a]);
    return finite || dw_err_set(err, DW_ERR_NUMERIC, "the function is not finite at %.6g%s",
                                cell->place[0], p->axes > 1 ? " and a second number there" : "");
}

size_t dw_pieces_stop(const dw_pieces *p) {
    return p->stop;
}

size_t dw_pieces_cuts(const dw_pieces *p, const dw_pieces_plane **cuts) {
    *cuts = p->cuts;
    return p->cut_count;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Walks from cell to cell along a level: first the lines that begin at the rim, then the closed
 * ones.
 *
 * An edge is a pair of neighbouring grid points: number 2*p joins point p with its right neighbour,
 * 2*p + 1 with the one above. A line crosses an edge when one end is at or over the level. */
#include "plot/isoline.h"

#include <math.h>

typedef struct {
    const dw_isoline_grid *grid;
    double level;
    dw_isoline_locate locate;
    void *context;
    dw_isoline *out;
    uint8_t *done; /* by edge: already on a line */
    dw_err *err;
} walk;

enum { SIDE_BELOW, SIDE_RIGHT, SIDE_ABOVE, SIDE_LEFT };

static bool over(const walk *w, size_t point) {
    return w->grid->z[point] >= w->level;
}

/* The edge at one side of the cell whose lower left point is given. */
static size_t edge_of(const walk *w, size_t cell, int side) {
    switch (side) {
    case SIDE_BELOW:
        return 2 * cell;
    case SIDE_RIGHT:
        return 2 * (cell + 1) + 1;
    case SIDE_ABOVE:
        return 2 * (cell + w->grid->columns);
    default:
        return 2 * cell + 1;
    }
}

static size_t far_end(const walk *w, size_t edge) {
    return edge / 2 + (edge % 2 == 0 ? 1 : w->grid->columns);
}

static bool crossed(const walk *w, size_t edge) {
    return over(w, edge / 2) != over(w, far_end(w, edge));
}

/* Whether there is a cell with this lower left point, without a hole. */
static bool is_cell(const walk *w, size_t row, size_t column) {
    const dw_isoline_grid *g = w->grid;
    if (row + 1 >= g->rows || column + 1 >= g->columns)
        return false;
    size_t cell = row * g->columns + column;
    return !isnan(g->z[cell]) && !isnan(g->z[cell + 1]) && !isnan(g->z[cell + g->columns]) &&
           !isnan(g->z[cell + g->columns + 1]);
}

static bool put(walk *w, double x, double y) {
    dw_isoline *out = w->out;
    if (out->count == out->room) {
        size_t room = out->room == 0 ? 256 : 2 * out->room;
        double *grown = dw_mem_grow(out->mem, out->x, room * sizeof *grown);
        if (grown == NULL)
            return dw_err_memory(w->err, "the lines of a plot");
        out->x = grown;
        grown = dw_mem_grow(out->mem, out->y, room * sizeof *grown);
        if (grown == NULL)
            return dw_err_memory(w->err, "the lines of a plot");
        out->y = grown;
        out->room = room;
    }
    out->x[out->count] = x;
    out->y[out->count++] = y;
    return true;
}

static bool put_crossing(walk *w, size_t edge) {
    const dw_isoline_grid *g = w->grid;
    size_t p = edge / 2, q = far_end(w, edge);
    double a[2] = {g->x[p % g->columns], g->y[p / g->columns]};
    double b[2] = {g->x[q % g->columns], g->y[q / g->columns]};
    double t = (w->level - g->z[p]) / (g->z[q] - g->z[p]);
    if (w->locate != NULL && !w->locate(w->context, a, b, &t, w->err))
        return false;
    t = t >= 0 && t <= 1 ? t : 0.5;
    w->done[edge] = 1;
    return put(w, a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]));
}

/* The side by which a line leaves a cell that it entered by another. In a saddle, where all four
 * sides are crossed, the height in the middle decides which corners are joined. */
static int leave(const walk *w, size_t cell, int from) {
    int sides[3], count = 0;
    for (int turn = 1; turn <= 3; turn++) {
        int side = (from + turn) % 4;
        if (crossed(w, edge_of(w, cell, side)))
            sides[count++] = side;
    }
    if (count == 1)
        return sides[0];
    const double *z = w->grid->z;
    size_t top = cell + w->grid->columns;
    bool middle = (z[cell] / 4 + z[cell + 1] / 4 + z[top] / 4 + z[top + 1] / 4) >= w->level;
    bool joined = middle == over(w, cell); /* lower left and upper right hang together */
    bool forward = from == SIDE_BELOW || from == SIDE_ABOVE;
    return forward == joined ? (from + 1) % 4 : (from + 3) % 4;
}

/* Follows a line from an edge into the cell (row, column) until it ends or closes. */
static bool follow(walk *w, size_t edge, size_t row, size_t column, int from) {
    const size_t columns = w->grid->columns;
    if (w->out->count > 0 && !put(w, NAN, NAN))
        return false;
    size_t begin = w->out->count;
    if (!put_crossing(w, edge))
        return false;
    while (is_cell(w, row, column)) {
        int side = leave(w, row * columns + column, from);
        edge = edge_of(w, row * columns + column, side);
        if (w->done[edge]) /* back at the begin */
            return put(w, w->out->x[begin], w->out->y[begin]);
        if (!put_crossing(w, edge))
            return false;
        if ((side == SIDE_BELOW && row == 0) || (side == SIDE_LEFT && column == 0))
            return true;
        row += side == SIDE_ABOVE ? 1 : 0;
        row -= side == SIDE_BELOW ? 1 : 0;
        column += side == SIDE_RIGHT ? 1 : 0;
        column -= side == SIDE_LEFT ? 1 : 0;
        from = (side + 2) % 4;
    }
    return true;
}

/* Whether the cell beyond a side is missing, so that a line may begin there. */
static bool is_rim(const walk *w, size_t row, size_t column, int side) {
    switch (side) {
    case SIDE_BELOW:
        return row == 0 || !is_cell(w, row - 1, column);
    case SIDE_RIGHT:
        return !is_cell(w, row, column + 1);
    case SIDE_ABOVE:
        return !is_cell(w, row + 1, column);
    default:
        return column == 0 || !is_cell(w, row, column - 1);
    }
}

static bool sweep(walk *w, bool rim_only) {
    const dw_isoline_grid *g = w->grid;
    for (size_t row = 0; row + 1 < g->rows; row++)
        for (size_t column = 0; column + 1 < g->columns; column++)
            for (int side = 0; side < 4 && is_cell(w, row, column); side++) {
                size_t edge = edge_of(w, row * g->columns + column, side);
                if (w->done[edge] || !crossed(w, edge))
                    continue;
                if (rim_only && !is_rim(w, row, column, side))
                    continue;
                if (!follow(w, edge, row, column, side))
                    return false;
            }
    return true;
}

bool dw_isoline_trace(const dw_isoline_grid *grid, double level, dw_isoline_locate locate,
                      void *context, dw_isoline *out, dw_err *err) {
    walk w = {grid, level, locate, context, out, NULL, err};
    w.done = dw_mem_array(out->mem, grid->rows * grid->columns + 1, 2);
    if (w.done == NULL)
        return dw_err_memory(err, "the lines of a plot");
    bool ok = sweep(&w, true) && sweep(&w, false);
    dw_mem_free(w.done);
    return ok;
}

void dw_isoline_free(dw_isoline *lines) {
    dw_mem_free(lines->x);
    dw_mem_free(lines->y);
    lines->x = lines->y = NULL;
    lines->count = lines->room = 0;
}

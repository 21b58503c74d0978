/* SPDX-License-Identifier: BSD-3-Clause */
/* Softmax out of exp, sums and the largest of each column. */
#include "graph/softmax.h"

/* What the functions have in common. */
typedef struct {
    dw_graph *g;
    dw_err *err;
    size_t rows, columns; /* of x; a vector counts as one column */
    dw_graph_id largest;  /* of each column, detached: 1×columns */
    dw_graph_id shifted;  /* x without it, in the shape of x */
    dw_graph_id powers;   /* exp(shifted) */
    dw_graph_id sum;      /* of the powers of each column: 1×columns */
} parts;

/* Row `row` of x, or with `rows` > 1 the first row of x that many times. */
static bool take_rows(const parts *p, dw_graph_id x, size_t row, size_t rows, dw_graph_id *out) {
    size_t n = p->columns, *places = dw_mem_array(p->g->mem, rows * n, sizeof *places);
    if (!places)
        return dw_err_memory(p->err, "a matrix");
    for (size_t i = 0; i < rows * n; i++)
        places[i] = row * n + i % n;
    bool fine = dw_graph_gather(p->g, x, places, rows, n, out, p->err);
    dw_mem_free(places);
    return fine;
}

/* The largest of each column: pairs of rows, one after the other. */
static bool find_largest(parts *p, dw_graph_id x) {
    dw_graph_id next;
    if (p->columns == 1)
        return dw_graph_largest(p->g, x, &p->largest, p->err);
    bool fine = take_rows(p, x, 0, 1, &p->largest);
    for (size_t row = 1; fine && row < p->rows; row++)
        fine = take_rows(p, x, row, 1, &next) &&
               dw_graph_pair(p->g, DW_ELEM_MAX, p->largest, next, &p->largest, p->err);
    return fine;
}

/* The sum of each column: a row of ones times x. */
static bool sum_columns(const parts *p, dw_graph_id x, dw_graph_id *out) {
    dw_graph_id ones;
    if (p->columns == 1)
        return dw_graph_sum(p->g, x, out, p->err);
    return dw_graph_number(p->g, 1, &ones, p->err) &&
           dw_graph_spread(p->g, ones, 1, p->rows, &ones, p->err) &&
           dw_graph_product(p->g, ones, x, out, p->err);
}

/* x op the number of its column. */
static bool with_columns(const parts *p, dw_elem_binary op, dw_graph_id x, dw_graph_id numbers,
                         dw_graph_id *out) {
    if (p->columns != 1 && !take_rows(p, numbers, 0, p->rows, &numbers))
        return false;
    return dw_graph_pair(p->g, op, x, numbers, out, p->err);
}

static bool begin(parts *p, dw_graph_id x) {
    const dw_graph_node *node = dw_graph_at(p->g, x);
    p->rows = node->rows == 1 ? node->columns : node->rows;
    p->columns = node->rows == 1 ? 1 : node->columns;
    return find_largest(p, x) && dw_graph_detach(p->g, p->largest, &p->largest, p->err) &&
           with_columns(p, DW_ELEM_SUBTRACT, x, p->largest, &p->shifted) &&
           dw_graph_map(p->g, DW_ELEM_EXP, p->shifted, &p->powers, p->err) &&
           sum_columns(p, p->powers, &p->sum);
}

bool dw_softmax_shares(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    parts p = {.g = g, .err = err};
    return begin(&p, x) && with_columns(&p, DW_ELEM_DIVIDE, p.powers, p.sum, out);
}

bool dw_softmax_logs(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    parts p = {.g = g, .err = err};
    return begin(&p, x) && dw_graph_map(g, DW_ELEM_LOG, p.sum, &p.sum, err) &&
           with_columns(&p, DW_ELEM_SUBTRACT, p.shifted, p.sum, out);
}

bool dw_softmax_log_sum(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    parts p = {.g = g, .err = err};
    return begin(&p, x) && dw_graph_map(g, DW_ELEM_LOG, p.sum, &p.sum, err) &&
           dw_graph_pair(g, DW_ELEM_ADD, p.sum, p.largest, out, err);
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "graph/widen.h"

#include <string.h>

typedef struct {
    const dw_widen_wish *wish;
    dw_graph *to;
    dw_graph_id *made; /* by number of the old node; NONE: not needed */
    dw_err *err;
} widener;

/* Marks what the outputs depend on; false when something there has samples of its own. */
static bool mark(const widener *w, bool *needed, size_t count) {
    for (size_t i = 0; i < w->wish->count; i++)
        needed[w->wish->outputs[i]] = true;
    for (size_t id = count; id-- > 0;) {
        const dw_graph_node *node = dw_graph_at(w->wish->graph, (dw_graph_id)id);
        if (!needed[id])
            continue;
        if (node->batch != 1 || node->op == DW_OP_BATCH_SUM || node->op == DW_OP_BATCH_SPREAD ||
            node->op == DW_OP_RANDOM)
            return false;
        for (unsigned k = 0; k < dw_op_arity(node->op); k++)
            needed[node->input[k]] = true;
    }
    return true;
}

/* Operations that only move elements, and those on the whole of an array. */
static bool remake_whole(const widener *w, const dw_graph_node *node, const dw_graph_id in[],
                         dw_graph_id *out) {
    dw_graph *g = w->to;
    switch (node->op) {
    case DW_OP_PRODUCT:
        return dw_graph_product(g, in[0], in[1], out, w->err);
    case DW_OP_TRANSPOSE:
        return dw_graph_transpose(g, in[0], out, w->err);
    case DW_OP_RESHAPE:
        return dw_graph_reshape(g, in[0], node->rows, node->columns, out, w->err);
    case DW_OP_SUM:
        return dw_graph_sum(g, in[0], out, w->err);
    case DW_OP_SPREAD:
        return dw_graph_spread(g, in[0], node->rows, node->columns, out, w->err);
    case DW_OP_NORM:
        return dw_graph_norm(g, in[0], out, w->err);
    case DW_OP_LARGEST:
        return dw_graph_largest(g, in[0], out, w->err);
    case DW_OP_SMALLEST:
        return dw_graph_smallest(g, in[0], out, w->err);
    case DW_OP_GATHER:
        return dw_graph_gather(g, in[0], node->places, node->rows, node->columns, out, w->err);
    case DW_OP_PLACE:
        return dw_graph_place(g, in[0], node->places, node->rows, node->columns, out, w->err);
    case DW_OP_SOLVE:
        return dw_graph_solve(g, in[0], in[1], out, w->err);
    case DW_OP_PICK:
        return dw_graph_pick(g, in[0], in[1], out, w->err);
    case DW_OP_PUT: {
        size_t batch = dw_graph_at(g, in[0])->batch, other = dw_graph_at(g, in[1])->batch;
        dw_op_shape shape = {node->rows, node->columns, batch > other ? batch : other};
        return dw_graph_put(g, in[0], in[1], shape, out, w->err);
    }
    default:
        return dw_err_set(w->err, DW_ERR_INTERNAL, "an operation that cannot be widened");
    }
}

static bool remake(const widener *w, const dw_graph_node *node, dw_graph_id *out) {
    dw_graph_id in[DW_OP_INPUTS] = {DW_GRAPH_NONE, DW_GRAPH_NONE, DW_GRAPH_NONE};
    dw_graph *g = w->to;
    for (unsigned k = 0; k < dw_op_arity(node->op); k++)
        in[k] = w->made[node->input[k]];
    switch (node->op) {
    case DW_OP_INPUT:
        return dw_graph_input(g, node->argument,
                              (dw_op_shape){node->rows, node->columns, w->wish->batch}, out,
                              w->err);
    case DW_OP_CONSTANT:
        return dw_graph_constant(g, node->value, out, w->err);
    case DW_OP_COPY: /* nothing is differentiated any more */
    case DW_OP_DETACH:
        *out = in[0];
        return true;
    case DW_OP_MAP:
        return dw_graph_map(g, (dw_elem_unary)node->elem, in[0], out, w->err);
    case DW_OP_PAIR:
        return dw_graph_pair(g, (dw_elem_binary)node->elem, in[0], in[1], out, w->err);
    case DW_OP_CHOOSE:
        return dw_graph_choose(g, in[0], in[1], in[2], out, w->err);
    default:
        return remake_whole(w, node, in, out);
    }
}

static bool remake_all(const widener *w, const bool *needed, size_t count, dw_graph_id *outputs) {
    const dw_widen_wish *wish = w->wish;
    for (size_t id = 0; id < count; id++)
        if (needed[id] && !remake(w, dw_graph_at(wish->graph, (dw_graph_id)id), &w->made[id]))
            return false;
    for (size_t i = 0; i < wish->count; i++) {
        outputs[i] = w->made[wish->outputs[i]];
        if (dw_graph_at(w->to, outputs[i])->batch == 1 &&
            !dw_graph_batch_spread(w->to, outputs[i], wish->batch, &outputs[i], w->err))
            return false;
    }
    return true;
}

bool dw_widen_graph(const dw_widen_wish *wish, dw_graph *to, dw_graph_id *outputs, bool *fine,
                    dw_err *err) {
    size_t count = dw_graph_count(wish->graph);
    widener w = {.wish = wish, .to = to, .err = err};
    bool *needed = dw_mem_array(to->mem, count + 1, sizeof *needed);
    w.made = dw_mem_array(to->mem, count + 1, sizeof *w.made);
    bool done = needed && w.made;
    if (!done)
        dw_err_memory(err, "a computation");
    *fine = done && mark(&w, needed, count);
    if (*fine)
        done = remake_all(&w, needed, count, outputs);
    dw_mem_free(needed);
    dw_mem_free(w.made);
    return done;
}

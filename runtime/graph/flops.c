/* SPDX-License-Identifier: BSD-3-Clause */
#include "graph/flops.h"

#include <string.h>

/* Whether an operation calls a function such as exp: its row of elem.def says so. */
static bool is_function(const dw_graph_node *node) {
    static const char *const unary[] = {
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) #expression,
#include "tensor/elem.def"
    };
    static const char *const binary[] = {
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
#expression,
#define DW_ELEM_COMPARE(name, sign, condition) #condition,
#include "tensor/elem.def"
    };
    return strstr(node->op == DW_OP_MAP ? unary[node->elem] : binary[node->elem], "MATH");
}

/* For one sample. `in` and `out` count elements. */
static double for_one(const dw_graph_node *node, const dw_op_call *c) {
    double out = (double)(node->rows * node->columns), rows = (double)c->input[0].rows;
    double columns = (double)c->input[0].columns, in = rows * columns;
    switch (c->op) {
    case DW_OP_MAP:
    case DW_OP_PAIR:
        return is_function(node) ? DW_FLOPS_FUNCTION * out : out;
    case DW_OP_CHOOSE:
        return out;
    case DW_OP_PRODUCT:
        return 2 * out * columns;
    case DW_OP_SUM:
    case DW_OP_BATCH_SUM:
    case DW_OP_LARGEST:
    case DW_OP_SMALLEST:
    case DW_OP_PLACE:
    case DW_OP_PUT:
        return in;
    case DW_OP_NORM:
        return 2 * in;
    case DW_OP_SOLVE: /* reflections of the matrix, then of each right side */
        return 2 * in * columns - 2 * columns * columns * columns / 3 +
               4 * in * (double)c->shape.columns;
    case DW_OP_RANDOM:
        return DW_FLOPS_FUNCTION * out;
    default:
        return 0;
    }
}

double dw_flops_of(const dw_graph *graph, dw_graph_id id) {
    const dw_graph_node *node = dw_graph_at(graph, id);
    size_t batch = node->batch;
    dw_op_call call;
    if (dw_graph_is_contraction(graph, id))
        node = dw_graph_at(graph, node->input[0]);
    dw_store_call(graph, node, &call);
    for (unsigned k = 0; k < dw_op_arity(call.op); k++)
        batch = call.input[k].batch > batch ? call.input[k].batch : batch;
    return for_one(node, &call) * (double)batch;
}

double dw_flops_of_fate(const dw_graph *graph, dw_graph_id id, const dw_fate *fate) {
    const dw_graph_node *node = dw_graph_at(graph, id);
    double numbers = (double)(node->rows * node->columns) * (double)node->batch;
    switch ((dw_fate_form)fate->form) {
    case DW_FATE_PRODUCT:
        return dw_flops_of(graph, fate->core) + (fate->reads == 3 ? numbers : 0) +
               (fate->relu ? numbers : 0);
    case DW_FATE_GATE:
        return 2 * numbers;
    case DW_FATE_SLOPE:
        return 3 * numbers;
    case DW_FATE_TWO:
        return 2 * numbers;
    case DW_FATE_SQUARES:
        return 2 * dw_flops_of(graph, id);
    case DW_FATE_INSERT:
        return dw_flops_of(graph, fate->core);
    default:
        return dw_flops_of(graph, id);
    }
}

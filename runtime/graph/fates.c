/* SPDX-License-Identifier: BSD-3-Clause */
/* From the outputs backwards: what is read in which form. Then forwards: who lies in whose memory,
 * and for how long. */
#include "graph/fates.h"

#include <math.h>
#include <string.h>

typedef struct {
    const dw_graph *graph;
    dw_fate *fates;
    size_t count;
} finder;

static const dw_graph_node *node_at(const finder *f, size_t id) {
    return dw_graph_at(f->graph, (dw_graph_id)id);
}

static size_t size_of(const finder *f, size_t id) {
    return node_at(f, id)->rows * node_at(f, id)->columns;
}

static bool is_pair(const dw_graph_node *node, dw_elem_binary op) {
    return node->op == DW_OP_PAIR && node->elem == op;
}

/* Whether only one node reads it (before anything has disappeared). */
static bool is_only_for_one(const finder *f, dw_graph_id id) {
    return f->fates[id].uses == 1;
}

/* ---- how often each node is read in the graph ---- */

static void count_uses(finder *f, const dw_graph_id *outputs, size_t output_count) {
    for (size_t i = 0; i < output_count; i++) {
        f->fates[outputs[i]].needed = true;
        f->fates[outputs[i]].uses++;
    }
    for (size_t id = f->count; id-- > 0;) {
        const dw_graph_node *node = node_at(f, id);
        for (unsigned k = 0; f->fates[id].needed && k < dw_op_arity(node->op); k++) {
            f->fates[node->input[k]].needed = true;
            f->fates[node->input[k]].uses++;
        }
    }
}

/* ---- forms ---- */

/* Whether a PLACE can be added into an array, element by element, without being made: only one sum
 * reads it and it hits no element twice. */
static bool is_insertable(const finder *f, dw_graph_id id) {
    const dw_graph_node *node = node_at(f, id);
    if (node->op != DW_OP_PLACE || !is_only_for_one(f, id))
        return false;
    for (size_t i = 1, n = size_of(f, node->input[0]); i < n; i++)
        if (node->places[i] <= node->places[i - 1])
            return false;
    return true;
}

/* The gradient of x[1] + x[2] + … is a sum of as many arrays with one element each. Such a sum is
 * taken in place, so that it costs as many additions as there are elements. */
static void find_insertion(finder *f, size_t id) {
    const dw_graph_node *node = node_at(f, id);
    dw_fate *fate = &f->fates[id];
    if (node->op == DW_OP_PLACE)
        fate->never_minus0 = true;
    if (!fate->needed || !is_pair(node, DW_ELEM_ADD))
        return;
    for (unsigned k = 2; k-- > 0 && fate->form == DW_FATE_PLAIN;) {
        dw_graph_id piece = node->input[k], base = node->input[1 - k];
        fate->never_minus0 |= f->fates[piece].never_minus0;
        if (f->fates[base].never_minus0 && is_only_for_one(f, base) &&
            size_of(f, base) == size_of(f, piece) && node_at(f, base)->batch == node->batch &&
            node_at(f, piece)->batch == node->batch && is_insertable(f, piece)) {
            fate->form = DW_FATE_INSERT;
            fate->core = piece;
            fate->reads = 2;
            fate->in[0] = base;
            fate->in[1] = node_at(f, piece)->input[0];
        }
    }
}

/* The operands of a product: transposes are read through where the kernels can. `batched` says
 * whether transposes of batched operands may be. */
static void read_operands(const finder *f, dw_fate *fate, dw_graph_id product, bool batched) {
    fate->core = product;
    fate->reads = 2;
    for (unsigned k = 0; k < 2; k++) {
        dw_graph_id id = node_at(f, product)->input[k];
        const dw_graph_node *node = node_at(f, id);
        fate->turned[k] = node->op == DW_OP_TRANSPOSE && (node->batch == 1) != batched;
        fate->in[k] = fate->turned[k] ? node->input[0] : id;
    }
}

/* Whether a node is a product that one sum reads, which adds the same number to a whole row: the
 * bias of a layer. Sets *bias. */
static bool has_bias(const finder *f, const dw_graph_node *node, dw_graph_id *product,
                     dw_graph_id *bias) {
    for (unsigned k = 0; k < 2; k++) {
        const dw_graph_node *p = node_at(f, node->input[k]), *b = node_at(f, node->input[1 - k]);
        if (p->op != DW_OP_PRODUCT || !is_only_for_one(f, node->input[k]) || p->columns != 1 ||
            b->batch != 1 || b->rows * b->columns != p->rows || p->rows != node->rows ||
            p->batch != node->batch || node_at(f, p->input[0])->batch != 1)
            continue;
        *product = node->input[k];
        *bias = node->input[1 - k];
        return true;
    }
    return false;
}

/* A layer: product, bias, relu. */
static bool find_layer(const finder *f, size_t id, dw_fate *fate) {
    const dw_graph_node *node = node_at(f, id), *sum = node;
    dw_graph_id product, bias;
    bool relu = node->op == DW_OP_MAP && node->elem == DW_ELEM_RELU;
    if (relu && is_only_for_one(f, node->input[0]))
        sum = node_at(f, node->input[0]);
    if (is_pair(sum, DW_ELEM_ADD) && has_bias(f, sum, &product, &bias)) {
        read_operands(f, fate, product, false);
        fate->in[2] = bias;
        fate->reads = 3;
    } else if (sum->op == DW_OP_PRODUCT && (!relu || node_at(f, sum->input[0])->batch == 1)) {
        read_operands(f, fate, sum == node ? (dw_graph_id)id : node->input[0], false);
    } else {
        return false;
    }
    fate->relu = relu;
    fate->form = DW_FATE_PRODUCT;
    return true;
}

static bool is_zero(const dw_graph_node *node) {
    return node->op == DW_OP_CONSTANT && node->value->size == 1 && node->value->data[0] == 0 &&
           !signbit(node->value->data[0]);
}

/* Whether two nodes have as many elements for as many samples. */
static bool is_like(const finder *f, size_t a, size_t b) {
    return size_of(f, a) == size_of(f, b) && node_at(f, a)->batch == node_at(f, b)->batch;
}

/* What lets a gradient back through relu. */
static bool find_gate(const finder *f, size_t id, dw_fate *fate) {
    const dw_graph_node *node = node_at(f, id);
    if (node->op != DW_OP_CHOOSE || !is_zero(node_at(f, node->input[2])))
        return false;
    const dw_graph_node *test = node_at(f, node->input[0]);
    if (!is_pair(test, DW_ELEM_GREATER) || !is_zero(node_at(f, test->input[1])) ||
        !is_like(f, test->input[0], id) || !is_like(f, node->input[1], id) ||
        size_of(f, id) * node->batch == 1)
        return false;
    fate->form = DW_FATE_GATE;
    fate->reads = 2;
    fate->in[0] = test->input[0];
    fate->in[1] = node->input[1];
    return true;
}

static bool is_one(const dw_graph_node *node) {
    return node->op == DW_OP_CONSTANT && node->value->size == 1 && node->value->data[0] == 1;
}

/* Whether a node is 1 - x, for a node that nobody else reads; sets *x. */
static bool is_one_minus(const finder *f, dw_graph_id id, dw_graph_id *x) {
    const dw_graph_node *node = node_at(f, id);
    if (!is_pair(node, DW_ELEM_SUBTRACT) || !is_only_for_one(f, id) ||
        !is_one(node_at(f, node->input[0])))
        return false;
    *x = node->input[1];
    return true;
}

/* Whether a node is z*(1 - z), the slope of σ, or 1 - z*z, that of tanh; sets *z and *elem. */
static bool is_slope(const finder *f, dw_graph_id id, dw_graph_id *z, uint8_t *elem) {
    const dw_graph_node *node = node_at(f, id);
    dw_graph_id x;
    if (!is_only_for_one(f, id))
        return false;
    if (is_one_minus(f, id, &x)) {
        const dw_graph_node *square = node_at(f, x);
        *z = square->input[0];
        *elem = DW_ELEM_TANH;
        return is_pair(square, DW_ELEM_MULTIPLY) && is_only_for_one(f, x) &&
               square->input[0] == square->input[1];
    }
    *elem = DW_ELEM_SIGMOID;
    for (unsigned k = 0; is_pair(node, DW_ELEM_MULTIPLY) && k < 2; k++) {
        *z = node->input[1 - k];
        if (is_one_minus(f, node->input[k], &x) && x == *z)
            return true;
    }
    return false;
}

/* What lets a gradient back through σ or tanh. */
static bool find_slope(const finder *f, size_t id, dw_fate *fate) {
    const dw_graph_node *node = node_at(f, id);
    dw_graph_id z;
    for (unsigned k = 0; is_pair(node, DW_ELEM_MULTIPLY) && k < 2; k++) {
        dw_graph_id x = node->input[1 - k];
        if (!is_slope(f, node->input[k], &z, &fate->elem) || !is_like(f, z, id) ||
            !is_like(f, x, id) || size_of(f, id) * node->batch == 1)
            continue;
        fate->form = DW_FATE_SLOPE;
        fate->reads = 2;
        fate->in[0] = z;
        fate->in[1] = x;
        return true;
    }
    return false;
}

/* ---- two operations at once ---- */

static dw_vector_operation inner_of(const dw_graph_node *node) {
    return is_pair(node, DW_ELEM_ADD)        ? DW_VECTOR_SUM
           : is_pair(node, DW_ELEM_SUBTRACT) ? DW_VECTOR_DIFFERENCE
           : is_pair(node, DW_ELEM_MULTIPLY) ? DW_VECTOR_MULTIPLE
                                             : DW_VECTOR_INNERS;
}

/* Whether a node is + - or * of arrays and only one other reads it, nor became anything else. */
static bool is_inner(const finder *f, dw_graph_id id) {
    return inner_of(node_at(f, id)) != DW_VECTOR_INNERS && is_only_for_one(f, id) &&
           f->fates[id].form == DW_FATE_PLAIN;
}

/* (a*b) + c and the like: the value in between needs no memory. */
static bool find_two(const finder *f, size_t id, dw_fate *fate) {
    const dw_graph_node *node = node_at(f, id);
    dw_vector_operation operation = inner_of(node);
    if (operation == DW_VECTOR_INNERS || size_of(f, id) * node->batch == 1)
        return false;
    for (unsigned k = 2; k-- > 0;) {
        dw_graph_id inner = node->input[k];
        if (!is_inner(f, inner) || !is_like(f, inner, id))
            continue;
        fate->form = DW_FATE_TWO;
        fate->inner = (uint8_t)inner_of(node_at(f, inner));
        fate->outer =
            operation == DW_VECTOR_DIFFERENCE && k == 1 ? DW_VECTOR_REST : (uint8_t)operation;
        fate->reads = 3;
        memcpy(fate->in, node_at(f, inner)->input, 2 * sizeof fate->in[0]);
        fate->in[2] = node->input[1 - k];
        return true;
    }
    return false;
}

/* Σ x.*x of each sample. */
static bool find_squares(const finder *f, size_t id, dw_fate *fate) {
    const dw_graph_node *node = node_at(f, id);
    if (node->op != DW_OP_SUM || node->batch == 1)
        return false;
    const dw_graph_node *square = node_at(f, node->input[0]);
    if (inner_of(square) != DW_VECTOR_MULTIPLE || square->input[0] != square->input[1] ||
        !is_inner(f, node->input[0]))
        return false;
    fate->form = DW_FATE_SQUARES;
    fate->reads = 1;
    fate->in[0] = square->input[0];
    return true;
}

static void find_form(finder *f, size_t id) {
    const dw_graph_node *node = node_at(f, id);
    dw_fate *fate = &f->fates[id];
    if (fate->form != DW_FATE_PLAIN)
        return;
    if (dw_graph_is_contraction(f->graph, (dw_graph_id)id)) {
        read_operands(f, fate, node->input[0], true);
        fate->form = DW_FATE_CONTRACTION;
        return;
    }
    if (find_layer(f, id, fate) || find_gate(f, id, fate) || find_slope(f, id, fate) ||
        find_two(f, id, fate) || find_squares(f, id, fate))
        return;
    fate->reads = (uint8_t)dw_op_arity(node->op);
    memcpy(fate->in, node->input, sizeof node->input);
}

/* Decides the forms from the last node to the first and counts anew who is read. */
static void find_forms(finder *f, const dw_graph_id *outputs, size_t output_count) {
    for (size_t id = 0; id < f->count; id++)
        find_insertion(f, id);
    for (size_t id = 0; id < f->count; id++)
        if (f->fates[id].needed)
            find_form(f, id);
    for (size_t id = 0; id < f->count; id++) {
        f->fates[id].needed = false;
        f->fates[id].uses = 0;
    }
    for (size_t i = 0; i < output_count; i++) {
        f->fates[outputs[i]].needed = true;
        f->fates[outputs[i]].uses++;
    }
    for (size_t id = f->count; id-- > 0;)
        for (unsigned k = 0; f->fates[id].needed && k < f->fates[id].reads; k++) {
            f->fates[f->fates[id].in[k]].needed = true;
            f->fates[f->fates[id].in[k]].uses++;
        }
}

/* ---- memory ---- */

/* Whether a node shows part of its input in order; *offset is where that begins. */
static bool is_view(const dw_graph_node *node, size_t *offset) {
    size_t size = node->rows * node->columns;
    *offset = 0;
    if (node->op == DW_OP_COPY || node->op == DW_OP_RESHAPE || node->op == DW_OP_DETACH)
        return true;
    if (node->op != DW_OP_GATHER || size == 0)
        return false;
    for (size_t i = 1; i < size; i++)
        if (node->places[i] != node->places[0] + i)
            return false;
    *offset = node->places[0];
    return true;
}

static void find_lives(finder *f, const dw_graph_id *outputs, size_t output_count) {
    size_t offset;
    for (size_t id = 0; id < f->count; id++) {
        dw_fate *fate = &f->fates[id];
        fate->root = (uint32_t)id;
        if (!fate->needed)
            continue;
        fate->last = (uint32_t)id;
        for (unsigned k = 0; k < fate->reads; k++)
            f->fates[f->fates[fate->in[k]].root].last = (uint32_t)id;
        if (fate->form == DW_FATE_PLAIN && is_view(node_at(f, id), &offset)) {
            fate->root = f->fates[fate->in[0]].root;
            fate->offset = f->fates[fate->in[0]].offset + offset;
        }
    }
    for (size_t i = 0; i < output_count; i++)
        f->fates[f->fates[outputs[i]].root].last = (uint32_t)f->count;
}

void dw_fates_find(const dw_graph *graph, dw_fate *fates, size_t count, const dw_graph_id *outputs,
                   size_t output_count) {
    finder f = {graph, fates, count};
    memset(fates, 0, count * sizeof *fates);
    count_uses(&f, outputs, output_count);
    find_forms(&f, outputs, output_count);
    find_lives(&f, outputs, output_count);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Finding equal nodes by their hashes, and folding constants. */
#include "graph/store.h"

#include <string.h>

static const char *const making = "the steps of a computation";

dw_graph *dw_store_new(dw_mem *mem, dw_err *err) {
    dw_graph *g = dw_mem_new(mem, sizeof *g);
    if (g)
        g->mem = mem;
    else
        dw_err_memory(err, making);
    return g;
}

void dw_store_free(dw_graph **graph) {
    dw_graph *g = *graph;
    if (!g)
        return;
    for (size_t i = 0; i < g->count; i++) {
        dw_tensor_release(g->nodes[i].value);
        dw_mem_free((void *)(uintptr_t)g->nodes[i].places);
    }
    dw_mem_free(g->nodes);
    dw_mem_free(g->hashes);
    dw_mem_free(g->slots);
    dw_mem_free(g);
    *graph = NULL;
}

void dw_store_call(const dw_graph *graph, const dw_graph_node *node, dw_op_call *out) {
    *out = (dw_op_call){.op = node->op,
                        .elem = node->elem,
                        .shape = {node->rows, node->columns, node->batch},
                        .places = node->places,
                        .stream = node->argument};
    for (unsigned k = 0; k < dw_op_arity(node->op); k++) {
        const dw_graph_node *input = &graph->nodes[node->input[k]];
        out->input[k] = (dw_op_shape){input->rows, input->columns, input->batch};
    }
}

static size_t size_of(const dw_graph *g, dw_graph_id id) {
    return g->nodes[id].rows * g->nodes[id].columns;
}

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 29);
}

static size_t place_count(const dw_graph *g, const dw_graph_node *node) {
    if (node->op == DW_OP_GATHER)
        return node->rows * node->columns;
    return node->op == DW_OP_PLACE ? size_of(g, node->input[0]) : 0;
}

enum { SAMPLE = 256 };

static uint32_t hash_of(const dw_graph *g, const dw_graph_node *node) {
    uint64_t hash = mix((uint64_t)node->op, node->elem + 256u * node->truth);
    hash = mix(mix(mix(hash, node->rows), node->columns), node->batch);
    for (unsigned k = 0; k < DW_OP_INPUTS; k++)
        hash = mix(hash, node->input[k]);
    hash = mix(hash, node->argument);
    for (size_t i = 0, places = place_count(g, node); i < places; i++)
        hash = mix(hash, node->places[i]);
    /* Of a long constant a sample is enough: equal ones are compared anyway. */
    size_t n = node->value ? node->value->size : 0, stride = n / SAMPLE + 1;
    for (size_t i = 0; i < n; i += stride) {
        uint64_t bits;
        memcpy(&bits, &node->value->data[i], sizeof bits);
        hash = mix(hash, bits);
    }
    return (uint32_t)(hash ^ (hash >> 32));
}

static bool equal(const dw_graph *g, const dw_graph_node *a, const dw_graph_node *b) {
    if (a->op != b->op || a->elem != b->elem || a->truth != b->truth || a->rows != b->rows ||
        a->columns != b->columns || a->batch != b->batch || a->argument != b->argument ||
        memcmp(a->input, b->input, sizeof a->input) != 0)
        return false;
    size_t places = place_count(g, a), numbers = a->value ? a->value->size : 0;
    return (places == 0 || memcmp(a->places, b->places, places * sizeof *a->places) == 0) &&
           (numbers == 0 || a->value == b->value ||
            memcmp(a->value->data, b->value->data, numbers * sizeof(double)) == 0);
}

bool dw_store_same(const dw_graph *a, const dw_graph *b) {
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->hashes[i] != b->hashes[i] || !equal(a, &a->nodes[i], &b->nodes[i]))
            return false;
    return true;
}

static dw_graph_id find(const dw_graph *g, const dw_graph_node *node, uint32_t hash) {
    for (size_t i = hash; g->slot_room > 0; i++) {
        uint32_t slot = g->slots[i & (g->slot_room - 1)];
        if (slot == 0)
            break;
        if (g->hashes[slot - 1] == hash && equal(g, &g->nodes[slot - 1], node))
            return slot - 1;
    }
    return DW_GRAPH_NONE;
}

static void enter(dw_graph *g, dw_graph_id id) {
    size_t i = g->hashes[id];
    while (g->slots[i & (g->slot_room - 1)] != 0)
        i++;
    g->slots[i & (g->slot_room - 1)] = id + 1;
}

/* Room for one more node, with at least half of the slots empty. */
static bool make_room(dw_graph *g, dw_err *err) {
    if (g->count < g->room)
        return true;
    size_t room = g->room ? 2 * g->room : 32;
    if (g->count >= DW_GRAPH_NONE - 1)
        return dw_err_memory(err, making);
    dw_graph_node *nodes = dw_mem_grow(g->mem, g->nodes, room * sizeof *nodes);
    if (!nodes)
        return dw_err_memory(err, making);
    g->nodes = nodes;
    uint32_t *hashes = dw_mem_grow(g->mem, g->hashes, room * sizeof *hashes);
    if (!hashes)
        return dw_err_memory(err, making);
    g->hashes = hashes;
    uint32_t *slots = dw_mem_array(g->mem, 2 * room, sizeof *slots);
    if (!slots)
        return dw_err_memory(err, making);
    dw_mem_free(g->slots);
    g->slots = slots;
    g->slot_room = 2 * room;
    g->room = room;
    for (size_t i = 0; i < g->count; i++)
        if (g->nodes[i].op != DW_OP_COPY)
            enter(g, (dw_graph_id)i);
    return true;
}

/* Adds a node without looking for an equal one; copies its places, takes its value over. */
static bool append(dw_graph *g, const dw_graph_node *node, uint32_t hash, dw_graph_id *out,
                   dw_err *err) {
    size_t count = place_count(g, node);
    size_t *places = NULL;
    if (!make_room(g, err))
        return false;
    if (count > 0) {
        places = dw_mem_raw(g->mem, count * sizeof *places);
        if (!places)
            return dw_err_memory(err, making);
        memcpy(places, node->places, count * sizeof *places);
    }
    *out = (dw_graph_id)g->count++;
    g->nodes[*out] = *node;
    g->nodes[*out].places = places;
    g->hashes[*out] = hash;
    if (node->op != DW_OP_COPY)
        enter(g, *out);
    return true;
}

/* Whether a node can be computed now: its inputs are known and the work is no more than a moment's
 * (nobody can interrupt it). */
static bool can_fold(const dw_graph *g, const dw_graph_node *node) {
    const double moment = 1e7;
    bool smaller = node->op == DW_OP_SPREAD || node->op == DW_OP_BATCH_SPREAD;
    if (smaller || node->op == DW_OP_RANDOM || dw_op_arity(node->op) == 0)
        return false; /* it is known as it is */
    for (unsigned k = 0; k < dw_op_arity(node->op); k++)
        if (g->nodes[node->input[k]].op != DW_OP_CONSTANT)
            return false;
    if (node->op != DW_OP_PRODUCT && node->op != DW_OP_SOLVE)
        return true;
    return (double)size_of(g, node->input[0]) * (double)node->columns * (double)node->batch <
           moment;
}

/* A node that is not folded: an equal one or a new one. */
static bool keep(dw_graph *g, const dw_graph_node *node, dw_graph_id *out, dw_err *err) {
    uint32_t hash = hash_of(g, node);
    *out = find(g, node, hash);
    if (*out != DW_GRAPH_NONE)
        return true;
    if (!append(g, node, hash, out, err))
        return false;
    if (node->value)
        dw_tensor_retain(node->value);
    return true;
}

/* Computes a node into `value`. Without a result, as of a singular matrix, *out is NONE. */
static bool compute(dw_graph *g, const dw_graph_node *node, dw_tensor *value, dw_graph_id *out,
                    dw_err *err) {
    const double *in[DW_OP_INPUTS] = {NULL, NULL, NULL};
    dw_op_call call;
    size_t bytes;
    void *room = NULL;
    dw_err trouble = {0};
    dw_store_call(g, node, &call);
    for (unsigned k = 0; k < dw_op_arity(node->op); k++)
        in[k] = g->nodes[node->input[k]].value->data;
    if (!dw_op_room(&call, &bytes, err))
        return false;
    if (bytes > 0 && !(room = dw_mem_raw(g->mem, bytes)))
        return dw_err_memory(err, making);
    bool done = dw_op_run(&call, value->data, in, room, NULL, &trouble);
    dw_mem_free(room);
    *out = DW_GRAPH_NONE;
    if (!done)
        return true;
    value->truth = node->truth;
    dw_graph_node constant = {.op = DW_OP_CONSTANT,
                              .truth = node->truth,
                              .rows = node->rows,
                              .columns = node->columns,
                              .batch = node->batch,
                              .input = {DW_GRAPH_NONE, DW_GRAPH_NONE, DW_GRAPH_NONE},
                              .value = value};
    return keep(g, &constant, out, err);
}

static bool fold(dw_graph *g, const dw_graph_node *node, dw_graph_id *out, dw_err *err) {
    dw_tensor *value = node->batch == 1
                           ? dw_tensor_raw(g->mem, node->rows, node->columns, err)
                           : dw_tensor_raw(g->mem, node->rows * node->columns, node->batch, err);
    bool fine = value && compute(g, node, value, out, err);
    dw_tensor_release(value);
    return fine;
}

bool dw_store_make(dw_graph *g, dw_graph_node node, dw_graph_id *out, dw_err *err) {
    size_t size;
    if (__builtin_mul_overflow(node.rows, node.columns, &size) ||
        __builtin_mul_overflow(size, node.batch, &size) || size > SIZE_MAX / sizeof(double))
        return dw_err_memory(err, making);
    for (unsigned k = dw_op_arity(node.op); k < DW_OP_INPUTS; k++)
        node.input[k] = DW_GRAPH_NONE;
    if (can_fold(g, &node)) {
        if (!fold(g, &node, out, err))
            return false;
        if (*out != DW_GRAPH_NONE)
            return true;
    }
    return keep(g, &node, out, err);
}

bool dw_store_add(dw_graph *g, dw_graph_node node, dw_graph_id *out, dw_err *err) {
    for (unsigned k = dw_op_arity(node.op); k < DW_OP_INPUTS; k++)
        node.input[k] = DW_GRAPH_NONE;
    return append(g, &node, 0, out, err);
}

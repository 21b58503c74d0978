/* SPDX-License-Identifier: BSD-3-Clause */
/* The nodes of a graph: kept in one growing array, found again by what they compute, and computed
 * at once when their inputs are known. What to make, and when not to, is decided in graph.c. */
#ifndef DW_STORE_H
#define DW_STORE_H

#include "graph/op.h"

typedef struct dw_graph dw_graph;

/* A node by its number: inputs of a node have smaller numbers than the node itself. */
typedef uint32_t dw_graph_id;
#define DW_GRAPH_NONE UINT32_MAX /* no node: a gradient that is zero */

typedef struct {
    dw_op op;
    uint8_t elem;                    /* MAP: dw_elem_unary; PAIR: dw_elem_binary */
    bool truth;                      /* its elements are truth values */
    size_t rows, columns;            /* shape of its value, or of each sample's value */
    size_t batch;                    /* how many samples; 1: the same for all */
    dw_graph_id input[DW_OP_INPUTS]; /* as many as op.def says; others DW_GRAPH_NONE */
    dw_tensor *value;                /* CONSTANT: retain it to keep it longer than the graph;
                                      * batched: [row][column][sample], whatever its own shape */
    const size_t *places; /* GATHER, PLACE: element places (from 0); owned by the graph */
    uint32_t argument;    /* INPUT: which one; RANDOM: the number of its stream */
} dw_graph_node;

struct dw_graph {
    dw_mem *mem;
    dw_graph_node *nodes;
    uint32_t *hashes; /* of each node */
    size_t count, room;
    uint32_t *slots; /* open addressing: node + 1, or 0 */
    size_t slot_room;
};

dw_graph *dw_store_new(dw_mem *mem, dw_err *err) DW_CHECK;
void dw_store_free(dw_graph **graph);

/* Whether two graphs have the same nodes in the same order. */
bool dw_store_same(const dw_graph *a, const dw_graph *b);

/* The operation of a node with the shapes it works on; borrows its places. */
void dw_store_call(const dw_graph *graph, const dw_graph_node *node, dw_op_call *out);

/* Puts the number of a node with this operation, these inputs and attributes into *out: of an equal
 * one, of a constant, or of a new one. Its value is retained, its places are copied; inputs beyond
 * what the operation takes are ignored. False with a MEMORY error. */
bool dw_store_make(dw_graph *g, dw_graph_node node, dw_graph_id *out, dw_err *err) DW_CHECK;

/* The same for a node that nothing may share; without a value or places. */
bool dw_store_add(dw_graph *g, dw_graph_node node, dw_graph_id *out, dw_err *err) DW_CHECK;

#endif

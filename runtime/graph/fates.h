/* SPDX-License-Identifier: BSD-3-Clause */
/* What becomes of the nodes of a graph in a plan: which are computed and in which form, which only
 * show part of another, and which disappear into a neighbour. */
#ifndef DW_FATES_H
#define DW_FATES_H

#include "graph/graph.h"
#include "tensor/vector.h"

typedef enum {
    DW_FATE_PLAIN,   /* the operation of the node */
    DW_FATE_INSERT,  /* in[1] added element by element at the places of node `core` into in[0] */
    DW_FATE_PRODUCT, /* a product, perhaps with what is done to it at once: see below */
    DW_FATE_CONTRACTION, /* a product over pairs (column, sample): graph.h */
    DW_FATE_GATE,        /* in[1] where in[0] is above 0, else 0 */
    DW_FATE_SLOPE,       /* in[1] times the slope of `elem`, σ or tanh, whose value in[0] is */
    DW_FATE_TWO,         /* two operations on pairs at once: `inner` of in[0] and in[1], `outer` of
                          * that and in[2] */
    DW_FATE_SQUARES      /* the sum of the squares of in[0], element by element of each sample */
} dw_fate_form;

typedef struct {
    bool needed;
    uint8_t form;                 /* dw_fate_form */
    uint8_t reads;                /* how many nodes it reads */
    bool turned[2];               /* PRODUCT, CONTRACTION: in[k] is read as its transpose */
    uint8_t elem;                 /* SLOPE: dw_elem_unary */
    uint8_t inner, outer;         /* TWO: dw_vector_operation */
    bool relu;                    /* PRODUCT: at last max(…, 0) */
    dw_graph_id in[DW_OP_INPUTS]; /* what it reads; PRODUCT: in[2] is added to every column */
    dw_graph_id core;             /* PRODUCT, CONTRACTION: the PRODUCT; INSERT: the PLACE */
    uint32_t uses;                /* how many nodes and outputs read it */
    uint32_t root;                /* the node whose memory it lies in */
    uint32_t last;     /* root: the last node that reads it; the count of nodes if an output does */
    size_t offset;     /* elements from the start of the root */
    bool never_minus0; /* no element is -0, so that adding 0 changes no bit */
} dw_fate;

/* Finds the fates of the first `count` nodes, which hold all outputs. `fates` has room for them. */
void dw_fates_find(const dw_graph *graph, dw_fate *fates, size_t count, const dw_graph_id *outputs,
                   size_t output_count);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* From a node whose place is settled to the step that computes it. */
#ifndef DW_COMPILE_H
#define DW_COMPILE_H

#include "graph/fates.h"
#include "graph/steps.h"

/* A node, what becomes of it, and where it and what it reads lie. */
typedef struct {
    const dw_graph *graph;
    dw_graph_id id;
    const dw_fate *fate;
    const dw_steps_around *around;
    dw_steps_value out, in[DW_OP_INPUTS];
} dw_compile_node;

/* Whether the step of a node needs a detail. */
bool dw_compile_needs_detail(const dw_graph *graph, dw_graph_id id, const dw_fate *fate);

/* Fills the step, and its detail, which owns a copy of the places then. False with a MEMORY error.
 */
bool dw_compile_step(dw_mem *mem, const dw_compile_node *node, dw_steps_step *step,
                     dw_err *err) DW_CHECK;

#endif

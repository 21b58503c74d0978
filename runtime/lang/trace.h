/* SPDX-License-Identifier: BSD-3-Clause */
/* Traced values: while a function is run to be differentiated or counted, its arguments stand for
 * unknown numbers of known shape, and every operation on them becomes a node of a graph.
 *
 * A traced value behaves like the array it stands for: the operators, [ ], loops over elements and
 * the builtins that can be traced accept it. Where a result does not depend on the arguments it is
 * an ordinary value again.
 *
 * A function may be run once for many samples: a value is then batched (graph.h), and the function
 * sees one sample's rows and columns. */
#ifndef DW_TRACE_H
#define DW_TRACE_H

#include "graph/graph.h"
#include "lang/operate.h"
#include "lang/value.h"

/* One value of the notebook the traced function read: the trace is only right while the name keeps
 * this value. */
typedef struct {
    uint32_t slot;
    dw_value value; /* holds a reference */
} dw_trace_read;

typedef struct dw_trace {
    uint32_t refs;
    dw_mem *mem;
    dw_graph *graph;
    dw_trace_read *reads;
    uint32_t read_count, read_room;
    size_t batch;    /* samples of the values the function gets; 1: none so far */
    bool one_by_one; /* whoever reads the graph knows no samples: comprehensions make none */
    const void
        *refused[4]; /* comprehensions that cannot run for all elements at once (batched.h) */
    size_t refused_count;
} dw_trace;

struct dw_traced {
    uint32_t refs;
    dw_trace *trace; /* holds a reference */
    dw_graph_id id;
    size_t rows, columns; /* what the language sees: the shape of one sample */
    size_t batch;         /* how many samples it stands for at once; 1: one value for all */
    bool truth;
};

/* An empty trace with one reference; NULL when there is no memory. The last release frees it. */
dw_trace *dw_trace_new(dw_mem *mem, dw_err *err) DW_CHECK;
void dw_trace_release(dw_trace *trace);

/* Notes that the value of a global slot was read. */
bool dw_trace_note(dw_trace *trace, uint32_t slot, dw_value value, dw_err *err) DW_CHECK;

/* The value of a node: traced, or an ordinary one when the node is a constant, the same for all
 * samples. That of a batched input tells the trace how many samples there are. */
bool dw_trace_value(dw_trace *trace, dw_graph_id id, dw_value *out, dw_err *err) DW_CHECK;

/* The node of a traced value, or a new constant node for a number or array. False with a TYPE error
 * for anything else. */
bool dw_trace_node(dw_trace *trace, dw_value v, dw_graph_id *id, dw_err *err) DW_CHECK;

/* The operators when at least one side is traced. */
bool dw_trace_binary(const dw_operate *o, dw_sign sign, dw_value a, dw_value b,
                     dw_value *out) DW_CHECK;
bool dw_trace_pair(const dw_operate *o, dw_elem_binary op, dw_value a, dw_value b,
                   dw_value *out) DW_CHECK;
bool dw_trace_unary(const dw_operate *o, dw_elem_unary op, dw_value a, dw_value *out) DW_CHECK;
bool dw_trace_choose(const dw_operate *o, dw_value condition, dw_value a, dw_value b,
                     dw_value *out) DW_CHECK;
bool dw_trace_transpose(const dw_operate *o, dw_value a, dw_value *out) DW_CHECK;

/* The elements at `places` (from 0, row by row) of a traced value as rows×columns. */
bool dw_trace_gather(dw_value v, const size_t *places, size_t rows, size_t columns, dw_value *out,
                     dw_err *err) DW_CHECK;

/* Element i of a loop over a traced value: a number of a vector, a column of a matrix. */
bool dw_trace_element(dw_value v, size_t i, dw_value *out, dw_err *err) DW_CHECK;

/* v[i] with an i that differs from sample to sample and is known for each: whether it is one and
 * names an element of a vector or a column of a matrix in every sample; and that element. */
bool dw_trace_can_pick(dw_value v, dw_value i);
bool dw_trace_pick(dw_value v, dw_value i, dw_value *out, dw_err *err) DW_CHECK;

/* [ ] of pieces of which at least one is traced; the others are numbers and arrays. */
bool dw_trace_join(const dw_value *pieces, size_t count, bool below, dw_value *out,
                   dw_err *err) DW_CHECK;

#endif

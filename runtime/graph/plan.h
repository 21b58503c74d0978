/* SPDX-License-Identifier: BSD-3-Clause */
/* A graph made ready to run many times: the nodes that matter in order, with a place in one block
 * of memory for each. Running allocates nothing. */
#ifndef DW_PLAN_H
#define DW_PLAN_H

#include "base/pool.h"
#include "graph/graph.h"
#include "tensor/vector.h"

typedef struct dw_plan dw_plan;

/* Prepares the computation of some nodes of a graph. The plan keeps what it needs of the graph,
 * which may be freed or go on growing. NULL with an error when there is no memory. */
dw_plan *dw_plan_new(dw_mem *mem, const dw_graph *graph, const dw_graph_id *outputs, size_t count,
                     dw_err *err) DW_CHECK;
void dw_plan_free(dw_plan **plan);

/* Runs it. inputs[n] holds the elements of input n, outputs[i] receives those of output i, as
 * doubles [element][sample] and as many as the nodes' shapes say. Outputs are written at the end,
 * so they may lie where inputs do. Polls `cancel` (NULL: never) between steps. False with an
 * INTERRUPT or NUMERIC error (a singular matrix). Not for packs. */
bool dw_plan_run(dw_plan *plan, const double *const *inputs, double *const *outputs,
                 const dw_cancel *cancel, dw_err *err) DW_CHECK;

/* ---- plans whose inputs and outputs stay where they are, for training and for many runs ---- */

/* What the numbers of a plan are: doubles, singles, or packs of DW_LANES doubles, one for each of
 * as many independent runs. With `join` the outputs from the second on lie one behind the other, in
 * order and without gaps. */
typedef struct {
    dw_vector_type type;
    bool join;
    dw_pool *pool; /* threads for large steps, as long as the plan lives; NULL: none */
} dw_plan_options;

/* dw_plan_new with options. */
dw_plan *dw_plan_prepare(dw_mem *mem, const dw_graph *graph, const dw_graph_id *outputs,
                         size_t count, const dw_plan_options *options, dw_err *err) DW_CHECK;

/* Where an input or output lies as long as the plan does. Element e of sample s begins e*stride + s
 * numbers behind `at`; a number is a double, a float, or a pack (DW_LANES doubles, one per run).
 * Inputs are zeros at first and keep what was written. Except for a number alone, which has others
 * beside it, they are aligned to 64 bytes, and whoever writes one may write up to the end of its
 * last vector. `at` is NULL for an input no output depends on. */
typedef struct {
    void *at;
    size_t elements, batch, stride;
} dw_plan_port;
dw_plan_port dw_plan_input(const dw_plan *plan, uint32_t argument);
dw_plan_port dw_plan_output(const dw_plan *plan, size_t output);

/* Runs the steps on what lies in the inputs. Errors as dw_plan_run. */
bool dw_plan_step(dw_plan *plan, const dw_cancel *cancel, dw_err *err) DW_CHECK;

/* The same plan with memory of its own, for another thread (it uses no pool); inputs are copied as
 * they are. */
dw_plan *dw_plan_copy(dw_mem *mem, const dw_plan *plan, dw_err *err) DW_CHECK;

/* Floating-point operations of one run, as flops.h counts them. The same on every machine. */
double dw_plan_flops(const dw_plan *plan);

#endif

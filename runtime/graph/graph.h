/* SPDX-License-Identifier: BSD-3-Clause */
/* A computation as data: operations on arrays with known shapes, each naming the earlier ones it
 * needs. Building simplifies: constants are folded, equal operations share one node, and what adds
 * 0, multiplies by 1 or selects with a constant disappears.
 *
 * Shapes are rows×columns, row by row in memory, as everywhere. A number is 1×1 and goes with any
 * shape in an element-by-element operation; nothing else is stretched.
 *
 * A node is uniform (batch 1) or has a value of its shape for each of `batch` samples. Every
 * operation works on one sample at a time, and uniform operands go with every sample: a result is
 * batched if an operand is, with as many samples (two different numbers of samples are an INTERNAL
 * error). Only BATCH_SUM and a PUT into a uniform array look at several samples. */
#ifndef DW_GRAPH_H
#define DW_GRAPH_H

#include "graph/store.h"

/* An empty graph on the account; NULL when there is no memory. Freeing sets *graph to NULL. */
dw_graph *dw_graph_new(dw_mem *mem, dw_err *err) DW_CHECK;
void dw_graph_free(dw_graph **graph);

/* How many nodes there are, and one of them (valid until the next node is made). */
size_t dw_graph_count(const dw_graph *graph);
const dw_graph_node *dw_graph_at(const dw_graph *graph, dw_graph_id id);

/* The functions below make a node (or find an equal one), put its number into *out and return true,
 * or return false with a MEMORY or SHAPE error (shapes in the words of dw_elem_pair and
 * dw_tensor_product). `g` is the graph. */

/* The n-th input of the computation, of shape.rows×shape.columns, for each of shape.batch samples.
 */
bool dw_graph_input(dw_graph *g, uint32_t n, dw_op_shape shape, dw_graph_id *out,
                    dw_err *err) DW_CHECK;
/* A value known now, the same for all samples; retains the tensor. */
bool dw_graph_constant(dw_graph *g, dw_tensor *value, dw_graph_id *out, dw_err *err) DW_CHECK;
/* A value known now for each sample: the numbers of the tensor are [row][column][sample]. Retains
 * it. INTERNAL error when there are not as many as the shape says. */
bool dw_graph_samples(dw_graph *g, dw_tensor *value, dw_op_shape shape, dw_graph_id *out,
                      dw_err *err) DW_CHECK;
bool dw_graph_number(dw_graph *g, double value, dw_graph_id *out, dw_err *err) DW_CHECK;
/* The same value under a new number: never shared, so that a derivative can be taken with respect
 * to just this occurrence. */
bool dw_graph_copy(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) DW_CHECK;

/* Element by element. A row and a column of the same length go together, the left decides. */
bool dw_graph_map(dw_graph *g, dw_elem_unary op, dw_graph_id x, dw_graph_id *out,
                  dw_err *err) DW_CHECK;
bool dw_graph_pair(dw_graph *g, dw_elem_binary op, dw_graph_id x, dw_graph_id y, dw_graph_id *out,
                   dw_err *err) DW_CHECK;
/* x where the condition holds, else y; each of shape of the condition or a number. A 1×1 condition
 * with larger x or y selects the whole of one (x and y then have one shape or are numbers). */
bool dw_graph_choose(dw_graph *g, dw_graph_id condition, dw_graph_id x, dw_graph_id y,
                     dw_graph_id *out, dw_err *err) DW_CHECK;

/* Matrix product, transpose, the same elements row by row in another shape. */
bool dw_graph_product(dw_graph *g, dw_graph_id x, dw_graph_id y, dw_graph_id *out,
                      dw_err *err) DW_CHECK;
bool dw_graph_transpose(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) DW_CHECK;
bool dw_graph_reshape(dw_graph *g, dw_graph_id x, size_t rows, size_t columns, dw_graph_id *out,
                      dw_err *err) DW_CHECK;

/* The sum of all elements (fixed tree), and a number spread over a shape: each the other's adjoint.
 */
bool dw_graph_sum(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) DW_CHECK;
bool dw_graph_spread(dw_graph *g, dw_graph_id x, size_t rows, size_t columns, dw_graph_id *out,
                     dw_err *err) DW_CHECK;
/* √Σx²; its derivative at 0 is 0. The largest element and the smallest; where several are equal the
 * derivative is shared among them. */
bool dw_graph_norm(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) DW_CHECK;
bool dw_graph_largest(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) DW_CHECK;
bool dw_graph_smallest(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) DW_CHECK;

/* The elements at given places (from 0, row by row) as a rows×columns array; and a rows×columns
 * array of zeros to which element i of x is added at places[i]: each the other's adjoint. The
 * places are copied. */
bool dw_graph_gather(dw_graph *g, dw_graph_id x, const size_t *places, size_t rows, size_t columns,
                     dw_graph_id *out, dw_err *err) DW_CHECK;
bool dw_graph_place(dw_graph *g, dw_graph_id x, const size_t *places, size_t rows, size_t columns,
                    dw_graph_id *out, dw_err *err) DW_CHECK;

/* The x that solves a*x = b (least squares when a is tall). */
bool dw_graph_solve(dw_graph *g, dw_graph_id a, dw_graph_id b, dw_graph_id *out,
                    dw_err *err) DW_CHECK;

/* The sum over the samples: uniform (x itself when it is uniform: a sum over one sample). And a
 * uniform value for each of `batch` samples (x itself when it is batched already): only needed
 * where a batched shape is asked for. */
bool dw_graph_batch_sum(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) DW_CHECK;
bool dw_graph_batch_spread(dw_graph *g, dw_graph_id x, size_t batch, dw_graph_id *out,
                           dw_err *err) DW_CHECK;

/* Whether a node is a BATCH_SUM of a product of two batched operands, such as the gradient of W in
 * W*x. A plan computes it as one product over pairs (column, sample) and never makes the samples'
 * products (op.h): the only place where it may differ, in the last digits, from one operation
 * after the other. */
bool dw_graph_is_contraction(const dw_graph *graph, dw_graph_id id);

/* The same value, through which no derivative passes. */
bool dw_graph_detach(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) DW_CHECK;

/* The columns of a d×V table that an index (n numbers from 0, a row or a column) names: d×n.
 * Numbers that name no column give NaN. And its adjoint: the n columns of x added where the index
 * says into zeros of shape.rows×shape.columns; shape.batch is that of x and index, or 1 to add up
 * all samples. */
bool dw_graph_pick(dw_graph *g, dw_graph_id table, dw_graph_id index, dw_graph_id *out,
                   dw_err *err) DW_CHECK;
bool dw_graph_put(dw_graph *g, dw_graph_id x, dw_graph_id index, dw_op_shape shape,
                  dw_graph_id *out, dw_err *err) DW_CHECK;

/* Numbers in [0, 1), different for each element and sample: those of a stream of a key (uniform,
 * 2×1: key and step). The same key, step and stream give the same numbers. */
bool dw_graph_random(dw_graph *g, dw_graph_id key, uint32_t stream, dw_op_shape shape,
                     dw_graph_id *out, dw_err *err) DW_CHECK;

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* The operations of op.def on plain memory: what folding a constant and running a plan have in
 * common. The results are those of the tensor layer, bit for bit.
 *
 * A value is either uniform (batch 1) or has one rows×columns array for each of `batch` samples,
 * in memory [row][column][sample]. An operation on batched values is the operation on each sample
 * alone, uniform operands going with every sample. Only four do something across samples:
 *
 * BATCH_SUM of an element is dw_reduce_sum of its samples.
 * PRODUCT of two batched operands with a uniform result (batch 1) is the sum of the samples'
 * products, taken as one product: a's columns joined to pairs (column, sample) and b's rows
 * likewise, samples fastest. A plan puts it in the place of a contraction (graph.h).
 * PUT with a uniform result adds the columns of all samples: column 0 of each sample, column 1 …
 * RANDOM draws number e*batch + s for element e of sample s.
 *
 * An element of a product is Σ a[k]*b[k], each step rounded once (fma), from 0 upwards over blocks
 * of DW_PRODUCT_BLOCK; then the blocks' sums are added, the first two first. */
#ifndef DW_OP_H
#define DW_OP_H

#include "tensor/elem.h"

typedef enum {
#define DW_OP(name, arity, what) DW_OP_##name,
#include "graph/op.def"
    DW_OPS
} dw_op;

enum { DW_OP_INPUTS = 3 };

/* How many inputs an operation has. */
unsigned dw_op_arity(dw_op op);

/* batch: how many samples; 1 when there is one value for all. */
typedef struct {
    size_t rows, columns, batch;
} dw_op_shape;

/* One operation and the shapes it works on, which fit (graph.h says what fits). */
typedef struct {
    dw_op op;
    uint8_t elem;      /* MAP: dw_elem_unary; PAIR: dw_elem_binary */
    dw_op_shape shape; /* of the result */
    dw_op_shape input[DW_OP_INPUTS];
    const size_t *places; /* GATHER, PLACE */
    uint32_t stream;      /* RANDOM */
} dw_op_call;

/* Computes it from the inputs in[i] into `out`. INPUT and CONSTANT do nothing. `out` shares no
 * memory with an input, except that an operation for which dw_op_overlaps holds may write over an
 * input of the size of the result. `room` is working memory of dw_op_room bytes, 64-byte aligned.
 * Polls `cancel` (NULL: never) now and then. False with an INTERRUPT or NUMERIC error (a singular
 * matrix). */
bool dw_op_run(const dw_op_call *call, double *out, const double *const *in, void *room,
               const dw_cancel *cancel, dw_err *err) DW_CHECK;
bool dw_op_overlaps(dw_op op);

/* Numbers first … first+n-1, in [0, 1), of a stream of RANDOM: key and step are the two inputs,
 * whose bits count. */
void dw_op_random(const double key[2], uint32_t stream, uint64_t first, double *out, size_t n);

/* The column of a table with `columns` that a number of an index names: its whole part, from 0.
 * SIZE_MAX if there is none: then PICK gives NaN and PUT adds nothing. */
size_t dw_op_column(double index, size_t columns);

/* Sets *bytes; false with a MEMORY error when no machine has as many. */
bool dw_op_room(const dw_op_call *call, size_t *bytes, dw_err *err) DW_CHECK;

#endif

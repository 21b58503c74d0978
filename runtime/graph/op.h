/* SPDX-License-Identifier: BSD-3-Clause */
/* The operations of op.def on plain memory: what folding a constant and running a plan have in
 * common. The results are those of the tensor layer, bit for bit. */
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

typedef struct {
    size_t rows, columns;
} dw_op_shape;

/* One operation and the shapes it works on, which fit (graph.h says what fits). */
typedef struct {
    dw_op op;
    uint8_t elem;      /* MAP: dw_elem_unary; PAIR: dw_elem_binary */
    dw_op_shape shape; /* of the result */
    dw_op_shape input[DW_OP_INPUTS];
    const size_t *places; /* GATHER, PLACE */
} dw_op_call;

/* Computes it from the inputs in[i] into `out`. INPUT and CONSTANT do nothing. `out` shares no
 * memory with an input, except that an operation for which dw_op_overlaps holds may write over an
 * input of the size of the result. `room` is working memory of dw_op_room bytes, 64-byte aligned.
 * Polls `cancel` (NULL: never) now and then. False with an INTERRUPT or NUMERIC error (a singular
 * matrix). */
bool dw_op_run(const dw_op_call *call, double *out, const double *const *in, void *room,
               const dw_cancel *cancel, dw_err *err) DW_CHECK;
bool dw_op_overlaps(dw_op op);

/* Sets *bytes; false with a MEMORY error when no machine has as many. */
bool dw_op_room(const dw_op_call *call, size_t *bytes, dw_err *err) DW_CHECK;

#endif

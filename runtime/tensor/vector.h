/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels that plans run: operations on whole vectors of 64 bytes, one table for each type of
 * number and each instruction set (base/simd.h), all with the same bits.
 *
 * A value is rows of vectors: an array that every sample shares is one row of as many vectors as it
 * fills; one that differs by sample is a row for each of its elements, the samples side by side.
 * Rows begin where vectors do and end in numbers that nobody looks at, so there are no halves. In a
 * PACK a number is eight numbers of eight independent runs: every vector is one number. */
#ifndef DW_VECTOR_H
#define DW_VECTOR_H

#include "base/simd.h"
#include "tensor/elem_op.h"
#include "tensor/vector_type.h"

#include <stdbool.h>

/* What an operation reads for each row of its result. */
typedef struct {
    const void *at;
    size_t step; /* bytes from what one row reads to what the next one does: 0 for the same */
    bool one;    /* a single number for the whole row, else as many vectors as the result has;
                  * not both sides of a pair */
} dw_vector_source;

/* Operations write `rows` rows of `vectors` vectors, one behind the other. The result may lie where
 * an operand of the same layout does; else they share no memory. */
typedef void dw_vector_map(void *out, const void *x, size_t vectors);
typedef void dw_vector_pair(void *out, const dw_vector_source *x, const dw_vector_source *y,
                            size_t rows, size_t vectors);
typedef void dw_vector_choose(void *out, const dw_vector_source source[3], size_t rows,
                              size_t vectors);

/* Two operations at once, each rounded: x + y, x - y or x.*y of the first two sources, and then
 * with the third z: that + z, that - z, that .* z, or z - that. */
typedef enum {
    DW_VECTOR_SUM,
    DW_VECTOR_DIFFERENCE,
    DW_VECTOR_MULTIPLE,
    DW_VECTOR_INNERS,
    DW_VECTOR_REST = DW_VECTOR_INNERS, /* only as the second */
    DW_VECTOR_OUTERS
} dw_vector_operation;
typedef void dw_vector_two(void *out, const dw_vector_source source[3], size_t rows,
                           size_t vectors);

/* What an activation whose value is z lets through of a gradient x: relu x where z is above 0, else
 * 0; σ x*(z*(1 - z)); tanh x*(1 - z*z). */
typedef void dw_vector_gate(void *out, const void *z, const void *x, size_t vectors);

/* From `count` rows of `vectors` vectors to one: Σ, Σx², √Σx², the largest, the smallest, with the
 * trees and rules of reduce.h for every number of a row by itself; for √Σx² the squares of singles
 * are added as doubles from the first to the last, and the root is rounded once. */
typedef void dw_vector_fold(void *out, const void *x, size_t count, size_t vectors);

/* Σ of the first `count` numbers of each of `rows` rows that are `step` bytes apart, as numbers
 * side by side. Singles are added as doubles and rounded once. */
typedef void dw_vector_total(void *out, const void *x, size_t rows, size_t step, size_t count);

typedef struct {
    size_t number; /* bytes of one */
    dw_vector_map *map[DW_ELEM_UNARIES];
    dw_vector_pair *pair[DW_ELEM_BINARIES];
    dw_vector_choose *choose;
    void (*spread)(void *out, const dw_vector_source *x, size_t rows, size_t vectors);
    dw_vector_gate *gate, *slope_sigmoid, *slope_tanh;
    dw_vector_two *two[DW_VECTOR_INNERS][DW_VECTOR_OUTERS];
    dw_vector_fold *sum, *squares, *norm, *largest, *smallest;
    dw_vector_total *total;
} dw_vector_kernels;

/* The tables of each level (vector_simd.c), a row for each type; whoever runs kernels asks for one.
 */
extern const dw_vector_kernels dw_vector_simd_base[DW_VECTOR_TYPES];
extern const dw_vector_kernels dw_vector_simd_avx2[DW_VECTOR_TYPES];
extern const dw_vector_kernels dw_vector_simd_avx512[DW_VECTOR_TYPES];

/* The table for a type at the level in use. */
const dw_vector_kernels *dw_vector_at(dw_vector_type type);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* Products of matrices. Every element of a result is a chain c = a*b + c over the inner index, each
 * link rounded once (fused), begun anew with 0 every DW_PRODUCT_BLOCK links, the blocks then added
 * up from left to right. So the digits depend neither on the instruction set, nor on the number of
 * threads, nor on how a product is cut up. */
#ifndef DW_PRODUCT_H
#define DW_PRODUCT_H

#include "base/cancel.h"
#include "base/err.h"
#include "base/simd.h"
#include "tensor/vector_type.h"

enum { DW_PRODUCT_BLOCK = 256 };

/* c = a*b for a of rows×inner and b of inner×columns numbers. Distances are counted in numbers of
 * the type; the columns of c lie side by side. */
typedef struct {
    size_t rows, inner, columns;
    const void *a;
    size_t a_row, a_inner; /* from one row of a to the next, from one column to the next */
    const void *b;
    size_t b_inner, b_column;
    void *c;
    size_t c_row;
    bool whole;       /* the rows of b (if its columns lie side by side) may be read, and those of c
                         written, to the ends of vectors */
    const void *bias; /* added to each row, one number for each; or NULL */
    bool relu;        /* then max(c, 0) is stored */
} dw_product_call;

/* Working memory for a call, in bytes: at most about 1 MB, 0 when it needs none. */
size_t dw_product_room(dw_vector_type type, const dw_product_call *call);

/* Part `part` of `parts` of a call: some of its rows or columns, whichever are more; none at all
 * when there are not enough. */
dw_product_call dw_product_part(dw_vector_type type, const dw_product_call *call, unsigned part,
                                unsigned parts);

/* Computes it. `room` is 64-byte aligned. Looks at `cancel` (NULL: never) between blocks: false
 * when it asked to stop; c is then unfinished. c shares no memory with the rest. */
bool dw_product_run(dw_vector_type type, const dw_product_call *call, void *room,
                    const dw_cancel *cancel) DW_CHECK;

/* A product for each of `vectors` vectors by itself: all distances are bytes. Of values that differ
 * by sample on both sides. */
typedef struct {
    size_t rows, inner, columns, vectors;
    const void *a;
    size_t a_row, a_inner;
    const void *b;
    size_t b_inner, b_column;
    void *c;
    size_t c_row, c_column;
} dw_product_each;
void dw_product_run_each(dw_vector_type type, const dw_product_each *call);

/* A small product cut into tiles once, for running many times. */
typedef struct dw_product_tile dw_product_tile;
typedef void dw_product_tile_run(const dw_product_tile *tile);
struct dw_product_tile { /* distances in bytes */
    dw_product_tile_run *run;
    const char *a, *b, *bias; /* bias: NULL, or one number for each row */
    char *c;
    size_t a_row, a_inner, b_inner, c_row;
    size_t inner;
    size_t column, vectors, part; /* where it is; how wide; columns in its last vector */
    bool whole;                   /* its last vector may be written to the end */
    bool first, last;             /* block of the inner index */
    bool relu;
};

/* Writes at most `most` tiles of a call and returns how many there are: 0 when it is no small one
 * (its inner index is longer than a block, or it needs panels of a). Where dw_product_packs holds,
 * dw_product_pack goes before the tiles each time; `room` is dw_product_room bytes that stay
 * theirs. */
size_t dw_product_prepare(dw_vector_type type, const dw_product_call *call, void *room,
                          dw_product_tile *tiles, size_t most);
bool dw_product_packs(dw_vector_type type, const dw_product_call *call);
void dw_product_pack(dw_vector_type type, const dw_product_call *call, void *room);

/* The kernels behind these functions, a row for each type at each level (product_simd.c). */
typedef struct {
    size_t (*room)(const dw_product_call *call);
    bool (*run)(const dw_product_call *call, void *room, const dw_cancel *cancel);
    void (*each)(const dw_product_each *call);
    bool (*packs)(const dw_product_call *call);
    void (*pack)(const dw_product_call *call, void *room);
    size_t (*prepare)(const dw_product_call *call, void *room, dw_product_tile *tiles, size_t most);
} dw_product_kernels;
extern const dw_product_kernels dw_product_simd_base[DW_VECTOR_TYPES];
extern const dw_product_kernels dw_product_simd_avx2[DW_VECTOR_TYPES];
extern const dw_product_kernels dw_product_simd_avx512[DW_VECTOR_TYPES];

#endif

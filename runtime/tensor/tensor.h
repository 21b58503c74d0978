/* SPDX-License-Identifier: BSD-3-Clause */
/* Tensors: blocks of doubles with a shape. Immutable once shared; counted by reference.
 *
 * Layout is row by row (the last axis runs fastest). The language's rows are 1×n, its columns n×1,
 * its matrices n×m; layers may use up to four axes. A tensor of truth values holds 0.0 and 1.0.
 * Counts are not atomic: a tensor belongs to the thread that runs the session. */
#ifndef DW_TENSOR_H
#define DW_TENSOR_H

#include "base/cancel.h"
#include "base/mem.h"

enum { DW_TENSOR_AXES = 4 };

typedef struct dw_tensor {
    uint32_t refs;              /* first field, as in every counted object of the language */
    uint8_t axes;               /* 2 for everything the language itself makes */
    bool truth;                 /* truth values: all elements are 0 or 1 */
    size_t dim[DW_TENSOR_AXES]; /* dim[0] rows, dim[1] columns; unused axes are 1 */
    size_t size;                /* product of all dims */
    double *data;               /* 64-byte aligned, in the same block as this struct */
} dw_tensor;

/* A new rows×columns tensor with one reference, zeroed or not; NULL with an error that names the
 * size when it does not fit into memory (rows*columns is checked for overflow). */
dw_tensor *dw_tensor_zeros(dw_mem *mem, size_t rows, size_t columns, dw_err *err) DW_CHECK;
dw_tensor *dw_tensor_raw(dw_mem *mem, size_t rows, size_t columns, dw_err *err) DW_CHECK;

/* One more, one less reference (the last frees). NULL is allowed in release. */
static inline dw_tensor *dw_tensor_retain(dw_tensor *tensor) {
    tensor->refs++;
    return tensor;
}
void dw_tensor_release(dw_tensor *tensor);

/* A tensor with the same contents that the caller may write to: `tensor` itself when it has only
 * one reference, else a copy (and one reference of `tensor` is given up). NULL: no memory, and the
 * reference is given up too. */
dw_tensor *dw_tensor_own(dw_mem *mem, dw_tensor *tensor, dw_err *err) DW_CHECK;

/* Facts about shapes. A vector is a row or a column (so 1×1 is both). */
static inline size_t dw_tensor_rows(const dw_tensor *t) {
    return t->dim[0];
}
static inline size_t dw_tensor_columns(const dw_tensor *t) {
    return t->dim[1];
}
static inline bool dw_tensor_is_row(const dw_tensor *t) {
    return t->axes == 2 && t->dim[0] == 1;
}
static inline bool dw_tensor_is_column(const dw_tensor *t) {
    return t->axes == 2 && t->dim[1] == 1;
}
static inline bool dw_tensor_is_vector(const dw_tensor *t) {
    return dw_tensor_is_row(t) || dw_tensor_is_column(t);
}
bool dw_tensor_same_shape(const dw_tensor *a, const dw_tensor *b);

/* The shape in the words errors use: "a row of 3", "a column of 2", "a 3×2 matrix", "an empty
 * row", "a number"; written into out (NUL-terminated) and returned. */
enum { DW_TENSOR_WORDS = 64 };
const char *dw_tensor_words(const dw_tensor *tensor, char out[DW_TENSOR_WORDS]);

/* Transposed copy; parts [from, to) of rows and columns; the matrix product (sums in a fixed order,
 * independent of the machine); all return a new tensor or NULL with an error in the words of the
 * language (product: "cannot multiply a row of 3 * a row of 3: 3 and 1 do not match; write .* for
 * element by element, · for the dot product"). `cancel` may be NULL. */
dw_tensor *dw_tensor_transpose(dw_mem *mem, const dw_tensor *t, dw_err *err) DW_CHECK;
dw_tensor *dw_tensor_product(dw_mem *mem, const dw_tensor *a, const dw_tensor *b,
                             const dw_cancel *cancel, dw_err *err) DW_CHECK;

/* Whether two shapes can be multiplied (looks at nothing else): false with that error. */
bool dw_tensor_product_fits(const dw_tensor *a, const dw_tensor *b, dw_err *err) DW_CHECK;

/* The product of matrices that fit, written into `out`, which has the right shape and shares no
 * memory with them; product.h says in which order its sums are taken. Large ones need working
 * memory. False with an INTERRUPT or MEMORY error. */
bool dw_tensor_product_into(dw_mem *mem, const dw_tensor *a, const dw_tensor *b, dw_tensor *out,
                            const dw_cancel *cancel, dw_err *err) DW_CHECK;

/* The transpose of rows×columns numbers, into memory of its own. */
void dw_tensor_transpose_into(const double *from, size_t rows, size_t columns, double *to);

/* Sets *out to Σ a[i]*b[i]; both must be vectors of the same length. */
bool dw_tensor_dot(const dw_tensor *a, const dw_tensor *b, double *out, dw_err *err) DW_CHECK;

/* Joins side by side (same number of rows) or on top of each other (same number of columns). Empty
 * rows and columns (size 0) join with anything. Truth values give truth values when all pieces are
 * such. */
dw_tensor *dw_tensor_beside(dw_mem *mem, dw_tensor *const *pieces, size_t count,
                            dw_err *err) DW_CHECK;
dw_tensor *dw_tensor_below(dw_mem *mem, dw_tensor *const *pieces, size_t count,
                           dw_err *err) DW_CHECK;

/* The elements at the given places (0-based, already checked) as an out_rows×out_columns tensor. */
dw_tensor *dw_tensor_gather(dw_mem *mem, const dw_tensor *t, const size_t *places, size_t out_rows,
                            size_t out_columns, dw_err *err) DW_CHECK;

#endif

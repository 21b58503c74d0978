/* SPDX-License-Identifier: BSD-3-Clause */
/* Making, sharing, joining and taking apart tensors, and their products. */
#include "tensor/tensor.h"

#include "tensor/product.h"

#include "tensor/reduce.h"

#include <inttypes.h>
#include <stdio.h>
#include <math.h>
#include <string.h>

enum { DATA_START = 64 * ((sizeof(dw_tensor) + 63) / 64) };

/* Whether a number in words starts with a vowel: 8…, 11, 18, 11…thousand, 18…thousand. */
static bool starts_with_vowel(size_t n) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%zu", n);
    if (digits[0] == '8')
        return true;
    return length % 3 == 2 && digits[0] == '1' && (digits[1] == '1' || digits[1] == '8');
}

static void shape_words(const size_t *dim, unsigned axes, char out[DW_TENSOR_WORDS]) {
    if (axes == 2 && dim[0] == 1 && dim[1] == 1)
        snprintf(out, DW_TENSOR_WORDS, "a number");
    else if (axes == 2 && dim[0] == 1 && dim[1] == 0)
        snprintf(out, DW_TENSOR_WORDS, "an empty row");
    else if (axes == 2 && dim[0] == 0 && dim[1] == 1)
        snprintf(out, DW_TENSOR_WORDS, "an empty column");
    else if (axes == 2 && dim[0] == 1)
        snprintf(out, DW_TENSOR_WORDS, "a row of %zu", dim[1]);
    else if (axes == 2 && dim[1] == 1)
        snprintf(out, DW_TENSOR_WORDS, "a column of %zu", dim[0]);
    else {
        int used = snprintf(out, DW_TENSOR_WORDS, "%s %zu", starts_with_vowel(dim[0]) ? "an" : "a",
                            dim[0]);
        for (unsigned i = 1; i < axes && used < DW_TENSOR_WORDS; i++)
            used += snprintf(out + used, DW_TENSOR_WORDS - (size_t)used, "×%zu", dim[i]);
        if (used < DW_TENSOR_WORDS)
            snprintf(out + used, DW_TENSOR_WORDS - (size_t)used, "%s",
                     axes == 2 ? " matrix" : " block");
    }
}

const char *dw_tensor_words(const dw_tensor *tensor, char out[DW_TENSOR_WORDS]) {
    shape_words(tensor->dim, tensor->axes, out);
    return out;
}

static bool too_large(size_t rows, size_t columns, dw_err *err) {
    char words[DW_TENSOR_WORDS], what[DW_TENSOR_WORDS + 32];
    shape_words((size_t[]){rows, columns}, 2, words);
    double bytes = 8.0 * (double)rows * (double)columns;
    if (bytes >= 1e9)
        snprintf(what, sizeof what, "%s (%.0f GB)", words, bytes / 1e9);
    else
        snprintf(what, sizeof what, "%s", words);
    return dw_err_memory(err, what);
}

static dw_tensor *make(dw_mem *mem, size_t rows, size_t columns, bool zeroed, dw_err *err) {
    size_t size, bytes;
    dw_tensor *t = NULL;
    if (!__builtin_mul_overflow(rows, columns, &size) &&
        !__builtin_mul_overflow(size, sizeof(double), &bytes) &&
        !__builtin_add_overflow(bytes, (size_t)DATA_START, &bytes))
        t = zeroed ? dw_mem_new(mem, bytes) : dw_mem_raw(mem, bytes);
    if (!t) {
        too_large(rows, columns, err);
        return NULL;
    }
    *t = (dw_tensor){.refs = 1,
                     .axes = 2,
                     .dim = {rows, columns, 1, 1},
                     .size = size,
                     .data = (double *)(void *)((char *)t + DATA_START)};
    return t;
}

dw_tensor *dw_tensor_zeros(dw_mem *mem, size_t rows, size_t columns, dw_err *err) {
    return make(mem, rows, columns, true, err);
}

dw_tensor *dw_tensor_raw(dw_mem *mem, size_t rows, size_t columns, dw_err *err) {
    return make(mem, rows, columns, false, err);
}

void dw_tensor_release(dw_tensor *tensor) {
    if (tensor && --tensor->refs == 0)
        dw_mem_free(tensor);
}

static void copy_numbers(double *to, const double *from, size_t n) {
    if (n > 0)
        memcpy(to, from, n * sizeof *to);
}

dw_tensor *dw_tensor_own(dw_mem *mem, dw_tensor *tensor, dw_err *err) {
    if (tensor->refs == 1)
        return tensor;
    /* The size is that of an existing tensor, so it fits in a row whatever the axes are. */
    dw_tensor *copy = make(mem, 1, tensor->size, false, err);
    if (copy) {
        copy->axes = tensor->axes;
        copy->truth = tensor->truth;
        memcpy(copy->dim, tensor->dim, sizeof copy->dim);
        copy_numbers(copy->data, tensor->data, tensor->size);
    }
    dw_tensor_release(tensor);
    return copy;
}

bool dw_tensor_same_shape(const dw_tensor *a, const dw_tensor *b) {
    if (a->axes != b->axes)
        return false;
    for (unsigned i = 0; i < a->axes; i++)
        if (a->dim[i] != b->dim[i])
            return false;
    return true;
}

enum { SIDE = 16 }; /* both sides of a tile stay in the nearest cache */

/* Transposes the rows from i0 on that one line of tiles holds. */
static void transpose_band(const double *from, size_t rows, size_t columns, size_t i0, double *to) {
    for (size_t j0 = 0; j0 < columns; j0 += SIDE)
        for (size_t i = i0; i < rows && i < i0 + SIDE; i++)
            for (size_t j = j0; j < columns && j < j0 + SIDE; j++)
                to[j * rows + i] = from[i * columns + j];
}

void dw_tensor_transpose_into(const double *from, size_t rows, size_t columns, double *to) {
    if (rows == 1 || columns == 1) {
        copy_numbers(to, from, rows * columns);
        return;
    }
    for (size_t i0 = 0; i0 < rows; i0 += SIDE)
        transpose_band(from, rows, columns, i0, to);
}

dw_tensor *dw_tensor_transpose(dw_mem *mem, const dw_tensor *t, dw_err *err) {
    size_t rows = t->dim[0], columns = t->size && rows ? t->size / rows : t->dim[1];
    dw_tensor *out = dw_tensor_raw(mem, columns, rows, err);
    if (!out)
        return NULL;
    out->truth = t->truth;
    if (rows == 1 || columns == 1)
        copy_numbers(out->data, t->data, rows * columns);
    for (size_t i0 = 0; rows > 1 && columns > 1 && i0 < rows; i0 += SIDE) {
        /* a band may be long: every one of them is a time to look */
        if (!dw_cancel_goes_on(mem->cancel, 0, err)) {
            dw_tensor_release(out);
            return NULL;
        }
        transpose_band(t->data, rows, columns, i0, out->data);
    }
    return out;
}

static bool product_refused(const dw_tensor *a, const dw_tensor *b, dw_err *err) {
    char left[DW_TENSOR_WORDS], right[DW_TENSOR_WORDS];
    dw_tensor_words(a, left);
    dw_tensor_words(b, right);
    const char *hint = "the left side needs as many columns as the right side has rows";
    if (dw_tensor_same_shape(a, b) && dw_tensor_is_vector(a))
        hint = "write .* for element by element, · for the dot product";
    else if (a->dim[0] == b->dim[0])
        hint = "write ' after the left side to turn its rows into columns";
    else if (a->dim[1] == b->dim[1])
        hint = "write ' after the right side to turn its rows into columns";
    return dw_err_set(err, DW_ERR_SHAPE, "cannot multiply %s * %s: %zu and %zu do not match; %s",
                      left, right, a->dim[1], b->dim[0], hint);
}

bool dw_tensor_product_fits(const dw_tensor *a, const dw_tensor *b, dw_err *err) {
    return (a->axes == 2 && b->axes == 2 && a->dim[1] == b->dim[0]) || product_refused(a, b, err);
}

bool dw_tensor_product_into(dw_mem *mem, const dw_tensor *a, const dw_tensor *b, dw_tensor *out,
                            const dw_cancel *cancel, dw_err *err) {
    enum { SMALL = 4096 }; /* bytes that the stack can spare */
    _Alignas(DW_VECTOR_BYTES) char small[SMALL];
    dw_product_call call = {.rows = a->dim[0],
                            .inner = a->dim[1],
                            .columns = b->dim[1],
                            .a = a->data,
                            .a_row = a->dim[1],
                            .a_inner = 1,
                            .b = b->data,
                            .b_inner = b->dim[1],
                            .b_column = 1,
                            .c = out->data,
                            .c_row = b->dim[1]};
    size_t bytes = dw_product_room(DW_VECTOR_DOUBLE, &call);
    void *room = bytes <= SMALL ? small : dw_mem_raw(mem, bytes);
    if (!room)
        return dw_err_memory(err, "a product of matrices");
    bool fine = out->size == 0 || dw_product_run(DW_VECTOR_DOUBLE, &call, room, cancel);
    if (room != small)
        dw_mem_free(room);
    return fine || dw_err_set(err, DW_ERR_INTERRUPT, "stopped in a product of matrices");
}

dw_tensor *dw_tensor_product(dw_mem *mem, const dw_tensor *a, const dw_tensor *b,
                             const dw_cancel *cancel, dw_err *err) {
    if (!dw_tensor_product_fits(a, b, err))
        return NULL;
    dw_tensor *out = dw_tensor_raw(mem, a->dim[0], b->dim[1], err);
    if (out && !dw_tensor_product_into(mem, a, b, out, cancel, err)) {
        dw_tensor_release(out);
        out = NULL;
    }
    return out;
}

bool dw_tensor_dot(const dw_tensor *a, const dw_tensor *b, double *out, dw_err *err) {
    char left[DW_TENSOR_WORDS], right[DW_TENSOR_WORDS];
    if (!dw_tensor_is_vector(a) || !dw_tensor_is_vector(b))
        return dw_err_set(err, DW_ERR_SHAPE,
                          "the dot product needs two rows or columns, but here are %s and %s; "
                          "write * for the product of matrices",
                          dw_tensor_words(a, left), dw_tensor_words(b, right));
    if (a->size != b->size)
        return dw_err_set(err, DW_ERR_SHAPE,
                          "the dot product needs two of the same length, but here are %s and %s",
                          dw_tensor_words(a, left), dw_tensor_words(b, right));
    *out = dw_reduce_dot(a->data, b->data, a->size);
    return true;
}

/* What the pieces of a join add up to. Empty pieces take part only when there are no others. */
typedef struct {
    size_t across; /* the size all pieces must share */
    size_t along;  /* the sum of the sizes in the direction of the join */
    bool truth, any;
} join;

static bool join_add(join *sum, const dw_tensor *first, const dw_tensor *piece, int direction,
                     dw_err *err) {
    size_t across = piece->dim[1 - direction];
    if (sum->any && across != sum->across) {
        char a[DW_TENSOR_WORDS], b[DW_TENSOR_WORDS];
        dw_tensor_words(first, a);
        dw_tensor_words(piece, b);
        if (direction == 1)
            return dw_err_set(err, DW_ERR_SHAPE,
                              "cannot put %s beside %s: %zu and %zu rows do not match; "
                              "write ; between them to go down",
                              b, a, across, sum->across);
        return dw_err_set(err, DW_ERR_SHAPE,
                          "cannot put %s below %s: %zu and %zu columns do not match; "
                          "write , between them to go right",
                          b, a, across, sum->across);
    }
    if (__builtin_add_overflow(sum->along, piece->dim[direction], &sum->along))
        return dw_err_memory(err, "all these numbers");
    sum->across = across;
    sum->truth = piece->truth && (sum->truth || !sum->any);
    sum->any = true;
    return true;
}

static bool join_measure(dw_tensor *const *pieces, size_t count, int direction, join *sum,
                         dw_err *err) {
    const dw_tensor *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (pieces[i]->axes != 2)
            return dw_err_set(err, DW_ERR_SHAPE, "images cannot be joined with [ ]");
        if (pieces[i]->size == 0)
            continue;
        if (!first)
            first = pieces[i];
        if (!join_add(sum, first, pieces[i], direction, err))
            return false;
    }
    return true;
}

/* The join of pieces that are all empty: as the first one, or an empty row. */
static dw_tensor *join_empty(dw_mem *mem, dw_tensor *const *pieces, size_t count, dw_err *err) {
    dw_tensor *out =
        dw_tensor_raw(mem, count ? pieces[0]->dim[0] : 1, count ? pieces[0]->dim[1] : 0, err);
    if (out && count)
        out->truth = pieces[0]->truth;
    return out;
}

dw_tensor *dw_tensor_beside(dw_mem *mem, dw_tensor *const *pieces, size_t count, dw_err *err) {
    join sum = {0, 0, false, false};
    if (!join_measure(pieces, count, 1, &sum, err))
        return NULL;
    if (!sum.any)
        return join_empty(mem, pieces, count, err);
    dw_tensor *out = dw_tensor_raw(mem, sum.across, sum.along, err);
    if (!out)
        return NULL;
    out->truth = sum.truth;
    size_t at = 0;
    for (size_t p = 0; p < count; p++) {
        size_t columns = pieces[p]->dim[1];
        if (pieces[p]->size == 0)
            continue;
        for (size_t i = 0; i < sum.across; i++)
            copy_numbers(out->data + i * sum.along + at, pieces[p]->data + i * columns, columns);
        at += columns;
    }
    return out;
}

dw_tensor *dw_tensor_below(dw_mem *mem, dw_tensor *const *pieces, size_t count, dw_err *err) {
    join sum = {0, 0, false, false};
    if (!join_measure(pieces, count, 0, &sum, err))
        return NULL;
    if (!sum.any)
        return join_empty(mem, pieces, count, err);
    dw_tensor *out = dw_tensor_raw(mem, sum.along, sum.across, err);
    if (!out)
        return NULL;
    out->truth = sum.truth;
    size_t at = 0;
    for (size_t p = 0; p < count; p++) {
        copy_numbers(out->data + at, pieces[p]->data, pieces[p]->size);
        at += pieces[p]->size;
    }
    return out;
}

dw_tensor *dw_tensor_gather(dw_mem *mem, const dw_tensor *t, const size_t *places, size_t out_rows,
                            size_t out_columns, dw_err *err) {
    dw_tensor *out = dw_tensor_raw(mem, out_rows, out_columns, err);
    if (!out)
        return NULL;
    out->truth = t->truth;
    for (size_t i = 0; i < out->size; i++)
        out->data[i] = t->data[places[i]];
    return out;
}

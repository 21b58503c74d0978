/* SPDX-License-Identifier: BSD-3-Clause */
/* The loops of elem.def. An operation is looked up once per call; its loop over eight numbers at a
 * time has a fixed length, so that compilers use vectors without being allowed to reorder. */
#include "tensor/elem.h"

#include "base/math.h"

#include <math.h>
#include <stddef.h>

enum {
    STEP = 8,
    ROUND = 1 << 14 /* elements between two looks at whether to stop */
};

#define EVERY_ELEMENT(statement)                                        \
    do {                                                                \
        for (; n >= STEP; n -= STEP, out += STEP, a += STEP, b += STEP) \
            for (size_t k = 0; k < STEP; k++)                           \
                statement;                                              \
        for (size_t k = 0; k < n; k++)                                  \
            statement;                                                  \
    } while (0)

/* One scalar function and its loop per unary operation. */
#define DW_ELEM_UNARY(name, word, expression)                                          \
    static inline double one_##name(double x) {                                        \
        return expression;                                                             \
    }                                                                                  \
    static void map_##name(double *restrict out, const double *restrict a, size_t n) { \
        const double *b = a; /* the loop moves two sources along */                    \
        EVERY_ELEMENT(out[k] = one_##name(a[k]));                                      \
    }
#include "tensor/elem.def"

/* One scalar function and three loops per operation on pairs: both sides arrays, or one a number.
 */
#define PAIR_LOOPS(name, expression)                                                              \
    static inline double two_##name(double x, double y) {                                         \
        return expression;                                                                        \
    }                                                                                             \
    static void arrays_##name(double *restrict out, const double *a, const double *b, size_t n) { \
        EVERY_ELEMENT(out[k] = two_##name(a[k], b[k]));                                           \
    }                                                                                             \
    static void left_##name(double *restrict out, const double *a, double number, size_t n) {     \
        const double *b = a;                                                                      \
        EVERY_ELEMENT(out[k] = two_##name(a[k], number));                                         \
    }                                                                                             \
    static void right_##name(double *restrict out, double number, const double *b, size_t n) {    \
        const double *a = b;                                                                      \
        EVERY_ELEMENT(out[k] = two_##name(number, b[k]));                                         \
    }
#define DW_ELEM_BINARY(name, sign, verb, expression) PAIR_LOOPS(name, expression)
#define DW_ELEM_COMPARE(name, sign, condition) PAIR_LOOPS(name, (double)(condition))
#include "tensor/elem.def"

typedef struct {
    const char *word;
    double (*one)(double x);
    void (*map)(double *restrict out, const double *restrict a, size_t n);
} unary_row;

static const unary_row unary_rows[] = {
#define DW_ELEM_UNARY(name, word, expression) {word, one_##name, map_##name},
#include "tensor/elem.def"
};

typedef struct {
    const char *sign, *verb;
    bool truth;
    double (*two)(double x, double y);
    void (*arrays)(double *restrict out, const double *a, const double *b, size_t n);
    void (*left)(double *restrict out, const double *a, double number, size_t n);
    void (*right)(double *restrict out, double number, const double *b, size_t n);
} binary_row;

static const binary_row binary_rows[] = {
#define DW_ELEM_BINARY(name, sign, verb, expression) \
    {sign, verb, false, two_##name, arrays_##name, left_##name, right_##name},
#define DW_ELEM_COMPARE(name, sign, condition) \
    {sign, "compare", true, two_##name, arrays_##name, left_##name, right_##name},
#include "tensor/elem.def"
};

double dw_elem_number1(dw_elem_unary op, double x) {
    return unary_rows[op].one(x);
}

double dw_elem_number2(dw_elem_binary op, double x, double y) {
    return binary_rows[op].two(x, y);
}

const char *dw_elem_word1(dw_elem_unary op) {
    return unary_rows[op].word;
}

const char *dw_elem_word2(dw_elem_binary op) {
    return binary_rows[op].sign;
}

bool dw_elem_is_truth(dw_elem_binary op) {
    return binary_rows[op].truth;
}

/* A new tensor with the shape of `like`, its numbers not set. */
static dw_tensor *raw_like(dw_mem *mem, const dw_tensor *like, dw_err *err) {
    dw_tensor *out = dw_tensor_raw(mem, 1, like->size, err);
    if (!out)
        return NULL;
    out->axes = like->axes;
    for (unsigned i = 0; i < DW_TENSOR_AXES; i++)
        out->dim[i] = like->dim[i];
    return out;
}

/* The part of `size` elements that begins at *start: its length, or 0 at the end. A stop takes the
 * half-made tensor away and leaves an error. */
static size_t next_round(const dw_elem_room *room, size_t size, size_t start, dw_tensor **out) {
    if (start >= size)
        return 0;
    if (room->cancel && dw_cancel_pending(room->cancel)) {
        dw_err_set(room->err, DW_ERR_INTERRUPT, "stopped while going through %zu elements", size);
        dw_tensor_release(*out);
        *out = NULL;
        return 0;
    }
    return size - start < ROUND ? size - start : ROUND;
}

dw_tensor *dw_elem_map(const dw_elem_room *room, dw_elem_unary op, const dw_tensor *x) {
    dw_tensor *out = raw_like(room->mem, x, room->err);
    if (!out)
        return NULL;
    out->truth = op == DW_ELEM_NOT;
    for (size_t i = 0, n; (n = next_round(room, x->size, i, &out)) > 0; i += n)
        unary_rows[op].map(out->data + i, x->data + i, n);
    return out;
}

/* A 1×1 tensor is a number. */
static dw_elem_side unwrap(dw_elem_side side) {
    if (side.tensor && side.tensor->size == 1 && side.tensor->axes == 2)
        return (dw_elem_side){NULL, side.tensor->data[0]};
    return side;
}

static bool go_together(const dw_tensor *x, const dw_tensor *y) {
    return dw_tensor_same_shape(x, y) ||
           (dw_tensor_is_vector(x) && dw_tensor_is_vector(y) && x->size == y->size);
}

/* What to try when two shapes do not go together. */
static const char *advice(const dw_tensor *x, const dw_tensor *y) {
    if (dw_tensor_is_vector(x) && dw_tensor_is_vector(y))
        return "both need the same length";
    if (x->axes == 2 && y->axes == 2 && x->dim[0] == y->dim[1] && x->dim[1] == y->dim[0])
        return "both need the same shape; write ' after one of them to turn its rows into columns";
    return "both need the same shape; for something per column, go through the columns with for";
}

static bool pair_refused(dw_elem_binary op, const dw_tensor *x, const dw_tensor *y, dw_err *err) {
    char left[DW_TENSOR_WORDS], right[DW_TENSOR_WORDS];
    dw_tensor_words(x, left);
    dw_tensor_words(y, right);
    const char *first = left, *second = right, *between = "and";
    if (op == DW_ELEM_SUBTRACT)
        first = right, second = left, between = "from";
    else if (op == DW_ELEM_DIVIDE)
        between = "by";
    else if (op == DW_ELEM_POWER)
        between = "to";
    return dw_err_set(err, DW_ERR_SHAPE, "cannot %s %s %s %s: %s", binary_rows[op].verb, first,
                      between, second, advice(x, y));
}

/* Elements i … i+n-1 of a pair of which at least one side is an array. */
static void pair_round(const binary_row *row, double *out, dw_elem_side x, dw_elem_side y, size_t i,
                       size_t n) {
    if (x.tensor && y.tensor)
        row->arrays(out + i, x.tensor->data + i, y.tensor->data + i, n);
    else if (x.tensor)
        row->left(out + i, x.tensor->data + i, y.number, n);
    else
        row->right(out + i, x.number, y.tensor->data + i, n);
}

dw_tensor *dw_elem_pair(const dw_elem_room *room, dw_elem_binary op, dw_elem_side x,
                        dw_elem_side y) {
    const binary_row *row = &binary_rows[op];
    x = unwrap(x);
    y = unwrap(y);
    if (x.tensor && y.tensor && !go_together(x.tensor, y.tensor)) {
        pair_refused(op, x.tensor, y.tensor, room->err);
        return NULL;
    }
    const dw_tensor *like = x.tensor ? x.tensor : y.tensor;
    dw_tensor *out =
        like ? raw_like(room->mem, like, room->err) : dw_tensor_raw(room->mem, 1, 1, room->err);
    if (!out)
        return NULL;
    out->truth = row->truth;
    if (!like)
        out->data[0] = row->two(x.number, y.number);
    size_t size = like ? like->size : 0;
    for (size_t i = 0, n; (n = next_round(room, size, i, &out)) > 0; i += n)
        pair_round(row, out->data, x, y, i, n);
    return out;
}

static bool choice_fits(const dw_tensor *condition, dw_elem_side side, dw_err *err) {
    char words[DW_TENSOR_WORDS], value[DW_TENSOR_WORDS];
    if (!side.tensor || go_together(condition, side.tensor))
        return true;
    return dw_err_set(err, DW_ERR_SHAPE,
                      "the condition after when is %s, but a value to choose is %s: %s",
                      dw_tensor_words(condition, words), dw_tensor_words(side.tensor, value),
                      advice(condition, side.tensor));
}

dw_tensor *dw_elem_choose(const dw_elem_room *room, const dw_tensor *condition, dw_elem_side x,
                          dw_elem_side y) {
    bool truth = x.tensor && y.tensor && x.tensor->truth && y.tensor->truth;
    x = unwrap(x);
    y = unwrap(y);
    if (!choice_fits(condition, x, room->err) || !choice_fits(condition, y, room->err))
        return NULL;
    dw_tensor *out = raw_like(room->mem, condition, room->err);
    if (!out)
        return NULL;
    out->truth = truth;
    const double *a = x.tensor ? x.tensor->data : &x.number;
    const double *b = y.tensor ? y.tensor->data : &y.number;
    size_t a_step = x.tensor ? 1 : 0, b_step = y.tensor ? 1 : 0;
    for (size_t i = 0, n; (n = next_round(room, condition->size, i, &out)) > 0; i += n)
        for (size_t k = i; k < i + n; k++)
            out->data[k] = condition->data[k] != 0 ? a[k * a_step] : b[k * b_step];
    return out;
}

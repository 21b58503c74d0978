/* SPDX-License-Identifier: BSD-3-Clause */
/* The operations of elem.def on single numbers, and on arrays by the kernels of vector.h. */
#include "tensor/elem.h"

#include "base/math.h"
#include "tensor/vector.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { ROUND = 1 << 14 /* elements between two looks at whether to stop */ };

/* The words of elem.def for single numbers. */
#define PICK(condition, a, b) ((condition) ? (a) : (b))
#define NUM(c) ((double)(c))
#define MATH(f, x) dw_math_##f(x)
#define MATH2(f, x, y) dw_math_##f(x, y)
#define ROOT(x) sqrt(x)
#define SIZE(x) fabs(x)
#define WHOLE(f, x) f(x)
#define MODULO(x, y) dw_math_mod(x, y)

#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) \
    static double one_##name(double x) {                          \
        return expression;                                        \
    }
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    static double two_##name(double x, double y) {                                       \
        return expression;                                                               \
    }
#define DW_ELEM_COMPARE(name, sign, condition)     \
    static double two_##name(double x, double y) { \
        return (double)(condition);                \
    }
#include "tensor/elem.def"

typedef struct {
    const char *word;
    double (*one)(double x);
} unary_row;

static const unary_row unary_rows[] = {
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) {word, one_##name},
#include "tensor/elem.def"
};

typedef struct {
    const char *sign, *verb;
    bool truth;
    double (*two)(double x, double y);
} binary_row;

static const binary_row binary_rows[] = {
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    {sign, verb, false, two_##name},
#define DW_ELEM_COMPARE(name, sign, condition) {sign, "compare", true, two_##name},
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

/* Kernels work on whole vectors; the numbers behind the last one go through a vector of their own.
 */
enum { WIDE = DW_VECTOR_BYTES / sizeof(double) };

void dw_elem_run1(dw_elem_unary op, double *out, const double *x, size_t n) {
    dw_vector_map *map = dw_vector_at(DW_VECTOR_DOUBLE)->map[op];
    size_t whole = n / WIDE * WIDE;
    double rest[WIDE] = {0};
    if (n < WIDE) {
        for (size_t i = 0; i < n; i++)
            out[i] = unary_rows[op].one(x[i]);
        return;
    }
    map(out, x, whole / WIDE);
    if (n == whole)
        return;
    memcpy(rest, x + whole, (n - whole) * sizeof *rest);
    map(rest, rest, 1);
    memcpy(out + whole, rest, (n - whole) * sizeof *rest);
}

static void pair_vectors(dw_elem_binary op, double *out, dw_elem_source x, dw_elem_source y,
                         size_t vectors) {
    dw_vector_source left = {.at = x.at, .one = x.number}, right = {.at = y.at, .one = y.number};
    dw_vector_at(DW_VECTOR_DOUBLE)->pair[op](out, &left, &right, 1, vectors);
}

/* The numbers of a source from `whole` on, `count` of them, in a vector. */
static dw_elem_source rest_of(dw_elem_source s, size_t whole, size_t count, double rest[WIDE]) {
    if (s.number)
        return s;
    memcpy(rest, s.at + whole, count * sizeof *rest);
    return (dw_elem_source){rest, false};
}

void dw_elem_run2(dw_elem_binary op, double *out, dw_elem_source x, dw_elem_source y, size_t n) {
    size_t whole = n / WIDE * WIDE;
    double left[WIDE] = {0}, right[WIDE] = {0};
    if (n < WIDE || (x.number && y.number)) {
        for (size_t i = 0; i < n; i++)
            out[i] = binary_rows[op].two(x.at[x.number ? 0 : i], y.at[y.number ? 0 : i]);
        return;
    }
    pair_vectors(op, out, x, y, whole / WIDE);
    if (n == whole)
        return;
    x = rest_of(x, whole, n - whole, left);
    y = rest_of(y, whole, n - whole, right);
    pair_vectors(op, left, x, y, 1);
    memcpy(out + whole, left, (n - whole) * sizeof *left);
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
        dw_elem_run1(op, out->data + i, x->data + i, n);
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

bool dw_elem_pair_fits(dw_elem_binary op, const dw_tensor *x, const dw_tensor *y, dw_err *err) {
    bool number = (x->size == 1 && x->axes == 2) || (y->size == 1 && y->axes == 2);
    return number || go_together(x, y) || pair_refused(op, x, y, err);
}

/* Where a side is read from at element i. */
static dw_elem_source source_at(const dw_elem_side *side, size_t i) {
    if (side->tensor)
        return (dw_elem_source){side->tensor->data + i, false};
    return (dw_elem_source){&side->number, true};
}

dw_tensor *dw_elem_pair(const dw_elem_room *room, dw_elem_binary op, dw_elem_side x,
                        dw_elem_side y) {
    x = unwrap(x);
    y = unwrap(y);
    if (x.tensor && y.tensor && !dw_elem_pair_fits(op, x.tensor, y.tensor, room->err))
        return NULL;
    const dw_tensor *like = x.tensor ? x.tensor : y.tensor;
    dw_tensor *out =
        like ? raw_like(room->mem, like, room->err) : dw_tensor_raw(room->mem, 1, 1, room->err);
    if (!out)
        return NULL;
    out->truth = binary_rows[op].truth;
    size_t size = like ? like->size : 1;
    for (size_t i = 0, n; (n = next_round(room, size, i, &out)) > 0; i += n)
        dw_elem_run2(op, out->data + i, source_at(&x, i), source_at(&y, i), n);
    return out;
}

bool dw_elem_choice_fits(const dw_tensor *condition, const dw_tensor *value, dw_err *err) {
    char words[DW_TENSOR_WORDS], chosen[DW_TENSOR_WORDS];
    if ((value->size == 1 && value->axes == 2) || go_together(condition, value))
        return true;
    return dw_err_set(err, DW_ERR_SHAPE,
                      "the condition after when is %s, but a value to choose is %s: %s",
                      dw_tensor_words(condition, words), dw_tensor_words(value, chosen),
                      advice(condition, value));
}

dw_tensor *dw_elem_choose(const dw_elem_room *room, const dw_tensor *condition, dw_elem_side x,
                          dw_elem_side y) {
    bool truth = x.tensor && y.tensor && x.tensor->truth && y.tensor->truth;
    x = unwrap(x);
    y = unwrap(y);
    if ((x.tensor && !dw_elem_choice_fits(condition, x.tensor, room->err)) ||
        (y.tensor && !dw_elem_choice_fits(condition, y.tensor, room->err)))
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

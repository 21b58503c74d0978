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

/* Eight results are finished before the first is stored, so `out` may be a or b itself and
 * compilers may still use vectors. */
#define FINISH(at, result)   \
    double done##at;         \
    {                        \
        enum { k = at };     \
        done##at = (result); \
    }
#define EVERY_ELEMENT(result)                                               \
    do {                                                                    \
        for (; n >= STEP; n -= STEP, out += STEP, a += STEP, b += STEP) {   \
            FINISH(0, result)                                               \
            FINISH(1, result)                                               \
            FINISH(2, result)                                               \
            FINISH(3, result)                                               \
            FINISH(4, result)                                               \
            FINISH(5, result)                                               \
            FINISH(6, result)                                               \
            FINISH(7, result)                                               \
            out[0] = done0, out[1] = done1, out[2] = done2, out[3] = done3; \
            out[4] = done4, out[5] = done5, out[6] = done6, out[7] = done7; \
        }                                                                   \
        for (size_t k = 0; k < n; k++)                                      \
            out[k] = (result);                                              \
    } while (0)

/* The words of elem.def for single numbers. */
#define PICK(condition, a, b) ((condition) ? (a) : (b))
#define NUM(c) ((double)(c))
#define MATH(f, x) dw_math_##f(x)
#define MATH2(f, x, y) dw_math_##f(x, y)
#define ROOT(x) sqrt(x)
#define SIZE(x) fabs(x)
#define WHOLE(f, x) f(x)

/* One scalar function and its loop per unary operation. */
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi)    \
    static inline double one_##name(double x) {                      \
        return expression;                                           \
    }                                                                \
    static void map_##name(double *out, const double *a, size_t n) { \
        const double *b = a; /* the loop moves two sources along */  \
        EVERY_ELEMENT(one_##name(a[k]));                             \
    }
#include "tensor/elem.def"

/* One scalar function and three loops per operation on pairs: both sides arrays, or one a number.
 */
#define PAIR_LOOPS(name, expression)                                                     \
    static inline double two_##name(double x, double y) {                                \
        return expression;                                                               \
    }                                                                                    \
    static void arrays_##name(double *out, const double *a, const double *b, size_t n) { \
        EVERY_ELEMENT(two_##name(a[k], b[k]));                                           \
    }                                                                                    \
    static void left_##name(double *out, const double *a, double number, size_t n) {     \
        const double *b = a;                                                             \
        EVERY_ELEMENT(two_##name(a[k], number));                                         \
    }                                                                                    \
    static void right_##name(double *out, double number, const double *b, size_t n) {    \
        const double *a = b;                                                             \
        EVERY_ELEMENT(two_##name(number, b[k]));                                         \
    }
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    PAIR_LOOPS(name, expression)
#define DW_ELEM_COMPARE(name, sign, condition) PAIR_LOOPS(name, (double)(condition))
#include "tensor/elem.def"

typedef struct {
    const char *word;
    double (*one)(double x);
    void (*map)(double *out, const double *a, size_t n);
} unary_row;

static const unary_row unary_rows[] = {
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) {word, one_##name, map_##name},
#include "tensor/elem.def"
};

typedef struct {
    const char *sign, *verb;
    bool truth;
    double (*two)(double x, double y);
    void (*arrays)(double *out, const double *a, const double *b, size_t n);
    void (*left)(double *out, const double *a, double number, size_t n);
    void (*right)(double *out, double number, const double *b, size_t n);
} binary_row;

static const binary_row binary_rows[] = {
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
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

void dw_elem_run1(dw_elem_unary op, double *out, const double *x, size_t n) {
    unary_rows[op].map(out, x, n);
}

void dw_elem_run2(dw_elem_binary op, double *out, dw_elem_source x, dw_elem_source y, size_t n) {
    const binary_row *row = &binary_rows[op];
    if (x.number && y.number)
        out[0] = row->two(x.at[0], y.at[0]);
    else if (x.number)
        row->right(out, x.at[0], y.at, n);
    else if (y.number)
        row->left(out, x.at, y.at[0], n);
    else
        row->arrays(out, x.at, y.at, n);
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

/* SPDX-License-Identifier: BSD-3-Clause */
/* Householder QR with column pivoting on columns scaled by powers of two, and determinants that are
 * exact for small whole numbers. */
#include "tensor/linalg.h"

#include "tensor/reduce.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A factored matrix A*S*P = Q*R: S scales columns, P orders them, Q is a product of reflections.
 * Column j lies at q[j*rows]: its start up to j-1 is R, the rest the j-th reflection's vector. */
typedef struct {
    size_t rows, columns;
    double *q;
    double *diagonal; /* of R */
    double *weight;   /* reflection j is 1 - weight[j]*v*v' */
    double *side;     /* one right side on its way to an answer */
    int *scale;       /* column j was multiplied by 2^-scale[j] */
    size_t *order;    /* which column of A stands at j */
} factors;

size_t dw_linalg_solve_room(size_t rows, size_t columns) {
    size_t numbers, bytes, lists;
    if (__builtin_mul_overflow(rows, columns, &numbers) ||
        __builtin_add_overflow(numbers, rows, &numbers) ||
        __builtin_mul_overflow(numbers, sizeof(double), &bytes) ||
        __builtin_mul_overflow(columns, 2 * sizeof(double) + sizeof(size_t) + sizeof(int),
                               &lists) ||
        __builtin_add_overflow(bytes, lists, &bytes) || bytes > SIZE_MAX - 63)
        return 0;
    return (bytes + 63) / 64 * 64;
}

/* Carves the lists out of `room`, the ones with the widest items first, and loads the columns. */
static void factors_start(const dw_tensor *a, void *room, factors *f) {
    size_t rows = a->dim[0], columns = a->dim[1];
    *f = (factors){.rows = rows, .columns = columns};
    f->q = room;
    f->side = f->q + rows * columns;
    f->diagonal = f->side + rows;
    f->weight = f->diagonal + columns;
    f->order = (size_t *)(void *)(f->weight + columns);
    f->scale = (int *)(void *)(f->order + columns);
    for (size_t j = 0; j < columns; j++) {
        double *column = f->q + j * rows;
        for (size_t i = 0; i < rows; i++)
            column[i] = a->data[i * columns + j];
        frexp(dw_reduce_norm(column, rows, NULL), &f->scale[j]);
        for (size_t i = 0; i < rows; i++)
            column[i] = ldexp(column[i], -f->scale[j]);
        f->order[j] = j;
        f->diagonal[j] = f->weight[j] = 0;
    }
}

/* Brings the column with the longest rest to place k. */
static void choose_pivot(factors *f, size_t k) {
    size_t best = k, rows = f->rows;
    double longest = -1;
    for (size_t j = k; j < f->columns; j++) {
        double length = dw_reduce_norm(f->q + j * rows + k, rows - k, NULL);
        if (length > longest * (1 + 1e-10)) {
            longest = length;
            best = j;
        }
    }
    if (best == k)
        return;
    for (size_t i = 0; i < rows; i++) {
        double keep = f->q[k * rows + i];
        f->q[k * rows + i] = f->q[best * rows + i];
        f->q[best * rows + i] = keep;
    }
    size_t column = f->order[k];
    f->order[k] = f->order[best];
    f->order[best] = column;
    int scale = f->scale[k];
    f->scale[k] = f->scale[best];
    f->scale[best] = scale;
}

/* x -= weight * (v·x) * v */
static void reflect(const double *v, double weight, double *x, size_t n) {
    double step = weight * dw_reduce_dot(v, x, n);
    for (size_t i = 0; i < n; i++)
        x[i] -= step * v[i];
}

/* Turns column k into a multiple of the k-th unit column, and all columns right of it along. */
static void eliminate(factors *f, size_t k) {
    size_t rows = f->rows, n = rows - k;
    double *v = f->q + k * rows + k;
    double length = dw_reduce_norm(v, n, NULL);
    if (length == 0)
        return;
    f->diagonal[k] = v[0] > 0 ? -length : length;
    v[0] -= f->diagonal[k];
    f->weight[k] = 1 / (length * fabs(v[0]));
    for (size_t j = k + 1; j < f->columns; j++)
        reflect(v, f->weight[k], f->q + j * rows + k, n);
}

static bool refuse_singular(const factors *f, const dw_tensor *a, size_t k, dw_err *err) {
    char words[DW_TENSOR_WORDS];
    double pivot = ldexp(fabs(f->diagonal[k]), f->scale[k]);
    if (isnan(f->diagonal[k]) || isinf(f->diagonal[k]))
        return dw_err_set(err, DW_ERR_NUMERIC,
                          "cannot solve with %s that holds ∞ or what is not a number",
                          dw_tensor_words(a, words));
    return dw_err_set(err, DW_ERR_NUMERIC,
                      "cannot solve: %s is singular (its smallest pivot is %.2g), so one of its "
                      "columns follows from the others; leave that column out",
                      dw_tensor_words(a, words), pivot);
}

static bool stopped(const dw_cancel *cancel, dw_err *err) {
    if (!cancel || !dw_cancel_pending(cancel))
        return false;
    dw_err_set(err, DW_ERR_INTERRUPT, "stopped while solving");
    return true;
}

static bool factorize(factors *f, const dw_tensor *a, const dw_cancel *cancel, dw_err *err) {
    double limit = DBL_EPSILON * (double)f->rows;
    for (size_t k = 0; k < f->columns; k++) {
        if (stopped(cancel, err))
            return false;
        choose_pivot(f, k);
        eliminate(f, k);
        if (!(fabs(f->diagonal[k]) > limit * fabs(f->diagonal[0])) || isinf(f->diagonal[k]))
            return refuse_singular(f, a, k, err);
    }
    return true;
}

/* Solves for one right side, which is overwritten; its answer goes to x[0], x[stride], … */
static void back_substitute(const factors *f, double *b, double *x, size_t stride) {
    for (size_t k = 0; k < f->columns; k++)
        reflect(f->q + k * f->rows + k, f->weight[k], b + k, f->rows - k);
    for (size_t k = f->columns; k-- > 0;) {
        b[k] /= f->diagonal[k];
        for (size_t i = 0; i < k; i++)
            b[i] -= f->q[k * f->rows + i] * b[k];
        x[f->order[k] * stride] = ldexp(b[k], -f->scale[k]);
    }
}

bool dw_linalg_solve_fits(const dw_tensor *a, const dw_tensor *b, dw_err *err) {
    char left[DW_TENSOR_WORDS], right[DW_TENSOR_WORDS];
    dw_tensor_words(a, left);
    dw_tensor_words(b, right);
    if (a->axes != 2 || a->size == 0)
        return dw_err_set(err, DW_ERR_SHAPE,
                          "solve needs a matrix with numbers in it, but here "
                          "is %s",
                          left);
    if (a->dim[0] < a->dim[1])
        return dw_err_set(err, DW_ERR_SHAPE,
                          "cannot solve with %s: %zu equations do not determine %zu unknowns; "
                          "solve needs at least as many rows as columns",
                          left, a->dim[0], a->dim[1]);
    if (b->axes == 2 && b->dim[0] == a->dim[0])
        return true;
    if (b->axes == 2 && b->dim[1] == a->dim[0])
        return dw_err_set(err, DW_ERR_SHAPE,
                          "cannot solve with %s and %s: %zu and %zu rows do not match; write ' "
                          "after the right side to turn its rows into columns",
                          left, right, a->dim[0], b->dim[0]);
    return dw_err_set(err, DW_ERR_SHAPE,
                      "cannot solve with %s and %s: %zu and %zu rows do not match; the right side "
                      "needs one row per row of the matrix",
                      left, right, a->dim[0], b->dim[0]);
}

bool dw_linalg_solve_into(const dw_tensor *a, const dw_tensor *b, dw_tensor *x, void *room,
                          const dw_cancel *cancel, dw_err *err) {
    factors f;
    size_t sides = b->dim[1];
    factors_start(a, room, &f);
    if (!factorize(&f, a, cancel, err))
        return false;
    for (size_t s = 0; s < sides; s++) {
        if (stopped(cancel, err))
            return false;
        for (size_t i = 0; i < f.rows; i++)
            f.side[i] = b->data[i * sides + s];
        back_substitute(&f, f.side, x->data + s, sides);
    }
    return true;
}

dw_tensor *dw_linalg_solve(dw_mem *mem, const dw_tensor *a, const dw_tensor *b,
                           const dw_cancel *cancel, dw_err *err) {
    if (!dw_linalg_solve_fits(a, b, err))
        return NULL;
    size_t bytes = dw_linalg_solve_room(a->dim[0], a->dim[1]);
    void *room = bytes ? dw_mem_raw(mem, bytes) : NULL;
    if (!room) {
        dw_err_memory(err, "the steps of solve");
        return NULL;
    }
    dw_tensor *x = dw_tensor_raw(mem, a->dim[1], b->dim[1], err);
    if (x && !dw_linalg_solve_into(a, b, x, room, cancel, err)) {
        dw_tensor_release(x);
        x = NULL;
    }
    dw_mem_free(room);
    return x;
}

static bool is_square(const dw_tensor *a, const char *what, dw_err *err) {
    char words[DW_TENSOR_WORDS];
    if (a->axes == 2 && a->dim[0] == a->dim[1])
        return true;
    return dw_err_set(err, DW_ERR_SHAPE,
                      "%s needs a matrix with as many rows as columns, but here is %s", what,
                      dw_tensor_words(a, words));
}

dw_tensor *dw_linalg_inverse(dw_mem *mem, const dw_tensor *a, const dw_cancel *cancel,
                             dw_err *err) {
    if (!is_square(a, "inverse", err))
        return NULL;
    dw_tensor *unit = dw_tensor_zeros(mem, a->dim[0], a->dim[0], err);
    if (!unit)
        return NULL;
    for (size_t i = 0; i < a->dim[0]; i++)
        unit->data[i * (a->dim[0] + 1)] = 1;
    dw_tensor *out = dw_linalg_solve(mem, a, unit, cancel, err);
    dw_tensor_release(unit);
    return out;
}

static void swap_rows(double *m, size_t n, size_t i, size_t j) {
    for (size_t k = 0; k < n; k++) {
        double keep = m[i * n + k];
        m[i * n + k] = m[j * n + k];
        m[j * n + k] = keep;
    }
}

/* Elimination without fractions: for whole numbers every step is exact. Returns false when a number
 * is not whole or grows beyond the exact ones, or the user stops it; m is then spoiled. */
static bool exact_determinant(double *m, size_t n, const dw_cancel *cancel, double *out) {
    const double exact = 9007199254740992.0; /* 2^53 */
    double previous = 1, sign = 1;
    for (size_t i = 0; i < n * n; i++)
        if (!(fabs(m[i]) < exact) || floor(m[i]) != m[i])
            return false;
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        if (stopped(cancel, NULL))
            return false;
        while (pivot < n && m[pivot * n + k] == 0)
            pivot++;
        if (pivot == n) {
            *out = 0;
            return true;
        }
        if (pivot != k) {
            swap_rows(m, n, k, pivot);
            sign = -sign;
        }
        for (size_t i = k + 1; i < n; i++)
            for (size_t j = k + 1; j < n; j++) {
                double a = m[i * n + j] * m[k * n + k], b = m[i * n + k] * m[k * n + j];
                if (!(fabs(a) < exact && fabs(b) < exact && fabs(a - b) < exact))
                    return false;
                m[i * n + j] = (a - b) / previous;
            }
        previous = m[k * n + k];
    }
    *out = sign * previous;
    return true;
}

/* The product of the pivots of elimination with the largest pivot of each column; any number when
 * the user stops it. */
static double rounded_determinant(double *m, size_t n, const dw_cancel *cancel) {
    double product = 1;
    for (size_t k = 0; k < n && !stopped(cancel, NULL); k++) {
        size_t pivot = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(m[i * n + k]) > fabs(m[pivot * n + k]))
                pivot = i;
        if (pivot != k) {
            swap_rows(m, n, k, pivot);
            product = -product;
        }
        product *= m[k * n + k];
        if (m[k * n + k] == 0)
            return product;
        for (size_t i = k + 1; i < n; i++) {
            double factor = m[i * n + k] / m[k * n + k];
            for (size_t j = k + 1; j < n; j++)
                m[i * n + j] -= factor * m[k * n + j];
        }
    }
    return product;
}

bool dw_linalg_determinant(dw_mem *mem, const dw_tensor *a, const dw_cancel *cancel, double *out,
                           dw_err *err) {
    if (!is_square(a, "det", err))
        return false;
    double *m = dw_mem_array(mem, a->size, sizeof *m);
    if (!m)
        return dw_err_memory(err, "the steps of det");
    if (a->size)
        memcpy(m, a->data, a->size * sizeof *m);
    if (!exact_determinant(m, a->dim[0], cancel, out)) {
        memcpy(m, a->data, a->size * sizeof *m);
        *out = rounded_determinant(m, a->dim[0], cancel);
    }
    dw_mem_free(m);
    return !stopped(cancel, err);
}

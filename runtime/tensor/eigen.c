/* SPDX-License-Identifier: BSD-3-Clause */
/* Symmetric eigenproblems. */
#include "tensor/eigen.h"

#include "tensor/reduce.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A matrix on its way. After the reflections row k of `a` holds the k-th one from place k+1 on. */
typedef struct {
    size_t n;
    double *a;        /* n×n, scaled by a power of two so that its largest entry is near 1 */
    double *diagonal; /* n, at the end the eigenvalues */
    double *beside;   /* n; entry i stands between places i and i+1 */
    double *weight;   /* n; reflection k is 1 - weight[k]*v*v' */
    double *room;     /* n */
    double *vectors;  /* n×n, row i is the i-th vector; or NULL */
    size_t *order;    /* n */
    int scale;
    const dw_cancel *cancel;
    dw_err *err;
} problem;

/* ---- what can be wrong ---- */

static bool not_symmetric(const dw_tensor *a, size_t i, size_t j, dw_err *err) {
    size_t n = a->dim[0];
    return dw_err_set(err, DW_ERR_VALUE,
                      "eigenvalues are worked out for symmetric matrices, and this one has %.6g in "
                      "row %zu, column %zu, but %.6g in row %zu, column %zu. The symmetric part of "
                      "A is (A + A')/2",
                      a->data[i * n + j], i + 1, j + 1, a->data[j * n + i], j + 1, i + 1);
}

static bool check(const dw_tensor *a, double *largest, dw_err *err) {
    char words[DW_TENSOR_WORDS];
    size_t n = a->dim[0];
    if (a->axes != 2 || n != a->dim[1])
        return dw_err_set(err, DW_ERR_SHAPE, "eigenvalues need a square matrix, this is %s",
                          dw_tensor_words(a, words));
    *largest = 0;
    for (size_t i = 0; i < a->size; i++) {
        if (!isfinite(a->data[i]))
            return dw_err_set(err, DW_ERR_NUMERIC,
                              "eigenvalues need finite numbers; row %zu, column %zu holds none",
                              i / n + 1, i % n + 1);
        *largest = fmax(*largest, fabs(a->data[i]));
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (!(fabs(a->data[i * n + j] / 2 - a->data[j * n + i] / 2) <= 0.5e-9 * *largest))
                return not_symmetric(a, i, j, err);
    return true;
}

static bool stopped(const problem *p) {
    if (p->cancel == NULL || !dw_cancel_pending(p->cancel))
        return false;
    dw_err_set(p->err, DW_ERR_INTERRUPT, "stopped while working out eigenvalues");
    return true;
}

/* ---- memory ---- */

static bool open_problem(dw_mem *mem, const dw_tensor *a, bool vectors, problem *p) {
    double largest = 0;
    if (!check(a, &largest, p->err))
        return false;
    size_t n = p->n = a->dim[0];
    frexp(largest, &p->scale);
    p->a = dw_mem_array(mem, a->size + 1, sizeof *p->a);
    p->diagonal = dw_mem_array(mem, 4 * n + 1, sizeof *p->diagonal);
    p->order = dw_mem_array(mem, n + 1, sizeof *p->order);
    p->vectors = vectors ? dw_mem_array(mem, a->size + 1, sizeof *p->vectors) : NULL;
    if (p->a == NULL || p->diagonal == NULL || p->order == NULL || (vectors && !p->vectors))
        return dw_err_memory(p->err, "eigenvalues");
    p->beside = p->diagonal + n;
    p->weight = p->beside + n;
    p->room = p->weight + n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            p->a[i * n + j] =
                ldexp(a->data[i * n + j], -p->scale) / 2 + ldexp(a->data[j * n + i], -p->scale) / 2;
    return true;
}

static void close_problem(problem *p) {
    dw_mem_free(p->a);
    dw_mem_free(p->diagonal);
    dw_mem_free(p->order);
    dw_mem_free(p->vectors);
}

/* ---- reflections ---- */

/* Row k, from place k+1 on, becomes a multiple of the first unit row by a reflection from both
 * sides: A - v*w' - w*v' with w = weight*A*v - (weight²/2)*(v'*A*v)*v. */
static void reflect_both(problem *p, size_t k) {
    size_t n = p->n, m = n - k - 1;
    double *v = p->a + k * n + k + 1, *w = p->room;
    double length = dw_reduce_norm(v, m, NULL);
    p->beside[k] = v[0];
    p->weight[k] = 0;
    if (m < 2 || !(dw_reduce_norm(v + 1, m - 1, NULL) > 0))
        return; /* tridiagonal here already */
    p->beside[k] = v[0] > 0 ? -length : length;
    v[0] -= p->beside[k];
    p->weight[k] = 1 / (length * fabs(v[0]));
    for (size_t i = 0; i < m; i++)
        w[i] = p->weight[k] * dw_reduce_dot(p->a + (k + 1 + i) * n + k + 1, v, m);
    double half = p->weight[k] / 2 * dw_reduce_dot(v, w, m);
    for (size_t i = 0; i < m; i++)
        w[i] -= half * v[i];
    for (size_t i = 0; i < m; i++) {
        double *row = p->a + (k + 1 + i) * n + k + 1;
        for (size_t j = 0; j < m; j++)
            row[j] -= v[i] * w[j] + w[i] * v[j];
    }
}

static bool make_tridiagonal(problem *p) {
    for (size_t k = 0; k < p->n; k++) {
        if (stopped(p))
            return false;
        p->diagonal[k] = p->a[k * p->n + k];
        if (k + 1 < p->n)
            reflect_both(p, k);
        else
            p->beside[k] = 0;
    }
    return true;
}

/* The vectors begin as the product of all reflections, last one first, row by row. */
static bool start_vectors(problem *p) {
    size_t n = p->n;
    if (p->vectors == NULL)
        return true;
    memset(p->vectors, 0, n * n * sizeof *p->vectors);
    for (size_t i = 0; i < n; i++)
        p->vectors[i * n + i] = 1;
    for (size_t k = n; k-- > 0;) {
        if (stopped(p))
            return false;
        if (k + 2 >= n || !(p->weight[k] > 0))
            continue;
        const double *v = p->a + k * n + k + 1;
        size_t m = n - k - 1;
        for (size_t i = 0; i < n; i++) {
            double *row = p->vectors + i * n + k + 1;
            double step = p->weight[k] * dw_reduce_dot(row, v, m);
            for (size_t j = 0; j < m; j++)
                row[j] -= step * v[j];
        }
    }
    return true;
}

/* ---- QL ---- */

static double hypotenuse(double x, double y) {
    double a = fmax(fabs(x), fabs(y)), b = fmin(fabs(x), fabs(y));
    return a > 0 ? a * sqrt(1 + (b / a) * (b / a)) : 0;
}

/* Turns vectors i and i+1 by the angle with this sine and cosine. */
static void turn(problem *p, size_t i, double s, double c) {
    if (p->vectors == NULL)
        return;
    double *x = p->vectors + i * p->n, *y = x + p->n;
    for (size_t k = 0; k < p->n; k++) {
        double keep = y[k];
        y[k] = s * x[k] + c * keep;
        x[k] = c * x[k] - s * keep;
    }
}

/* One step on the block first … last: subtract a shift, turn from below upwards, add it again. */
static void ql_step(problem *p, size_t first, size_t last) {
    double *d = p->diagonal, *e = p->beside;
    double half = (d[first + 1] - d[first]) / (2 * e[first]);
    double root = hypotenuse(half, 1);
    double shift = d[first] - e[first] / (half + (half < 0 ? -root : root));
    double s = 1, c = 1, carry = 0, g = d[last] - shift;
    for (size_t i = last; i-- > first;) {
        double f = s * e[i], b = c * e[i], r = hypotenuse(f, g);
        e[i + 1] = r;
        if (!(r > 0)) { /* the block falls apart here */
            d[i + 1] -= carry;
            e[last] = 0;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - carry;
        double t = (d[i] - g) * s + 2 * c * b;
        carry = s * t;
        d[i + 1] = g + carry;
        g = c * t - b;
        turn(p, i, s, c);
    }
    d[first] -= carry;
    e[first] = g;
    e[last] = 0;
}

/* The end of the block that begins at `first`: up to there no entry beside the diagonal is tiny. */
static size_t block_end(const problem *p, size_t first) {
    size_t last = first;
    while (last + 1 < p->n && fabs(p->beside[last]) > DBL_EPSILON * (fabs(p->diagonal[last]) +
                                                                     fabs(p->diagonal[last + 1])))
        last++;
    return last;
}

static bool make_diagonal(problem *p) {
    enum { STEPS = 100 };
    for (size_t first = 0; first < p->n; first++) {
        size_t last;
        for (int step = 0; (last = block_end(p, first)) > first; step++) {
            if (stopped(p))
                return false;
            if (step == STEPS)
                return dw_err_set(p->err, DW_ERR_NUMERIC,
                                  "the eigenvalues did not settle after %d steps", STEPS);
            ql_step(p, first, last);
        }
    }
    return true;
}

/* ---- answers ---- */

static void sort_values(problem *p) {
    for (size_t i = 0; i < p->n; i++) { /* by insertion: nearly in order already */
        size_t at = i;
        for (; at > 0 && p->diagonal[p->order[at - 1]] > p->diagonal[i]; at--)
            p->order[at] = p->order[at - 1];
        p->order[at] = i;
    }
}

static bool work_out(dw_mem *mem, const dw_tensor *a, bool vectors, problem *p) {
    if (!open_problem(mem, a, vectors, p) || !make_tridiagonal(p) || !start_vectors(p) ||
        !make_diagonal(p))
        return false;
    sort_values(p);
    return true;
}

dw_tensor *dw_eigen_values(dw_mem *mem, const dw_tensor *a, const dw_cancel *cancel, dw_err *err) {
    problem p = {.cancel = cancel, .err = err};
    dw_tensor *out = NULL;
    if (work_out(mem, a, false, &p))
        out = dw_tensor_raw(mem, p.n, 1, err);
    for (size_t i = 0; out != NULL && i < p.n; i++)
        out->data[i] = ldexp(p.diagonal[p.order[i]], p.scale);
    close_problem(&p);
    return out;
}

/* The largest entry is positive; entries that differ by rounding count as equal. */
static double sign_of(const double *v, size_t n) {
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(v[i]));
    for (size_t i = 0; i < n; i++)
        if (fabs(v[i]) >= largest * (1 - 1e-9))
            return v[i] < 0 ? -1 : 1;
    return 1;
}

dw_tensor *dw_eigen_vectors(dw_mem *mem, const dw_tensor *a, const dw_cancel *cancel, dw_err *err) {
    problem p = {.cancel = cancel, .err = err};
    dw_tensor *out = NULL;
    if (work_out(mem, a, true, &p))
        out = dw_tensor_raw(mem, p.n, p.n, err);
    for (size_t i = 0; out != NULL && i < p.n; i++) {
        const double *v = p.vectors + p.order[i] * p.n;
        double sign = sign_of(v, p.n);
        for (size_t k = 0; k < p.n; k++)
            out->data[k * p.n + i] = sign * v[k];
    }
    close_problem(&p);
    return out;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Making arrays, asking for their shape, and linear algebra. */
#include "lang/builtin.h"
#include "lang/lib_traced.h"

#include "tensor/eigen.h"
#include "tensor/linalg.h"

static bool give(dw_tensor *tensor, dw_value *out) {
    if (tensor == NULL)
        return false;
    *out = dw_value_array(tensor);
    return true;
}

static bool give_up(dw_tensor *tensor) {
    dw_tensor_release(tensor);
    return false;
}

enum { MOST = 1 << 30 }; /* rows or columns one may ask for; memory decides below that */

static bool run_filled(dw_call *call, double value, dw_value *out) {
    size_t rows, columns = 1;
    if (!dw_call_whole(call, 0, 0, MOST, &rows))
        return false;
    if (dw_call_given(call, 1) && !dw_call_whole(call, 1, 0, MOST, &columns))
        return false;
    dw_tensor *t = dw_tensor_raw(call->mem, rows, columns, call->err);
    for (size_t i = 0; t != NULL && i < t->size; i++) {
        if (!dw_cancel_goes_on(call->cancel, i, call->err))
            return give_up(t);
        t->data[i] = value;
    }
    return give(t, out);
}

static bool run_zeros(dw_call *call, dw_value *out) {
    return run_filled(call, 0, out);
}

static bool run_ones(dw_call *call, dw_value *out) {
    return run_filled(call, 1, out);
}

static bool run_eye(dw_call *call, dw_value *out) {
    size_t n;
    if (!dw_call_whole(call, 0, 0, MOST, &n))
        return false;
    dw_tensor *t = dw_tensor_zeros(call->mem, n, n, call->err);
    for (size_t i = 0; t != NULL && i < n; i++)
        t->data[i * n + i] = 1;
    return give(t, out);
}

static bool run_unit(dw_call *call, dw_value *out) {
    size_t k, n;
    if (!dw_call_whole(call, 1, 1, MOST, &n) || !dw_call_whole(call, 0, 1, (double)n, &k))
        return false;
    dw_tensor *t = dw_tensor_zeros(call->mem, n, 1, call->err);
    if (t != NULL)
        t->data[k - 1] = 1;
    return give(t, out);
}

static bool run_linspace(dw_call *call, dw_value *out) {
    double lo, hi;
    size_t n;
    if (!dw_call_interval(call, 0, &lo, &hi) || !dw_call_whole(call, 1, 2, MOST, &n))
        return false;
    dw_tensor *t = dw_tensor_raw(call->mem, 1, n, call->err);
    /* Both ends have a share in each number, so that the numbers are as symmetric as the ends. */
    double steps = (double)(n - 1);
    for (size_t i = 0; t != NULL && i < n; i++) {
        if (!dw_cancel_goes_on(call->cancel, i, call->err))
            return give_up(t);
        t->data[i] = (lo * (steps - (double)i) + hi * (double)i) / steps;
    }
    return give(t, out);
}

/* Rows and columns of whatever has such; numbers are 1×1. */
static bool shape_of(dw_call *call, size_t *rows, size_t *columns) {
    char words[DW_VALUE_WORDS];
    dw_value v = call->args[0];
    double number;
    *rows = *columns = 1;
    if (v.kind == DW_ARRAY) {
        *rows = v.as.array->dim[0];
        *columns = v.as.array->dim[1];
    } else if (v.kind == DW_LIST) {
        *rows = v.as.list->rows;
        *columns = v.as.list->columns;
    } else if (v.kind == DW_TABLE) {
        *rows = v.as.record->rows;
        *columns = v.as.record->count;
    } else if (v.kind == DW_INTERVAL) {
        return dw_value_length(v, columns, call->err);
    } else if (!dw_value_as_number(v, &number)) {
        return dw_call_fail(call, 0, DW_ERR_TYPE,
                            "%s needs an array, a list or a table, this is %s", call->builtin->name,
                            dw_value_words(v, words));
    }
    return true;
}

static bool run_rows(dw_call *call, dw_value *out) {
    size_t rows, columns;
    if (!shape_of(call, &rows, &columns))
        return false;
    *out = dw_value_number((double)rows);
    return true;
}

static bool run_columns(dw_call *call, dw_value *out) {
    size_t rows, columns;
    if (!shape_of(call, &rows, &columns))
        return false;
    *out = dw_value_number((double)columns);
    return true;
}

static bool run_size(dw_call *call, dw_value *out) {
    size_t rows, columns;
    if (!shape_of(call, &rows, &columns))
        return false;
    dw_tensor *t = dw_tensor_raw(call->mem, 1, 2, call->err);
    if (t == NULL)
        return false;
    t->data[0] = (double)rows;
    t->data[1] = (double)columns;
    return give(t, out);
}

static bool run_transpose(dw_call *call, dw_value *out) {
    dw_tensor *a;
    if (!dw_call_tensor(call, 0, &a))
        return false;
    dw_tensor *t = dw_tensor_transpose(call->mem, a, call->err);
    dw_tensor_release(a);
    return give(t, out);
}

/* Parameters 0 and 1 as tensors. */
static bool two_tensors(dw_call *call, dw_tensor **a, dw_tensor **b) {
    if (!dw_call_tensor(call, 0, a))
        return false;
    if (dw_call_tensor(call, 1, b))
        return true;
    dw_tensor_release(*a);
    return false;
}

static bool run_dot(dw_call *call, dw_value *out) {
    dw_tensor *a, *b;
    double dot;
    if (!two_tensors(call, &a, &b))
        return false;
    bool fine = dw_tensor_dot(a, b, &dot, call->err);
    dw_tensor_release(a);
    dw_tensor_release(b);
    if (fine)
        *out = dw_value_number(dot);
    return fine;
}

static bool run_solve(dw_call *call, dw_value *out) {
    dw_tensor *a, *b;
    if (!two_tensors(call, &a, &b))
        return false;
    dw_tensor *x = dw_linalg_solve(call->mem, a, b, call->cancel, call->err);
    dw_tensor_release(a);
    dw_tensor_release(b);
    return give(x, out);
}

static bool run_inverse(dw_call *call, dw_value *out) {
    dw_tensor *a;
    if (!dw_call_tensor(call, 0, &a))
        return false;
    dw_tensor *x = dw_linalg_inverse(call->mem, a, call->cancel, call->err);
    dw_tensor_release(a);
    return give(x, out);
}

static bool run_det(dw_call *call, dw_value *out) {
    dw_tensor *a;
    double det;
    if (!dw_call_tensor(call, 0, &a))
        return false;
    bool fine = dw_linalg_determinant(call->mem, a, call->cancel, &det, call->err);
    dw_tensor_release(a);
    if (fine)
        *out = dw_value_number(det);
    return fine;
}

static bool run_eigenvalues(dw_call *call, dw_value *out) {
    dw_tensor *a;
    if (!dw_call_tensor(call, 0, &a))
        return false;
    dw_tensor *values = dw_eigen_values(call->mem, a, call->cancel, call->err);
    dw_tensor_release(a);
    return give(values, out);
}

static bool run_eigenvectors(dw_call *call, dw_value *out) {
    dw_tensor *a;
    if (!dw_call_tensor(call, 0, &a))
        return false;
    dw_tensor *vectors = dw_eigen_vectors(call->mem, a, call->cancel, call->err);
    dw_tensor_release(a);
    return give(vectors, out);
}

#define TRACED_ROW(word, parameters, text, sample, others, function, traced_function) \
    {                                                                                 \
        .name = word, .group = "Arrays", .signature = word parameters, .help = text,  \
        .example = sample, .see = others, .run = function, .traced = traced_function  \
    }
#define ROW(word, parameters, text, sample, others, function) \
    TRACED_ROW(word, parameters, text, sample, others, function, NULL)

const dw_builtin dw_lib_linear[] = {
    ROW("zeros", "(rows, columns = 1)",
        "A matrix of zeros; a column when no number of columns is given.", "zeros(2)'  # → [0, 0]",
        "ones eye unit", run_zeros),
    ROW("ones", "(rows, columns = 1)",
        "A matrix of ones; a column when no number of columns is given.", "sum(ones(2, 3))  # → 6",
        "zeros eye", run_ones),
    ROW("eye", "(n)", "The n×n matrix with ones on the diagonal and zeros elsewhere.",
        "eye(3)[2, :]  # → [0, 1, 0]", "unit zeros inverse", run_eye),
    ROW("unit", "(k, n)", "The column of n numbers that is 1 at place k and 0 elsewhere.",
        "unit(2, 3)'  # → [0, 1, 0]", "eye zeros", run_unit),
    ROW("linspace", "(interval, n)",
        "A row of n numbers in equal steps from one end of an interval to the other.",
        "linspace(0..1, 5)  # → [0, 0.25, 0.5, 0.75, 1]", "zeros", run_linspace),
    TRACED_ROW("rows", "(x)", "How many rows a matrix or table has; a row has 1, a number 1.",
               "rows([1; 2; 3])  # → 3", "columns size count", run_rows, dw_lib_traced_rows),
    TRACED_ROW("columns", "(x)",
               "How many columns a matrix or table has; a column has 1, a number 1.",
               "columns([1; 2; 3])  # → 1", "rows size count", run_columns, dw_lib_traced_columns),
    ROW("size", "(x)", "The row [rows, columns] of a matrix, list or table.",
        "size([1, 2; 3, 4; 5, 6])  # → [3, 2]", "rows columns count", run_size),
    TRACED_ROW("transpose", "(x)", "x with rows and columns exchanged; x' is the same.",
               "transpose([1; 2; 3])  # → [1, 2, 3]", "reverse", run_transpose,
               dw_lib_traced_transpose),
    TRACED_ROW("dot", "(a, b)",
               "The sum of the products of corresponding elements; a·b is the same.",
               "dot([1, 2, 3], [4, 5, 6])  # → 32", "norm", run_dot, dw_lib_traced_dot),
    TRACED_ROW(
        "solve", "(A, b)",
        "x with A*x = b; when A has more rows than columns, the x for which norm(A*x - b) is "
        "smallest.",
        "solve([2, 0; 0, 4], [2; 8])'  # → [1, 2]", "inverse det", run_solve, dw_lib_traced_solve),
    ROW("inverse", "(A)", "The matrix whose product with the square matrix A is eye(n).",
        "inverse([2, 0; 0, 4])[2, :]  # → [0, 0.25]", "solve det", run_inverse),
    ROW("det", "(A)", "The determinant of a square matrix; exact for small whole numbers.",
        "det([1, 2; 3, 4])  # → -2", "solve inverse", run_det),
    ROW("eigenvalues", "(A)",
        "The eigenvalues of a symmetric matrix as a column, the smallest first: in their "
        "directions "
        "A only stretches. Of a matrix of second derivatives all are positive at the bottom of a "
        "bowl; at a saddle some are negative.",
        "eigenvalues([2, 1; 1, 2])'  # → [1, 3]", "eigenvectors hessian det", run_eigenvalues),
    ROW("eigenvectors", "(A)",
        "The directions in which a symmetric matrix only stretches, as the columns of a matrix: of "
        "length 1, at right angles, in the order of eigenvalues(A).",
        "eigenvectors([5, 0; 0, 2])[:, 1]'  # → [0, 1]", "eigenvalues", run_eigenvectors),
    {.name = NULL},
};

/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables changed as a whole. */
#include "lang/builtin.h"

#include "tensor/reduce.h"

#include <math.h>
#include <string.h>

/* ---- standardize ---- */

enum { TABLE, LIKE, TARGET };

/* Mean and standard deviation (n - 1) of `count` numbers; 1 for a spread that rounding alone could
 * make. */
static void measure(const double *x, size_t count, double *mean, double *spread) {
    double sum = dw_reduce_sum(x, count, NULL), squares = 0, largest = 0;
    *mean = count > 0 ? sum / (double)count : 0;
    for (size_t i = 0; i < count; i++) {
        squares += (x[i] - *mean) * (x[i] - *mean);
        largest = fmax(largest, fabs(x[i]));
    }
    *spread = count > 1 ? sqrt(squares / (double)(count - 1)) : 0;
    if (!(*spread > 1e-13 * largest))
        *spread = 1;
}

/* Column c of a table as an array with a number or column for each row; NULL for other columns. */
static const dw_tensor *numbers_of(const dw_record *t, size_t c) {
    dw_value v = t->fields[c].value;
    bool fits = v.kind == DW_ARRAY && v.as.array->dim[1] == t->rows && !v.as.array->truth;
    return fits ? v.as.array : NULL;
}

static bool no_partner(dw_call *call, const char *name) {
    return dw_call_fail(call, LIKE, DW_ERR_SHAPE,
                        "the column %.60s is not there with as many numbers a row in the table to "
                        "be like",
                        name);
}

/* A column shifted and scaled as the same column of `like` would have to be. */
static bool scale_column(dw_call *call, const dw_record *t, size_t c, const dw_record *like,
                         dw_value *out) {
    const dw_tensor *from = numbers_of(t, c), *model = NULL;
    for (size_t k = 0; k < like->count; k++)
        if (strcmp(like->fields[k].name->bytes, t->fields[c].name->bytes) == 0)
            model = numbers_of(like, k);
    if (model == NULL || model->dim[0] != from->dim[0])
        return no_partner(call, t->fields[c].name->bytes);
    dw_tensor *made = dw_tensor_raw(call->mem, from->dim[0], from->dim[1], call->err);
    if (made == NULL)
        return false;
    for (size_t r = 0; r < from->dim[0]; r++) {
        double mean, spread;
        measure(model->data + r * model->dim[1], model->dim[1], &mean, &spread);
        for (size_t i = 0; i < from->dim[1]; i++)
            made->data[r * from->dim[1] + i] = (from->data[r * from->dim[1] + i] - mean) / spread;
    }
    *out = dw_value_array(made);
    return true;
}

static bool fill(dw_call *call, const dw_record *t, const dw_record *like, const char *target,
                 dw_record *made) {
    for (size_t c = 0; c < t->count; c++) {
        dw_value *column = &made->fields[c].value;
        bool keep = strcmp(t->fields[c].name->bytes, target) == 0 || numbers_of(t, c) == NULL;
        if (keep)
            *column = dw_value_retain(t->fields[c].value);
        else if (!scale_column(call, t, c, like, column))
            return false;
    }
    return true;
}

static bool run_standardize(dw_call *call, dw_value *out) {
    const dw_record *t, *like;
    const dw_text *target = NULL;
    if (!dw_call_table(call, TABLE, &t) ||
        (dw_call_given(call, TARGET) && !dw_call_text(call, TARGET, &target)))
        return false;
    like = t;
    if (dw_call_given(call, LIKE) && !dw_call_table(call, LIKE, &like))
        return false;
    const char **names = dw_mem_array(call->mem, t->count + 1, sizeof *names);
    if (names == NULL)
        return dw_err_memory(call->err, "a table");
    for (size_t c = 0; c < t->count; c++)
        names[c] = t->fields[c].name->bytes;
    bool fine = dw_value_record(call->mem, DW_TABLE, names, t->count, t->rows, out, call->err);
    dw_mem_free(names);
    if (fine && !fill(call, t, like, target != NULL ? target->bytes : "y", out->as.record))
        fine = dw_value_drop(out);
    return fine;
}

const dw_builtin dw_lib_table[] = {
    {.name = "standardize",
     .group = "Data",
     .signature = "standardize(t, like = t, target = \"y\")",
     .help = "A table whose columns of numbers are shifted and scaled to mean 0 and spread 1, each "
             "number of an input by itself; answers, texts and truth values stay as they are.\n"
             "like: the table whose means and spreads are taken: what a net learned from, when "
             "another table follows it\n"
             "target: the column of answers",
     .example = "t = table(x = [10, 20, 30], y = [1, 2, 3])\nstandardize(t).x  # → [-1, 0, 1]",
     .see = "split mean std train",
     .run = run_standardize},
    {.name = NULL},
};

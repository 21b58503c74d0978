/* SPDX-License-Identifier: BSD-3-Clause */
/* A table as samples: which columns are what a function is given, which one is what it should
 * answer. */
#ifndef DW_SAMPLES_H
#define DW_SAMPLES_H

#include "lang/builtin.h"

typedef struct {
    const dw_record *table; /* borrowed */
    size_t count;           /* samples */
    const dw_value *y;      /* the column of answers, borrowed */
    const dw_value *x;      /* the column of inputs, borrowed; NULL: all other columns of numbers */
    dw_value *parts;        /* room for one entry of each column; dw_mem */
} dw_samples;

/* Reads parameter i, a table, and parameter `target`, the name of the column of answers (y when it
 * is not given). The inputs are column x or, where there is none, all other columns of numbers one
 * below the other. False with an error that says which column is missing, or that there is no row.
 */
bool dw_samples_open(dw_call *call, size_t i, size_t target, dw_samples *out) DW_CHECK;
void dw_samples_close(dw_samples *samples);

/* Input and answer of sample i (from 0), one reference each. */
bool dw_samples_x(dw_call *call, const dw_samples *samples, size_t i, dw_value *out) DW_CHECK;
bool dw_samples_y(dw_call *call, const dw_samples *samples, size_t i, dw_value *out) DW_CHECK;

/* All inputs as count×width numbers, sample after sample, in *out (dw_mem_free). False with an
 * error that names the sample where a text, a number that is not finite or another shape is. */
bool dw_samples_inputs(dw_call *call, const dw_samples *samples, double **out,
                       size_t *width) DW_CHECK;

/* All answers as numbers in *out (dw_mem_free): themselves, or with texts, truth values or
 * `classes` their places from 0 in *labels, a list of the distinct answers in order of size or
 * alphabet (NOTHING for plain numbers). */
bool dw_samples_answers(dw_call *call, const dw_samples *samples, bool classes, double **out,
                        dw_value *labels) DW_CHECK;

/* The distinct values among `count` texts, numbers and truth values as a list in order of size or
 * alphabet (numbers first); the place of each in places[]. False with a TYPE error at parameter i
 * for anything else. */
bool dw_samples_labels(dw_call *call, size_t i, const dw_value *values, size_t count,
                       size_t *places, dw_value *labels) DW_CHECK;

#endif

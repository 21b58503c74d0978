/* SPDX-License-Identifier: BSD-3-Clause */
/* A table as numbers to train with: what a net is given for each sample, and what it should answer.
 *
 * A column of numbers gives a number a sample, a matrix a column a sample, a list of rows those
 * rows. Texts are classes: of a vocabulary where the net begins with embed, of labels where it ends
 * with softmax. */
#ifndef DW_DATASET_H
#define DW_DATASET_H

#include "lang/samples.h"

/* One argument or the answer of all samples. */
typedef struct {
    const char *name;     /* of the column, for errors; "" for several joined columns */
    size_t rows, columns; /* of one sample */
    double *numbers;      /* [sample][row][column]; dw_mem */
} dw_dataset_part;

enum { DW_DATASET_INPUTS = 8 };

typedef struct {
    size_t count; /* samples */
    size_t inputs;
    dw_dataset_part input[DW_DATASET_INPUTS];
    dw_dataset_part target;
} dw_dataset;

/* Which columns, and what texts in them mean. */
typedef struct {
    size_t table, column;     /* parameters of the call: the table, the name of the answers */
    size_t inputs;            /* arguments of the net */
    const char *const *names; /* with several: the columns that hold them */
    dw_value words;           /* a list: text k stands for the number k, from 1; or NOTHING */
    dw_value labels;          /* a list: label k stands for class k; NOTHING: no classes */
    size_t outputs;           /* numbers in an answer of the net */
} dw_dataset_form;

/* Reads the inputs of a table. False with an error that names the column and the row of what is
 * missing, no number, not finite, of another shape, or not among the words. */
bool dw_dataset_inputs(dw_call *call, const dw_dataset_form *form, dw_dataset *out) DW_CHECK;

/* Reads the answers: numbers as they are; with labels a column of `outputs` numbers, 1 at the class
 * and 0 elsewhere. False with an error that names the row of an answer that is no label, no number
 * or of another shape than the net's. */
bool dw_dataset_targets(dw_call *call, const dw_dataset_form *form, dw_dataset *data) DW_CHECK;

/* The texts in the inputs and answers of a table as a sorted list without repetitions, added to
 * those in *words (a list or NOTHING). */
bool dw_dataset_words(dw_call *call, const dw_dataset_form *form, dw_value *words) DW_CHECK;

/* The labels of the answers, sorted, one for each of form->outputs classes: the distinct answers;
 * where those are fewer, the words of the net, or the whole numbers from 0 or 1 on. An error that
 * says how many there are when that does not fit. Columns of numbers are no classes: NOTHING. */
bool dw_dataset_labels(dw_call *call, const dw_dataset_form *form, dw_value *labels) DW_CHECK;

/* Takes the samples at places[count] out of `from` into a new one. */
bool dw_dataset_take(dw_mem *mem, const dw_dataset *from, const size_t *places, size_t count,
                     dw_dataset *out, dw_err *err) DW_CHECK;

void dw_dataset_free(dw_dataset *data);

#endif

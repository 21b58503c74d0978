/* SPDX-License-Identifier: BSD-3-Clause */
/* Which class an answer means, how often it is the right one, and what is taken for what. */
#include "lang/builtin.h"

#include "lang/samples.h"

#include <math.h>
#include <string.h>

enum { F, TABLE, TARGET }; /* parameters of accuracy and confusion */

/* ---- guess ---- */

/* The place of the largest number, from 0; the first of equals. */
static size_t largest(const dw_tensor *t) {
    size_t best = 0;
    for (size_t i = 1; i < t->size; i++)
        if (t->data[i] > t->data[best] || isnan(t->data[best]))
            best = i;
    return best;
}

/* The label with the largest number. */
static bool labelled_guess(dw_call *call, dw_value answer, dw_value *out) {
    dw_tensor *numbers;
    if (!dw_value_as_tensor(call->mem, answer, &numbers, call->err))
        return false;
    size_t place = largest(numbers);
    dw_tensor_release(numbers);
    return dw_value_element(call->mem, answer.as.record->labels, place, out, call->err);
}

/* What an answer means: a label itself, the nearest whole number, or the place of the largest of
 * several numbers. */
static bool guess_of(dw_call *call, dw_value answer, dw_value *out) {
    char words[DW_VALUE_WORDS];
    if (dw_value_is_labelled(answer))
        return labelled_guess(call, answer, out);
    switch (answer.kind) {
    case DW_TEXT:
    case DW_TRUTH:
        *out = dw_value_retain(answer);
        return true;
    case DW_NUMBER:
        *out = dw_value_number(round(answer.as.number));
        return true;
    case DW_ARRAY:
        if (dw_tensor_is_vector(answer.as.array) && answer.as.array->size > 0) {
            *out = dw_value_number((double)(largest(answer.as.array) + 1));
            return true;
        }
        break;
    default:
        break;
    }
    return dw_call_fail(call, 0, DW_ERR_TYPE,
                        "%s reads an answer: a label, a number, or a column with one number for "
                        "each class; this is %s",
                        call->builtin->name, dw_value_words(answer, words));
}

static bool run_guess(dw_call *call, dw_value *out) {
    dw_value answer;
    bool net = call->args[0].kind == DW_FUNCTION;
    if (net && !dw_call_given(call, 1))
        return dw_call_fail(call, 0, DW_ERR_TYPE,
                            "guess(f, x) needs what f is asked: the guess of f at x");
    if (!net && dw_call_given(call, 1))
        return dw_call_fail(call, 0, DW_ERR_TYPE,
                            "with two values the first is a function: guess(f, x)");
    if (!net)
        return guess_of(call, call->args[0], out);
    if (!dw_call_invoke(call, call->args[0], &call->args[1], 1, &answer))
        return false;
    bool fine = guess_of(call, answer, out);
    dw_value_release(answer);
    return fine;
}

/* ---- guesses for a whole table ---- */

/* For each sample what is true and what was guessed. */
typedef struct {
    dw_samples samples;
    bool signs;      /* the truths are -1 and 1: a number is read by its sign */
    dw_value *truth; /* of each sample, then the guesses; dw_mem */
    size_t made;
} trial;

static bool is_number(dw_value v, double x) {
    double number;
    return dw_value_as_number(v, &number) && number == x;
}

/* Reads the truths; -1 and 1 and nothing else are signs. */
static bool read_truths(dw_call *call, trial *t) {
    size_t count = t->samples.count;
    bool minus = false;
    t->signs = true;
    for (size_t i = 0; i < count; i++) {
        if (!dw_samples_y(call, &t->samples, i, &t->truth[i]))
            return false;
        t->made++;
        minus = minus || is_number(t->truth[i], -1);
        t->signs = t->signs && (is_number(t->truth[i], -1) || is_number(t->truth[i], 1));
    }
    t->signs = t->signs && minus;
    return true;
}

/* Truths in the form of guesses: of a column with one number for each class the place of the
 * largest. */
static bool level_truth(dw_call *call, size_t i, dw_value *truth, dw_value answer) {
    double number = 0;
    char words[DW_VALUE_WORDS];
    bool classes = answer.kind == DW_ARRAY;
    if (truth->kind == DW_ARRAY) {
        dw_value place;
        if (!guess_of(call, *truth, &place))
            return false;
        dw_value_release(*truth);
        *truth = place;
    } else if (dw_value_as_number(*truth, &number) && number != round(number)) {
        return dw_call_fail(call, TABLE, DW_ERR_VALUE,
                            "%s counts right and wrong classes; row %zu has the answer %.6g, which "
                            "is none. For numbers use the mean error: mean((y - f(x))² for x, y in "
                            "t)",
                            call->builtin->name, i + 1, number);
    } else if (classes && truth->kind != DW_TEXT &&
               !(number >= 1 && number <= (double)answer.as.array->size)) {
        return dw_call_fail(call, TABLE, DW_ERR_VALUE,
                            "the function answers with %zu numbers, so its classes are 1 to %zu; "
                            "row %zu has %.6g. A net that was trained on these answers knows them",
                            answer.as.array->size, answer.as.array->size, i + 1, number);
    } else if (classes && truth->kind == DW_TEXT) {
        return dw_call_fail(call, F, DW_ERR_TYPE,
                            "the function answers with %s without labels, row %zu has the label "
                            "%.60s. A net trained on labels keeps them",
                            dw_value_words(answer, words), i + 1, truth->as.text->bytes);
    }
    return true;
}

static bool try_sample(dw_call *call, trial *t, size_t i) {
    dw_value x, answer;
    if (!dw_call_poll(call) || !dw_samples_x(call, &t->samples, i, &x))
        return false;
    bool fine = dw_call_invoke(call, call->args[F], &x, 1, &answer);
    dw_value_release(x);
    if (!fine)
        return false;
    dw_value *guess = &t->truth[t->samples.count + i];
    fine = level_truth(call, i, &t->truth[i], answer);
    if (fine && t->signs && answer.kind == DW_NUMBER)
        *guess = dw_value_number(answer.as.number < 0 ? -1 : 1);
    else
        fine = fine && guess_of(call, answer, guess);
    dw_value_release(answer);
    t->made += fine;
    return fine;
}

static bool open_trial(dw_call *call, trial *t) {
    dw_value f;
    *t = (trial){.made = 0};
    if (!dw_call_function(call, F, &f) || !dw_samples_open(call, TABLE, TARGET, &t->samples))
        return false;
    t->truth = dw_mem_array(call->mem, 2 * t->samples.count, sizeof *t->truth);
    bool fine = t->truth != NULL ? read_truths(call, t) : dw_err_memory(call->err, "guesses");
    for (size_t i = 0; fine && i < t->samples.count; i++)
        fine = try_sample(call, t, i);
    return fine;
}

static void close_trial(trial *t) {
    for (size_t i = 0; i < t->made; i++)
        dw_value_release(t->truth[i]);
    dw_mem_free(t->truth);
    dw_samples_close(&t->samples);
}

static bool run_accuracy(dw_call *call, dw_value *out) {
    trial t;
    bool fine = open_trial(call, &t);
    size_t count = t.samples.count, right = 0;
    for (size_t i = 0; fine && i < count; i++)
        right += dw_value_same(t.truth[i], t.truth[count + i]);
    close_trial(&t);
    return fine && dw_lib_chance_wilson(call, (double)right, (double)count, out);
}

/* ---- confusion ---- */

enum { CLASSES_MOST = 64 };

/* A label as the name of a column. */
static char *name_of(dw_call *call, dw_value label) {
    dw_buf text;
    dw_buf_init(&text, call->mem);
    dw_value_insert(&text, label, 0);
    char *name = dw_buf_take(&text, NULL);
    dw_buf_free(&text);
    return name;
}

/* A table of zeros: a column of labels, then a column for each guess. */
static bool empty_table(dw_call *call, dw_value labels, dw_value *out) {
    size_t n = labels.as.list->count, made = 1;
    char *names[CLASSES_MOST + 1] = {NULL};
    bool fine = true;
    names[0] = dw_mem_text(call->mem, "truth", 5);
    for (; made <= n && fine; made++) {
        names[made] = name_of(call, labels.as.list->items[made - 1]);
        fine = names[made] != NULL;
    }
    fine = (fine && names[0] != NULL) || dw_err_memory(call->err, "a table");
    fine = fine && dw_value_record(call->mem, DW_TABLE, (const char *const *)names, n + 1, n, out,
                                   call->err);
    for (size_t i = 0; i < made; i++)
        dw_mem_free(names[i]);
    return fine;
}

static bool fill_table(dw_call *call, const size_t *places, size_t count, dw_value labels,
                       dw_record *table) {
    size_t n = table->rows;
    table->fields[0].value = dw_value_retain(labels);
    for (size_t c = 0; c < n; c++) {
        dw_tensor *column = dw_tensor_zeros(call->mem, 1, n, call->err);
        if (column == NULL)
            return false;
        for (size_t i = 0; i < count; i++)
            column->data[places[i]] += places[count + i] == c;
        table->fields[c + 1].value = dw_value_array(column);
    }
    return true;
}

static bool count_pairs(dw_call *call, const trial *t, dw_value *out) {
    size_t count = t->samples.count;
    dw_value labels = dw_value_nothing();
    size_t *places = dw_mem_array(call->mem, 2 * count, sizeof *places);
    if (places == NULL)
        return dw_err_memory(call->err, "a table");
    bool fine = dw_samples_labels(call, TABLE, t->truth, 2 * count, places, &labels);
    if (fine && labels.as.list->count > CLASSES_MOST)
        fine = dw_call_fail(call, TABLE, DW_ERR_LIMIT,
                            "confusion shows at most %d classes, here are %zu", CLASSES_MOST,
                            labels.as.list->count);
    if (fine && empty_table(call, labels, out)) {
        fine = fill_table(call, places, count, labels, out->as.record);
        if (!fine)
            dw_value_drop(out);
    } else {
        fine = false;
    }
    dw_value_release(labels);
    dw_mem_free(places);
    return fine;
}

static bool run_confusion(dw_call *call, dw_value *out) {
    trial t;
    bool fine = open_trial(call, &t) && count_pairs(call, &t, out);
    close_trial(&t);
    return fine;
}

#define ROW(word, parameters, text, sample, others, function)                      \
    {                                                                              \
        .name = word, .group = "Data", .signature = word parameters, .help = text, \
        .example = sample, .see = others, .run = function                          \
    }

const dw_builtin dw_lib_class[] = {
    ROW("guess", "(f, x = nothing)",
        "The class an answer means: of a labelled column the label with the largest number, of a "
        "plain one its place, of a number the nearest whole one. guess(f, x) is the guess of a "
        "function at x, guess(p) reads an answer that is there already.",
        "guess([0.1; 0.7; 0.2])  # → 2", "accuracy confusion argmax", run_guess),
    ROW("accuracy", "(f, t, target = \"y\")",
        "How often the guess of a function is right in a table, with its 95 % interval: "
        "column x (or all other columns of numbers) holds what f is given, y the right class. A "
        "single number counts as the nearest whole number, or by its sign where y is -1 and 1.\n"
        "target: the column of right answers",
        "t = table(x = -2..2, y = [0, 1, 1, 1, 1])\naccuracy(x ↦ σ(9*x), t).value  # → 0.8",
        "guess confusion fraction split", run_accuracy),
    ROW("confusion", "(f, t, target = \"y\")",
        "A table of what is taken for what: a row for each true class, a column for each guess, "
        "counts in it.\n"
        "target: the column of right answers",
        "t = table(x = 1..4, y = [\"odd\", \"even\", \"odd\", \"even\"])\n"
        "confusion(x ↦ \"odd\", t).odd  # → [2, 2]",
        "accuracy guess", run_confusion),
    {.name = NULL},
};

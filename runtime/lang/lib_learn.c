/* SPDX-License-Identifier: BSD-3-Clause */
/* Other ways than nets to learn from a table: trees, neighbours, polynomials. Each gives a
 * function.
 */
#include "lang/bound.h"

#include "lang/operate.h"
#include "lang/samples.h"
#include "nets/neighbour.h"
#include "nets/tree.h"
#include "tensor/format.h"
#include "tensor/linalg.h"
#include "tensor/reduce.h"

#include <math.h>
#include <string.h>

/* ---- what they have in common ---- */

/* A table as numbers. */
typedef struct {
    dw_samples samples;
    double *x, *y;
    size_t width;
    dw_value labels; /* of classes, else NOTHING */
} lesson;

static void close_lesson(lesson *l) {
    dw_mem_free(l->x);
    dw_mem_free(l->y);
    dw_value_release(l->labels);
    dw_samples_close(&l->samples);
}

/* Reads parameter 0 with the options of parameters `classes` (SIZE_MAX: none) and `target`. */
static bool open_lesson(dw_call *call, size_t classes, size_t target, lesson *l) {
    bool labels = false;
    *l = (lesson){.x = NULL};
    if (classes != SIZE_MAX && dw_call_given(call, classes) &&
        !dw_call_truth(call, classes, &labels))
        return false;
    return dw_samples_open(call, 0, target, &l->samples) &&
           dw_samples_inputs(call, &l->samples, &l->x, &l->width) &&
           dw_samples_answers(call, &l->samples, labels, &l->y, &l->labels);
}

/* Numbers as a value that a function can bring along. */
static bool keep(dw_call *call, const double *from, size_t rows, size_t columns, dw_value *out) {
    dw_tensor *t = dw_tensor_raw(call->mem, rows, columns, call->err);
    if (t == NULL)
        return false;
    if (t->size > 0)
        memcpy(t->data, from, t->size * sizeof *from);
    *out = (dw_value){.kind = DW_ARRAY, .as.array = t};
    return true;
}

/* Makes the function; the values are given up. */
static bool bind(dw_call *call, const dw_builtin *row, dw_value *values, size_t count,
                 dw_value *out) {
    bool fine = dw_bound_new(call->mem, row, values, count, out, call->err);
    for (size_t i = 0; i < count; i++)
        dw_value_release(values[i]);
    return fine;
}

/* What such a function is asked: `width` numbers, released by the caller. */
static bool read_input(dw_call *call, size_t width, dw_tensor **out) {
    if (!dw_call_tensor(call, 0, out))
        return false;
    if ((*out)->size == width)
        return true;
    size_t size = (*out)->size;
    dw_tensor_release(*out);
    return dw_call_fail(call, 0, DW_ERR_SHAPE,
                        "%s learned from inputs of %zu number%s, this is %zu", call->builtin->name,
                        width, width == 1 ? "" : "s", size);
}

/* A class by its label, a number as it is. */
static dw_value answer_of(dw_value labels, double answer) {
    return labels.kind == DW_LIST ? dw_value_retain(labels.as.list->items[(size_t)answer])
                                  : dw_value_number(answer);
}

static void show_count(dw_buf *out, double n, const char *one, const char *many) {
    dw_format_number(out, n, 0);
    dw_buf_text(out, n > 1 || n < 1 ? many : one);
}

/* ---- decision trees ---- */

enum { NODES, TREE_LABELS, WIDTH, DEPTH, LEAVES, TREE_VALUES };

static bool run_tree(dw_call *call, dw_value *out) {
    dw_tensor *x;
    if (!read_input(call, (size_t)call->bound[WIDTH].as.number, &x))
        return false;
    *out = answer_of(call->bound[TREE_LABELS],
                     dw_tree_answer(call->bound[NODES].as.array->data, x->data));
    dw_tensor_release(x);
    return true;
}

static void show_tree(dw_buf *out, const dw_value *bound) {
    dw_buf_text(out, "a decision tree of depth ");
    dw_format_number(out, bound[DEPTH].as.number, 0);
    dw_buf_text(out, " with ");
    show_count(out, bound[LEAVES].as.number, " leaf", " leaves");
    if (bound[TREE_LABELS].kind == DW_LIST)
        dw_buf_print(out, " for %zu classes", bound[TREE_LABELS].as.list->count);
}

static const dw_builtin tree_row = {.name = "tree",
                                    .group = "Data",
                                    .signature = "tree(x)",
                                    .help = "The answer of the leaf that x falls into.",
                                    .example = "",
                                    .see = "decision_tree",
                                    .run = run_tree,
                                    .show = show_tree};

static bool tree_value(dw_call *call, const lesson *l, const dw_tree *tree, dw_value *out) {
    dw_value values[TREE_VALUES] = {{.kind = DW_NOTHING}};
    if (!keep(call, tree->nodes, tree->count, DW_TREE_FIELDS, &values[NODES]))
        return false;
    values[TREE_LABELS] = dw_value_retain(l->labels);
    values[WIDTH] = dw_value_number((double)l->width);
    values[DEPTH] = dw_value_number((double)tree->depth);
    values[LEAVES] = dw_value_number((double)tree->leaves);
    return bind(call, &tree_row, values, TREE_VALUES, out);
}

static bool run_decision_tree(dw_call *call, dw_value *out) {
    size_t depth = SIZE_MAX;
    double most = HUGE_VAL;
    lesson l = {.x = NULL};
    dw_tree tree = {.nodes = NULL};
    if (dw_call_given(call, 1) && !dw_call_number(call, 1, &most))
        return false;
    if (most < HUGE_VAL && !dw_call_whole(call, 1, 0, 1e9, &depth))
        return false;
    bool fine = open_lesson(call, 2, 3, &l);
    if (fine) {
        dw_tree_data data = {l.x, l.y, l.samples.count, l.width,
                             l.labels.kind == DW_LIST ? l.labels.as.list->count : 0};
        fine = dw_tree_grow(call->mem, &data, depth, call->cancel, &tree, call->err) &&
               tree_value(call, &l, &tree, out);
    }
    dw_mem_free(tree.nodes);
    close_lesson(&l);
    return fine;
}

/* ---- neighbours ---- */

enum { INPUTS, ANSWERS, NEAR_LABELS, HOW_MANY, NEAR_VALUES };

/* The label most of the neighbours have; of equals that of the nearest. */
static double vote(const dw_neighbour *found, size_t k, const double *answers) {
    size_t most = 0;
    double best = answers[found[0].sample];
    for (size_t i = 0; i < k; i++) {
        size_t votes = 0;
        for (size_t j = 0; j < k; j++)
            votes += answers[found[j].sample] == answers[found[i].sample];
        if (votes > most) {
            most = votes;
            best = answers[found[i].sample];
        }
    }
    return best;
}

static double mean_of(const dw_neighbour *found, size_t k, const double *answers) {
    double sum = 0;
    for (size_t i = 0; i < k; i++)
        sum += answers[found[i].sample];
    return sum / (double)k;
}

static bool run_near(dw_call *call, dw_value *out) {
    const dw_tensor *inputs = call->bound[INPUTS].as.array;
    const double *answers = call->bound[ANSWERS].as.array->data;
    size_t k = (size_t)call->bound[HOW_MANY].as.number;
    dw_tensor *x;
    if (!read_input(call, inputs->dim[1], &x))
        return false;
    dw_neighbour *found = dw_mem_array(call->mem, k, sizeof *found);
    if (found == NULL) {
        dw_tensor_release(x);
        return dw_err_memory(call->err, "neighbours");
    }
    dw_neighbour_find(inputs->data, inputs->dim[0], inputs->dim[1], x->data, k, found);
    bool labels = call->bound[NEAR_LABELS].kind == DW_LIST;
    *out = answer_of(call->bound[NEAR_LABELS],
                     labels ? vote(found, k, answers) : mean_of(found, k, answers));
    dw_mem_free(found);
    dw_tensor_release(x);
    return true;
}

static void show_near(dw_buf *out, const dw_value *bound) {
    double k = bound[HOW_MANY].as.number;
    if (k > 1)
        dw_buf_text(out, bound[NEAR_LABELS].kind == DW_LIST ? "the most frequent label of the "
                                                            : "the mean answer of the ");
    else
        dw_buf_text(out, "the answer of the ");
    if (k > 1)
        dw_format_number(out, k, 0);
    dw_buf_text(out, k > 1 ? " nearest of " : "nearest of ");
    show_count(out, (double)bound[INPUTS].as.array->dim[0], " sample", " samples");
}

static const dw_builtin near_row = {.name = "nearest neighbour",
                                    .group = "Data",
                                    .signature = "nearest neighbour(x)",
                                    .help = "The answer of the samples nearest to x.",
                                    .example = "",
                                    .see = "nearest",
                                    .run = run_near,
                                    .show = show_near};

static bool run_nearest(dw_call *call, dw_value *out) {
    size_t k = 1;
    lesson l = {.x = NULL};
    dw_value values[NEAR_VALUES] = {{.kind = DW_NOTHING}};
    bool fine =
        open_lesson(call, 2, 3, &l) &&
        (!dw_call_given(call, 1) || dw_call_whole(call, 1, 1, (double)l.samples.count, &k)) &&
        keep(call, l.x, l.samples.count, l.width, &values[INPUTS]);
    if (fine && !keep(call, l.y, 1, l.samples.count, &values[ANSWERS])) {
        dw_value_release(values[INPUTS]);
        fine = false;
    }
    if (fine) {
        values[NEAR_LABELS] = dw_value_retain(l.labels);
        values[HOW_MANY] = dw_value_number((double)k);
        fine = bind(call, &near_row, values, NEAR_VALUES, out);
    }
    close_lesson(&l);
    return fine;
}

/* ---- polynomials ---- */

/* Coefficients of the Chebyshev polynomials of u = (x - middle)/half, which runs from -1 to 1 over
 * the data: powers of x themselves become too much alike to be told apart. */
enum { COEFFICIENTS, MIDDLE, HALF, POLYNOMIAL_VALUES };

static double clenshaw(const double *c, size_t count, double u) {
    double b1 = 0, b2 = 0;
    for (size_t k = count; k-- > 1;) {
        double b0 = c[k] + 2 * u * b1 - b2;
        b2 = b1;
        b1 = b0;
    }
    return c[0] + u * b1 - b2;
}

/* a op b, giving up a. */
static bool step(const dw_operate *o, dw_elem_binary op, dw_value *a, dw_value b) {
    dw_value next;
    bool fine = dw_operate_pair(o, op, *a, b, &next);
    dw_value_release(*a);
    *a = fine ? next : dw_value_nothing();
    return fine;
}

/* The same on arrays and traced values: b0 = c + factor*u*b1 - b2 into *b2, *b1 stays. */
static bool recur(const dw_operate *o, dw_value u, double c, double factor, dw_value b1,
                  dw_value *b2) {
    dw_value b0 = dw_value_retain(b1);
    bool fine = step(o, DW_ELEM_MULTIPLY, &b0, u) &&
                step(o, DW_ELEM_MULTIPLY, &b0, dw_value_number(factor)) &&
                step(o, DW_ELEM_ADD, &b0, dw_value_number(c)) &&
                step(o, DW_ELEM_SUBTRACT, &b0, *b2);
    dw_value_release(*b2);
    *b2 = b0;
    return fine;
}

static bool clenshaw_values(const dw_operate *o, const double *c, size_t count, dw_value u,
                            dw_value *out) {
    dw_value b1 = dw_value_number(0), b2 = dw_value_number(0);
    bool fine = true;
    for (size_t k = count; fine && k-- > 0;) {
        fine = recur(o, u, c[k], k > 0 ? 2 : 1, b1, &b2);
        dw_value next = b2;
        b2 = b1;
        b1 = next;
    }
    dw_value_release(b2);
    if (!fine)
        return dw_value_drop(&b1);
    *out = b1;
    return true;
}

static bool run_polynomial(dw_call *call, dw_value *out) {
    const dw_tensor *c = call->bound[COEFFICIENTS].as.array;
    double middle = call->bound[MIDDLE].as.number, half = call->bound[HALF].as.number, x;
    dw_value v = call->args[0];
    if (dw_value_as_number(v, &x)) {
        *out = dw_value_number(clenshaw(c->data, c->size, (x - middle) / half));
        return true;
    }
    if (v.kind != DW_ARRAY && v.kind != DW_TRACED)
        return dw_call_number(call, 0, &x);
    dw_operate o = {call->mem, call->cancel, call->err};
    dw_value u = dw_value_retain(v);
    bool fine = step(&o, DW_ELEM_SUBTRACT, &u, dw_value_number(middle)) &&
                step(&o, DW_ELEM_DIVIDE, &u, dw_value_number(half)) &&
                clenshaw_values(&o, c->data, c->size, u, out);
    dw_value_release(u);
    return fine;
}

static void show_polynomial(dw_buf *out, const dw_value *bound) {
    double middle = bound[MIDDLE].as.number, half = bound[HALF].as.number;
    dw_buf_print(out, "a polynomial of degree %zu, fitted on ",
                 bound[COEFFICIENTS].as.array->size - 1);
    dw_format_number(out, middle - half, 0);
    dw_buf_text(out, "..");
    dw_format_number(out, middle + half, 0);
}

static const dw_builtin polynomial_row = {.name = "polynomial",
                                          .group = "Data",
                                          .signature = "polynomial(x)",
                                          .help = "The value of the polynomial at x.",
                                          .example = "",
                                          .see = "polynomial_fit",
                                          .run = run_polynomial,
                                          .traced = run_polynomial,
                                          .show = show_polynomial};

/* How many different places there are, and the outer ones. */
static bool count_places(dw_call *call, const lesson *l, size_t *places, double ends[2]) {
    size_t count = l->samples.count;
    double *sorted = dw_mem_array(call->mem, count, sizeof *sorted);
    if (sorted == NULL)
        return dw_err_memory(call->err, "a polynomial");
    memcpy(sorted, l->x, count * sizeof *sorted);
    bool fine = dw_reduce_sort(sorted, count, call->cancel);
    *places = 0;
    for (size_t i = 0; i < count; i++)
        *places += i == 0 || sorted[i] > sorted[i - 1];
    ends[0] = sorted[0];
    ends[1] = sorted[count - 1];
    dw_mem_free(sorted);
    return fine || dw_call_poll(call);
}

/* Least squares in the Chebyshev basis: row i holds T0 … Td at sample i. */
static dw_tensor *fit(dw_call *call, const lesson *l, size_t degree, double middle, double half) {
    size_t count = l->samples.count, columns = degree + 1;
    dw_tensor *basis = dw_tensor_raw(call->mem, count, columns, call->err);
    dw_tensor *y = dw_tensor_raw(call->mem, count, 1, call->err), *found = NULL;
    if (basis != NULL && y != NULL) {
        memcpy(y->data, l->y, count * sizeof *l->y);
        for (size_t i = 0; i < count; i++) {
            double *row = basis->data + i * columns, u = (l->x[i] - middle) / half;
            for (size_t k = 0; k < columns; k++)
                row[k] = k == 0 ? 1 : k == 1 ? u : 2 * u * row[k - 1] - row[k - 2];
        }
        found = dw_linalg_solve(call->mem, basis, y, call->cancel, call->err);
    }
    dw_tensor_release(basis);
    dw_tensor_release(y);
    return found;
}

enum { DEGREE_MOST = 1000 };

static bool fit_lesson(dw_call *call, const lesson *l, size_t degree, dw_value *out) {
    double ends[2] = {0, 0};
    size_t places = 0;
    if (l->width != 1)
        return dw_call_fail(call, 0, DW_ERR_SHAPE,
                            "polynomial_fit works on one number a row, here are %zu. A net, a tree "
                            "or nearest takes several",
                            l->width);
    if (!count_places(call, l, &places, ends))
        return false;
    if (places < degree + 1)
        return dw_call_fail(call, 1, DW_ERR_VALUE,
                            "a polynomial of degree %zu needs at least %zu different places x, "
                            "here %s %zu",
                            degree, degree + 1, places == 1 ? "is" : "are", places);
    double middle = ends[0] / 2 + ends[1] / 2;
    double half = ends[1] > ends[0] ? ends[1] / 2 - ends[0] / 2 : 1;
    dw_tensor *c = fit(call, l, degree, middle, half);
    if (c == NULL)
        return false;
    dw_value values[POLYNOMIAL_VALUES] = {
        {.kind = DW_ARRAY, .as.array = c}, dw_value_number(middle), dw_value_number(half)};
    return bind(call, &polynomial_row, values, POLYNOMIAL_VALUES, out);
}

static bool run_polynomial_fit(dw_call *call, dw_value *out) {
    size_t degree;
    lesson l = {.x = NULL};
    bool fine = dw_call_whole(call, 1, 0, DEGREE_MOST, &degree) &&
                open_lesson(call, SIZE_MAX, 2, &l) &&
                (l.labels.kind == DW_NOTHING ||
                 dw_call_fail(call, 0, DW_ERR_TYPE,
                              "polynomial_fit needs numbers as answers; for labels take "
                              "decision_tree or nearest")) &&
                fit_lesson(call, &l, degree, out);
    close_lesson(&l);
    return fine;
}

/* ---- the registry ---- */

#define ROW(word, parameters, text, sample, others, function)                      \
    {                                                                              \
        .name = word, .group = "Data", .signature = word parameters, .help = text, \
        .example = sample, .see = others, .run = function                          \
    }
#define TARGET_HELP "target: the column of answers"

const dw_builtin dw_lib_learn[] = {
    ROW("decision_tree", "(t, depth = inf, classes = false, target = \"y\")",
        "A function that asks one question after the other, each whether one input is below a "
        "number, and answers with the mean of the rows of a table that would get there, or with "
        "their most frequent label. It is a staircase: it jumps. Column x (or all other columns of "
        "numbers) holds the inputs.\n"
        "depth: at most so many questions; without it the tree grows until its leaves are pure\n"
        "classes: true when whole numbers in y are labels; texts always are\n" TARGET_HELP,
        "t = table(x = [1, 2, 3, 4], y = [5, 5, 7, 7])\ndecision_tree(t)  # → a decision tree of "
        "depth 1 with 2 leaves",
        "nearest polynomial_fit accuracy train", run_decision_tree),
    ROW("nearest", "(t, k = 1, classes = false, target = \"y\")",
        "A function that answers as the row of a table whose x is nearest, or with the mean (of "
        "labels the most frequent) of the k nearest.\n"
        "k: how many\n"
        "classes: true when whole numbers in y are labels; texts always are\n" TARGET_HELP,
        "t = table(x = [1, 2, 4], y = [\"low\", \"low\", \"high\"])\nf = nearest(t)\nf(3.5)  # → "
        "\"high\"",
        "decision_tree polynomial_fit accuracy", run_nearest),
    ROW("polynomial_fit", "(t, degree, target = \"y\")",
        "The polynomial of a degree with the smallest squared errors at the rows of a table (x one "
        "number), as a function; with one row more than the degree it goes through all of "
        "them.\n" TARGET_HELP,
        "t = table(x = -2..2, y = x ↦ x³ - x)\nf = polynomial_fit(t, 3)\nf(0.5)  # → -0.375",
        "solve nearest decision_tree", run_polynomial_fit),
    {.name = NULL},
};

/* SPDX-License-Identifier: BSD-3-Clause */
/* Chance: distributions, draws from the running stream, shuffling, and what a count of successes
 * says about a chance. */
#include "lang/builtin.h"

#include "lang/subset.h"

#include <math.h>

enum { MAX_COPIES = 1 << 24 };

static bool run_normal(dw_call *call, dw_value *out) {
    double mean = 0, spread = 1;
    if ((dw_call_given(call, 0) && !dw_call_number(call, 0, &mean)) ||
        (dw_call_given(call, 1) && !dw_call_number(call, 1, &spread)))
        return false;
    if (!isfinite(mean))
        return dw_call_fail(call, 0, DW_ERR_VALUE, "normal needs a finite mean, this is %g", mean);
    if (!(spread >= 0 && isfinite(spread)))
        return dw_call_fail(call, 1, DW_ERR_VALUE,
                            "normal needs a spread that is not negative, this is %.6g", spread);
    return dw_value_distribution(call->mem, DW_NORMAL, mean, spread, 0, out, call->err);
}

static bool run_uniform(dw_call *call, dw_value *out) {
    double lo, hi;
    if (!dw_call_interval(call, 0, &lo, &hi))
        return false;
    if (!(lo <= hi && isfinite(hi - lo))) /* drawn numbers are lo and a share of hi - lo */
        return dw_call_fail(call, 0, DW_ERR_VALUE,
                            "uniform needs an interval from a smaller to a larger number, this is "
                            "%.6g..%.6g",
                            lo, hi);
    return dw_value_distribution(call->mem, DW_UNIFORM, lo, hi, 0, out, call->err);
}

bool dw_lib_chance_copies(dw_mem *mem, const dw_distribution *d, double n, dw_value *out,
                          dw_err *err) {
    if (n != floor(n) || !(n >= 1 && n <= MAX_COPIES))
        return dw_err_set(err, DW_ERR_VALUE,
                          "distribution^n needs a whole number n from 1 to %d, this is %.15g",
                          MAX_COPIES, n);
    if (d->copies != 0)
        return dw_err_set(err, DW_ERR_VALUE,
                          "this distribution already has %zu copies; write the number of all of "
                          "them as one power",
                          d->copies);
    return dw_value_distribution(mem, (int)d->family, d->a, d->b, (size_t)n, out, err);
}

static double draw(const dw_distribution *d, dw_rng *rng) {
    if (d->family == DW_NORMAL)
        return d->a + d->b * dw_rng_normal(rng);
    return d->a + (d->b - d->a) * dw_rng_uniform(rng);
}

/* n draws side by side: numbers make a row, columns a matrix. One draw after the other, so that the
 * first ones do not depend on how many follow. */
static bool draw_many(dw_call *call, const dw_distribution *d, size_t n, dw_value *out) {
    size_t rows = d->copies == 0 ? 1 : d->copies;
    dw_rng *rng = dw_call_rng(call);
    dw_tensor *made = dw_tensor_raw(call->mem, rows, n, call->err);
    if (made == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (i % 4096 == 0 && !dw_call_poll(call)) {
            dw_tensor_release(made);
            return false;
        }
        for (size_t r = 0; r < rows; r++)
            made->data[r * n + i] = draw(d, rng);
    }
    *out = dw_value_array(made);
    return true;
}

bool dw_lib_chance_draw(dw_call *call, const dw_distribution *d, dw_value *out) {
    return draw_many(call, d, 1, out);
}

static bool run_seed(dw_call *call, dw_value *out) {
    size_t n;
    (void)out;
    if (!dw_call_whole(call, 0, 0, 9007199254740992.0, &n))
        return false;
    dw_call_seed(call, n);
    return true;
}

/* It keeps its promise for small n and for shares near 0 and 1, where the usual "plus or minus"
 * does not. */
bool dw_lib_chance_wilson(dw_call *call, double k, double n, dw_value *out) {
    const double z = 1.959963984540054, p = k / n;
    double scale = 1 / (1 + z * z / n);
    double middle = (p + z * z / (2 * n)) * scale;
    double reach = z * scale * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    double low = k == 0 ? 0 : fmax(middle - reach, 0), high = k == n ? 1 : fmin(middle + reach, 1);
    return dw_value_estimate(call->mem, p, low, high, n, out, call->err);
}

static bool run_fraction(dw_call *call, dw_value *out) {
    dw_tensor *t;
    if (!dw_call_tensor(call, 0, &t))
        return false;
    size_t size = t->size, count = 0;
    bool truths = true;
    for (size_t i = 0; i < size; i++) {
        count += t->data[i] != 0;
        truths = truths && (t->data[i] == 0 || t->data[i] == 1);
    }
    dw_tensor_release(t);
    if (size == 0)
        return dw_call_fail(call, 0, DW_ERR_VALUE,
                            "fraction needs at least one truth value, there is none in here");
    if (!truths)
        return dw_call_fail(call, 0, DW_ERR_TYPE,
                            "fraction needs truth values such as x > 0, these are numbers");
    return dw_lib_chance_wilson(call, (double)count, (double)size, out);
}

/* How many entries parameter 0 has; texts and single values have none to choose from. */
static bool entries(dw_call *call, size_t *count) {
    char words[DW_VALUE_WORDS];
    dw_value v = call->args[0];
    if (v.kind == DW_ARRAY || v.kind == DW_LIST || v.kind == DW_TABLE || v.kind == DW_INTERVAL)
        return dw_value_length(v, count, call->err);
    return dw_call_fail(call, 0, DW_ERR_TYPE, "%s needs an array, a list or a table, this is %s",
                        call->builtin->name, dw_value_words(v, words));
}

static bool run_shuffle(dw_call *call, dw_value *out) {
    size_t count;
    if (!entries(call, &count))
        return false;
    size_t *places = dw_subset_shuffle(call, dw_call_rng(call), count);
    if (places == NULL)
        return false;
    bool fine = dw_subset_take(call, call->args[0], places, count, out);
    dw_mem_free(places);
    return fine;
}

static bool run_choose(dw_call *call, dw_value *out) {
    size_t count, n = 1;
    if (!entries(call, &count) || (dw_call_given(call, 1) && !dw_call_whole(call, 1, 0, 1e9, &n)))
        return false;
    if (count == 0)
        return dw_call_fail(call, 0, DW_ERR_VALUE, "there is nothing to choose from");
    dw_rng *rng = dw_call_rng(call);
    if (!dw_call_given(call, 1))
        return dw_value_element(call->mem, call->args[0], (size_t)dw_rng_below(rng, count), out,
                                call->err);
    size_t *places = dw_mem_array(call->mem, n + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(call->err, "a choice");
    for (size_t i = 0; i < n; i++)
        places[i] = (size_t)dw_rng_below(rng, count);
    bool fine = dw_subset_take(call, call->args[0], places, n, out);
    dw_mem_free(places);
    return fine;
}

/* ---- sample ---- */

/* One label of a classifier's answer, each with its probability: where a random share of all falls.
 */
static bool draw_label(dw_call *call, const dw_tensor *weights, size_t *place) {
    double sum = 0, so_far = 0;
    for (size_t i = 0; i < weights->size; i++) {
        if (!(weights->data[i] >= 0) || isinf(weights->data[i]))
            return dw_call_fail(call, 0, DW_ERR_VALUE,
                                "sample needs probabilities; number %zu is %.6g", i + 1,
                                weights->data[i]);
        sum += weights->data[i];
    }
    if (!(sum > 0))
        return dw_call_fail(call, 0, DW_ERR_VALUE, "these probabilities are all 0");
    double share = dw_rng_uniform(dw_call_rng(call)) * sum;
    *place = 0;
    for (size_t i = 0; i < weights->size && so_far <= share; i++) {
        so_far += weights->data[i];
        *place = weights->data[i] > 0 ? i : *place;
    }
    return true;
}

static bool sample_labels(dw_call *call, size_t n, dw_value *out) {
    dw_tensor *weights;
    size_t *places = dw_mem_array(call->mem, n + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(call->err, "a sample");
    if (!dw_call_tensor(call, 0, &weights)) {
        dw_mem_free(places);
        return false;
    }
    bool fine = true;
    for (size_t i = 0; fine && i < n; i++)
        fine = draw_label(call, weights, &places[i]);
    dw_value labels = call->args[0].as.record->labels;
    if (fine)
        fine = dw_call_given(call, 1)
                   ? dw_subset_take(call, labels, places, n, out)
                   : dw_value_element(call->mem, labels, places[0], out, call->err);
    dw_tensor_release(weights);
    dw_mem_free(places);
    return fine;
}

static bool run_sample(dw_call *call, dw_value *out) {
    char words[DW_VALUE_WORDS];
    size_t n = 1;
    dw_value v = call->args[0];
    bool entries = v.kind == DW_LIST || v.kind == DW_ARRAY || v.kind == DW_TABLE;
    if (v.kind != DW_DISTRIBUTION && !entries && !dw_value_is_labelled(v))
        return dw_call_fail(call, 0, DW_ERR_TYPE,
                            "sample needs a distribution such as normal(0, 1) or uniform(0..1), or "
                            "a list or array to draw from; this is %s",
                            dw_value_words(v, words));
    if (dw_call_given(call, 1) && !dw_call_whole(call, 1, 0, 1e9, &n))
        return false;
    if (entries)
        return run_choose(call, out);
    return v.kind == DW_DISTRIBUTION ? draw_many(call, v.as.distribution, n, out)
                                     : sample_labels(call, n, out);
}

#define ROW(word, parameters, text, sample, others, function)                        \
    {                                                                                \
        .name = word, .group = "Chance", .signature = word parameters, .help = text, \
        .example = sample, .see = others, .run = function                            \
    }

const dw_builtin dw_lib_chance[] = {
    ROW("normal", "(mean = 0, spread = 1)",
        "The normal distribution with a mean and a standard deviation; normal(0, 1)^n is a column "
        "of n independent ones.",
        "seed(1)\ncheck mean(sample(normal(5, 2), 10000)) ≈ 5 ± 0.1", "sample uniform fraction",
        run_normal),
    ROW("uniform", "(interval)",
        "The distribution in which every number of an interval is equally likely.",
        "x = sample(uniform(-1..1), 100)\ncheck -1 ≤ min(x) and max(x) < 1", "sample normal",
        run_uniform),
    ROW("sample", "(distribution, n = 1)",
        "A number (or column) drawn from a distribution, or with n a row of n numbers (a matrix of "
        "n columns). Of a list, an array or a table an entry, each as likely as the others; of a "
        "classifier's answer a label with its probability.",
        "size(sample(normal(0, 1)^2, 5))  # → [2, 5]", "normal uniform seed choose", run_sample),
    ROW("seed", "(n)",
        "Starts the random numbers afresh: after the same seed the same numbers are drawn; a "
        "notebook starts with seed(0).",
        "seed(7)\na = sample(normal(0, 1))\nseed(7)\ncheck a == sample(normal(0, 1))",
        "sample shuffle", run_seed),
    ROW("fraction", "(truths)",
        "The share that is true, with its 95 % interval (Wilson): fields value, low, high, n and "
        "interval.",
        "fraction([1, 2, 3, 4] > 3).value  # → 0.25", "mean sum sample", run_fraction),
    ROW("shuffle", "(x)",
        "The elements of an array or list, the columns of a matrix or the rows of a table in "
        "random order.",
        "sort(shuffle([3, 1, 2]))  # → [1, 2, 3]", "split choose sample seed", run_shuffle),
    ROW("choose", "(x, n = 1)",
        "One element of an array or list (column of a matrix, row of a table) at random, or n of "
        "them, each time from all.",
        "choose([5, 5, 5])  # → 5", "shuffle sample", run_choose),
    {.name = NULL},
};

/* SPDX-License-Identifier: BSD-3-Clause */
/* Choosing the values of sliders. */
#include "lang/knob_values.h"

#include <math.h>
#include <string.h>

void dw_knob_values_free(dw_knob_values *values) {
    for (size_t i = 0; i < values->count; i++)
        dw_value_release(values->values[i]);
    dw_mem_free(values->values);
    *values = (dw_knob_values){0};
}

bool dw_knob_values_start(dw_mem *mem, dw_value range, dw_knob_manner manner, dw_value *out,
                          dw_err *err) {
    size_t length;
    if (range.kind == DW_INTERVAL) {
        double lo = range.as.interval->lo, hi = range.as.interval->hi;
        *out = dw_value_number(manner.plays ? lo : lo + (hi - lo) / 2);
        return true;
    }
    return dw_value_length(range, &length, err) &&
           (length > 0 ||
            dw_err_set(err, DW_ERR_VALUE, "this range is empty: a slider needs values")) &&
           dw_value_element(mem, range, manner.plays ? 0 : (length - 1) / 2, out, err);
}

/* Rounds to a few digits more than the step between values needs. */
static double rounded(double v, double step) {
    double fine = 1, coarse = 1;
    while (step * fine < 10 && fine < 1e15)
        fine *= 10;
    while (step >= 100 * coarse && coarse < 1e15)
        coarse *= 10;
    return fine > 1 ? floor(v * fine + 0.5) / fine : floor(v / coarse + 0.5) * coarse;
}

/* Even values of an interval. The one next to the start gives way to it, unless it is an end. */
static void choose_even(const dw_interval *interval, size_t wanted, dw_value start,
                        dw_knob_values *out) {
    double lo = interval->lo, hi = interval->hi, at;
    out->all = wanted;
    if (!(hi > lo) || !isfinite(hi - lo)) {
        out->all = 1;
        return;
    }
    double step = (hi - lo) / (double)(wanted - 1);
    bool has_start = dw_value_as_number(start, &at);
    for (size_t i = 0; i < wanted; i++) {
        bool end = i == 0 || i + 1 == wanted;
        double v = i == 0 ? lo : i + 1 == wanted ? hi : rounded(lo + (double)i * step, step);
        if (!end && has_start && fabs(lo + (double)i * step - at) <= step / 2) {
            v = at;
            has_start = false;
        }
        out->values[out->count++] = dw_value_number(v);
    }
}

static bool choose_elements(dw_mem *mem, dw_value range, size_t wanted, dw_knob_values *out,
                            dw_err *err) {
    size_t length;
    if (!dw_value_length(range, &length, err))
        return false;
    size_t take = length < wanted ? length : wanted;
    out->all = length;
    for (size_t i = 0; i < take; i++) {
        double share = take > 1 ? (double)i / (double)(take - 1) : 0;
        size_t at = (size_t)(share * (double)(length - 1) + 0.5);
        if (!dw_value_element(mem, range, at, &out->values[out->count], err))
            return false;
        out->count++;
    }
    return true;
}

/* Whether a start is meant to be this value: 0.3 is the third tenth, whatever its last digit. */
static bool is_meant(dw_value v, dw_value start) {
    double a, b;
    return dw_value_same(v, start) ||
           (v.kind == DW_NUMBER && start.kind == DW_NUMBER && dw_value_as_number(v, &a) &&
            dw_value_as_number(start, &b) && fabs(a - b) <= 1e-12 * fabs(b));
}

/* Sets out->start, putting the start value among the others if it is not there: numbers in their
 * order, everything else in front. */
static void place_start(dw_value start, dw_knob_values *out) {
    double at, v;
    for (out->start = 0; out->start < out->count; out->start++)
        if (is_meant(out->values[out->start], start))
            return;
    out->start = 0;
    bool falling = out->count > 1 && dw_value_as_number(out->values[0], &v) &&
                   dw_value_as_number(out->values[out->count - 1], &at) && at < v;
    if (dw_value_as_number(start, &at))
        while (out->start < out->count && dw_value_as_number(out->values[out->start], &v) &&
               (falling ? v > at : v < at))
            out->start++;
    memmove(&out->values[out->start + 1], &out->values[out->start],
            (out->count - out->start) * sizeof out->values[0]);
    out->values[out->start] = dw_value_retain(start);
    out->count++;
    if (out->all < out->count)
        out->all = out->count;
}

bool dw_knob_values_choose(dw_mem *mem, dw_value range, dw_knob_manner manner, dw_value start,
                           dw_knob_values *out, dw_err *err) {
    *out = (dw_knob_values){.values = dw_mem_array(mem, manner.wanted + 1, sizeof *out->values)};
    if (out->values == NULL)
        return dw_err_memory(err, "the values of a slider");
    if (range.kind == DW_INTERVAL && !manner.plays) {
        choose_even(range.as.interval, manner.wanted, start, out);
    } else if (!choose_elements(mem, range, manner.wanted, out, err)) {
        dw_knob_values_free(out);
        return false;
    }
    place_start(start, out);
    return true;
}

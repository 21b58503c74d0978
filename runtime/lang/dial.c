/* SPDX-License-Identifier: BSD-3-Clause */
/* What the knobs of panels can be set to. */
#include "lang/dial.h"

#include "base/buf.h"
#include "plot/figure.h"

#include <math.h>
#include <string.h>

enum { STRIDES = 100 }; /* over an interval, at least */

char *dw_dial_label(dw_mem *mem, dw_value value) {
    dw_buf text;
    dw_buf_init(&text, mem);
    dw_value_insert(&text, value, 0);
    char *label = text.failed ? NULL : dw_figure_clean(mem, text.data, text.size);
    dw_buf_free(&text);
    return label;
}

/* ---- making ---- */

/* The largest 1, 2 or 5 times a power of ten that is not above v. */
static double round_stride(double v) {
    double power = 1;
    v *= 1 + 1e-9; /* powers made by dividing are not exact */
    while (power > v && power > 1e-300)
        power /= 10;
    while (power * 10 <= v)
        power *= 10;
    return power * 5 <= v ? power * 5 : power * 2 <= v ? power * 2 : power;
}

static bool make_range(const dw_interval *interval, dw_value start, dw_panel_knob *knob) {
    double at;
    if (!dw_value_as_number(start, &at) || !isfinite(at) || !(interval->hi > interval->lo) ||
        !isfinite(interval->hi - interval->lo))
        return false;
    knob->kind = DW_KNOB_RANGE;
    knob->lo = at < interval->lo ? at : interval->lo;
    knob->hi = at > interval->hi ? at : interval->hi;
    knob->step = round_stride((knob->hi - knob->lo) / STRIDES);
    knob->start = at;
    return isfinite(knob->hi - knob->lo);
}

static bool is_truth(dw_value v, bool truth) {
    return v.kind == DW_TRUTH && v.as.truth == truth;
}

static bool make_switch(const dw_knob_values *values, dw_panel_knob *knob) {
    const dw_value *v = values->values;
    if (values->count != 2 || v[0].kind != DW_TRUTH || !is_truth(v[1], !v[0].as.truth))
        return false;
    knob->kind = DW_KNOB_SWITCH;
    knob->start = is_truth(v[values->start], true);
    return true;
}

/* Numbers that rise by equal steps, all of them there. */
static bool make_steps(const dw_knob_values *values, dw_panel_knob *knob) {
    double lo, hi, v;
    size_t last = values->count - 1;
    if (values->count < 3 || values->all > values->count ||
        !dw_value_as_number(values->values[0], &lo) ||
        !dw_value_as_number(values->values[last], &hi) || !(hi > lo) || !isfinite(hi - lo))
        return false;
    double step = (hi - lo) / (double)last;
    for (size_t i = 0; i <= last; i++)
        if (!dw_value_as_number(values->values[i], &v) ||
            !(fabs(v - lo - (double)i * step) <= 1e-9 * step * (double)last))
            return false;
    (void)dw_value_as_number(values->values[values->start], &v);
    knob->kind = DW_KNOB_STEPS;
    knob->lo = lo;
    knob->hi = hi;
    knob->step = step;
    knob->start = v;
    return true;
}

static bool make_choices(dw_mem *mem, dw_dial *dial, dw_err *err) {
    double ignored;
    size_t count = dial->values.count;
    dial->knob.kind = DW_KNOB_CHOICES;
    dial->knob.start = (double)dial->values.start;
    dial->knob.ordered = true;
    dial->labels = dw_mem_array(mem, count, sizeof *dial->labels);
    for (size_t i = 0; dial->labels != NULL && i < count; i++) {
        dial->labels[i] = dw_dial_label(mem, dial->values.values[i]);
        if (dial->labels[i] == NULL)
            return dw_err_memory(err, "the values of a slider");
        dial->knob.count = i + 1;
        dial->knob.ordered &= dw_value_as_number(dial->values.values[i], &ignored);
    }
    dial->knob.labels = (const char *const *)dial->labels;
    return dial->labels != NULL || dw_err_memory(err, "the values of a slider");
}

bool dw_dial_make(dw_mem *mem, const char *name, dw_dial_source from, dw_dial *out, dw_err *err) {
    const dw_knob_manner manner = {DW_DIAL_MOST, from.plays};
    char *copy = dw_mem_text(mem, name, strlen(name));
    *out = (dw_dial){.knob.name = copy};
    if (copy == NULL)
        return dw_err_memory(err, "the values of a slider");
    if (from.range.kind == DW_INTERVAL && !from.plays &&
        make_range(from.range.as.interval, from.start, &out->knob))
        return true;
    bool fine = dw_knob_values_choose(mem, from.range, manner, from.start, &out->values, err) &&
                (make_switch(&out->values, &out->knob) || make_steps(&out->values, &out->knob) ||
                 make_choices(mem, out, err));
    if (!fine)
        dw_dial_free(out);
    return fine;
}

/* ---- using ---- */

/* Which of the values a setting means. */
static size_t place_of(const dw_dial *dial, double setting) {
    const dw_panel_knob *knob = &dial->knob;
    double last = (double)dial->values.count - 1, at = setting;
    if (isnan(setting))
        return dial->values.start;
    if (knob->kind == DW_KNOB_STEPS)
        at = (setting - knob->lo) / knob->step;
    else if (knob->kind == DW_KNOB_SWITCH)
        at = is_truth(dial->values.values[0], setting != 0) ? 0 : 1;
    return at <= 0 ? 0 : at >= last ? (size_t)last : (size_t)(at + 0.5);
}

dw_value dw_dial_value(const dw_dial *dial, double setting) {
    const dw_panel_knob *knob = &dial->knob;
    if (knob->kind == DW_KNOB_RANGE)
        return dw_value_number(isnan(setting)       ? knob->start
                               : setting < knob->lo ? knob->lo
                               : setting > knob->hi ? knob->hi
                                                    : setting);
    return dw_value_retain(dial->values.values[place_of(dial, setting)]);
}

void dw_dial_free(dw_dial *dial) {
    for (size_t i = 0; dial->labels != NULL && i < dial->values.count; i++)
        dw_mem_free(dial->labels[i]);
    dw_mem_free(dial->labels);
    dw_mem_free((char *)(uintptr_t)dial->knob.name);
    dw_knob_values_free(&dial->values);
    *dial = (dw_dial){0};
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of the drawing builtins: evaluates cells and looks into the figures that come out. */
#ifndef PICTURE_H
#define PICTURE_H

#include "cell.h"

#include "lang/thing.h"

#include <math.h>

/* The PLOT value of an expression; the caller releases it. Earlier statements may stand before it,
 * separated by line ends, in `before` (or NULL). */
static inline dw_value picture_value(cell *c, const char *before, const char *source) {
    dw_err err = {0};
    dw_value value = dw_value_nothing();
    for (int i = before == NULL ? 1 : 0; i < 2; i++) {
        const char *text = i == 0 ? before : source;
        dw_unit *unit = dw_unit_new(&c->mem, ++c->eval.units, "cell", 1, text, strlen(text));
        assert_non_null(unit);
        dw_eval_remember(&c->eval, unit);
        bool fine = dw_parse_unit(unit, &err) && dw_scope_resolve(&c->eval, unit, &err) &&
                    (i == 0 ? dw_eval_unit(&c->eval, unit, &err)
                            : dw_eval_expression(&c->eval, unit, &value, &err));
        if (!fine)
            fail_msg("%s: %s", text, err.text);
        dw_unit_release(unit);
    }
    assert_int_equal(value.kind, DW_PLOT);
    return value;
}

static inline const dw_figure *picture_figure(dw_value value) {
    const dw_figure *figure = dw_thing_content(value)->figure;
    assert_non_null(figure);
    return figure;
}

static inline const dw_series *picture_series(dw_value value, size_t i) {
    const dw_figure *figure = picture_figure(value);
    assert_true(i < figure->count);
    return &figure->series[i];
}

static inline const dw_thing_list *picture_things(dw_value value) {
    assert_null(dw_thing_content(value)->figure);
    return &dw_thing_content(value)->list;
}

#endif

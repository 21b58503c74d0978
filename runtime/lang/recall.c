/* SPDX-License-Identifier: BSD-3-Clause */
/* Names, random stream and checks, taken down and put back. */
#include "lang/recall.h"

bool dw_recall_copy(dw_eval *e, const dw_recall *recall, dw_recall *out) {
    *out = *recall;
    out->globals = dw_mem_array(e->mem, out->count + 1, sizeof *out->globals);
    if (out->globals == NULL)
        return dw_err_memory(e->err, "the states of these sliders");
    for (uint32_t i = 0; i < out->count; i++)
        out->globals[i] = dw_value_retain(recall->globals[i]);
    return true;
}

bool dw_recall_take(dw_eval *e, dw_recall *out) {
    const dw_recall now = {e->globals, e->names.count, e->rng,
                           e->draws,   e->checks,      e->checks_failed};
    return dw_recall_copy(e, &now, out);
}

void dw_recall_give(dw_eval *e, const dw_recall *recall) {
    for (uint32_t i = 0; i < recall->count; i++) {
        dw_value old = e->globals[i];
        e->globals[i] = dw_value_retain(recall->globals[i]);
        dw_value_release(old);
    }
    e->rng = recall->rng;
    e->draws = recall->draws;
    e->checks = recall->checks;
    e->checks_failed = recall->checks_failed;
}

void dw_recall_free(dw_recall *recall) {
    for (uint32_t i = 0; recall->globals != NULL && i < recall->count; i++)
        dw_value_release(recall->globals[i]);
    dw_mem_free(recall->globals);
    recall->globals = NULL;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Sliders that stay alive. */
#include "lang/panels.h"

#include "lang/assign.h"
#include "lang/statement.h"

/* One panel: its description is what the host was given. */
typedef struct {
    uint64_t number; /* 0: none */
    dw_unit *unit;
    const dw_node *node;
    dw_recall before;
    uint32_t count;
    dw_dial dials[DW_PANELS_KNOBS];
    dw_panel_knob knobs[DW_PANELS_KNOBS];
} panel;

struct dw_panels {
    uint64_t last;                 /* number of the newest */
    panel *panels[DW_PANELS_MOST]; /* panel n at n % DW_PANELS_MOST */
};

static void free_panel(panel *p) {
    if (p == NULL)
        return;
    for (uint32_t i = 0; i < p->count; i++)
        dw_dial_free(&p->dials[i]);
    dw_recall_free(&p->before);
    dw_unit_release(p->unit);
    dw_mem_free(p);
}

void dw_panels_free(dw_eval *e) {
    if (e->panels == NULL)
        return;
    for (size_t i = 0; i < DW_PANELS_MOST; i++)
        free_panel(e->panels->panels[i]);
    dw_mem_free(e->panels);
    e->panels = NULL;
}

void dw_panels_trim(dw_eval *e) {
    uint64_t last = e->panels == NULL ? 0 : e->panels->last;
    for (uint64_t n = last < DW_PANELS_MOST ? 1 : last - DW_PANELS_MOST + 1;
         n <= last && e->mem->limit != 0 && e->mem->used > e->mem->limit / 2; n++) {
        panel **place = &e->panels->panels[n % DW_PANELS_MOST];
        free_panel(*place);
        *place = NULL;
    }
}

static bool make_dials(dw_eval *e, const dw_panels_block *block, panel *p) {
    uint32_t count = block->node->count - 1;
    bool plays = block->node->kind == DW_NODE_ANIMATE;
    for (uint32_t i = 0; i < count; i++) {
        const dw_dial_source source = {block->ranges[i], block->starts[i], plays};
        if (!dw_dial_make(e->mem, block->node->child[i]->u.text, source, &p->dials[i], e->err))
            return false;
        p->knobs[i] = p->dials[i].knob;
        p->count = i + 1;
    }
    return true;
}

bool dw_panels_keep(dw_eval *e, const dw_panels_block *block, const dw_recall *before,
                    dw_panel *out) {
    if (e->panels == NULL)
        e->panels = dw_mem_new(e->mem, sizeof *e->panels);
    panel *p = e->panels == NULL ? NULL : dw_mem_new(e->mem, sizeof *p);
    if (p == NULL)
        return dw_err_memory(e->err, "these sliders");
    p->unit = dw_unit_retain(block->unit);
    p->node = block->node;
    if (!make_dials(e, block, p) || !dw_recall_copy(e, before, &p->before)) {
        free_panel(p);
        return false;
    }
    p->number = ++e->panels->last;
    panel **place = &e->panels->panels[p->number % DW_PANELS_MOST];
    free_panel(*place);
    *place = p;
    *out = (dw_panel){p->number, p->node->kind == DW_NODE_ANIMATE, p->knobs, p->count};
    return true;
}

/* Runs the block; the names of the notebook are those of the panel. */
static bool run_block(dw_eval *e, panel *p, const double *settings) {
    dw_frame frame;
    if (!dw_eval_open(e, p->unit, &frame))
        return false;
    for (uint32_t i = 0; i < p->count; i++)
        dw_assign_place(e, &frame, DW_PLACE_GLOBAL, p->node->child[i]->slot,
                        dw_dial_value(&p->dials[i], settings[i]));
    e->moved = true;
    bool fine = dw_statement_block(e, &frame, p->node->child[p->node->count - 1], true);
    e->moved = false;
    dw_eval_close(e, p->unit);
    return fine || dw_eval_place(e, &frame, p->node->span);
}

bool dw_panels_turn(dw_eval *e, uint64_t number, const double *settings, size_t count,
                    dw_err *err) {
    dw_recall now;
    panel *p = e->panels == NULL ? NULL : e->panels->panels[number % DW_PANELS_MOST];
    if (p == NULL || p->number != number || p->count != count)
        return dw_err_set(err, DW_ERR_VALUE,
                          "these sliders are no longer live, only the newest %d of a notebook are: "
                          "run their cell again",
                          DW_PANELS_MOST);
    e->err = err;
    if (!dw_recall_take(e, &now))
        return false;
    dw_recall_give(e, &p->before);
    bool fine = run_block(e, p, settings);
    dw_recall_give(e, &now);
    dw_recall_free(&now);
    return fine;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Values put together from others: texts with insertions, [ ], records, chains of functions. */
#include "lang/compose.h"

#include "lang/express.h"
#include "lang/loop.h"
#include "lang/net_make.h"

#include <string.h>

bool dw_compose_text(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_buf text;
    dw_buf_init(&text, e->mem);
    bool fine = true;
    for (uint32_t i = 0; fine && i < node->count; i++) {
        const dw_node *piece = node->child[i];
        dw_value v;
        if (piece->kind == DW_NODE_TEXT) {
            dw_buf_add(&text, piece->u.text, piece->text_size);
            continue;
        }
        fine = dw_express_node(e, frame, piece->child[0], &v);
        if (fine) {
            dw_value_insert(&text, v, piece->digits);
            dw_value_release(v);
        }
    }
    fine = fine && (!text.failed || dw_err_memory(e->err, "this text")) &&
           dw_value_text(e->mem, text.data == NULL ? "" : text.data, text.size, out, e->err);
    dw_buf_free(&text);
    return fine;
}

static bool compose_row(dw_eval *e, dw_frame *frame, const dw_node *row, dw_value *out) {
    dw_loop_pieces pieces = {0};
    bool fine = true;
    for (uint32_t i = 0; fine && i < row->count; i++) {
        dw_value v;
        if (row->child[i]->kind == DW_NODE_COMPREHENSION) {
            fine = dw_loop_collect(e, frame, row->child[i], &pieces);
            continue;
        }
        fine = dw_express_node(e, frame, row->child[i], &v) &&
               (v.kind != DW_NOTHING || dw_eval_fail(e, frame, row->child[i]->span, DW_ERR_TYPE,
                                                     "this gives no value to put into [ ]")) &&
               dw_loop_add(e, &pieces, v);
    }
    fine = fine && (dw_value_join(e->mem, pieces.items, pieces.count, false, out, e->err) ||
                    dw_eval_place(e, frame, row->span));
    dw_loop_free(&pieces);
    return fine;
}

bool dw_compose_list(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    if (node->count == 0)
        return dw_value_join(e->mem, NULL, 0, false, out, e->err);
    if (node->count == 1)
        return compose_row(e, frame, node->child[0], out);
    dw_loop_pieces rows = {0};
    bool fine = true;
    for (uint32_t i = 0; fine && i < node->count; i++) {
        dw_value row;
        fine = compose_row(e, frame, node->child[i], &row) && dw_loop_add(e, &rows, row);
    }
    fine = fine && (dw_value_join(e->mem, rows.items, rows.count, true, out, e->err) ||
                    dw_eval_place(e, frame, node->mark));
    dw_loop_free(&rows);
    return fine;
}

bool dw_compose_record(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    enum { FIELDS = 64 };
    const char *names[FIELDS];
    if (node->count > FIELDS)
        return dw_eval_fail(e, frame, node->mark, DW_ERR_LIMIT, "a record has at most %d fields",
                            FIELDS);
    for (uint32_t i = 0; i < node->count; i++) {
        names[i] = node->child[i]->u.text;
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(names[i], names[k]) == 0)
                return dw_eval_fail(e, frame, node->child[i]->mark, DW_ERR_NAME,
                                    "%s is there twice: a record has each name once", names[i]);
    }
    if (!dw_value_record(e->mem, DW_RECORD, names, node->count, 0, out, e->err))
        return false;
    for (uint32_t i = 0; i < node->count; i++) {
        dw_value *field = &out->as.record->fields[i].value;
        if (!dw_express_node(e, frame, node->child[i]->child[0], field)) {
            *field = dw_value_nothing();
            return dw_value_drop(out);
        }
    }
    return true;
}

/* f → g, 1 → 32 → relu → 1: what the stages are decides whether it is a net. */
bool dw_compose_chain(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    const dw_node *first = node->child[0];
    if (first->kind == DW_NODE_NAME && first->place == DW_PLACE_GLOBAL && node->count == 2 &&
        e->globals[first->slot].kind == DW_NOTHING)
        return dw_eval_fail(e, frame, first->span, DW_ERR_NAME,
                            "there is no %s; for a function write %s ↦ … or %s => …", first->u.text,
                            first->u.text, first->u.text);
    dw_value *stages = dw_mem_array(e->mem, node->count, sizeof *stages);
    if (stages == NULL)
        return dw_err_memory(e->err, "a chain of functions");
    uint32_t made = 0;
    while (made < node->count && dw_express_node(e, frame, node->child[made], &stages[made]))
        made++;
    bool fine = made == node->count;
    if (fine)
        fine = dw_net_make_chain(e, frame, node, stages, out);
    else
        while (made > 0)
            dw_value_release(stages[--made]);
    dw_mem_free(stages);
    return fine;
}

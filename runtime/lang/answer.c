/* SPDX-License-Identifier: BSD-3-Clause */
/* Showing the value of a statement in the notebook. */
#include "lang/answer.h"

#include "lang/assist.h"
#include "lang/invoke_builtin.h"

static bool show_bundle(dw_eval *e, dw_value v, bool result, const dw_buf *text) {
    dw_buf html;
    dw_part parts[2];
    dw_bundle bundle = {.parts = parts};
    dw_buf_init(&html, e->mem);
    if (dw_value_show_html(&html, v) && !html.failed && html.data != NULL)
        parts[bundle.count++] = (dw_part){"text/html", html.data, html.size};
    parts[bundle.count++] =
        (dw_part){"text/plain", text->data == NULL ? "" : text->data, text->size};
    if (result && e->host->result != NULL)
        e->host->result(e->host->context, &bundle);
    else if (!result && e->host->display != NULL)
        e->host->display(e->host->context, &bundle);
    dw_buf_free(&html);
    return true;
}

bool dw_answer_value(dw_eval *e, dw_frame *frame, dw_span place, dw_value v, bool last) {
    if (v.kind == DW_NOTHING || e->quiet)
        return true;
    e->shown++;
    if (dw_lib_plot_is_picture(v)) {
        dw_call call = dw_invoke_builtin_blank(e, frame);
        return dw_lib_plot_display(&call, v) || dw_eval_place(e, frame, place);
    }
    dw_buf text;
    dw_buf_init(&text, e->mem);
    dw_value_show(&text, v);
    bool fine = !text.failed || dw_err_memory(e->err, "the text of this value");
    if (fine && (last || v.kind == DW_TABLE)) {
        fine = show_bundle(e, v, last, &text);
    } else if (fine) {
        dw_buf_byte(&text, '\n');
        dw_eval_write(e, text.data, text.size);
    }
    dw_buf_free(&text);
    return fine;
}

bool dw_answer_help(dw_eval *e, const dw_frame *frame, const dw_node *node) {
    dw_buf text;
    dw_buf_init(&text, e->mem);
    bool known = dw_assist_help(e, node->u.text, &text);
    bool fine = known && !text.failed;
    if (fine && text.size > 0) {
        if (text.data[text.size - 1] != '\n')
            dw_buf_byte(&text, '\n');
        dw_eval_write(e, text.data, text.size);
    }
    dw_buf_free(&text);
    if (known)
        return fine || dw_err_memory(e->err, "this help");
    const char *near = dw_eval_nearest(e, node->u.text);
    return dw_eval_fail(e, frame, node->span, DW_ERR_NAME, "there is no help on %s%s%s%s",
                        node->u.text, near != NULL ? "; did you mean " : "",
                        near != NULL ? near : ": ? alone shows the card of the language",
                        near != NULL ? "?" : "");
}

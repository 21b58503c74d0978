/* SPDX-License-Identifier: BSD-3-Clause */
/* Builtins around the notebook itself: printing, clearing, naming what a value is. */
#include "lang/builtin.h"

#include "lang/eval.h"
#include "lang/outputs.h"

#include <string.h>

static bool run_print(dw_call *call, dw_value *out) {
    dw_buf line;
    (void)out;
    dw_buf_init(&line, call->mem);
    for (size_t i = 0; i < call->rest_count; i++) {
        if (i > 0)
            dw_buf_byte(&line, ' ');
        dw_value v = call->rest[i];
        if (v.kind == DW_TABLE || (v.kind == DW_ARRAY && !dw_tensor_is_row(v.as.array)))
            dw_value_show(&line, v);
        else
            dw_value_insert(&line, v, 0);
    }
    dw_buf_byte(&line, '\n');
    bool fine = !line.failed || dw_err_memory(call->err, "this line");
    if (fine)
        dw_call_write(call, line.data, line.size);
    dw_buf_free(&line);
    return fine;
}

static bool run_text(dw_call *call, dw_value *out) {
    dw_buf text;
    dw_buf_init(&text, call->mem);
    dw_value_insert(&text, call->args[0], 0);
    bool fine = !text.failed || dw_err_memory(call->err, "this text");
    fine = fine &&
           dw_value_text(call->mem, text.data == NULL ? "" : text.data, text.size, out, call->err);
    dw_buf_free(&text);
    return fine;
}

static bool run_describe(dw_call *call, dw_value *out) {
    char words[DW_VALUE_WORDS];
    dw_value_words(call->args[0], words);
    return dw_value_text(call->mem, words, strlen(words), out, call->err);
}

static bool run_clear(dw_call *call, dw_value *out) {
    bool wait = false;
    const dw_host *host = call->eval->host;
    (void)out;
    if (dw_call_given(call, 0) && !dw_call_truth(call, 0, &wait))
        return false;
    call->eval->shown++;
    if (host->clear != NULL && !call->eval->quiet)
        host->clear(host->context, wait);
    return true;
}

static bool not_kept(dw_call *call, size_t number) {
    dw_buf kept;
    dw_buf_init(&kept, call->mem);
    dw_outputs_kept(call->eval->outputs, &kept);
    bool several = kept.data != NULL && strchr(kept.data, ' ') != NULL;
    if (kept.size > 0)
        dw_call_fail(call, 0, DW_ERR_VALUE,
                     "nothing is kept of cell %zu: it has put out nothing, or too long ago. Kept "
                     "%s cell%s %.200s",
                     number, several ? "are" : "is", several ? "s" : "", kept.data);
    else
        dw_call_fail(call, 0, DW_ERR_VALUE,
                     "nothing is kept of cell %zu: no cell before this one has put out anything",
                     number);
    dw_buf_free(&kept);
    return false;
}

static bool run_again(dw_call *call, dw_value *out) {
    dw_eval *e = call->eval;
    size_t number = 0;
    (void)out;
    if (dw_call_given(call, 0) && !dw_call_whole(call, 0, 1, 1e9, &number))
        return false;
    if (e->quiet || e->outputs == NULL)
        return true;
    e->shown++;
    return dw_outputs_again(e->outputs, number, e->host) || not_kept(call, number);
}

const dw_builtin dw_lib_core[] = {
    {.name = "print",
     .group = "Notebook",
     .signature = "print(values…)",
     .help = "Prints values on one line, with a blank between them; a text is printed as it is.",
     .example = "print(\"half of 3 is\", 3/2)",
     .see = "text describe",
     .run = run_print},
    {.name = "text",
     .group = "Notebook",
     .signature = "text(value)",
     .help = "A value as a text, the way braces insert it.",
     .example = "text(1/4) + \" of it\"  # → \"0.25 of it\"",
     .see = "print number",
     .run = run_text},
    {.name = "describe",
     .group = "Notebook",
     .signature = "describe(value)",
     .help = "What a value is, in words.",
     .example = "describe([1; 2; 3])  # → \"a column of 3\"",
     .see = "print",
     .run = run_describe},
    {.name = "clear",
     .group = "Notebook",
     .signature = "clear(wait = false)",
     .help =
         "Takes away what the cell has shown so far; with wait = true only when the next output "
         "comes, so that nothing flickers.",
     .example = "print(\"soon gone\")\nclear()",
     .see = "print",
     .run = run_clear},
    {.name = "again",
     .group = "Notebook",
     .signature = "again(cell = last)",
     .help = "Shows again what a cell put out, its figures, words and value: for a notebook that "
             "was closed while it ran.\n"
             "cell: its number, as in [3]; the last one before this that put out anything",
     .example = "again()",
     .see = "clear",
     .run = run_again},
    {.name = NULL},
};

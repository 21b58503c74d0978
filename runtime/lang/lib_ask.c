/* SPDX-License-Identifier: BSD-3-Clause */
/* Builtins between the program and the person in front of it: questions, the numbers in answers,
 * definitions handed back to be changed.
 *
 * A question is asked once. So it is refused where a computation is traced instead of run and where
 * the states of a slider are drawn ahead; a rehearsal (replay.h) ends at it. */
#include "lang/builtin.h"

#include "data/csv.h"
#include "lang/eval.h"
#include "lang/replay.h"

#include <string.h>

static const char nobody[] = "there is nobody to answer here: run the cell in a notebook that "
                             "somebody looks at, or give the answer a name, as in side = 3";

/* Whether this is a place to ask; an error if not. */
static bool may_ask(dw_call *call) {
    dw_eval *e = call->eval;
    if (dw_replay_rehearses(e))
        return false;
    if (e->trace != NULL)
        return dw_err_set(call->err, DW_ERR_INPUT,
                          "a question cannot be part of a function that is differentiated, "
                          "minimised or trained: ask before, and use the name of the answer in it");
    if (e->ahead)
        return dw_err_set(call->err, DW_ERR_INPUT,
                          "the other values of a slider are drawn ahead, when nobody can answer: "
                          "ask before the block");
    return (!e->quiet && e->host->ask != NULL) || dw_err_set(call->err, DW_ERR_INPUT, nobody);
}

static bool take_answer(dw_call *call, dw_ask end, const dw_buf *answer, dw_value *out) {
    switch (end) {
    case DW_ASK_ANSWERED:
        return answer->failed ? dw_err_memory(call->err, "this answer")
                              : dw_value_text(call->mem, answer->data == NULL ? "" : answer->data,
                                              answer->size, out, call->err);
    case DW_ASK_STOPPED:
        return dw_eval_stop(call->eval, NULL, (dw_span){0, 0});
    case DW_ASK_ENDED:
        return dw_err_set(call->err, DW_ERR_INPUT,
                          "no answer came, the input has ended: a script needs a line for each "
                          "question, as in echo 3 | deepwhy run lesson.dw");
    default:
        return dw_err_set(call->err, DW_ERR_INPUT, nobody);
    }
}

static bool run_ask(dw_call *call, dw_value *out) {
    const dw_text *question;
    bool hidden = false;
    dw_buf answer;
    if (!dw_call_text(call, 0, &question) ||
        (dw_call_given(call, 1) && !dw_call_truth(call, 1, &hidden)) || !may_ask(call))
        return false;
    dw_buf_init(&answer, call->mem);
    call->eval->shown++;
    const dw_host *host = call->eval->host;
    dw_ask end = host->ask(host->context, question->bytes, question->size, hidden, &answer);
    bool fine = take_answer(call, end, &answer, out);
    dw_buf_free(&answer);
    return fine;
}

/* ---- numbers ---- */

/* The text without blanks at its ends, the written minus as the one on the keyboard. */
static size_t plain_number(const char *text, size_t size, char *out, size_t room) {
    static const char minus[] = "−";
    size_t length = 0;
    while (size > 0 && strchr(" \t\r\n", text[size - 1]) != NULL)
        size--;
    for (size_t i = 0; i < size && length + 1 < room; i++) {
        bool is_minus = size - i >= sizeof minus - 1 && memcmp(text + i, minus, 3) == 0;
        if (length > 0 || strchr(" \t\r\n", text[i]) == NULL || text[i] == '\0')
            out[length++] = is_minus ? '-' : text[i];
        i += is_minus ? sizeof minus - 2 : 0;
    }
    out[length] = '\0';
    return length;
}

static bool run_number(dw_call *call, dw_value *out) {
    double x;
    const dw_text *text;
    char plain[400];
    if (dw_value_as_number(call->args[0], &x)) {
        *out = dw_value_number(x);
        return true;
    }
    if (!dw_call_text(call, 0, &text))
        return false;
    size_t size = plain_number(text->bytes, text->size, plain, sizeof plain);
    if (size + 1 < sizeof plain && dw_csv_number(plain, size, &x)) {
        *out = dw_value_number(x);
        return true;
    }
    bool comma = memchr(text->bytes, ',', text->size) != NULL;
    int shown = text->size > 40 ? 40 : (int)text->size;
    return dw_call_fail(call, 0, DW_ERR_VALUE, "\"%.*s%s\" is not a number: %s", shown, text->bytes,
                        text->size > 40 ? "…" : "",
                        comma ? "write a point, as in 3.5"
                              : "digits are needed, as in 3, -0.5 or 6e-3");
}

/* ---- definitions ---- */

/* The statement that defines a function of the notebook; false with an error when there is none. */
static bool write_definition(dw_call *call, dw_buf *text) {
    dw_value function;
    if (!dw_call_function(call, 0, &function))
        return false;
    const dw_function *f = function.as.function;
    if (f->node == NULL || f->unit == NULL) {
        const char *name = f->builtin != NULL ? f->builtin->name : NULL;
        return dw_call_fail(call, 0, DW_ERR_VALUE,
                            "%s has no definition in the notebook%s%s: edit takes a function of "
                            "yours",
                            name != NULL ? name : "this", name != NULL ? "; ?" : "",
                            name != NULL ? name : "");
    }
    size_t size;
    const char *source = dw_call_source(call, 0, &size);
    dw_span all = f->node->span;
    if (f->node->u.function->name == NULL) { /* it has that of the argument, if that is one */
        dw_buf_add(text, source, size);
        if (!text->failed && size > 0 && dw_eval_name(call->eval, text->data) != NULL)
            dw_buf_text(text, " = ");
        else
            dw_buf_clear(text);
    }
    dw_buf_add(text, f->unit->source + all.start, all.end - all.start);
    return !text->failed || dw_err_memory(call->err, "this definition");
}

static bool run_edit(dw_call *call, dw_value *out) {
    const dw_host *host = call->eval->host;
    dw_buf text;
    (void)out;
    dw_buf_init(&text, call->mem);
    bool fine = write_definition(call, &text);
    if (fine && host->propose != NULL && !call->eval->quiet) {
        host->propose(host->context, text.data, text.size);
    } else if (fine) {
        dw_buf_byte(&text, '\n');
        fine = !text.failed || dw_err_memory(call->err, "this definition");
        if (fine)
            dw_call_write(call, text.data, text.size);
    }
    dw_buf_free(&text);
    return fine;
}

const dw_builtin dw_lib_ask[] = {
    {.name = "ask",
     .group = "Notebook",
     .signature = "ask(question, hidden = false)",
     .help = "Asks the person at the notebook and waits for the answer, a text; number(ask(…)) is "
             "a number.\nhidden: what is typed is not shown. In a script the answer is the next "
             "line of its input.",
     .example = "side = number(ask(\"How long is a side? \"))  # answer: 4\nside^2  # → 16",
     .see = "number print",
     .run = run_ask},
    {.name = "number",
     .group = "Notebook",
     .signature = "number(text)",
     .help = "The number that a text spells; a number stays as it is.",
     .example = "2*number(\"3.5\")  # → 7",
     .see = "text ask",
     .run = run_number},
    {.name = "edit",
     .group = "Notebook",
     .signature = "edit(f)",
     .help = "Puts the definition of a function of yours into a new cell, to be changed there; "
             "where there are no cells, it is printed.",
     .example = "cube(x) = x^3\nedit(cube)  # → cube(x) = x^3",
     .see = "print describe",
     .run = run_edit},
    {.name = NULL},
};

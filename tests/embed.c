/* SPDX-License-Identifier: BSD-3-Clause */
/* The runtime as a library: another program opens a session, gives it cells and shows what they
 * say. Nothing but dw.h is needed. */
#include "dw.h"

#include <stdio.h>
#include <string.h>

static void print(void *context, const char *text, size_t size) {
    fwrite(text, 1, size, context);
}

static void show(void *context, const dw_bundle *bundle) {
    const dw_part *plain = &bundle->parts[bundle->count - 1]; /* text/plain comes last */
    fprintf(context, "%.*s\n", (int)plain->size, plain->data);
}

int main(void) {
    static const char *const cells[] = {"step(x) = 1 when 0 ≤ x ≤ 1 otherwise 0",
                                        "[step(x) for x in -1..2]", "y = 2x"};
    dw_host host = {.context = stdout, .write = print, .display = show, .result = show};
    dw_session *session = dw_session_open(&host, NULL);
    if (session == NULL)
        return 1;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        dw_err err = {0};
        dw_buf text;
        if (dw_session_eval(session, "cell", 1, cells[i], strlen(cells[i]), &err))
            continue;
        dw_buf_init(&text, dw_session_mem(session));
        dw_session_explain(session, &err, false, &text);
        printf("%s: %s\n", dw_err_ename(err.kind), text.data);
        dw_buf_free(&text);
    }
    dw_session_free(&session);
    return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The smallest host: one function for printed text, one for values. It sees only dw.h, which proves
 * that the runtime is a library. `make test` runs it; the exit code says whether all went well. */
#include "dw.h"

#include <stdio.h>
#include <string.h>

static void write_text(void *context, const char *text, size_t size) {
    fwrite(text, 1, size, context);
}

static void show_value(void *context, const dw_bundle *bundle) {
    const dw_part *plain = &bundle->parts[bundle->count - 1];
    fwrite(plain->data, 1, plain->size, context);
}

int main(void) {
    static const char cell[] = "print(\"hello\")\nx = 6\n7*x";
    char seen[64] = "";
    dw_err err = {0};
    FILE *page = fmemopen(seen, sizeof seen, "w");
    const dw_host host = {.context = page, .write = write_text, .result = show_value};
    dw_session *session = dw_session_open(&host, &(dw_limits){0});
    bool ok = page && session &&
              dw_session_eval(session, "cell 1", 1, cell, strlen(cell), &err) &&
              !dw_session_eval(session, "cell 2", 1, "y", 1, &err) && err.kind == DW_ERR_NAME;
    dw_session_free(&session);
    return ok && fclose(page) == 0 && strcmp(seen, "hello\n42") == 0 ? 0 : 1;
}

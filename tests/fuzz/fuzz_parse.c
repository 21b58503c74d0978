/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a cell: a tree that prints and reads again as the same tree, or one error with a
 * place inside the text; and completion finds out where the cursor is. Seeds: tests/lang. */
#include "syntax/parse.h"

#include "lang/assist_scan.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the run with a report: what the first tree says and the printed text does not. */
static void again(const dw_unit *unit, dw_mem *mem) {
    dw_buf text;
    dw_err err = {0};
    dw_buf_init(&text, mem);
    dw_ast_print(unit->root, &text);
    dw_unit *second = dw_unit_new(mem, 2, "again", 1, text.size > 0 ? text.data : "", text.size);
    if (text.failed || second == NULL)
        abort();
    bool read = dw_parse_unit(second, &err);
    bool same = read && dw_ast_equal(unit->root, second->root);
    /* Brackets written for clearness may reach the limits that the first text did not. */
    if (!same && err.kind != DW_ERR_LIMIT)
        abort();
    dw_unit_release(second);
    dw_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    dw_mem mem = {0};
    dw_err err = {0};
    dw_unit *unit = dw_unit_new(&mem, 1, "cell 1", 1, (const char *)data, size);
    if (unit == NULL)
        abort();
    if (dw_parse_unit(unit, &err))
        again(unit, &mem);
    else if (!err.has_place || err.span.start > err.span.end || err.span.end > size)
        abort();
    dw_unit_release(unit);
    dw_assist_scan scan;
    for (size_t part = 0; part <= 4; part++)
        dw_assist_scan_read((const char *)data, size, size * part / 4, &scan);
    uint32_t indent;
    dw_parse_check(&mem, (const char *)data, size, &indent);
    if (mem.used != 0)
        abort();
    return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of libraries whose examples are whole cells: runs several statements and compares what
 * the last one shows. */
#ifndef CELLS_H
#define CELLS_H

#include "cell.h"

/* Collects the text form of a cell's result. */
static inline void cells_result(void *context, const dw_bundle *bundle) {
    dw_buf *out = context;
    for (size_t i = 0; i < bundle->count; i++)
        if (strcmp(bundle->parts[i].mime, "text/plain") == 0)
            dw_buf_add(out, bundle->parts[i].data, bundle->parts[i].size);
}

/* Runs a cell; its result is appended to out. */
static inline bool cells_run(cell *c, const char *source, dw_buf *out, dw_err *err) {
    c->host.context = out;
    c->host.result = cells_result;
    c->eval.result_open = true;
    dw_unit *unit = dw_unit_new(&c->mem, ++c->eval.units, "cell", 1, source, strlen(source));
    if (unit == NULL)
        return dw_err_memory(err, "this cell");
    bool fine = dw_parse_unit(unit, err) && dw_scope_resolve(&c->eval, unit, err) &&
                dw_eval_unit(&c->eval, unit, err);
    dw_unit_release(unit);
    return fine;
}

/* Runs a cell in a session of its own and expects it to show exactly this. */
static inline void cells_expect(const char *source, const char *text) {
    cell c;
    dw_err err = {0};
    dw_buf out;
    dw_mem mem = {0};
    cell_open(&c);
    dw_buf_init(&out, &mem);
    if (!cells_run(&c, source, &out, &err))
        fail_msg("%s\n%s", source, err.text);
    if (strcmp(out.data == NULL ? "" : out.data, text) != 0)
        fail_msg("%s\nshows %s instead of %s", source, out.data, text);
    dw_buf_free(&out);
    cell_close(&c);
}

/* Runs a cell again and again, another allocation failing each time, until none is left: always a
 * MEMORY error, never a leak. */
static inline void cells_starve(const char *source) {
    bool done = false;
    for (long n = 1; !done; n++) {
        cell c;
        dw_err err = {0};
        dw_buf out;
        dw_mem mem = {0};
        cell_open(&c);
        dw_buf_init(&out, &mem);
        c.mem.fail_at = n;
        done = cells_run(&c, source, &out, &err) && c.mem.fail_at > 0;
        c.mem.fail_at = 0;
        if (err.kind != DW_ERR_NONE && err.kind != DW_ERR_MEMORY)
            fail_msg("%s with allocation %ld failing: %s", source, n, err.text);
        dw_buf_free(&out);
        cell_close(&c);
    }
}

/* Runs the examples of a library as they stand, also with failing allocations. */
static inline void cells_walk(const dw_builtin *library) {
    for (const dw_builtin *row = library; row->name != NULL; row++) {
        char example[400], *arrow;
        assert_ptr_equal(dw_builtin_find(row->name), row);
        assert_int_equal(strncmp(row->signature, row->name, strlen(row->name)), 0);
        assert_true(strlen(row->help) > 10 && strlen(row->group) > 0);
        assert_true(strlen(row->example) < sizeof example);
        assert_non_null(strstr(row->example, row->name));
        strcpy(example, row->example);
        arrow = strstr(example, "  # → ");
        assert_true(arrow != NULL || strstr(example, "check ") != NULL);
        if (arrow != NULL)
            *arrow = '\0';
        cells_expect(example, arrow != NULL ? arrow + strlen("  # → ") : "");
        cells_starve(example);
    }
}

#endif

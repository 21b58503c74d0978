/* SPDX-License-Identifier: BSD-3-Clause */
/* Scripts without a language: where cells begin, the numbers of figures, codes at the end. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "run.h"

#include "bytes.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char cells[400]; /* "line:length " of each cell that was run */
static bool is_closed;

/* Each letter of a cell is an act: A and B show or renew the figure of that name, n one without a
 * name, f fails. */
static bool execute(void *self, const jk_execution *execution, const jk_out *out) {
    size_t used = strlen(cells);
    (void)self;
    snprintf(cells + used, sizeof cells - used, "%ld:%zu ", execution->first_line,
             execution->code.len);
    for (size_t i = 0; i < execution->code.len && execution->code.bytes[i] != '#'; i++) {
        char letter = execution->code.bytes[i];
        char name[2] = {letter, '\0'};
        jk_part parts[2] = {{"image/svg+xml", execution->code.bytes, execution->code.len},
                            {"application/pdf", "%PDF", 4}};
        jk_display display = {parts, 2, NULL, letter == 'n' ? NULL : name};
        if (letter == 'A' || letter == 'B' || letter == 'n') {
            out->display(out->self, &display);
        } else if (letter == 'f') {
            return false;
        }
    }
    return true;
}

static void nothing(void *self) {
    (void)self;
}

static void mark_closed(void *self) {
    (void)self;
    is_closed = true;
}

static bool open_engine(jk_engine *engine, const char *folder, char *why, size_t why_size) {
    snprintf(why, why_size, "not here");
    *engine = (jk_engine){NULL, execute, NULL, NULL, NULL, NULL, nothing, mark_closed};
    return access(folder, X_OK) == 0 && folder[0] == '/';
}

static char folder[40];

static int start(void **state) {
    (void)state;
    cells[0] = '\0';
    is_closed = false;
    strcpy(folder, "/tmp/dw-test-run-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static const char *at(const char *name) {
    static char path[100];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int stop(void **state) {
    static const char *const names[] = {"t.dw",    "t-1.svg", "t-2.svg", "t-3.svg",
                                        "t-1.pdf", "t-2.pdf", "t-3.pdf"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unlink(at(names[i]));
    }
    return rmdir(folder);
}

/* Runs a script with one more word, or NULL; the code. */
static int run(const char *text, char *word) {
    static const jk_engine_info info = {0};
    const jk_engine_maker maker = {&info, open_engine};
    char path[100];
    char *words[2] = {path, word};
    jk_gate gate;
    int wake[2];
    snprintf(path, sizeof path, "%s", at("t.dw"));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
    assert_true(jk_gate_open(&gate) && pipe(wake) == 0);
    assert_int_equal(fcntl(wake[0], F_SETFL, O_NONBLOCK), 0);
    int code = jk_run_main(word ? 2 : 1, words, &maker, &gate, wake);
    jk_gate_close(&gate);
    close(wake[0]);
    close(wake[1]);
    return code;
}

static void expect_file(const char *name, const char *text) {
    jk_bytes bytes = {0};
    assert_true(jk_bytes_read_file(&bytes, at(name), 1000));
    assert_string_equal(bytes.data, text);
    jk_bytes_free(&bytes);
}

static void cells_begin_at_marks(void **state) {
    (void)state;
    assert_int_equal(run("x\n# %% a\n\ny\n # %% no mark\n# %%\n# %%", NULL), 0);
    assert_string_equal(cells, "1:2 2:24 6:5 7:4 ");
    assert_true(is_closed);
}

static void nothing_is_a_script(void **state) {
    (void)state;
    assert_int_equal(run("", NULL), 0);
    assert_string_equal(cells, "");
    assert_true(is_closed);
}

static void a_failed_cell_is_the_last(void **state) {
    (void)state;
    assert_int_equal(run("x\n# %%\n# %%f\n", NULL), 0); /* behind a # nothing happens */
    cells[0] = '\0';
    assert_int_equal(run("f\n# %%\n", NULL), 1);
    assert_string_equal(cells, "1:2 ");
}

static void a_figure_keeps_its_number(void **state) {
    (void)state;
    assert_int_equal(run("AnA\n", NULL), 0);
    expect_file("t-1.svg", "AnA\n");
    expect_file("t-2.svg", "AnA\n");
    assert_int_equal(access(at("t-3.svg"), F_OK), -1);
    assert_int_equal(access(at("t-1.pdf"), F_OK), -1);
    char pdf[] = "--pdf";
    assert_int_equal(run("nBn", pdf), 0);
    expect_file("t-3.svg", "nBn");
    expect_file("t-2.pdf", "%PDF");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cells_begin_at_marks, start, stop),
        cmocka_unit_test_setup_teardown(nothing_is_a_script, start, stop),
        cmocka_unit_test_setup_teardown(a_failed_cell_is_the_last, start, stop),
        cmocka_unit_test_setup_teardown(a_figure_keeps_its_number, start, stop)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

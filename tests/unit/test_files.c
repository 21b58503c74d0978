/* SPDX-License-Identifier: BSD-3-Clause */
/* Values in files: what is saved is loaded again. */
#include "lang/files.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;
static dw_err err;
static char folder[64];
static const dw_files_options plain = {.first = DW_CSV_GUESS};

static int set_up(void **state) {
    (void)state;
    strcpy(folder, "/tmp/dw_files_XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int tear_down(void **state) {
    char command[100];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static void put(const char *name, const char *bytes) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(bytes, file);
    fclose(file);
}

static dw_value load(const char *name) {
    dw_value v;
    dw_err_clear(&err);
    if (!dw_files_load(&mem, folder, name, plain, &v, &err))
        fail_msg("%s: %s", name, err.text);
    return v;
}

static void save(dw_value v, const char *name) {
    dw_err_clear(&err);
    if (!dw_files_save(&mem, folder, name, plain, v, &err))
        fail_msg("%s: %s", name, err.text);
}

static void refuse(const char *name, dw_err_kind kind, const char *words) {
    dw_value v;
    dw_err_clear(&err);
    assert_false(dw_files_load(&mem, folder, name, plain, &v, &err));
    assert_int_equal(err.kind, kind);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s\nbut the test wants: %s", err.text, words);
    assert_int_equal(mem.used, 0);
}

static void expect_shown(dw_value v, const char *shown) {
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_value_insert(&out, v, 0);
    assert_string_equal(out.data, shown);
    dw_buf_free(&out);
}

static void tables_come_back(void **state) {
    (void)state;
    put("t.csv", "x,word,flag\n1,a b,1\n2.5,\"c,d\",0\n-0.1,,1\n");
    dw_value table = load("t.csv");
    assert_int_equal(table.kind, DW_TABLE);
    assert_int_equal(table.as.record->rows, 3);
    expect_shown(*dw_value_field(table.as.record, "x"), "[1, 2.5, -0.1]");
    expect_shown(*dw_value_field(table.as.record, "word"), "[\"a b\", \"c,d\", \"\"]");
    save(table, "again.csv");
    dw_value again = load("again.csv");
    assert_true(dw_value_same(table, again));
    dw_value_release(again);
    dw_value_release(table);
    assert_int_equal(mem.used, 0);
}

static void matrices_come_back(void **state) {
    (void)state;
    static const char *const files[] = {"m.csv", "m.npy"};
    static const size_t shapes[][2] = {{3, 2}, {1, 4}, {4, 1}};
    for (size_t f = 0; f < 2; f++)
        for (size_t s = 0; s < 3; s++) {
            dw_tensor *t = dw_tensor_raw(&mem, shapes[s][0], shapes[s][1], &err);
            for (size_t i = 0; i < t->size; i++)
                t->data[i] = sin((double)i);
            dw_value v = dw_value_array(t);
            save(v, files[f]);
            dw_value again = load(files[f]);
            assert_true(dw_value_same(v, again));
            dw_value_release(again);
            dw_value_release(v);
        }
    save(dw_value_number(0.1), "n.npy");
    dw_value x = load("n.npy");
    assert_int_equal(x.kind, DW_NUMBER);
    assert_true(x.as.number == 0.1);
    assert_int_equal(mem.used, 0);
}

static void columns_of_columns_are_spread(void **state) {
    (void)state;
    static const char *const names[] = {"p", "q"};
    dw_value table;
    assert_true(dw_value_record(&mem, DW_TABLE, names, 2, 2, &table, &err));
    dw_tensor *p = dw_tensor_raw(&mem, 2, 2, &err), *q = dw_tensor_raw(&mem, 1, 2, &err);
    memcpy(p->data, (double[]){1, 2, 3, 4}, 4 * sizeof(double));
    memcpy(q->data, (double[]){NAN, INFINITY}, 2 * sizeof(double));
    table.as.record->fields[0].value = dw_value_array(p);
    table.as.record->fields[1].value = dw_value_array(q);
    save(table, "wide.csv");
    dw_value_release(table);
    char path[200];
    snprintf(path, sizeof path, "cat %s/wide.csv > %s/wide.txt", folder, folder);
    assert_int_equal(system(path), 0);
    dw_value text = load("wide.txt");
    assert_string_equal(text.as.text->bytes, "p1,p2,q\n1,3,NaN\n2,4,inf\n");
    dw_value_release(text);
    assert_int_equal(mem.used, 0);
}

static void texts_come_back(void **state) {
    (void)state;
    dw_value v;
    assert_true(dw_value_text(&mem, "θ = 1\nlast", 11, &v, &err));
    save(v, "t.txt");
    dw_value again = load("t.txt");
    assert_true(dw_value_same(v, again));
    dw_value_release(again);
    dw_value_release(v);
    save(dw_value_number(3), "shown.txt");
    again = load("shown.txt");
    assert_string_equal(again.as.text->bytes, "3\n");
    dw_value_release(again);
    put("mark.txt", "\xEF\xBB\xBFx");
    again = load("mark.txt");
    assert_string_equal(again.as.text->bytes, "x");
    dw_value_release(again);
    assert_int_equal(mem.used, 0);
}

static void faults_are_told(void **state) {
    (void)state;
    dw_value v;
    put("twice.csv", "a,b,a\n1,2,3\n");
    put("bad.txt", "one\n\xFF\n");
    put("bad.npy", "NUMPY");
    refuse("twice.csv", DW_ERR_DATA, "columns 1 and 3 are both called a");
    refuse("bad.txt", DW_ERR_DATA, "line 2: this is no UTF-8");
    refuse("bad.npy", DW_ERR_DATA, "does not begin like one");
    refuse("x.xlsx", DW_ERR_FILE, "must be .csv, .npy, .npz, .safetensors, idx-ubyte or .txt");
    refuse("none.csv", DW_ERR_FILE, "no such file");
    refuse("../x.csv", DW_ERR_FILE, "outside");
    assert_true(dw_value_text(&mem, "a", 1, &v, &err));
    dw_err_clear(&err);
    assert_false(dw_files_save(&mem, folder, "a.npy", plain, v, &err));
    assert_int_equal(err.kind, DW_ERR_TYPE);
    dw_err_clear(&err);
    assert_false(dw_files_save(&mem, folder, "a.csv", plain, v, &err));
    assert_non_null(strstr(err.text, "make it a table first"));
    dw_err_clear(&err);
    assert_false(dw_files_save(&mem, folder, "a.pdf", plain, v, &err));
    assert_int_equal(err.kind, DW_ERR_FILE);
    dw_value_release(v);
    assert_int_equal(mem.used, 0);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    static const char *const files[] = {"t.csv", "m.npy", "t.txt", "m.csv"};
    for (size_t f = 0; f < 4; f++) {
        bool done = false;
        for (long n = 1; !done; n++) {
            dw_value v = dw_value_nothing();
            dw_err_clear(&err);
            mem.fail_at = n;
            done = dw_files_load(&mem, folder, files[f], plain, &v, &err) &&
                   dw_files_save(&mem, folder, f == 2 ? "again.txt" : "again.csv", plain, v, &err);
            mem.fail_at = 0;
            dw_value_release(v);
            if (!done)
                assert_int_equal(err.kind, DW_ERR_MEMORY);
            assert_int_equal(mem.used, 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_come_back),
        cmocka_unit_test(matrices_come_back),
        cmocka_unit_test(columns_of_columns_are_spread),
        cmocka_unit_test(texts_come_back),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

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

static void packed_files_and_other_names(void **state) {
    (void)state;
    dw_value v;
    char *bytes;
    size_t size;
    assert_true(dw_value_text(&mem, "θ", 2, &v, &err));
    save(v, "p.TXT.gz");
    dw_value again = load("p.TXT.gz");
    assert_true(dw_value_same(v, again));
    dw_value_release(again);
    dw_value_release(v);
    assert_true(dw_files_read(&mem, folder, "p.TXT.gz", &bytes, &size, &err));
    assert_string_equal(bytes, "θ");
    dw_mem_free(bytes);
    assert_true(dw_files_is("a/b.net", "net") && dw_files_is("b.NET.gz", "net"));
    assert_false(dw_files_is("net", "net") || dw_files_is("b.nets", "net"));
    assert_false(dw_files_is(".gz", "net") || dw_files_is("", "net"));
    static const char *const images[] = {"t10k-images-idx3-ubyte", "train.idx1-ubyte", "a.idx"};
    for (size_t i = 0; i < 3; i++) {
        char path[200], command[500];
        snprintf(path, sizeof path, "%s/%s", folder, images[i]);
        snprintf(command, sizeof command, "printf '\\0\\0\\10\\1\\0\\0\\0\\2\\7\\5' > %s", path);
        assert_int_equal(system(command), 0);
        v = load(images[i]);
        expect_shown(v, "[7, 5]");
        dw_value_release(v);
    }
    assert_int_equal(mem.used, 0);
}

static void arrays_go_through_lists(void **state) {
    (void)state;
    static const char *const files[] = {"l.npz", "l.safetensors", "l.npz.gz"};
    for (size_t f = 0; f < 3; f++) {
        dw_arrays list;
        dw_arrays_shape shape = {1, {2}};
        dw_tensor *t = dw_tensor_raw(&mem, 2, 1, &err);
        t->data[0] = 1;
        t->data[1] = 2;
        dw_arrays_init(&list, &mem);
        dw_err_clear(&err);
        assert_true(dw_arrays_add(&list, "W", 1, t, &shape, &err));
        assert_true(dw_files_save_arrays(folder, files[f], plain, &list, &err));
        dw_arrays_free(&list);
        assert_true(dw_files_load_arrays(folder, files[f], &list, &err));
        assert_int_equal(list.count, 1);
        assert_int_equal(list.items[0].tensor->dim[0], 2);
        dw_arrays_free(&list);
        assert_false(dw_files_load_arrays(folder, "l.csv", &list, &err));
        assert_non_null(strstr(err.text, "from .safetensors and .npz files"));
        assert_int_equal(mem.used, 0);
    }
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
    refuse("x.xlsx", DW_ERR_FILE, "must be .csv, .npy, .npz, .safetensors, .net, idx-ubyte or");
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

static void writing_can_be_stopped(void **state) {
    (void)state;
    dw_cancel cancel = {.running = 1, .cancelled = 1};
    dw_err_clear(&err);
    mem.cancel = &cancel;
    dw_tensor *t = dw_tensor_raw(&mem, 2, 3, &err);
    memset(t->data, 0, t->size * sizeof(double));
    assert_false(dw_files_save(&mem, folder, "stopped.csv", plain, dw_value_array(t), &err));
    mem.cancel = NULL;
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_tensor_release(t);
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
        cmocka_unit_test(packed_files_and_other_names),
        cmocka_unit_test(arrays_go_through_lists),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(writing_can_be_stopped),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

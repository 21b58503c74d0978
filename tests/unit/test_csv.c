/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading and writing csv, well-formed and hostile. */
#include "data/csv.h"
#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dw_csv *read_text(dw_mem *mem, const char *text, dw_err *err) {
    return dw_csv_read(mem, text, strlen(text), DW_CSV_GUESS, "f.csv", err);
}

static dw_csv *must_read(dw_mem *mem, const char *text) {
    dw_err err = {0};
    dw_csv *csv = read_text(mem, text, &err);
    if (csv == NULL)
        fail_msg("%s", err.text);
    return csv;
}

static void must_refuse(const char *bytes, size_t size, const char *words) {
    dw_mem mem = {0};
    dw_err err = {0};
    assert_null(dw_csv_read(&mem, bytes, size, DW_CSV_GUESS, "f.csv", &err));
    assert_int_equal(err.kind, DW_ERR_DATA);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s\nbut the test wants: %s", err.text, words);
    assert_int_equal(mem.used, 0);
}

static void columns_of_numbers_and_texts(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_csv *csv =
        must_read(&mem, "x, name ,y\n1,ann,1e-3\r\n-2.5, bob ,\n\n3,\"c, \"\"d\"\"\ne\",NA\n");
    assert_true(csv->header);
    assert_int_equal(csv->rows, 3);
    assert_int_equal(csv->columns, 3);
    assert_string_equal(csv->column[1].name, "name");
    assert_true(csv->column[0].numbers);
    assert_true(csv->column[0].values[1] == -2.5);
    assert_false(csv->column[1].numbers);
    assert_null(csv->column[1].values);
    assert_string_equal(csv->column[1].cells[3].text, "bob");
    assert_string_equal(csv->column[1].cells[6].text, "c, \"d\"\ne");
    assert_true(csv->column[2].numbers);
    assert_true(csv->column[2].values[0] == 1e-3);
    assert_true(isnan(csv->column[2].values[1]) && isnan(csv->column[2].values[2]));
    dw_csv_free(csv);
    assert_int_equal(mem.used, 0);
}

static void the_first_line_is_guessed_or_told(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_csv *csv = must_read(&mem, "1,2\n3,4");
    assert_false(csv->header);
    assert_int_equal(csv->rows, 2);
    assert_string_equal(csv->column[1].name, "c2");
    dw_csv_free(csv);
    csv = dw_csv_read(&mem, "1,2\n3,4", 7, DW_CSV_HEADER, "f", &err);
    assert_int_equal(csv->rows, 1);
    assert_string_equal(csv->column[1].name, "2");
    dw_csv_free(csv);
    csv = dw_csv_read(&mem, "a,b\nc,d", 7, DW_CSV_NO_HEADER, "f", &err);
    assert_int_equal(csv->rows, 2);
    dw_csv_free(csv);
    csv = must_read(&mem, "a,\n1,2\n");
    assert_string_equal(csv->column[1].name, "c2");
    dw_csv_free(csv);
    csv = must_read(&mem, "a,b\n");
    assert_int_equal(csv->rows, 0);
    assert_false(csv->column[0].numbers);
    dw_csv_free(csv);
}

static void other_separators_and_marks(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_csv *csv = must_read(&mem, "\xEF\xBB\xBFx;y\n1;2\n");
    assert_int_equal(csv->columns, 2);
    assert_string_equal(csv->column[0].name, "x");
    dw_csv_free(csv);
    csv = must_read(&mem, "x\ty\r\n1\t2\r\n");
    assert_true(csv->column[1].values[0] == 2);
    dw_csv_free(csv);
    csv = must_read(&mem, "x\ty\r1\t2\r3\t\"4\"\r"); /* an old Macintosh */
    assert_int_equal(csv->rows, 2);
    assert_true(csv->column[1].values[1] == 4);
    dw_csv_free(csv);
    csv = must_read(&mem, "\"a;b\",c\n1,2\n");
    assert_string_equal(csv->column[0].name, "a;b");
    dw_csv_free(csv);
}

static void faults_name_their_place(void **state) {
    (void)state;
#define REFUSE(text, words) must_refuse(text, sizeof(text) - 1, words)
    REFUSE("", "is empty");
    REFUSE("\n\r\n", "is empty");
    REFUSE("a,b\n1,2\n3\n", "line 3: 1 column here, but the first line has 2");
    REFUSE("a,b\n1,2,3\n", "line 2: 3 columns here");
    REFUSE("a,b\n1,\"open\n2\n", "line 2, column 2: the quote \" is never closed");
    REFUSE("a\n\"x\"y\n", "line 2, column 1: a cell goes on after its closing quote");
    REFUSE("a\n\"x\ny\"\n\"z", "line 4, column 1");
    REFUSE("a\r\"x\ry\"\r\"z", "line 4, column 1");
    REFUSE("a\r\n\"x\r\ny\"\r\n\"z", "line 4, column 1");
    REFUSE("a\nb\n\xFFq\n", "line 3: this is no UTF-8 text");
    REFUSE("a\nb\0c\n", "line 2: this is no UTF-8 text");
    REFUSE("\"", "never closed");
}

static void numbers_are_plain_decimals(void **state) {
    (void)state;
    static const char *const good[] = {"0", "-1.5e+10", "+3", ".5", "5.", "1e400", "-∞", "NaN"};
    static const char *const bad[] = {"",         "0x10",   "1e",  "1,5", "--1", "e5",
                                      "infinity", "nan(1)", "1 2", "١",   "+",   "."};
    double x;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(dw_csv_number(good[i], strlen(good[i]), &x));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(dw_csv_number(bad[i], strlen(bad[i]), &x));
}

static double random_number(dw_rng *rng) {
    double x = (double)dw_rng_bits(rng);
    return ldexp(x, -(int)dw_rng_below(rng, 900));
}

static void what_is_written_reads_back(void **state) {
    (void)state;
    static const char *const texts[] = {
        "plain", "with, comma", "\"quoted\"", "two\nlines", " blank ", "", "θ → 1;2"};
    dw_mem mem = {0};
    dw_buf out;
    dw_rng rng = dw_rng_seed(9);
    double numbers[7] = {0.1, 1e-308, 123456789012345680.0, -INFINITY, NAN, 5e-324, 2};
    dw_buf_init(&out, &mem);
    dw_buf_text(&out, "t,x,y\n");
    for (size_t i = 0; i < 7; i++) {
        dw_csv_add_text(&out, texts[i], strlen(texts[i]));
        dw_buf_byte(&out, ',');
        dw_csv_add_number(&out, numbers[i]);
        dw_buf_byte(&out, ',');
        dw_csv_add_number(&out, random_number(&rng));
        dw_buf_byte(&out, '\n');
    }
    dw_csv *csv = must_read(&mem, out.data);
    rng = dw_rng_seed(9);
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(csv->column[0].cells[3 * i].text, texts[i]);
        double x = csv->column[1].values[i];
        assert_true(x == numbers[i] || (isnan(x) && isnan(numbers[i])));
        assert_true(csv->column[2].values[i] == random_number(&rng));
    }
    dw_csv_free(csv);
    dw_buf_clear(&out);
    dw_csv_add_number(&out, 0.1);
    assert_string_equal(out.data, "0.1");
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

static void random_bytes_never_break_it(void **state) {
    (void)state;
    static const char letters[] = "\",;\n\r\t 1a.-\xCE\xB8\x80\0";
    dw_rng rng = dw_rng_seed(1);
    for (int run = 0; run < 20000; run++) {
        dw_mem mem = {0};
        dw_err err = {0};
        size_t size = (size_t)dw_rng_below(&rng, 30);
        char *bytes = malloc(size + 1); /* exactly as large, so that reading on is noticed */
        for (size_t i = 0; i < size; i++)
            bytes[i] = letters[dw_rng_below(&rng, sizeof letters)];
        dw_csv *csv = dw_csv_read(&mem, bytes, size, DW_CSV_GUESS, "f", &err);
        assert_true((csv == NULL) == (err.kind == DW_ERR_DATA));
        if (csv != NULL)
            assert_true(csv->columns > 0);
        dw_csv_free(csv);
        assert_int_equal(mem.used, 0);
        free(bytes);
    }
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    char text[10000] = "a,b\n";
    for (int i = 0; i < 200; i++)
        strcat(text, "1.5,\"some longer text, that needs quotes\"\n");
    dw_csv *csv = NULL;
    for (long n = 1; csv == NULL; n++) {
        dw_mem mem = {.fail_at = n};
        dw_err err = {0};
        csv = read_text(&mem, text, &err);
        assert_true(csv != NULL || err.kind == DW_ERR_MEMORY);
        dw_csv_free(csv);
        assert_int_equal(mem.used, 0);
        assert_true(n < 1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_of_numbers_and_texts),
        cmocka_unit_test(the_first_line_is_guessed_or_told),
        cmocka_unit_test(other_separators_and_marks),
        cmocka_unit_test(faults_name_their_place),
        cmocka_unit_test(numbers_are_plain_decimals),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(random_bytes_never_break_it),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

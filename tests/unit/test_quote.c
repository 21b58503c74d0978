/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts and numbers on their way into a script. */
#include "plot/quote.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(void (*quote)(dw_buf *, const char *), const char *text, const char *quoted) {
    dw_mem mem = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    quote(&out, text);
    assert_string_equal(out.data, quoted);
    dw_buf_free(&out);
}

static void texts_cannot_leave_their_quotes(void **state) {
    (void)state;
    expect(dw_quote_text, "plain λ", "'plain λ'");
    expect(dw_quote_text, "it's", "'it''s'");
    /* gnuplot ends a string at a pair that does not follow another character. */
    expect(dw_quote_text, "''", "'’'''");
    expect(dw_quote_text, "'; x", "'’; x'");
    expect(dw_quote_text, "a''; x", "'a''’; x'");
    expect(dw_quote_text, "a'''b'", "'a''’''b'''");
    expect(dw_quote_text, "a\nsystem 'x'\r\x01", "'a system ''x''  '");
    expect(dw_quote_text, "`touch f` \"x\" $(y) 50%", "'`touch f` \"x\" $(y) 50%'");
    expect(dw_quote_text, NULL, "''");
    expect(dw_quote_tick, "50% it's", "'50%% it''s'");
}

static void numbers_survive(void **state) {
    (void)state;
    const double numbers[] = {0,      -0.0,          0.1,  1.0 / 3,      -1e300,
                              5e-324, 123456789.125, 1e22, 6.02214076e23};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        dw_mem mem = {0};
        dw_buf out;
        dw_buf_init(&out, &mem);
        dw_quote_number(&out, numbers[i]);
        assert_true(strtod(out.data, NULL) == numbers[i]);
        dw_buf_clear(&out);
        dw_quote_place(&out, numbers[i]);
        assert_true(fabs(strtod(out.data, NULL) - numbers[i]) <= 1e-8 * fabs(numbers[i]));
        dw_buf_free(&out);
    }
}

static void what_is_not_finite_is_not_a_number(void **state) {
    (void)state;
    const double numbers[] = {NAN, HUGE_VAL, -HUGE_VAL};
    for (size_t i = 0; i < 3; i++) {
        dw_mem mem = {0};
        dw_buf out;
        dw_buf_init(&out, &mem);
        dw_quote_number(&out, numbers[i]);
        dw_quote_place(&out, numbers[i]);
        assert_string_equal(out.data, "NaNNaN");
        dw_buf_free(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_cannot_leave_their_quotes),
        cmocka_unit_test(numbers_survive),
        cmocka_unit_test(what_is_not_finite_is_not_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The script as text. What it does is seen in a browser: tests/notebooks. */
#include "plot/film_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void is_one_function_called_once(void **state) {
    (void)state;
    const char *const texts[] = {dw_film_script_text(), dw_film_script_live()};
    static const char begin[] = "(()=>{", end[] = "})();";
    for (size_t i = 0; i < 2; i++) {
        const char *text = texts[i];
        assert_memory_equal(text, begin, strlen(begin));
        assert_string_equal(text + strlen(text) - strlen(end), end);
        int depth[3] = {0};
        for (const char *c = text; *c != '\0'; c++)
            for (int kind = 0; kind < 3; kind++) {
                depth[kind] += *c == "({["[kind];
                depth[kind] -= *c == ")}]"[kind];
                assert_true(depth[kind] >= 0);
            }
        assert_int_equal(depth[0] + depth[1] + depth[2], 0);
    }
}

static void may_stand_in_a_page_and_in_markdown(void **state) {
    (void)state;
    const char *const texts[] = {dw_film_script_text(), dw_film_script_live()};
    for (size_t i = 0; i < 2; i++) {
        assert_null(strstr(texts[i], "</"));
        assert_null(strstr(texts[i], "<!"));
        assert_null(strchr(texts[i], '\n'));
        assert_null(strstr(texts[i], "http"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_one_function_called_once),
        cmocka_unit_test(may_stand_in_a_page_and_in_markdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of models. That the attributes are those of ipywidgets is compared with the Python
 * package in tests/protocol/test_widgets.py. */
#include "widget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *text_of(const json_t *state, const char *key) {
    const char *text = json_string_value(json_object_get(state, key));
    return text ? text : "";
}

static void a_setting_names_a_generation(void **state) {
    (void)state;
    assert_int_equal(jk_widget_generation_of(NULL), JK_WIDGET_8);
    assert_int_equal(jk_widget_generation_of("8"), JK_WIDGET_8);
    assert_int_equal(jk_widget_generation_of("7"), JK_WIDGET_7);
    assert_int_equal(jk_widget_generation_of("77"), JK_WIDGET_8);
}

static void every_model_is_whole(void **state) {
    (void)state;
    for (int g = JK_WIDGET_7; g <= JK_WIDGET_8; g++) {
        for (int kind = 0; kind < JK_WIDGET_KINDS; kind++) {
            json_t *model = jk_widget_state((jk_widget_kind)kind, (jk_widget_generation)g);
            assert_non_null(model);
            const char *name = text_of(model, "_model_name");
            bool is_layout = kind == JK_WIDGET_LAYOUT;
            assert_string_equal(name + strlen(name) - 5, "Model");
            assert_string_equal(text_of(model, "_model_module"),
                                is_layout ? "@jupyter-widgets/base" : "@jupyter-widgets/controls");
            assert_string_equal(text_of(model, "_model_module_version"), g == JK_WIDGET_8 ? "2.0.0"
                                                                         : is_layout      ? "1.2.0"
                                                                                     : "1.5.0");
            assert_true(json_is_null(json_object_get(model, "_view_count")));
            jk_widget_kind style = jk_widget_style((jk_widget_kind)kind, (jk_widget_generation)g);
            assert_true((style == JK_WIDGET_KINDS) == !json_object_get(model, "style"));
            if (style != JK_WIDGET_KINDS) {
                json_t *of = jk_widget_state(style, (jk_widget_generation)g);
                assert_string_equal(text_of(of, "_view_name"), "StyleView");
                assert_string_equal(text_of(of, "_view_module"), "@jupyter-widgets/base");
                json_decref(of);
            }
            json_decref(model);
        }
    }
}

static void generations_differ(void **state) {
    (void)state;
    json_t *old = jk_widget_state(JK_WIDGET_PLAY, JK_WIDGET_7);
    json_t *new = jk_widget_state(JK_WIDGET_PLAY, JK_WIDGET_8);
    assert_non_null(json_object_get(old, "_playing"));
    assert_null(json_object_get(old, "playing"));
    assert_non_null(json_object_get(new, "playing"));
    assert_null(json_object_get(new, "_playing"));
    assert_int_equal(jk_widget_style(JK_WIDGET_HTML, JK_WIDGET_7), JK_WIDGET_DESCRIPTION_STYLE);
    assert_int_equal(jk_widget_style(JK_WIDGET_HTML, JK_WIDGET_8), JK_WIDGET_HTML_STYLE);
    json_decref(old);
    json_decref(new);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_setting_names_a_generation),
                                       cmocka_unit_test(every_model_is_whole),
                                       cmocka_unit_test(generations_differ)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

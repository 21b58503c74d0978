/* SPDX-License-Identifier: BSD-3-Clause */
/* Outputs become HTML in their order. */
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define TEXT "<pre style=\"margin:0;line-height:1.4;white-space:pre-wrap\">"

static jk_scene scene;
static jk_gate gate;
static jk_out out;

static int start(void **state) {
    (void)state;
    jk_scene_open(&scene, &gate);
    out = jk_scene_out(&scene);
    return !jk_gate_open(&gate);
}

static int stop(void **state) {
    (void)state;
    jk_scene_free(&scene);
    jk_gate_close(&gate);
    return 0;
}

static void print(const char *text) {
    out.stream(&scene, JK_STDOUT, text, strlen(text));
}

static void show(const char *mime, const char *form, const char *id) {
    const jk_part parts[] = {{mime, form, strlen(form)}, {"text/plain", "x < y", 5}};
    const jk_display display = {parts, 2, NULL, id};
    out.display(&scene, &display);
}

static void html_is(const char *text) {
    jk_span html = jk_scene_html(&scene);
    assert_int_equal(html.len, strlen(text));
    assert_memory_equal(html.bytes ? html.bytes : "", text, html.len);
}

static void text_and_pictures_keep_their_order(void **state) {
    (void)state;
    html_is("");
    print("a<b>");
    print("&c\n");
    show("text/html", "<img>", NULL);
    show("image/png", "…", NULL);
    print("end");
    html_is(TEXT "a&lt;b&gt;&amp;c\n</pre><img>" TEXT "x &lt; y\nend</pre>");
}

static void what_changes_in_place_is_left_out(void **state) {
    (void)state;
    show("text/html", "<img>", "id");
    const jk_display display = {NULL, 0, NULL, "id"};
    out.update(&scene, &display);
    html_is("");
}

static void it_can_be_cleared(void **state) {
    (void)state;
    print("a");
    out.clear_output(&scene, true);
    html_is(TEXT "a</pre>");
    print("b");
    html_is(TEXT "b</pre>");
    out.clear_output(&scene, false);
    html_is("");
}

static void the_first_error_stands_where_it_happened(void **state) {
    (void)state;
    jk_span block = jk_span_of("line 1: x < 2");
    const jk_failure failure = {jk_span_of("ValueError"), jk_span_of("x"), &block, 1};
    print("before");
    out.error(&scene, &failure);
    out.error(&scene, &failure);
    jk_span html = jk_scene_html(&scene);
    const char *end = "ValueError: line 1: x &lt; 2\n</pre>";
    assert_memory_equal(html.bytes, TEXT "before</pre><pre ", strlen(TEXT "before</pre><pre "));
    assert_memory_equal(html.bytes + html.len - strlen(end), end, strlen(end));
    assert_true(strstr(html.bytes, "ValueError") == strstr(html.bytes, end));
}

static void there_is_an_end_to_it(void **state) {
    (void)state;
    size_t len = JK_SCENE_LIMIT - 100;
    char *text = malloc(len);
    assert_non_null(text);
    memset(text, 'x', len);
    out.stream(&scene, JK_STDOUT, text, len);
    out.stream(&scene, JK_STDOUT, text, len);
    print("more");
    jk_span html = jk_scene_html(&scene);
    assert_in_range(html.len, len, len + 1000);
    assert_non_null(strstr(html.bytes, "more than a page can hold"));
    out.clear_output(&scene, false);
    print("again");
    html_is(TEXT "again</pre>");
    free(text);
}

static void nobody_is_asked_and_nothing_else_happens(void **state) {
    (void)state;
    jk_bytes answer = {0};
    assert_int_equal(out.ask(&scene, jk_span_of("?"), false, &answer), JK_ASK_NOBODY);
    out.next_input(&scene, "x", 1);
    out.panel(&scene, NULL);
    assert_false(out.hurries(&scene));
    html_is("");
    out.page(&scene, "help", 4);
    html_is(TEXT "help</pre>");
}

static void an_interrupt_is_known(void **state) {
    (void)state;
    jk_gate_begin(&gate);
    assert_false(out.cancelled(&scene));
    jk_gate_cancel(&gate);
    assert_true(out.cancelled(&scene));
    jk_gate_end(&gate);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(text_and_pictures_keep_their_order),
                                       TEST(what_changes_in_place_is_left_out),
                                       TEST(it_can_be_cleared),
                                       TEST(the_first_error_stands_where_it_happened),
                                       TEST(there_is_an_end_to_it),
                                       TEST(nobody_is_asked_and_nothing_else_happens),
                                       TEST(an_interrupt_is_known)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

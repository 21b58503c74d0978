/* SPDX-License-Identifier: BSD-3-Clause */
/* The pieces of a surface: which pairs of fill and outline become one polygon. */
#include "plot/facets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FILL(color, points)                                                    \
    "<g stroke=\"none\" shape-rendering=\"crispEdges\"><polygon fill=\"" color \
    "\" points=\"" points "\"/></g>\n"
#define OUTLINE(width, path) \
    "<g stroke-width=\"" width "\"><path stroke=\"#40566b\" d=\"" path "\"/>"
#define GROUP "<g stroke=\"#40566b\" stroke-width=\"0.40\">"
#define FACET(color, points) "<polygon fill=\"" color "\" points=\"" points "\"/>"

static void expect(const char *given, const char *wanted) {
    dw_buf buf;
    dw_mem mem = {0};
    dw_buf_init(&buf, &mem);
    dw_buf_text(&buf, given);
    dw_facets_join(&buf);
    assert_false(buf.failed);
    assert_string_equal(buf.data == NULL ? "" : buf.data, wanted);
    assert_int_equal(buf.size, strlen(wanted));
    dw_buf_free(&buf);
    assert_int_equal(mem.used, 0);
}

static void a_run_becomes_one_group(void **state) {
    (void)state;
    expect("<rect/>" FILL("#1", "1,2 3,4 5,6") OUTLINE("0.40", "M1,2 L5,6 L3,4 L1,2")
               FILL("#2", "7,8 9,1 2,3") "</g>\n" OUTLINE("0.40", "M7,8 L9,1 L2,3 L7,8")
                   FILL("#3", "1,1 2,2 3,1 4,4") "</g>\n" OUTLINE(
                       "0.40", "M1,1 L4,4 L3,1 L2,2 L1,1") "</g>\n<path/>",
           "<rect/>" GROUP FACET("#1", "1,2 3,4 5,6") FACET("#2", "7,8 9,1 2,3")
               FACET("#3", "1,1 2,2 3,1 4,4") "</g>\n<path/>");
}

static void another_outline_begins_another_run(void **state) {
    (void)state;
    expect(FILL("#1", "1,2 3,4 5,6") OUTLINE("0.40", "M1,2 L5,6 L3,4 L1,2")
               FILL("#2", "7,8 9,1 2,3") "</g>\n" OUTLINE("0.80", "M7,8 L9,1 L2,3 L7,8") "</g>\n",
           GROUP FACET("#1", "1,2 3,4 5,6") "</g>\n"
                                            "<g stroke=\"#40566b\" stroke-width=\"0.80\">" FACET(
                                                "#2", "7,8 9,1 2,3") "</g>\n");
}

static void a_first_piece_in_a_group_leaves_it(void **state) {
    (void)state;
    expect("<g stroke-width=\"0.40\">" FILL("#1", "1,2 3,4 5,6") "</g>\n" OUTLINE(
               "0.40", "M1,2 L5,6 L3,4 L1,2")
               FILL("#2", "7,8 9,1 2,3") "</g>\n" OUTLINE("0.40", "M7,8 L9,1 L2,3 L7,8") "</g>\n",
           "<g stroke-width=\"0.40\"></g>\n" GROUP FACET("#1", "1,2 3,4 5,6")
               FACET("#2", "7,8 9,1 2,3") "</g>\n");
}

static void what_does_not_fit_stays(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "<svg/>",
        FILL("#1", "1,2 3,4 5,6"),
        FILL("#1", "1,2 3,4 5,6") OUTLINE("0.40", "M1,2 L5,6 L3,4 L1,3") "</g>\n",
        FILL("#1", "1,2 3,4 5,6") OUTLINE("0.40", "M1,2 L3,4 L1,2") "</g>\n",
        FILL("#1", "1,2 3,4 5,6") OUTLINE("0.40", "M1,2 L5,6 M3,4 L1,2") "</g>\n",
        FILL("#1", "1,2 3,4") OUTLINE("0.40", "M1,2 L3,4 L1,2") "</g>\n",
        "<g stroke=\"none\" shape-rendering=\"crispEdges\"><polygon fill=\"#123",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        expect(texts[i], texts[i]);
}

static void a_look_without_memory_changes_nothing(void **state) {
    (void)state;
    static const char text[] =
        FILL("#1", "1,2 3,4 5,6") OUTLINE("0.40", "M1,2 L5,6 L3,4 L1,2") "</g>\n";
    dw_mem mem = {0};
    dw_buf buf;
    dw_buf_init(&buf, &mem);
    dw_buf_text(&buf, text);
    mem.limit = mem.used;
    dw_facets_join(&buf);
    assert_string_equal(buf.data, text);
    dw_buf_free(&buf);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_becomes_one_group),
        cmocka_unit_test(another_outline_begins_another_run),
        cmocka_unit_test(a_first_piece_in_a_group_leaves_it),
        cmocka_unit_test(what_does_not_fit_stays),
        cmocka_unit_test(a_look_without_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Positions between code points and bytes, and the forms of the answers. */
#include "introspect.h"

#include "desk.h"

static size_t cursor_seen;
static int level_seen;

/* One match for all that stands left of the cursor; none at the start. */
static bool complete(void *self, jk_span code, size_t cursor, jk_completion *to) {
    static const jk_match match = {"wörd", NULL, "(x)", "wört"};
    (void)self;
    (void)code;
    cursor_seen = cursor;
    to->matches = &match;
    to->start = cursor > 4 ? 2 : 0;
    to->end = cursor;
    to->count = cursor > 0;
    return true;
}

static bool inspect(void *self, jk_span code, size_t cursor, int level, jk_inspection *to) {
    static const jk_part part = {"text/plain", "help", 4};
    (void)self;
    cursor_seen = cursor;
    level_seen = level;
    *to = (jk_inspection){code.len > 0, &part, 1};
    return true;
}

static jk_completeness judge(void *self, jk_span code, const char **indent) {
    (void)self;
    *indent = "  ";
    return (jk_completeness)code.len;
}

static void positions_are_code_points_outside_and_bytes_inside(void **state) {
    (void)state;
    /* α is 2 bytes, 𝔽 is 4 */
    static const struct {
        const char *content;
        size_t bytes;
        long start, end;
    } cases[] = {{"{\"code\":\"α𝔽x\",\"cursor_pos\":2}", 6, 1, 2},
                 {"{\"code\":\"α𝔽x\",\"cursor_pos\":1.0}", 2, 0, 1},
                 {"{\"code\":\"α𝔽x\",\"cursor_pos\":99}", 7, 1, 3},
                 {"{\"code\":\"α𝔽x\",\"cursor_pos\":-9}", 0, 0, 0},
                 {"{\"code\":\"α𝔽x\",\"cursor_pos\":null}", 7, 1, 3},
                 {"{\"code\":\"α𝔽x\"}", 7, 1, 3},
                 {"{\"code\":\"\"}", 0, 0, 0}};
    engine.complete = complete;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *answer = ask("complete_request", cases[i].content);
        assert_int_equal(cursor_seen, cases[i].bytes);
        assert_int_equal(json_integer_value(json_object_get(answer, "cursor_start")),
                         cases[i].start);
        assert_int_equal(json_integer_value(json_object_get(answer, "cursor_end")), cases[i].end);
        assert_int_equal(json_array_size(json_object_get(answer, "matches")), cases[i].bytes > 0);
        json_decref(answer);
    }
}

static void matches_come_with_their_kinds(void **state) {
    (void)state;
    engine.complete = complete;
    expect(ask("complete_request", "{\"code\":\"ab\"}"),
           "{\"cursor_end\":2,\"cursor_start\":0,\"matches\":[\"wörd\"],\"metadata\":"
           "{\"_jupyter_types_experimental\":[{\"end\":2,\"signature\":\"(x)\",\"start\":0,"
           "\"text\":\"wört\",\"type\":\"<unknown>\"}]},\"status\":\"ok\"}");
}

static void help_has_all_keys_whether_found_or_not(void **state) {
    (void)state;
    engine.inspect = inspect;
    expect(ask("inspect_request", "{\"code\":\"αx\",\"cursor_pos\":1,\"detail_level\":7}"),
           "{\"data\":{\"text/plain\":\"help\"},\"found\":true,\"metadata\":{},\"status\":\"ok\"}");
    assert_int_equal(cursor_seen, 2);
    assert_int_equal(level_seen, 1);
    expect(ask("inspect_request", "{\"code\":\"\",\"detail_level\":-1}"),
           "{\"data\":{},\"found\":false,\"metadata\":{},\"status\":\"ok\"}");
    assert_int_equal(level_seen, 0);
}

static void only_incomplete_code_has_an_indent(void **state) {
    (void)state;
    engine.is_complete = judge;
    expect(ask("is_complete_request", "{\"code\":\"\"}"), "{\"status\":\"complete\"}");
    expect(ask("is_complete_request", "{\"code\":\"1\"}"),
           "{\"indent\":\"  \",\"status\":\"incomplete\"}");
    expect(ask("is_complete_request", "{\"code\":\"12\"}"), "{\"status\":\"invalid\"}");
    expect(ask("is_complete_request", "{\"code\":\"123\"}"), "{\"status\":\"unknown\"}");
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(positions_are_code_points_outside_and_bytes_inside),
                                       TEST(matches_come_with_their_kinds),
                                       TEST(help_has_all_keys_whether_found_or_not),
                                       TEST(only_incomplete_code_has_an_indent)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

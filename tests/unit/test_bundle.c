/* SPDX-License-Identifier: BSD-3-Clause */
/* Displays and failures as JSON. */
#include "bundle.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(json_t *value, const char *text) {
    char *got = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    assert_non_null(got);
    assert_string_equal(got, text);
    free(got);
    json_decref(value);
}

static void each_type_has_its_form(void **state) {
    (void)state;
    const jk_part parts[] = {{"image/png", "\0\1\2\3", 4},         {"application/pdf", "", 0},
                             {"image/svg+xml", "<svg/>", 6},       {"text/plain", "a\xFF", 2},
                             {"application/json", "{\"a\":1}", 7}, {"application/x+json", "[", 1}};
    expect(jk_bundle_data(parts, 6),
           "{\"application/json\":{\"a\":1},\"application/pdf\":\"\",\"application/x+json\":null,"
           "\"image/png\":\"AAECAw==\",\"image/svg+xml\":\"<svg/>\",\"text/"
           "plain\":\"a\xEF\xBF\xBD\"}");
    expect(jk_bundle_data(NULL, 0), "{}");
}

static void alt_and_id(void **state) {
    (void)state;
    const jk_part part = {"application/pdf", "%", 1};
    const jk_display display = {&part, 1, "words", "id"};
    expect(jk_bundle_content(&display),
           "{\"data\":{\"application/pdf\":\"JQ==\"},\"metadata\":{\"alt\":\"words\","
           "\"application/pdf\":{\"alt\":\"words\"}},\"transient\":{\"display_id\":\"id\"}}");
    assert_null(jk_bundle_plain(&display).bytes);
}

static void too_much_becomes_a_sentence(void **state) {
    (void)state;
    const jk_part part = {"text/plain", "x", JK_BUNDLE_LIMIT + 1}; /* never read */
    json_t *data = jk_bundle_data(&part, 1);
    assert_non_null(strstr(json_string_value(json_object_get(data, "text/plain")), "100 MB"));
    json_decref(data);
}

static void failures(void **state) {
    (void)state;
    const jk_span lines[] = {{"one\n", 4}, {NULL, 0}};
    const jk_failure failure = {jk_span_of("E"), jk_span_of(NULL), lines, 2};
    expect(jk_bundle_failure(&failure),
           "{\"ename\":\"E\",\"evalue\":\"\",\"traceback\":[\"one\\n\",\"\"]}");
}

static void text_keeps_its_nul(void **state) {
    (void)state;
    expect(jk_bundle_string(jk_span_make("a\0b", 3)), "\"a\\u0000b\"");
    expect(jk_bundle_string(jk_span_of(NULL)), "\"\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_has_its_form), cmocka_unit_test(alt_and_id),
        cmocka_unit_test(too_much_becomes_a_sentence), cmocka_unit_test(failures),
        cmocka_unit_test(text_keeps_its_nul)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

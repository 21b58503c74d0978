/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields of requests as odd clients send them; one reply and no second. */
#include "request.h"

#include "desk.h"

static jk_request make(jk_message *message) {
    return (jk_request){.services = &services, .message = message};
}

static void fields_are_read_kindly(void **state) {
    (void)state;
    jk_message *message = request_of(
        "x_request", "{\"t\":true,\"f\":false,\"one\":1,\"zero\":0.0,\"null\":null,\"text\":"
                     "\"a\\u0000b\",\"real\":-2.9,\"huge\":1e300,\"large\":9007199254740993}");
    jk_request request = make(message);
    jk_span text;
    assert_true(jk_request_flag(&request, "t", false) && jk_request_flag(&request, "one", false));
    assert_false(jk_request_flag(&request, "f", true) || jk_request_flag(&request, "zero", true));
    assert_true(jk_request_flag(&request, "null", true) && jk_request_flag(&request, "none", true));
    assert_false(jk_request_flag(&request, "text", false));
    assert_int_equal(jk_request_number(&request, "real", 5), -2);
    assert_int_equal(jk_request_number(&request, "huge", 5), 5);
    assert_int_equal(jk_request_number(&request, "large", 5), 9007199254740993);
    assert_int_equal(jk_request_number(&request, "text", 5), 5);
    assert_int_equal(jk_request_number(&request, "null", 6), 6);
    assert_true(jk_request_text(&request, "text", &text));
    assert_int_equal(text.len, 3);
    assert_memory_equal(text.bytes, "a\0b", 3);
    assert_false(jk_request_text(&request, "one", &text) ||
                 jk_request_text(&request, "none", &text));
    jk_wire_free(message);
}

static void fields_of_a_content_that_is_no_object(void **state) {
    (void)state;
    jk_message *message = request_of("x_request", "[1]");
    jk_request request = make(message);
    jk_span text;
    assert_int_equal(jk_request_number(&request, "a", 4), 4);
    assert_true(jk_request_flag(&request, "a", true));
    assert_false(jk_request_text(&request, "a", &text));
    jk_wire_free(message);
}

static void only_the_first_reply_is_sent(void **state) {
    (void)state;
    jk_message *message = request_of("x_request", "{}");
    jk_request request = make(message);
    jk_request_reply(&request, json_pack("{s:i}", "n", 1), NULL);
    jk_request_reply(&request, json_pack("{s:i}", "n", 2), json_object());
    jk_request_fail(&request, "E", "too late");
    expect(take_reply(), "{\"n\":1}");
    jk_wire_free(message);
}

static void what_could_not_be_built_is_an_error(void **state) {
    (void)state;
    jk_message *message = request_of("x_request", "{}");
    jk_request request = make(message);
    jk_request_reply(&request, NULL, NULL);
    expect(take_reply(), "{\"ename\":\"MemoryError\",\"evalue\":\"out of memory\",\"status\":"
                         "\"error\",\"traceback\":[]}");
    jk_wire_free(message);
}

static void failures_have_all_three_fields(void **state) {
    (void)state;
    jk_message *message = request_of("x_request", "{}");
    jk_request request = make(message);
    jk_request_fail(&request, "ValueError", "no \xFF");
    expect(take_reply(), "{\"ename\":\"ValueError\",\"evalue\":\"no \xEF\xBF\xBD\",\"status\":"
                         "\"error\",\"traceback\":[\"ValueError: no \xEF\xBF\xBD\"]}");
    jk_wire_free(message);
}

#define LONG_TYPE "a_request_that_goes_on_and_on_and_on_and_on_and_on_and_on_and_on_request"

static void what_is_no_request_has_no_reply(void **state) {
    (void)state;
    static const char *const types[] = {"comm_open", "x_requests", "_requestx", LONG_TYPE};
    for (size_t i = 0; i < 4; i++) {
        jk_message *message = request_of(types[i], "{}");
        jk_request request = make(message);
        jk_request_fail(&request, "E", "nobody hears this");
        assert_null(take_reply());
        assert_false(request.is_replied);
        jk_wire_free(message);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(fields_are_read_kindly),         TEST(fields_of_a_content_that_is_no_object),
        TEST(only_the_first_reply_is_sent),   TEST(what_could_not_be_built_is_an_error),
        TEST(failures_have_all_three_fields), TEST(what_is_no_request_has_no_reply)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

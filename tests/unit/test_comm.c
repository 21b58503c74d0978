/* SPDX-License-Identifier: BSD-3-Clause */
/* Comms nobody here knows: closed at once, and no word about the rest. */
#include "comm.h"

#include "desk.h"

static void an_opened_comm_is_closed_with_its_id(void **state) {
    (void)state;
    assert_null(ask("comm_open", "{\"comm_id\":\"α\\u0000\",\"target_name\":\"t\",\"data\":{}}"));
    expect_published("[[\"comm_close\",{\"comm_id\":\"α\\u0000\",\"data\":{}}]]");
}

static void what_has_no_id_is_passed_over(void **state) {
    (void)state;
    static const char *const contents[] = {"{}", "[]", "{\"comm_id\":7}", "null"};
    for (size_t i = 0; i < 4; i++) {
        assert_null(ask("comm_open", contents[i]));
        expect_published("[]");
    }
    assert_null(ask("comm_msg", "{\"comm_id\":\"x\",\"data\":{}}"));
    expect_published("[]");
    assert_null(ask("comm_close", "{\"comm_id\":\"x\"}"));
    expect_published("[]");
}

static void there_are_none(void **state) {
    (void)state;
    expect(ask("comm_info_request", "{\"target_name\":null}"), "{\"comms\":{},\"status\":\"ok\"}");
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(an_opened_comm_is_closed_with_its_id),
                                       TEST(what_has_no_id_is_passed_over), TEST(there_are_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

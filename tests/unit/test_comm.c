/* SPDX-License-Identifier: BSD-3-Clause */
/* Comms that somebody here knows, and comms that nobody does: those are closed at once. */
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

/* ---- a target that writes down what happens ------------------------------------------------- */

static char heard[200];
static bool wants;

static bool opened(jk_request *request, jk_comm *comm) {
    (void)request;
    comm->owner = heard;
    return wants;
}

static void hears(jk_request *request, jk_comm *comm, const json_t *data) {
    size_t buffers = request->message->frames.count - jk_wire_buffers(request->message);
    snprintf(heard, sizeof heard, "%s %s %zu", comm->id,
             json_string_value(json_object_get(data, "say")), buffers);
}

static void closed(jk_comm *comm) {
    snprintf(heard, sizeof heard, "%s closed", comm->id);
}

static const jk_comm_target listener = {"listener", opened, hears, closed};
static const jk_comm_target *const own[] = {&listener, NULL};

static int start_own(void **state) {
    int failed = start(state);
    jk_comm_table_free(services.comms);
    services.comms = jk_comm_table_new(own);
    heard[0] = '\0';
    wants = true;
    return failed || !services.comms;
}

static void a_target_hears_its_comms(void **state) {
    (void)state;
    ask("comm_open", "{\"comm_id\":\"a\",\"target_name\":\"listener\",\"data\":{}}");
    expect_published("[]");
    expect(ask("comm_info_request", "{}"),
           "{\"comms\":{\"a\":{\"target_name\":\"listener\"}},\"status\":\"ok\"}");
    expect(ask("comm_info_request", "{\"target_name\":\"other\"}"),
           "{\"comms\":{},\"status\":\"ok\"}");
    ask("comm_msg", "{\"comm_id\":\"a\",\"data\":{\"say\":\"hello\"}}");
    assert_string_equal(heard, "a hello 0");
    ask("comm_msg", "{\"comm_id\":\"a\",\"data\":[]}");
    assert_string_equal(heard, "a hello 0");
    ask("comm_open", "{\"comm_id\":\"a\",\"target_name\":\"listener\"}");
    expect_published("[]"); /* the id is taken */
    ask("comm_close", "{\"comm_id\":\"a\",\"data\":{}}");
    expect_published("[]");
    assert_string_equal(heard, "a closed");
    ask("comm_close", "{\"comm_id\":\"a\",\"data\":{}}");
    assert_null(jk_comm_find(services.comms, jk_span_of("a")));
}

static void a_target_may_refuse(void **state) {
    (void)state;
    wants = false;
    ask("comm_open", "{\"comm_id\":\"a\",\"target_name\":\"listener\",\"data\":{}}");
    expect_published("[[\"comm_close\",{\"comm_id\":\"a\",\"data\":{}}]]");
    assert_null(jk_comm_find(services.comms, jk_span_of("a")));
}

static void the_oldest_of_a_front_end_make_room(void **state) {
    (void)state;
    char content[100];
    assert_non_null(jk_comm_create(&services, &listener, "own", NULL, json_object(), NULL));
    for (int i = 0; i < JK_COMM_FOREIGN + 5; i++) {
        snprintf(content, sizeof content, "{\"comm_id\":\"c%d\",\"target_name\":\"listener\"}", i);
        ask("comm_open", content);
    }
    assert_null(jk_comm_find(services.comms, jk_span_of("c4")));
    assert_non_null(jk_comm_find(services.comms, jk_span_of("c5")));
    assert_non_null(jk_comm_find(services.comms, jk_span_of("own")));
}

static void the_kernel_opens_and_tells_with_buffers(void **state) {
    (void)state;
    const jk_span buffers[] = {jk_span_make("\0\xff", 2), jk_span_of("")};
    jk_comm *comm = jk_comm_create(&services, &listener, "k", NULL, json_pack("{s:i}", "a", 1),
                                   "{\"version\":\"2.1.0\"}");
    assert_non_null(comm);
    jk_message *message = next_of(pipe_end);
    expect(json_incref(message->metadata), "{\"version\":\"2.1.0\"}");
    expect(json_incref(message->content), "{\"comm_id\":\"k\",\"data\":{\"a\":1},"
                                          "\"target_module\":null,\"target_name\":\"listener\"}");
    jk_wire_free(message);
    assert_true(jk_comm_tell(&services, comm, json_object(), buffers, 2));
    message = next_of(pipe_end);
    size_t at = jk_wire_buffers(message);
    assert_int_equal(message->frames.count - at, 2);
    assert_true(jk_frames_at(&message->frames, at).len == 2);
    assert_memory_equal(jk_frames_at(&message->frames, at).bytes, "\0\xff", 2);
    assert_int_equal(jk_frames_at(&message->frames, at + 1).len, 0);
    jk_wire_free(message);
    jk_comm_end(&services, comm);
    jk_comm_end(&services, NULL);
    take_published();
    expect_published("[[\"comm_close\",{\"comm_id\":\"k\",\"data\":{}}]]");
    assert_null(jk_comm_create(&services, &listener, "k", NULL, NULL, NULL));
}

#define OWN(f) cmocka_unit_test_setup_teardown(f, start_own, stop)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(an_opened_comm_is_closed_with_its_id),
                                       TEST(what_has_no_id_is_passed_over),
                                       TEST(there_are_none),
                                       OWN(a_target_hears_its_comms),
                                       OWN(a_target_may_refuse),
                                       OWN(the_oldest_of_a_front_end_make_room),
                                       OWN(the_kernel_opens_and_tells_with_buffers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

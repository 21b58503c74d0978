/* SPDX-License-Identifier: BSD-3-Clause */
/* One question over real sockets: what goes out, which replies count, how the wait ends. */
#include "ask.h"

#include "desk.h"

#include <pthread.h>

static void *input, *person; /* stdin ROUTER; the DEALER "me" */

static int open_both(void **state) {
    int failed = start(state);
    input = jk_sock_open(context, ZMQ_ROUTER, NULL);
    person = jk_sock_open(context, ZMQ_DEALER, NULL);
    services.input = input;
    return failed || !jk_sock_refuse(input) || zmq_bind(input, "inproc://i") != 0 ||
           zmq_setsockopt(person, ZMQ_ROUTING_ID, "me", 2) != 0 ||
           zmq_connect(person, "inproc://i") != 0;
}

static int close_both(void **state) {
    zmq_close(input);
    zmq_close(person);
    return stop(state);
}

/* An execute_request of the client with this identity. */
static jk_message *request_from(const char *identity) {
    const char *why;
    jk_frames frames = {0};
    const jk_span parts[4] = {jk_span_of("{\"msg_type\":\"execute_request\",\"n\":1.0}"),
                              jk_span_of("{}"), jk_span_of("{}"), jk_span_of("{}")};
    assert_true(jk_frames_add(&frames, jk_span_of(identity)) &&
                jk_wire_encode(&frames, desk.key, parts));
    jk_message *message = jk_wire_decode(&frames, desk.key, NULL, &why);
    assert_non_null(message);
    jk_frames_free(&frames);
    return message;
}

static void reply(const char *type, const char *parent, const char *content) {
    char header[100];
    jk_frames frames = {0};
    snprintf(header, sizeof header, "{\"msg_type\":\"%s\"}", type);
    const jk_span parts[4] = {jk_span_of(header), jk_span_of(parent), jk_span_of("{}"),
                              jk_span_of(content)};
    assert_true(jk_wire_encode(&frames, desk.key, parts) && jk_sock_send(person, &frames, 0));
    jk_frames_free(&frames);
}

/* What the person does when the question has come; {id} in a parent stands for its msg_id. */
typedef struct {
    const char *expected;      /* content of the question */
    const char *replies[4][3]; /* type, parent, content */
} part;

static void *play(void *self) {
    const part *p = self;
    jk_frames frames = {0};
    const char *why;
    assert_int_equal(jk_sock_recv(person, &frames, true), JK_GOT);
    jk_message *question = jk_wire_decode(&frames, desk.key, NULL, &why);
    assert_string_equal(question->type, "input_request");
    assert_true(jk_span_is(jk_frames_at(&question->frames, question->identities + 3),
                           "{\"msg_type\":\"execute_request\",\"n\":1.0}"));
    expect(json_incref(question->content), p->expected);
    const char *id = json_string_value(json_object_get(question->head, "msg_id"));
    for (size_t i = 0; i < 4 && p->replies[i][0]; i++) {
        char own[200];
        bool is_own = strcmp(p->replies[i][1], "{id}") == 0;
        snprintf(own, sizeof own, "{\"msg_id\":\"%s\"}", id);
        reply(p->replies[i][0], is_own ? own : p->replies[i][1], p->replies[i][2]);
    }
    jk_wire_free(question);
    jk_frames_free(&frames);
    return NULL;
}

static void expect_end(part *p, bool is_hidden, jk_ask end, const char *text) {
    jk_bytes answer = {0};
    pthread_t thread;
    jk_message *message = request_from("me");
    jk_request request = {.services = &services, .message = message};
    assert_int_equal(pthread_create(&thread, NULL, play, p), 0);
    assert_int_equal(jk_ask_user(&request, jk_span_of("ü\xff?"), is_hidden, &answer), end);
    pthread_join(thread, NULL);
    assert_string_equal(answer.data ? answer.data : "", text);
    jk_bytes_free(&answer);
    jk_wire_free(message);
}

static void a_question_and_its_answer(void **state) {
    (void)state;
    part p = {"{\"password\":true,\"prompt\":\"ü\xef\xbf\xbd?\"}",
              {{"input_reply", "{id}", "{\"value\":\"a\\nb\"}"}}};
    expect_end(&p, true, JK_ASK_ANSWERED, "a\nb");
}

static void only_the_reply_to_this_question_counts(void **state) {
    (void)state;
    reply("input_reply", "{}", "{\"value\":\"stale\"}"); /* thrown away before the question */
    part p = {"{\"password\":false,\"prompt\":\"ü\xef\xbf\xbd?\"}",
              {{"input_reply", "{\"msg_id\":\"other\"}", "{\"value\":\"other\"}"},
               {"other_reply", "{}", "{\"value\":\"wrong type\"}"},
               {"input_reply", "{\"msg_id\":7}", "{\"value\":\"no name\"}"},
               {"input_reply", "{id}", "{\"value\":\"late\"}"}}};
    expect_end(&p, false, JK_ASK_ANSWERED, "no name");
}

static void odd_values(void **state) {
    (void)state;
    static const char *const contents[] = {"{}", "[]", "{\"value\":null}", "{\"value\":3}"};
    for (size_t i = 0; i < 4; i++) {
        part p = {"{\"password\":false,\"prompt\":\"ü\xef\xbf\xbd?\"}",
                  {{"input_reply", "{}", contents[i]}}};
        expect_end(&p, false, JK_ASK_ANSWERED, "");
    }
    part p = {"{\"password\":false,\"prompt\":\"ü\xef\xbf\xbd?\"}",
              {{"input_reply", "{id}", "{\"value\":\"\\u0004\"}"}}};
    expect_end(&p, false, JK_ASK_ENDED, "");
}

static void an_interrupt_ends_the_wait(void **state) {
    (void)state;
    part p = {"{\"password\":false,\"prompt\":\"ü\xef\xbf\xbd?\"}", {{NULL, NULL, NULL}}};
    jk_gate_begin(&gate);
    jk_gate_cancel(&gate);
    expect_end(&p, false, JK_ASK_STOPPED, "");
    jk_gate_end(&gate);
}

static void who_has_no_way_to_hear_it_is_nobody(void **state) {
    (void)state;
    jk_bytes answer = {0};
    jk_message *message = request_from("you");
    jk_request request = {.services = &services, .message = message};
    assert_int_equal(jk_ask_user(&request, jk_span_of("?"), false, &answer), JK_ASK_NOBODY);
    services.input = NULL; /* the control thread has none */
    assert_int_equal(jk_ask_user(&request, jk_span_of("?"), false, &answer), JK_ASK_NOBODY);
    assert_null(answer.data);
    jk_wire_free(message);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_question_and_its_answer, open_both, close_both),
        cmocka_unit_test_setup_teardown(only_the_reply_to_this_question_counts, open_both,
                                        close_both),
        cmocka_unit_test_setup_teardown(odd_values, open_both, close_both),
        cmocka_unit_test_setup_teardown(an_interrupt_ends_the_wait, open_both, close_both),
        cmocka_unit_test_setup_teardown(who_has_no_way_to_hear_it_is_nobody, open_both, close_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

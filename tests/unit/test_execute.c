/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers of cells, what is shown of a cell and when, user expressions, failures. */
#include "execute.h"

#include "desk.h"

static void give(const jk_out *out, jk_span text, void (*to)(void *, const jk_display *)) {
    jk_part part = {"text/plain", text.bytes, text.len};
    jk_display display = {&part, 1, NULL, NULL};
    to(out->self, &display);
}

/* The code is what happens: r result, d display, u update, p page, n next input, a ask, l panel,
 * f fail, s fail silently, i interrupted and silent. */
static bool act(void *self, const jk_execution *execution, const jk_out *out) {
    (void)self;
    for (size_t i = 0; i < execution->code.len; i++) {
        jk_span letter = jk_span_make(execution->code.bytes + i, 1);
        jk_failure failure = {jk_span_of("E"), letter, &letter, 1};
        switch (*letter.bytes) {
        case 'r':
            give(out, letter, out->result);
            break;
        case 'd':
            give(out, letter, out->display);
            break;
        case 'u':
            give(out, letter, out->update);
            break;
        case 'p':
            out->page(out->self, "help", 4);
            break;
        case 'n':
            out->next_input(out->self, "x = 1", execution->code.len > 1 ? 3 : 5);
            break;
        case 'a': {
            jk_bytes answer = {0};
            assert_int_equal(out->ask(out->self, letter, false, &answer), JK_ASK_NOBODY);
            assert_null(answer.data);
            break;
        }
        case 'l': {
            const jk_panel panel = {1, false, NULL, 0};
            assert_true(execution->live && !out->hurries(out->self));
            out->panel(out->self, &panel);
            out->stream(out->self, JK_STDOUT, "inside", 6);
            give(out, letter, out->display);
            out->panel(out->self, NULL);
            break;
        }
        case 'f':
            out->error(out->self, &failure);
            return false;
        case 'i':
            jk_gate_cancel(&gate);
            return false;
        default:
            return *letter.bytes != 's';
        }
    }
    return true;
}

static long number(const json_t *object, const char *name) {
    return (long)json_integer_value(json_object_get(object, name));
}

/* Runs a cell: numbers of execute_input (0: none), the reply, and the count afterwards. */
static void expect_numbers(const char *content, long input, long reply, long after) {
    engine.execute = act;
    json_t *answer = ask("execute_request", content);
    const json_t *first = json_array_get(published, 0);
    bool has_input =
        first && strcmp(json_string_value(json_array_get(first, 0)), "execute_input") == 0;
    assert_int_equal(has_input, input != 0);
    assert_int_equal(has_input ? number(json_array_get(first, 1), "execution_count") : 0, input);
    assert_int_equal(number(answer, "execution_count"), reply);
    assert_int_equal(services.count, after);
    json_decref(answer);
}

static void numbers_of_cells(void **state) {
    (void)state;
    expect_numbers("{\"code\":\"r\"}", 1, 1, 1);
    expect_numbers("{\"code\":\"f\"}", 2, 2, 2);
    expect_numbers("{\"code\":\"r\",\"store_history\":false}", 3, 3, 2);
    expect_numbers("{\"code\":\"r\",\"silent\":true}", 0, 2, 2);
    expect_numbers("{\"code\":\" \\n\\t\"}", 3, 2, 2);
    expect_numbers("{\"code\":\"\",\"silent\":true}", 0, 2, 2);
    expect_numbers("{\"code\":\"d\",\"silent\":0,\"store_history\":1}", 3, 3, 3);
    json_t *content = json_pack("{s:s}", "hist_access_type", "tail");
    expect(jk_history_answer(services.history, content), "[[1,1,\"r\"],[1,2,\"f\"],[1,3,\"d\"]]");
    json_decref(content);
}

static void the_first_result_is_the_result(void **state) {
    (void)state;
    engine.execute = act;
    json_decref(ask("execute_request", "{\"code\":\"rrdu\"}"));
    expect_published("[[\"execute_input\",{\"code\":\"rrdu\",\"execution_count\":1}],"
                     "[\"execute_result\",{\"data\":{\"text/plain\":\"r\"},\"execution_count\":1,"
                     "\"metadata\":{},\"transient\":{}}],"
                     "[\"display_data\",{\"data\":{\"text/plain\":\"r\"},\"metadata\":{},"
                     "\"transient\":{}}],"
                     "[\"display_data\",{\"data\":{\"text/plain\":\"d\"},\"metadata\":{},"
                     "\"transient\":{}}]]");
    json_decref(ask("execute_request", "{\"code\":\"rd\",\"silent\":true}"));
    expect_published("[[\"display_data\",{\"data\":{\"text/plain\":\"d\"},\"metadata\":{},"
                     "\"transient\":{}}]]");
}

static void failures_are_told_and_abort_what_waits(void **state) {
    (void)state;
    engine.execute = act;
    expect(ask("execute_request", "{\"code\":\"f\",\"user_expressions\":{\"a\":\"r\"}}"),
           "{\"ename\":\"E\",\"evalue\":\"f\",\"execution_count\":1,\"payload\":[],"
           "\"status\":\"error\",\"traceback\":[\"f\"],\"user_expressions\":{}}");
    assert_int_equal(aborts, 1);
    json_t *answer = ask("execute_request", "{\"code\":\"s\",\"stop_on_error\":false}");
    assert_string_equal(json_string_value(json_object_get(answer, "ename")), "InternalError");
    json_decref(answer);
    assert_int_equal(aborts, 1);
    answer = ask("execute_request", "{\"code\":\"i\"}");
    assert_string_equal(json_string_value(json_object_get(answer, "ename")), "KeyboardInterrupt");
    assert_string_equal(json_string_value(json_object_get(answer, "evalue")), "");
    json_decref(answer);
    assert_int_equal(aborts, 2);
    json_decref(ask("execute_request", "{\"code\":\"f\",\"silent\":true}"));
    assert_int_equal(aborts, 2);
}

static void user_expressions_stand_alone(void **state) {
    (void)state;
    engine.execute = act;
    json_t *answer = ask("execute_request", "{\"code\":\"p\",\"user_expressions\":"
                                            "{\"bad\":\"df\",\"good\":\"dr\",\"odd\":1}}");
    expect(json_incref(json_object_get(answer, "user_expressions")),
           "{\"bad\":{\"ename\":\"E\",\"evalue\":\"f\",\"status\":\"error\",\"traceback\":[\"f\"]},"
           "\"good\":{\"data\":{\"text/plain\":\"r\"},\"metadata\":{},\"status\":\"ok\"},"
           "\"odd\":{\"ename\":\"TypeError\",\"evalue\":\"a user expression has to be a text\","
           "\"status\":\"error\",\"traceback\":[\"TypeError: a user expression has to be a text\"]}"
           "}");
    expect(json_incref(json_object_get(answer, "payload")),
           "[{\"data\":{\"text/plain\":\"help\"},\"source\":\"page\",\"start\":0}]");
    json_decref(answer);
    assert_int_equal(aborts, 0);
    assert_int_equal(json_array_size(published), 1); /* the input of the cell, nothing of theirs */
}

static void each_payload_comes_at_most_once(void **state) {
    (void)state;
    engine.execute = act;
    json_t *answer = ask("execute_request", "{\"code\":\"npnp\"}");
    expect(json_incref(json_object_get(answer, "payload")),
           "[{\"data\":{\"text/plain\":\"help\"},\"source\":\"page\",\"start\":0},"
           "{\"replace\":false,\"source\":\"set_next_input\",\"text\":\"x =\"}]");
    json_decref(answer);
}

/* There is no stdin socket here; without leave nobody looks for one. */
static void who_may_not_ask_is_told_at_once(void **state) {
    (void)state;
    engine.execute = act;
    static const char *const cells[] = {"{\"code\":\"a\"}", "{\"code\":\"a\",\"allow_stdin\":true}",
                                        "{\"code\":\"a\",\"allow_stdin\":true,\"silent\":true}"};
    for (size_t i = 0; i < 3; i++) {
        json_decref(ask("execute_request", cells[i]));
    }
}

static void what_a_panel_shows_is_no_output_of_the_cell(void **state) {
    (void)state;
    engine.execute = act;
    json_decref(ask("execute_request", "{\"code\":\"ldl\",\"allow_stdin\":true}"));
    assert_int_equal(services.live->count, 2);
    const json_t *html = json_object_get(services.live->panels[1]->html->state, "value");
    assert_non_null(strstr(json_string_value(html), ">insidel\n</pre>"));
    size_t displays = 0;
    for (size_t i = 0; i < json_array_size(published); i++) {
        const char *type = json_string_value(json_array_get(json_array_get(published, i), 0));
        displays += strcmp(type, "display_data") == 0;
        assert_string_not_equal(type, "stream");
    }
    assert_int_equal(displays, 3);
}

static void an_aborted_cell_is_not_run(void **state) {
    (void)state;
    engine.execute = NULL;
    services.count = 7;
    jk_message *message = request_of("execute_request", "{\"code\":\"r\"}");
    message->is_aborted = true;
    expect(handle(message), "{\"execution_count\":7,\"status\":\"aborted\"}");
    expect_published("[]");
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(numbers_of_cells),
                                       TEST(the_first_result_is_the_result),
                                       TEST(failures_are_told_and_abort_what_waits),
                                       TEST(user_expressions_stand_alone),
                                       TEST(each_payload_comes_at_most_once),
                                       TEST(who_may_not_ask_is_told_at_once),
                                       TEST(what_a_panel_shows_is_no_output_of_the_cell),
                                       TEST(an_aborted_cell_is_not_run)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Facts about the kernel, its ports, what it uses. */
#include "kinfo.h"

#include "desk.h"

#include <unistd.h>

static void facts_come_from_the_engine(void **state) {
    (void)state;
    expect(ask("kernel_info_request", "{}"),
           "{\"banner\":\"b\",\"debugger\":false,\"help_links\":[{\"text\":\"h\",\"url\":\"u\"}],"
           "\"implementation\":\"i\",\"implementation_version\":\"1.2\",\"language_info\":"
           "{\"codemirror_mode\":{\"mime\":\"c/"
           "x\",\"name\":\"c\"},\"file_extension\":\".x\",\"mimetype\":\"text/x\","
           "\"name\":\"l\",\"version\":\"3\"},\"protocol_version\":\"5.5\",\"status\":\"ok\","
           "\"supported_features\":[]}");
}

static void ports_are_those_of_the_connection(void **state) {
    (void)state;
    conn = (jk_conn){.ports = {11, 12, 13, 14, 15}};
    expect(ask("connect_request", "{}"),
           "{\"control_port\":14,\"hb_port\":15,\"iopub_port\":12,\"shell_port\":11,"
           "\"status\":\"ok\",\"stdin_port\":13}");
}

static void usage_is_of_this_process(void **state) {
    (void)state;
    json_t *usage = ask("usage_request", "{}");
    json_t *host = json_object_get(usage, "host_virtual_memory");
    json_int_t memory = json_integer_value(json_object_get(usage, "kernel_memory"));
    json_int_t total = json_integer_value(json_object_get(host, "total"));
    double cpu = json_real_value(json_object_get(usage, "kernel_cpu"));
    assert_int_equal(json_integer_value(json_object_get(usage, "pid")), getpid());
    assert_true(json_integer_value(json_object_get(usage, "cpu_count")) >= 1);
    assert_true(memory > 100000 && memory < total);
    assert_true(cpu >= 0 && cpu < 100000);
    assert_true(json_integer_value(json_object_get(host, "available")) +
                    json_integer_value(json_object_get(host, "used")) ==
                total);
    json_decref(usage);
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(facts_come_from_the_engine),
                                       TEST(ports_are_those_of_the_connection),
                                       TEST(usage_is_of_this_process)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

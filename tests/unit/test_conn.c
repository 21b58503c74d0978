/* SPDX-License-Identifier: BSD-3-Clause */
/* Connection files. */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include "conn.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/dw-test-conn-XXXXXX";

static void write_text(const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

#define PORTS \
    "\"shell_port\":1,\"iopub_port\":\"2\",\"stdin_port\":3,\"control_port\":0,\"hb_port\":5"

static void fields_are_read(void **state) {
    (void)state;
    jk_conn conn;
    jk_fault fault = {{0}};
    write_text("{\"key\":\"\\u00e9\\u0000k\",\"x\":{}," PORTS ",\"ip\":\"::1\"} \n");
    assert_true(jk_conn_read(&conn, path, &fault));
    assert_int_equal(conn.key_len, 4);
    assert_memory_equal(conn.key, "\xC3\xA9\0k", 4);
    assert_int_equal(conn.ports[JK_IOPUB], 2);
    assert_string_equal(conn.scheme, "hmac-sha256");
    jk_bytes text = {0};
    assert_true(jk_conn_endpoint(&conn, JK_SHELL, &text));
    assert_string_equal(text.data, "tcp://[::1]:1");
    jk_bytes_reset(&text, 1000);
    assert_true(jk_conn_endpoint(&conn, JK_CONTROL, &text));
    assert_string_equal(text.data, "tcp://[::1]:*");
    jk_bytes_free(&text);
    jk_conn_free(&conn);
    assert_int_equal(access(path, F_OK), 0);
}

static void ipc_has_a_hyphen(void **state) {
    (void)state;
    jk_conn conn;
    write_text("{" PORTS ",\"ip\":\"/tmp/k-ipc\",\"transport\":\"ipc\",\"key\":null}");
    assert_true(jk_conn_read(&conn, path, NULL));
    assert_int_equal(conn.key_len, 0);
    jk_bytes text = {0};
    assert_true(jk_conn_endpoint(&conn, JK_HEARTBEAT, &text));
    assert_string_equal(text.data, "ipc:///tmp/k-ipc-5");
    jk_bytes_free(&text);
    jk_conn_free(&conn);
}

static void ports_are_written_among_the_rest(void **state) {
    (void)state;
    jk_conn conn;
    write_text("{\"mine\":[1],\"key\":\"k\"," PORTS "}");
    assert_true(jk_conn_read(&conn, path, NULL));
    conn.ports[JK_CONTROL] = 4444;
    assert_true(jk_conn_write(&conn, NULL));
    jk_conn_free(&conn);
    jk_bytes text = {0};
    assert_true(jk_bytes_read_file(&text, path, 10000));
    assert_non_null(strstr(text.data, "\"mine\""));
    jk_bytes_free(&text);
    assert_true(jk_conn_read(&conn, path, NULL));
    assert_int_equal(conn.ports[JK_CONTROL], 4444);
    jk_conn_free(&conn);
}

static void faults_name_the_field(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"", "connection file"},
        {"{}", "shell_port is missing"},
        {"{\"shell_port\":70000}", "shell_port"},
        {"{\"shell_port\":\"1x\"}", "shell_port"},
        {"{\"shell_port\":\" 1\"}", "shell_port"},
        {"{" PORTS ",\"transport\":\"udp\"}", "udp"},
        {"{" PORTS ",\"ip\":\"\"}", "ip is empty"},
        {"{" PORTS ",\"ip\":3}", "ip has to be a text"},
        {"{" PORTS ",\"key\":3}", "key"},
        {"{" PORTS ",\"curve_publickey\":\"x\"}", "curve_publickey without curve_secretkey"},
        {"{" PORTS ",\"curve_secretkey\":\"x\"}", "curve_secretkey without curve_publickey"},
        {"{" PORTS ",\"curve_secretkey\":1}", "a text"},
        {"{\"registration_port\":\"\"}", "registration_port"},
        {"{\"registration_port\":0}", "nowhere to go"},
        {"{\"registration_port\":1,\"kernel_id\":1}", "kernel_id"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        jk_conn conn;
        jk_fault fault = {{0}};
        write_text(cases[i][0]);
        assert_false(jk_conn_read(&conn, path, &fault));
        assert_non_null(strstr(fault.text, cases[i][1]));
    }
}

static void curve_keys_come_in_pairs(void **state) {
    (void)state;
    jk_conn conn;
    write_text("{" PORTS ",\"curve_publickey\":\"p\",\"curve_secretkey\":\"s\"}");
    assert_true(jk_conn_read(&conn, path, NULL));
    assert_string_equal(conn.curve_public, "p");
    assert_string_equal(conn.curve_secret, "s");
    jk_conn_free(&conn);
    write_text("{" PORTS ",\"curve_publickey\":\"\",\"curve_secretkey\":null}");
    assert_true(jk_conn_read(&conn, path, NULL));
    assert_null(conn.curve_public);
    assert_null(conn.curve_secret);
    jk_conn_free(&conn);
}

/* Reads a registration file and compares address to bind, address to tell, and the own file. */
static void expect_registration(const char *text, const char *bind, const char *tell,
                                const char *id, const char *file) {
    jk_conn conn;
    jk_fault fault = {{0}};
    jk_bytes address = {0};
    char end[100];
    write_text(text);
    if (!jk_conn_read(&conn, path, &fault)) {
        fail_msg("%s: %s", text, fault.text);
    }
    assert_true(jk_conn_endpoint(&conn, JK_SHELL, &address));
    assert_string_equal(address.data, bind);
    jk_bytes_reset(&address, 1000);
    assert_true(
        jk_conn_address(conn.transport, conn.registration.ip, conn.registration.port, &address));
    assert_string_equal(address.data, tell);
    assert_string_equal(conn.registration.kernel_id, id);
    snprintf(end, sizeof end, "/kernel-%s%ld.json", file, (long)getpid());
    assert_string_equal(strrchr(conn.path, '/'), end);
    assert_true(conn.is_own && access(conn.path, F_OK) != 0);
    jk_bytes_free(&address);
    jk_conn_free(&conn);
    assert_int_equal(access(path, F_OK), 0);
}

static void registrations_choose_a_place_of_their_own(void **state) {
    (void)state;
    char ipc[80];
    assert_int_equal(setenv("JUPYTER_RUNTIME_DIR", "/tmp", 1), 0);
    snprintf(ipc, sizeof ipc, "ipc:///tmp/l-kernel-%ld-0", (long)getpid());
    expect_registration(
        "{\"registration_port\":7,\"registration_ip\":\"::1\",\"kernel_id\":\"a-b\"}",
        "tcp://[::1]:*", "tcp://[::1]:7", "a-b", "a-b-");
    expect_registration("{\"registration_port\":\"7\",\"ip\":\"*\",\"kernel_id\":\"a/b\"}",
                        "tcp://*:*", "tcp://127.0.0.1:7", "a/b", "");
    expect_registration(
        "{\"registration_port\":7,\"registration_ip\":\"/tmp/l\",\"transport\":\"ipc\"}", ipc,
        "ipc:///tmp/l-7", "", "");
}

static void own_files_are_private_and_go(void **state) {
    (void)state;
    jk_conn conn;
    jk_fault fault = {{0}};
    struct stat status;
    char folder[] = "/tmp/dw-test-runtime-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("JUPYTER_RUNTIME_DIR", folder, 1), 0);
    assert_true(jk_conn_make(&conn, &fault));
    assert_true(jk_conn_write(&conn, &fault));
    assert_int_equal(stat(conn.path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(conn.key_len, 36);
    /* What another process of this number left there, or somebody put there. */
    char other[64];
    snprintf(other, sizeof other, "%s/other", folder);
    assert_int_equal(unlink(conn.path), 0);
    assert_int_equal(symlink(other, conn.path), 0);
    assert_true(jk_conn_write(&conn, &fault));
    assert_int_equal(access(other, F_OK), -1);
    assert_int_equal(unlink(conn.path), 0);
    FILE *old = fopen(conn.path, "w");
    assert_non_null(old);
    fclose(old);
    assert_int_equal(chmod(conn.path, 0644), 0);
    assert_true(jk_conn_write(&conn, &fault));
    assert_int_equal(stat(conn.path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    jk_conn_free(&conn);
    assert_int_equal(rmdir(folder), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(fields_are_read),
                                       cmocka_unit_test(ipc_has_a_hyphen),
                                       cmocka_unit_test(ports_are_written_among_the_rest),
                                       cmocka_unit_test(faults_name_the_field),
                                       cmocka_unit_test(curve_keys_come_in_pairs),
                                       cmocka_unit_test(registrations_choose_a_place_of_their_own),
                                       cmocka_unit_test(own_files_are_private_and_go)};
    int fd = mkstemp(path);
    if (fd < 0) {
        return 1;
    }
    close(fd);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}

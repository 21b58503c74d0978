/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a connection file: a connection that makes sense throughout, or one line that says
 * what is wrong. */
#define _GNU_SOURCE /* memfd_create */
#include "conn.h"
#include "hmac.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static void check(const jk_conn *conn) {
    bool is_ipc = strcmp(conn->transport, "ipc") == 0;
    must(is_ipc || strcmp(conn->transport, "tcp") == 0);
    bool registers = conn->registration.port != 0;
    must(conn->ip[0] != '\0' && conn->is_own == registers);
    must((conn->curve_public == NULL) == (conn->curve_secret == NULL));
    must(!registers || (conn->registration.ip[0] != '\0' && conn->registration.kernel_id));
    must(!registers || strncmp(conn->path, "/tmp/kernel-", 12) == 0);
    must(!registers || strchr(conn->path + 12, '/') == NULL);
    must(conn->key[conn->key_len] == '\0');
    for (int i = 0; i < JK_CHANNELS; i++) {
        jk_bytes endpoint = {0};
        must(conn->ports[i] >= 0 && conn->ports[i] <= 65535);
        must(jk_conn_endpoint(conn, (jk_channel)i, &endpoint));
        must(strncmp(endpoint.data, is_ipc ? "ipc://" : "tcp://", 6) == 0);
        jk_bytes_free(&endpoint);
    }
    jk_fault fault = {{0}};
    jk_hmac *key = jk_hmac_new(conn->scheme, jk_span_make(conn->key, conn->key_len), &fault);
    must((key == NULL) == (fault.text[0] != '\0'));
    jk_hmac_free(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[40];
    jk_conn conn;
    jk_fault fault = {{0}};
    setenv("JUPYTER_RUNTIME_DIR", "/tmp", 1);
    int fd = memfd_create("connection", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (jk_conn_read(&conn, path, &fault)) {
        check(&conn);
        must(fault.text[0] == '\0');
        must(jk_conn_write(&conn, &fault));
        jk_conn again;
        must(jk_conn_read(&again, conn.path, &fault));
        must(memcmp(again.ports, conn.ports, sizeof conn.ports) == 0);
        must(again.key_len == conn.key_len && memcmp(again.key, conn.key, conn.key_len) == 0);
        jk_conn_free(&again);
        jk_conn_free(&conn);
    } else {
        must(strncmp(fault.text, "connection file ", 16) == 0 && conn.path == NULL);
    }
    close(fd);
    return 0;
}

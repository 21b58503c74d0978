/* SPDX-License-Identifier: BSD-3-Clause */
/* The connection file: where to bind and with which key to sign. A registration file says instead
 * whom to tell where we have bound (JEP 66). */
#ifndef JK_CONN_H
#define JK_CONN_H

#include "bytes.h"
#include "fault.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum jk_channel {
    JK_SHELL,
    JK_IOPUB,
    JK_STDIN,
    JK_CONTROL,
    JK_HEARTBEAT,
    JK_CHANNELS
} jk_channel;

/* Who wants to know the ports; port 0: nobody. */
typedef struct jk_registration {
    char *ip; /* tcp: address; ipc: path prefix */
    long port;
    char *kernel_id; /* what we are called there, maybe "" */
} jk_registration;

typedef struct jk_conn {
    char *path;      /* of the file */
    char *transport; /* "tcp" or "ipc" */
    char *ip;        /* tcp: address or *; ipc: path prefix */
    char *scheme;    /* "hmac-sha256" */
    char *key;       /* raw bytes, key_len of them */
    size_t key_len;
    long ports[JK_CHANNELS]; /* 0: choose one */
    char *curve_public;      /* keys of CurveZMQ, 40 characters each; NULL: no encryption */
    char *curve_secret;
    bool is_own; /* we made the file, so we remove it */
    jk_registration registration;
} jk_conn;

/* Reads the file. False with `fault` set when it is missing, no JSON or has a bad field; conn is
 * then freed. Free with jk_conn_free. Of a registration file the connection has free ports and a
 * path of its own in Jupyter's runtime folder, kernel-<kernel_id>-<pid>.json. */
bool jk_conn_read(jk_conn *conn, const char *path, jk_fault *fault);

/* Makes up a connection (tcp on 127.0.0.1, ports to be chosen, a random key) whose file will be
 * kernel-<pid>.json in Jupyter's runtime folder. The file is written by jk_conn_write. */
bool jk_conn_make(jk_conn *conn, jk_fault *fault);

/* Writes the ports back into the file, keeping what else is in it. A file of our own is made anew
 * with mode 0600. */
bool jk_conn_write(const jk_conn *conn, jk_fault *fault);

/* The field of a channel in the file: "shell_port". */
const char *jk_conn_port_name(jk_channel channel);

/* The endpoint of a port: transport://ip:port, or with a hyphen for ipc. Port 0 of tcp is "*". */
bool jk_conn_address(const char *transport, const char *ip, long port, jk_bytes *endpoint);

/* The endpoint to bind for a channel, into `endpoint`. A tcp port 0 becomes "*". */
bool jk_conn_endpoint(const jk_conn *conn, jk_channel channel, jk_bytes *endpoint);

/* Removes the file if we made it, and frees. */
void jk_conn_free(jk_conn *conn);

#endif

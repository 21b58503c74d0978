/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads, makes and writes connection files. */
#include "conn.h"

#include "id.h"
#include "spare.h"

#include <jansson.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define JK_CONN_LIMIT (1u << 20) /* bytes of a connection file */

const char *jk_conn_port_name(jk_channel channel) {
    static const char *const names[JK_CHANNELS] = {"shell_port", "iopub_port", "stdin_port",
                                                   "control_port", "hb_port"};
    return names[channel];
}

/* A string field; absent or null gives `fallback`. NULL with fault set when it is no text. */
static char *take_text(const json_t *file, const char *name, const char *fallback,
                       jk_fault *fault) {
    const json_t *value = json_object_get(file, name);
    const char *text = fallback;
    if (value && !json_is_null(value)) {
        text = json_string_value(value);
        if (!text) {
            jk_fault_set(fault, "%s has to be a text", name);
            return NULL;
        }
    }
    char *copy = jk_spare_copy(text);
    if (!copy) {
        jk_fault_set(fault, "out of memory");
    }
    return copy;
}

/* Ports come as numbers, or as decimal texts from some launchers. */
static bool take_port(const json_t *file, const char *name, long *out, jk_fault *fault) {
    const json_t *value = json_object_get(file, name);
    long port = -1;
    if (json_is_integer(value)) {
        json_int_t number = json_integer_value(value);
        port = number >= 0 && number <= 65535 ? (long)number : -1;
    } else if (json_is_string(value)) {
        const char *text = json_string_value(value);
        char *end;
        errno = 0;
        port = strtol(text, &end, 10);
        if (end == text || *end != '\0' || errno != 0 || text[0] < '0' || text[0] > '9') {
            port = -1;
        }
    } else {
        return jk_fault_set(fault, value ? "%s has to be a number" : "%s is missing", name);
    }
    if (port < 0 || port > 65535) {
        return jk_fault_set(fault, "%s has to be a whole number from 0 to 65535", name);
    }
    *out = port;
    return true;
}

static bool check_transport(const jk_conn *conn, jk_fault *fault) {
    bool is_tcp = strcmp(conn->transport, "tcp") == 0;
    if (!is_tcp && strcmp(conn->transport, "ipc") != 0) {
        return jk_fault_set(fault, "transport \"%s\" is unknown; it is tcp or ipc",
                            conn->transport);
    }
    if (conn->ip[0] == '\0') {
        return jk_fault_set(fault, "ip is empty");
    }
    for (int i = 0; i < JK_CHANNELS; i++) {
        for (int j = 0; j < i; j++) {
            if (conn->ports[i] != 0 && conn->ports[i] == conn->ports[j]) {
                return jk_fault_set(fault, "%s and %s are both %ld",
                                    jk_conn_port_name((jk_channel)j),
                                    jk_conn_port_name((jk_channel)i), conn->ports[i]);
            }
        }
    }
    return true;
}

static bool take_key(jk_conn *conn, const json_t *file, jk_fault *fault) {
    const json_t *key = json_object_get(file, "key");
    if (key && !json_is_string(key) && !json_is_null(key)) {
        return jk_fault_set(fault, "key has to be a text");
    }
    conn->key_len = json_string_length(key);
    conn->key = jk_spare_zero(1, conn->key_len + 1);
    if (!conn->key) {
        return jk_fault_set(fault, "out of memory");
    }
    if (conn->key_len > 0) {
        memcpy(conn->key, json_string_value(key), conn->key_len);
    }
    return true;
}

/* Both keys or none. */
static bool take_curve(jk_conn *conn, const json_t *file, jk_fault *fault) {
    conn->curve_public = take_text(file, "curve_publickey", "", fault);
    conn->curve_secret = conn->curve_public ? take_text(file, "curve_secretkey", "", fault) : NULL;
    if (!conn->curve_secret) {
        return false;
    }
    bool has_public = conn->curve_public[0] != '\0', has_secret = conn->curve_secret[0] != '\0';
    if (has_public != has_secret) {
        return jk_fault_set(fault, "it has %s without %s; encryption needs both",
                            has_public ? "curve_publickey" : "curve_secretkey",
                            has_public ? "curve_secretkey" : "curve_publickey");
    }
    if (!has_public) {
        free(conn->curve_public);
        free(conn->curve_secret);
        conn->curve_public = conn->curve_secret = NULL;
    }
    return true;
}

static bool runtime_path(jk_conn *conn, const char *id, jk_fault *fault);

/* Whether the text may be part of a file's name. */
static bool is_name(const char *text) {
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return len > 0 && len <= 64 && text[len] == '\0';
}

/* A file that asks for a registration has no ports: they are chosen here. The address to bind may
 * be given; else it is that of the launcher, which then has to be on this machine. Sockets of ipc
 * get a prefix of their own. */
static bool take_registration(jk_conn *conn, const json_t *file, jk_fault *fault) {
    jk_registration *to = &conn->registration;
    bool is_ipc = strcmp(conn->transport, "ipc") == 0;
    jk_bytes ip = {0};
    char mark[48] = "";
    to->ip = take_text(file, "registration_ip", "127.0.0.1", fault);
    to->kernel_id = to->ip ? take_text(file, "kernel_id", "", fault) : NULL;
    if (!to->kernel_id || !take_port(file, "registration_port", &to->port, fault)) {
        return false;
    }
    if (to->port == 0 || to->ip[0] == '\0') {
        return jk_fault_set(fault, "registration_ip and registration_port say nowhere to go");
    }
    if (!json_object_get(file, "ip")) {
        if (is_ipc) {
            snprintf(mark, sizeof mark, "-kernel-%ld", (long)getpid());
        }
        jk_bytes_text(&ip, to->ip);
        if (!jk_bytes_text(&ip, mark)) {
            return jk_fault_set(fault, "out of memory");
        }
        free(conn->ip);
        conn->ip = ip.data;
    }
    return runtime_path(conn, is_name(to->kernel_id) ? to->kernel_id : NULL, fault);
}

static bool take_places(jk_conn *conn, const json_t *file, jk_fault *fault) {
    if (json_object_get(file, "registration_port") && !json_object_get(file, "shell_port")) {
        return take_registration(conn, file, fault);
    }
    for (int i = 0; i < JK_CHANNELS; i++) {
        if (!take_port(file, jk_conn_port_name((jk_channel)i), &conn->ports[i], fault)) {
            return false;
        }
    }
    return true;
}

static bool take_fields(jk_conn *conn, const json_t *file, jk_fault *fault) {
    if (!json_is_object(file)) {
        return jk_fault_set(fault, "it holds no JSON object");
    }
    conn->transport = take_text(file, "transport", "tcp", fault);
    conn->ip = conn->transport ? take_text(file, "ip", "127.0.0.1", fault) : NULL;
    conn->scheme = conn->ip ? take_text(file, "signature_scheme", "hmac-sha256", fault) : NULL;
    if (!conn->scheme || !take_key(conn, file, fault) || !take_curve(conn, file, fault)) {
        return false;
    }
    if (conn->scheme[0] == '\0') {
        return jk_fault_set(fault, "signature_scheme is empty");
    }
    return take_places(conn, file, fault) && check_transport(conn, fault);
}

/* The file as JSON; NULL with fault set. */
static json_t *load(const char *path, jk_fault *fault) {
    jk_bytes text = {0};
    json_error_t error;
    json_t *file = NULL;
    if (!jk_bytes_read_file(&text, path, JK_CONN_LIMIT)) {
        jk_fault_set(fault, "%s", strerror(errno));
    } else {
        file = json_loadb(text.data, text.len, JSON_ALLOW_NUL, &error);
        if (!file) {
            jk_fault_set(fault, "line %d: %s", error.line, error.text);
        }
    }
    jk_bytes_free(&text);
    return file;
}

bool jk_conn_read(jk_conn *conn, const char *path, jk_fault *fault) {
    *conn = (jk_conn){0};
    jk_fault inner = {{0}};
    conn->path = jk_spare_copy(path);
    json_t *file = conn->path ? load(path, &inner) : NULL;
    bool ok = file && take_fields(conn, file, &inner);
    json_decref(file);
    if (!ok) {
        jk_fault_set(fault, "connection file %s: %s", path,
                     inner.text[0] ? inner.text : "out of memory");
        jk_conn_free(conn);
    }
    return ok;
}

/* Jupyter's runtime folder, created when it is not there. */
static bool runtime_folder(jk_bytes *folder, jk_fault *fault) {
    const char *runtime = getenv("JUPYTER_RUNTIME_DIR");
    const char *data = getenv("JUPYTER_DATA_DIR");
    const char *share = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    if (runtime && *runtime) {
        jk_bytes_text(folder, runtime);
    } else if (data && *data) {
        jk_bytes_text(folder, data);
        jk_bytes_text(folder, "/runtime");
    } else if (share && *share) {
        jk_bytes_text(folder, share);
        jk_bytes_text(folder, "/jupyter/runtime");
    } else {
        jk_bytes_text(folder, home && *home ? home : "/tmp");
        jk_bytes_text(folder, "/.local/share/jupyter/runtime");
    }
    if (folder->failed) {
        return jk_fault_set(fault, "out of memory");
    }
    for (char *at = folder->data + 1;; at++) {
        if (*at == '/' || *at == '\0') {
            char kept = *at;
            *at = '\0';
            bool made = mkdir(folder->data, 0700) == 0 || errno == EEXIST;
            *at = kept;
            if (kept == '\0') {
                return made ||
                       jk_fault_set(fault, "cannot create %s: %s", folder->data, strerror(errno));
            }
        }
    }
}

/* Gives the connection a file of our own in the runtime folder, which is yet to be written. */
static bool runtime_path(jk_conn *conn, const char *id, jk_fault *fault) {
    jk_bytes path = {0};
    char name[128];
    snprintf(name, sizeof name, "/kernel-%s%s%ld.json", id ? id : "", id ? "-" : "",
             (long)getpid());
    if (!runtime_folder(&path, fault) || !jk_bytes_text(&path, name)) {
        jk_bytes_free(&path);
        return jk_fault_set(fault, "out of memory");
    }
    free(conn->path);
    conn->path = path.data;
    conn->is_own = true;
    return true;
}

bool jk_conn_make(jk_conn *conn, jk_fault *fault) {
    *conn = (jk_conn){0};
    char key[JK_ID_UUID];
    bool ok = runtime_path(conn, NULL, fault) && jk_id_uuid(key);
    if (ok) {
        conn->transport = jk_spare_copy("tcp");
        conn->ip = jk_spare_copy("127.0.0.1");
        conn->scheme = jk_spare_copy("hmac-sha256");
        conn->key = jk_spare_copy(key);
        conn->key_len = strlen(key);
        ok = conn->transport && conn->ip && conn->scheme && conn->key;
    }
    if (!ok) {
        jk_fault_set(fault, "cannot make a connection file");
        jk_conn_free(conn);
    }
    return ok;
}

static bool write_all(int fd, const char *text, size_t len) {
    while (len > 0) {
        ssize_t done = write(fd, text, len);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return false;
        }
        text += done;
        len -= (size_t)done;
    }
    return true;
}

static json_t *merge_fields(const jk_conn *conn, json_t *file) {
    bool ok = file != NULL;
    if (conn->is_own) {
        ok = ok && !json_object_set_new(file, "transport", json_string(conn->transport)) &&
             !json_object_set_new(file, "ip", json_string(conn->ip)) &&
             !json_object_set_new(file, "signature_scheme", json_string(conn->scheme)) &&
             !json_object_set_new(file, "key", json_stringn(conn->key, conn->key_len)) &&
             !json_object_set_new(file, "kernel_name", json_string("deepwhy"));
    }
    if (ok && conn->is_own && conn->curve_public) {
        ok = !json_object_set_new(file, "curve_publickey", json_string(conn->curve_public)) &&
             !json_object_set_new(file, "curve_secretkey", json_string(conn->curve_secret));
    }
    for (int i = 0; ok && i < JK_CHANNELS; i++) {
        ok = !json_object_set_new(file, jk_conn_port_name((jk_channel)i),
                                  json_integer(conn->ports[i]));
    }
    if (!ok) {
        json_decref(file);
        return NULL;
    }
    return file;
}

bool jk_conn_write(const jk_conn *conn, jk_fault *fault) {
    jk_fault inner = {{0}};
    json_t *file = merge_fields(conn, conn->is_own ? json_object() : load(conn->path, &inner));
    char *text = file ? json_dumps(file, JSON_INDENT(2)) : NULL;
    json_decref(file);
    if (!text) {
        return jk_fault_set(fault, "connection file %s: %s", conn->path,
                            inner.text[0] ? inner.text : "cannot write the ports");
    }
    int how = conn->is_own ? O_CREAT | O_EXCL : O_TRUNC;
    if (conn->is_own) {
        unlink(conn->path); /* of a process long gone; its mode or target are not to be trusted */
    }
    int fd = open(conn->path, O_WRONLY | O_CLOEXEC | how, 0600);
    bool ok = fd >= 0 && write_all(fd, text, strlen(text)) && write_all(fd, "\n", 1);
    if (fd >= 0) {
        ok = close(fd) == 0 && ok;
    }
    free(text);
    return ok || jk_fault_set(fault, "connection file %s: %s", conn->path, strerror(errno));
}

bool jk_conn_address(const char *transport, const char *ip, long port, jk_bytes *endpoint) {
    char number[24];
    bool is_ipc = strcmp(transport, "ipc") == 0;
    bool is_v6 = !is_ipc && strchr(ip, ':') && ip[0] != '[';
    if (port == 0 && !is_ipc) {
        strcpy(number, "*");
    } else {
        snprintf(number, sizeof number, "%ld", port);
    }
    jk_bytes_text(endpoint, transport);
    jk_bytes_text(endpoint, is_v6 ? "://[" : "://");
    jk_bytes_text(endpoint, ip);
    jk_bytes_text(endpoint, is_ipc ? "-" : is_v6 ? "]:" : ":");
    return jk_bytes_text(endpoint, number);
}

bool jk_conn_endpoint(const jk_conn *conn, jk_channel channel, jk_bytes *endpoint) {
    return jk_conn_address(conn->transport, conn->ip, conn->ports[channel], endpoint);
}

void jk_conn_free(jk_conn *conn) {
    if (conn->is_own && conn->path) {
        unlink(conn->path);
    }
    free(conn->path);
    free(conn->transport);
    free(conn->ip);
    free(conn->scheme);
    free(conn->key);
    free(conn->curve_public);
    free(conn->curve_secret);
    free(conn->registration.ip);
    free(conn->registration.kernel_id);
    *conn = (jk_conn){0};
}

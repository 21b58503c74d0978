/* SPDX-License-Identifier: BSD-3-Clause */
/* What the kernel is, where it listens, what it uses. */
#include "kinfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define JK_KINFO_PROTOCOL "5.5"

static void set_optional(json_t *object, const char *name, const char *text) {
    if (object && text) {
        json_object_set_new(object, name, json_string(text));
    }
}

static json_t *language_info(const jk_engine_info *info) {
    json_t *language =
        json_pack("{s:s,s:s,s:s,s:s}", "name", info->language, "version", info->language_version,
                  "mimetype", info->mimetype, "file_extension", info->file_extension);
    set_optional(language, "pygments_lexer", info->pygments_lexer);
    if (info->codemirror_mode && info->codemirror_mime) {
        /* front ends look for the name first, then for the type */
        json_object_set_new(
            language, "codemirror_mode",
            json_pack("{s:s,s:s}", "name", info->codemirror_mode, "mime", info->codemirror_mime));
    } else {
        set_optional(language, "codemirror_mode", info->codemirror_mode);
    }
    return language;
}

void jk_kinfo_kernel(jk_request *request) {
    const jk_engine_info *info = request->services->info;
    json_t *links = json_array();
    if (links && info->help_text && info->help_url) {
        json_array_append_new(
            links, json_pack("{s:s,s:s}", "text", info->help_text, "url", info->help_url));
    }
    jk_request_reply(request,
                     json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:[],s:b}", "status", "ok",
                               "protocol_version", JK_KINFO_PROTOCOL, "implementation",
                               info->implementation, "implementation_version",
                               info->implementation_version, "banner", info->banner,
                               "language_info", language_info(info), "help_links", links,
                               "supported_features", "debugger", 0),
                     NULL);
}

void jk_kinfo_connect(jk_request *request) {
    const jk_conn *conn = request->services->conn;
    json_t *content = json_pack("{s:s}", "status", "ok");
    for (int i = 0; content && i < JK_CHANNELS; i++) {
        json_object_set_new(content, jk_conn_port_name((jk_channel)i),
                            json_integer(conn->ports[i]));
    }
    jk_request_reply(request, content, NULL);
}

/* The number behind a word such as "Pss:" in a file of lines "word number kB", in bytes; 0. */
static long long line_of(const char *path, const char *word) {
    FILE *file = fopen(path, "r");
    char line[256];
    long long kb = 0;
    while (file && kb == 0 && fgets(line, sizeof line, file)) {
        if (strncmp(line, word, strlen(word)) == 0) {
            kb = strtoll(line + strlen(word), NULL, 10);
        }
    }
    if (file) {
        fclose(file);
    }
    return kb * 1024;
}

/* Seconds the machine has been up, and up when this process began (both from /proc). */
static double seconds_alive(void) {
    FILE *file = fopen("/proc/self/stat", "r");
    char text[1024] = "";
    size_t len = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file) {
        fclose(file);
    }
    text[len] = '\0';
    const char *at = strrchr(text, ')');
    for (int field = 2; at && field < 22; field++) {
        at = strchr(at + 1, ' ');
    }
    long long ticks = at ? strtoll(at, NULL, 10) : 0;
    struct timespec up;
    if (!at || clock_gettime(CLOCK_MONOTONIC, &up) != 0) {
        return 0;
    }
    return (double)up.tv_sec - (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

void jk_kinfo_usage(jk_request *request) {
    struct timespec used = {0, 0};
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    double alive = seconds_alive();
    double cpu = alive > 0 ? 100.0 * ((double)used.tv_sec + (double)used.tv_nsec / 1e9) / alive : 0;
    json_int_t total = line_of("/proc/meminfo", "MemTotal:");
    json_int_t available = line_of("/proc/meminfo", "MemAvailable:");
    json_int_t unused = line_of("/proc/meminfo", "MemFree:");
    double percent = total > 0 ? 100.0 * (double)(total - available) / (double)total : 0;
    jk_request_reply(request,
                     json_pack("{s:s,s:I,s:f,s:I,s:I,s:{s:I,s:I,s:I,s:I,s:f}}", "hostname", host,
                               "pid", (json_int_t)getpid(), "kernel_cpu", cpu, "kernel_memory",
                               (json_int_t)line_of("/proc/self/smaps_rollup", "Pss:"), "cpu_count",
                               (json_int_t)sysconf(_SC_NPROCESSORS_ONLN), "host_virtual_memory",
                               "total", total, "available", available, "used", total - available,
                               "free", unused, "percent", percent),
                     NULL);
}

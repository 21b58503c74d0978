/* SPDX-License-Identifier: BSD-3-Clause */
/* One kernel, one request after the other. */
#include "measure.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#define SETTLE 500 /* ms until a kernel is at rest */

const char *cl_measure_text(const cl_task *task, const char *name) {
    const char *text = json_string_value(json_object_get(task->row, name));
    return text ? text : "";
}

long cl_measure_count(const cl_task *task) {
    return (long)json_integer_value(json_object_get(task->row, "count"));
}

static void rest(long ms) {
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static void add(json_t *list, double number) {
    json_array_append_new(list, json_real(number));
}

json_t *cl_measure_result(bool is_done, json_t *result) {
    if (!is_done) {
        json_decref(result);
        result = NULL;
    }
    return result;
}

bool cl_measure_open(const cl_task *task, cl_kernel *kernel) {
    const char *setup = cl_measure_text(task, "setup");
    return cl_kernel_start(kernel, task->context, task->argv) && cl_kernel_listen(kernel) &&
           (!*setup || cl_kernel_run(kernel, setup));
}

void cl_measure_close(cl_kernel *kernel) {
    cl_kernel_quit(kernel);
    cl_kernel_close(kernel);
}

json_t *cl_measure_start(const cl_task *task) {
    json_t *times = json_array();
    bool ok = true;
    for (long i = 0; ok && i < cl_measure_count(task); i++) {
        cl_kernel kernel;
        ok = cl_kernel_start(&kernel, task->context, task->argv) &&
             cl_kernel_run(&kernel, cl_measure_text(task, "code"));
        add(times, cl_message_clock() - kernel.started);
        cl_measure_close(&kernel);
    }
    return cl_measure_result(ok, json_pack("{s:o}", "times", times));
}

/* The request of the row: a cell, unless it names another type. To be freed. */
static char *content_of(const cl_task *task, const char **type) {
    const char *code = cl_measure_text(task, "code");
    *type = cl_measure_text(task, "type");
    if (!**type) {
        *type = "execute_request";
        return cl_message_cell(code);
    }
    json_t *content = *code ? json_pack("{s:s}", "code", code) : json_object();
    char *text = json_dumps(content, JSON_COMPACT);
    json_decref(content);
    return text;
}

/* Reads what is published until the request is done; `see` is shown every message of it. */
static bool until_idle(cl_kernel *kernel, const char *id, void (*see)(void *, const cl_message *),
                       void *self) {
    cl_message message;
    bool is_idle = false;
    while (!is_idle && cl_message_read(kernel->iopub, CL_KERNEL_PATIENCE, &message)) {
        if (cl_message_answers(&message, id)) {
            is_idle = cl_message_is_idle(&message);
            if (see) {
                see(self, &message);
            }
        }
        cl_message_free(&message);
    }
    return is_idle;
}

/* Sends a request; the seconds to its reply and to its idle status. */
static bool trip(cl_kernel *kernel, const char *type, const char *content, double took[2]) {
    char id[CL_MESSAGE_ID];
    cl_message reply;
    double start = cl_message_clock();
    if (!cl_message_send(kernel->shell, type, content, id) ||
        !cl_message_read(kernel->shell, CL_KERNEL_PATIENCE, &reply)) {
        return false;
    }
    took[0] = cl_message_clock() - start;
    bool ok =
        cl_message_answers(&reply, id) && strcmp(cl_message_text(&reply, "status"), "error") != 0;
    cl_message_free(&reply);
    ok = ok && until_idle(kernel, id, NULL, NULL);
    took[1] = cl_message_clock() - start;
    return ok;
}

json_t *cl_measure_trip(const cl_task *task) {
    cl_kernel kernel;
    json_t *times = json_array(), *idle = json_array();
    const char *type;
    char *content = content_of(task, &type);
    long count = cl_measure_count(task), warm = count / 10;
    bool ok = cl_measure_open(task, &kernel);
    for (long i = -warm; ok && i < count; i++) {
        double took[2] = {0};
        ok = trip(&kernel, type, content, took);
        if (ok && i >= 0) {
            add(times, took[0]);
            add(idle, took[1]);
        }
    }
    cl_measure_close(&kernel);
    free(content);
    return cl_measure_result(ok, json_pack("{s:o,s:o}", "times", times, "idle", idle));
}

/* ---- printed lines -------------------------------------------------------------------------- */

typedef struct lines {
    long count;
    char last[80];
} lines;

static void count_lines(void *self, const cl_message *message) {
    lines *seen = self;
    const char *text = cl_message_text(message, "text");
    size_t len = strlen(text), start;
    if (strcmp(cl_message_type(message), "stream") != 0 || len == 0) {
        return;
    }
    for (const char *at = text; (at = strchr(at, '\n')); at++) {
        seen->count++;
    }
    start = len - 1;
    while (start > 0 && text[start - 1] != '\n') {
        start--;
    }
    snprintf(seen->last, sizeof seen->last, "%.*s", (int)(strcspn(text + start, "\n")),
             text + start);
}

json_t *cl_measure_flood(const cl_task *task) {
    cl_kernel kernel;
    char id[CL_MESSAGE_ID];
    lines seen = {0};
    char *content = cl_message_cell(cl_measure_text(task, "code"));
    bool ok = cl_measure_open(task, &kernel);
    double start = cl_message_clock();
    ok = ok && cl_message_send(kernel.shell, "execute_request", content, id) &&
         until_idle(&kernel, id, count_lines, &seen);
    double took = cl_message_clock() - start;
    long peak = ok ? cl_kernel_memory(&kernel, "VmHWM") : 0;
    cl_measure_close(&kernel);
    free(content);
    return cl_measure_result(ok, json_pack("{s:[f],s:i,s:s,s:i}", "times", took, "lines",
                                           (int)seen.count, "last", seen.last, "peak", (int)peak));
}

/* ---- interrupts ----------------------------------------------------------------------------- */

/* Starts a cell that prints something and goes on for ever; true when it has printed. */
static bool set_going(cl_kernel *kernel, const char *content, char id[CL_MESSAGE_ID]) {
    cl_message message;
    bool is_going = false;
    if (!cl_message_send(kernel->shell, "execute_request", content, id)) {
        return false;
    }
    while (!is_going && cl_message_read(kernel->iopub, CL_KERNEL_PATIENCE, &message)) {
        is_going =
            cl_message_answers(&message, id) && strcmp(cl_message_type(&message), "stream") == 0;
        cl_message_free(&message);
    }
    return is_going;
}

static bool stop_going(cl_kernel *kernel, const char *id, bool by_signal, double *took) {
    char ignored[CL_MESSAGE_ID];
    cl_message reply;
    double start = cl_message_clock();
    if (by_signal) {
        kill(kernel->pid, SIGINT);
    } else if (!cl_message_send(kernel->control, "interrupt_request", "{}", ignored)) {
        return false;
    }
    if (!cl_message_read(kernel->shell, 10000, &reply)) {
        return false;
    }
    *took = cl_message_clock() - start;
    bool ok = cl_message_answers(&reply, id); /* a training that is stopped ends well */
    cl_message_free(&reply);
    return ok;
}

json_t *cl_measure_interrupt(const cl_task *task) {
    cl_kernel kernel;
    char id[CL_MESSAGE_ID];
    json_t *times = json_array();
    char *content = cl_message_cell(cl_measure_text(task, "code"));
    bool by_signal = strcmp(cl_measure_text(task, "how"), "signal") == 0;
    bool ok = cl_measure_open(task, &kernel);
    for (long i = 0; ok && i < cl_measure_count(task); i++) {
        double took;
        ok = set_going(&kernel, content, id);
        rest(100 + i * 7 % 50); /* at another place of whatever turns in there */
        ok = ok && stop_going(&kernel, id, by_signal, &took) && until_idle(&kernel, id, NULL, NULL);
        if (ok) {
            add(times, took);
        }
    }
    cl_measure_close(&kernel);
    free(content);
    return cl_measure_result(ok, json_pack("{s:o}", "times", times));
}

/* ---- memory --------------------------------------------------------------------------------- */

static json_t *memory_of(const cl_kernel *kernel) {
    rest(SETTLE);
    return json_pack("{s:i,s:i}", "rss", (int)cl_kernel_memory(kernel, "VmRSS"), "pss",
                     (int)cl_kernel_memory(kernel, "Pss"));
}

json_t *cl_measure_memory(const cl_task *task) {
    cl_kernel kernel;
    bool ok = cl_measure_open(task, &kernel) && cl_kernel_run(&kernel, "1 + 1");
    json_t *before = memory_of(&kernel);
    for (long i = 0; ok && i < cl_measure_count(task); i++) {
        char code[60];
        double took[2];
        snprintf(code, sizeof code, "x%ld = %ld + 1; x%ld", i % 100, i, i % 100);
        char *content = cl_message_cell(code);
        ok = trip(&kernel, "execute_request", content, took);
        free(content);
    }
    json_t *after = memory_of(&kernel);
    cl_measure_close(&kernel);
    return cl_measure_result(ok, json_pack("{s:o,s:o}", "before", before, "after", after));
}

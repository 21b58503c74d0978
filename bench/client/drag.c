/* SPDX-License-Identifier: BSD-3-Clause */
/* A slider is a comm whose model is called FloatSliderModel or IntSliderModel; its new value is an
 * "update" message of the widgets' protocol, version 2. */
#include "drag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACES 40 /* of the slider, then back to the first */

typedef struct slider {
    char comm[80];
    double least, most;
} slider;

static double number_of(const json_t *state, const char *name, double fallback) {
    const json_t *value = json_object_get(state, name);
    return json_is_number(value) ? json_number_value(value) : fallback;
}

/* Keeps what a comm_open says when it is a slider's. */
static void look_at(const cl_message *message, slider *found) {
    const json_t *state = json_object_get(json_object_get(message->content, "data"), "state");
    const char *model = json_string_value(json_object_get(state, "_model_name"));
    if (strcmp(cl_message_type(message), "comm_open") == 0 && model && !found->comm[0] &&
        (strcmp(model, "FloatSliderModel") == 0 || strcmp(model, "IntSliderModel") == 0)) {
        snprintf(found->comm, sizeof found->comm, "%s", cl_message_text(message, "comm_id"));
        found->least = number_of(state, "min", 0);
        found->most = number_of(state, "max", 1);
    }
}

static bool show(cl_kernel *kernel, const char *code, slider *found) {
    char id[CL_MESSAGE_ID];
    cl_message message;
    char *content = cl_message_cell(code);
    bool is_idle = false, ok = cl_message_send(kernel->shell, "execute_request", content, id);
    while (ok && !is_idle && cl_message_read(kernel->iopub, CL_KERNEL_PATIENCE, &message)) {
        look_at(&message, found);
        is_idle = cl_message_answers(&message, id) && cl_message_is_idle(&message);
        cl_message_free(&message);
    }
    free(content);
    return is_idle && found->comm[0];
}

static bool move(cl_kernel *kernel, const slider *shown, long place, long *outputs) {
    char id[CL_MESSAGE_ID], content[400];
    cl_message message;
    bool is_idle = false;
    double part = (double)(1 + place % PLACES) / (PLACES + 1);
    snprintf(content, sizeof content,
             "{\"comm_id\":\"%s\",\"data\":{\"method\":\"update\",\"state\":{\"value\":%.6f},"
             "\"buffer_paths\":[]}}",
             shown->comm, shown->least + part * (shown->most - shown->least));
    if (!cl_message_send(kernel->shell, "comm_msg", content, id)) {
        return false;
    }
    while (!is_idle && cl_message_read(kernel->iopub, CL_KERNEL_PATIENCE, &message)) {
        if (cl_message_answers(&message, id)) {
            is_idle = cl_message_is_idle(&message);
            *outputs += strcmp(cl_message_type(&message), "status") != 0;
        }
        cl_message_free(&message);
    }
    return is_idle;
}

json_t *cl_drag_measure(const cl_task *task) {
    cl_kernel kernel;
    slider shown = {{0}, 0, 1};
    long outputs = 0;
    json_t *times = json_array();
    double seconds = json_number_value(json_object_get(task->row, "seconds"));
    bool ok = cl_measure_open(task, &kernel) &&
              show(&kernel, cl_measure_text(task, "code"), &shown) &&
              move(&kernel, &shown, 0, &outputs);
    double end = cl_message_clock() + seconds;
    outputs = 0;
    for (long i = 1; ok && cl_message_clock() < end; i++) {
        double start = cl_message_clock();
        ok = move(&kernel, &shown, i, &outputs);
        json_array_append_new(times, json_real(cl_message_clock() - start));
    }
    cl_measure_close(&kernel);
    return cl_measure_result(ok, json_pack("{s:o,s:i}", "times", times, "outputs", (int)outputs));
}

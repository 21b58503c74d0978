/* SPDX-License-Identifier: BSD-3-Clause */
/* A Jupyter client with nothing between it and the sockets, so that what is measured is the kernel.
 *
 * Reads a job from standard input,
 *     {"argv": ["…", "-f", "{connection_file}"], "rows": [{"what": "trip", "code": "1 + 1", …}, …]}
 * and writes one line of JSON for every row as soon as it is measured: what measure.h, drag.h and
 * crowd.h say, or null where the kernel did not do its part. bench/kernel.py is the one who asks.
 */
#include "crowd.h"
#include "drag.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <zmq.h>

typedef struct measurement {
    const char *name;
    json_t *(*run)(const cl_task *task);
} measurement;

static const measurement measurements[] = {
    {"start", cl_measure_start},         {"trip", cl_measure_trip},     {"flood", cl_measure_flood},
    {"interrupt", cl_measure_interrupt}, {"memory", cl_measure_memory}, {"drag", cl_drag_measure},
    {"crowd", cl_crowd_measure},
};

static bool measure(const cl_task *task) {
    const char *what = cl_measure_text(task, "what");
    for (size_t i = 0; i < sizeof measurements / sizeof *measurements; i++) {
        if (strcmp(measurements[i].name, what) == 0) {
            json_t *result = measurements[i].run(task);
            json_dumpf(result ? result : json_null(), stdout, JSON_ENCODE_ANY | JSON_COMPACT);
            putchar('\n');
            fflush(stdout);
            json_decref(result);
            return true;
        }
    }
    fprintf(stderr, "client: there is no measurement \"%s\"\n", what);
    return false;
}

/* A crowd has three sockets for each kernel. */
static void allow_many_files(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(void) {
    json_error_t error;
    json_t *job = json_loadf(stdin, 0, &error), *row;
    size_t i;
    bool ok = json_is_array(json_object_get(job, "argv"));
    if (!ok) {
        fprintf(stderr, "client: no job: %s\n", error.text);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    allow_many_files();
    void *context = zmq_ctx_new();
    zmq_ctx_set(context, ZMQ_MAX_SOCKETS, 4096);
    json_array_foreach(json_object_get(job, "rows"), i, row) {
        const cl_task task = {context, json_object_get(job, "argv"), row};
        ok = measure(&task) && ok;
    }
    json_decref(job);
    zmq_ctx_term(context);
    return ok ? 0 : 1;
}

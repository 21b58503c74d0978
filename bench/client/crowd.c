/* SPDX-License-Identifier: BSD-3-Clause */
/* All processes are started before any is spoken to; then whoever listens is asked. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define PATIENCE 300 /* s until those that said nothing count as lost */

typedef struct crowd {
    cl_kernel *kernels;
    long count;
    zmq_pollitem_t *items; /* the sockets whose reply is still to come */
    int asked;             /* how many those are */
    const char *content;
} crowd;

static void ask(crowd *c, long number) {
    char id[CL_MESSAGE_ID];
    cl_message_send(c->kernels[number].shell, "execute_request", c->content, id);
    c->items[c->asked++] = (zmq_pollitem_t){c->kernels[number].shell, 0, ZMQ_POLLIN, 0};
}

/* Takes the replies that are there; how many of them say "ok". */
static long take_replies(crowd *c, long ms) {
    long good = 0;
    zmq_poll(c->items, c->asked, ms);
    for (int i = c->asked - 1; i >= 0; i--) {
        cl_message reply;
        if (c->items[i].revents && cl_message_read(c->items[i].socket, 0, &reply)) {
            good += strcmp(cl_message_text(&reply, "status"), "ok") == 0;
            cl_message_free(&reply);
            c->asked--;
            c->items[i] = c->items[c->asked];
        }
    }
    return good;
}

/* Asks every kernel as soon as it listens, until all have answered; how many did. */
static long first_round(crowd *c) {
    double end = cl_message_clock() + PATIENCE;
    long good = 0, silent = c->count;
    while ((silent > 0 || c->asked > 0) && cl_message_clock() < end) {
        silent = 0;
        for (long i = 0; i < c->count; i++) {
            cl_kernel *kernel = &c->kernels[i];
            if (!kernel->shell && cl_kernel_connect(kernel)) {
                ask(c, i);
            }
            silent += !kernel->shell && !cl_kernel_has_ended(kernel);
        }
        good += take_replies(c, 2);
    }
    return good;
}

static long next_round(crowd *c) {
    double end = cl_message_clock() + PATIENCE;
    long good = 0;
    for (long i = 0; i < c->count; i++) {
        if (c->kernels[i].shell) {
            ask(c, i);
        }
    }
    while (c->asked > 0 && cl_message_clock() < end) {
        good += take_replies(c, 100);
    }
    return good;
}

static long sum(const crowd *c, const char *row) {
    long kilobytes = 0;
    for (long i = 0; i < c->count; i++) {
        kilobytes += cl_kernel_memory(&c->kernels[i], row);
    }
    return kilobytes;
}

static json_t *watch(crowd *c, double start) {
    long good = first_round(c);
    double up = cl_message_clock() - start;
    long again = next_round(c);
    double round = cl_message_clock() - start - up;
    return json_pack("{s:f,s:f,s:i,s:i,s:i}", "seconds", up, "round", round, "answered",
                     (int)(good < again ? good : again), "pss", (int)sum(c, "Pss"), "rss",
                     (int)sum(c, "VmRSS"));
}

json_t *cl_crowd_measure(const cl_task *task) {
    size_t count = (size_t)cl_measure_count(task);
    char *content = cl_message_cell(cl_measure_text(task, "code"));
    crowd c = {.kernels = calloc(count, sizeof *c.kernels),
               .items = calloc(count, sizeof *c.items),
               .content = content};
    json_t *result = NULL;
    bool ok = c.kernels && c.items && content;
    double start = cl_message_clock();
    for (size_t i = 0; ok && i < count; i++, c.count++) {
        ok = cl_kernel_spawn(&c.kernels[i], task->context, task->argv);
    }
    if (ok) {
        result = watch(&c, start);
    }
    for (long i = 0; i < c.count; i++) {
        cl_kernel_quit(&c.kernels[i]);
    }
    for (long i = 0; i < c.count; i++) {
        cl_kernel_close(&c.kernels[i]);
    }
    free(c.kernels);
    free(c.items);
    free(content);
    return result;
}

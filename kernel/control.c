/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop of the control (main) thread. */
#include "control.h"

#include <unistd.h>

#define JK_CONTROL_FIRE 10     /* ms between two reminders to an engine that should stop */
#define JK_CONTROL_PARENT 1000 /* ms between two looks at the parent process */
#define JK_CONTROL_BATCH 64    /* messages between two looks at signals and parent */

static void take_message(jk_control *control, jk_frames *frames) {
    const char *why;
    jk_message *message = jk_wire_decode(frames, control->desk->key, control->seen, &why);
    if (message) {
        jk_handler_run(&control->services, message, &control->log);
    } else {
        jk_klog_note(&control->log, "control: message dropped: %s", why);
    }
}

static void take_messages(jk_control *control) {
    jk_frames frames = {0};
    for (int i = 0; i < JK_CONTROL_BATCH && !control->services.is_stopping; i++) {
        jk_got got = jk_sock_recv(control->socket, &frames, false);
        if (got == JK_NOTHING || got == JK_CLOSED) {
            break;
        }
        if (got == JK_GOT) {
            take_message(control, &frames);
        }
    }
    jk_frames_free(&frames);
}

/* The bytes a signal handler left. */
static void take_signals(jk_control *control) {
    char letters[16];
    ssize_t got = read(control->wake, letters, sizeof letters);
    for (ssize_t i = 0; i < got; i++) {
        if (letters[i] == 't') {
            control->is_terminated = true;
            control->services.is_stopping = true;
        }
    }
}

static long next_timeout(jk_control *control) {
    if (jk_gate_fire(control->services.gate)) {
        return JK_CONTROL_FIRE;
    }
    return control->parent ? JK_CONTROL_PARENT : -1;
}

void jk_control_run(jk_control *control) {
    zmq_pollitem_t items[3] = {{control->socket, 0, ZMQ_POLLIN, 0},
                               {control->pipe, 0, ZMQ_POLLIN, 0},
                               {NULL, control->wake, ZMQ_POLLIN, 0}};
    int count = control->wake >= 0 ? 3 : 2;
    while (!control->services.is_stopping) {
        if (!jk_sock_poll(items, count, next_timeout(control))) {
            return;
        }
        if (count == 3 && items[2].revents) {
            take_signals(control);
        }
        if (items[0].revents || items[1].revents) {
            take_messages(control); /* those too that came while the shell thread was ending */
        }
        if (items[1].revents) {
            return; /* the shell thread was asked to shut down */
        }
        if (control->parent && getppid() != (pid_t)control->parent) {
            _exit(1); /* nobody is left to clean up for */
        }
    }
}

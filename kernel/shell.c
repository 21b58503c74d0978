/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop of the shell thread.
 *
 * DESIGN. Requests are taken off the socket one by one, except after a failure.
 *
 * Then everything that has arrived is taken into the queue and the executions in it are marked as
 * aborted, and before that the failed cell waits until the socket has been quiet for 20 ms. The
 * reason: "run all" of a front end hands all cells to its server at once, but the server passes
 * them on one by one, some milliseconds apart, and a cell here fails in less than one; without the
 * pause the cells behind a failed one would run after all. nbclient and papermill send a cell only
 * after the reply to the one before, so nothing is aborted there and a failure costs them 20 ms. A
 * cell during whose 20 ms or more nothing came has waited itself, and one that lasted longer than
 * the bound waits for nobody: an interrupted cell ends at once.
 *
 * The pause takes nothing from a user. It lies before the error and the reply are sent, so it is
 * as if the cell itself had taken 20 ms longer: whatever is aborted was sent by somebody who did
 * not know of the failure, and what is sent by somebody who does comes after the marking and runs.
 * A pause after the reply would break the second half of this. It is bounded (250 ms from the begin
 * of the cell) because other requests, such as a slider's, may never leave the socket quiet; and
 * cells with stop_on_error false or silent do not abort and do not wait. */
#include "shell.h"

#include "ask.h"
#include "live.h"
#include "spare.h"

#include <stdio.h>
#include <stdlib.h>

#define JK_SHELL_HISTORY ((size_t)32 << 20) /* bytes of text in the history */
#define JK_SHELL_QUIET 20    /* ms without a message that end the wait for aborted cells */
#define JK_SHELL_GRACE 250   /* ms from the begin of the cell to the end of this wait */
#define JK_SHELL_REST 200    /* ms without a request until memory goes back to the system */
#define JK_SHELL_PENDING 500 /* messages on their way to the iopub thread */

static const jk_comm_target *const targets[] = {&jk_live_models, &jk_live_control, NULL};

/* Puts a message at the end of the queue; false (message freed) without memory. */
static bool enqueue(jk_shell *shell, jk_message *message) {
    if (shell->first > 0 && shell->first == shell->count) {
        shell->first = shell->count = 0;
    }
    if (shell->count == shell->capacity) {
        size_t capacity = shell->capacity ? shell->capacity * 2 : 16;
        jk_message **queue = jk_spare_grow(shell->queue, capacity * sizeof *queue);
        if (!queue) {
            jk_wire_free(message);
            return false;
        }
        shell->queue = queue;
        shell->capacity = capacity;
    }
    shell->queue[shell->count++] = message;
    return true;
}

/* Takes one message off the socket into the queue, without waiting. False: there was none. */
static bool receive(jk_shell *shell) {
    const char *why;
    jk_got got = jk_sock_recv(shell->socket, &shell->frames, false);
    if (got == JK_GOT) {
        jk_message *message = jk_wire_decode(&shell->frames, shell->desk->key, shell->seen, &why);
        if (!message) {
            jk_klog_note(&shell->log, "shell: message dropped: %s", why);
        } else if (!enqueue(shell, message)) {
            jk_klog_note(&shell->log, "shell: message dropped: out of memory");
        }
    }
    return got == JK_GOT || got == JK_DROPPED;
}

/* Takes everything off the socket until nothing came for a while; what did not come while the cell
 * ran counts. */
static void take_arriving(jk_shell *shell) {
    zmq_pollitem_t item = {shell->socket, 0, ZMQ_POLLIN, 0};
    long long end = shell->began + JK_SHELL_GRACE, now, quiet_since = shell->began;
    do {
        while (receive(shell)) {
            quiet_since = jk_id_clock_ms();
        }
        now = jk_id_clock_ms();
    } while (now < end && now < quiet_since + JK_SHELL_QUIET &&
             jk_sock_poll(&item, 1, (long)(quiet_since + JK_SHELL_QUIET - now)));
}

static void abort_queue(void *self) {
    jk_shell *shell = self;
    take_arriving(shell);
    for (size_t i = shell->first; i < shell->count; i++) {
        shell->queue[i]->is_aborted = jk_handler_is_execute(shell->queue[i]);
    }
}

static const jk_message *peek(void *self, size_t at) {
    jk_shell *shell = self;
    while (shell->count - shell->first <= at && receive(shell)) {
    }
    return at < shell->count - shell->first ? shell->queue[shell->first + at] : NULL;
}

static bool gives_up(void *self) {
    return jk_gate_is_cancelled(self);
}

static bool tell(jk_shell *shell, char letter) {
    jk_sock_handed_over();
    return zmq_send(shell->pipe, &letter, 1, 0) == 1;
}

static bool open_all(jk_shell *shell) {
    jk_services *services = &shell->services;
    jk_fault fault = {{0}};
    services->post = &shell->post;
    services->socket = shell->socket;
    services->channel = JK_SHELL;
    services->engine = &shell->engine;
    services->abort_queue = abort_queue;
    services->abort_self = shell;
    services->peek = peek;
    services->peek_self = shell;
    services->history = jk_history_new(JK_SHELL_HISTORY);
    services->comms = jk_comm_table_new(targets);
    services->live = jk_live_new(jk_widget_generation_of(getenv("DEEPWHY_WIDGETS")));
    shell->seen = jk_seen_new();
    services->input = shell->input;
    services->seen = shell->seen;
    bool ok =
        services->history && services->comms && services->live && shell->seen &&
        jk_id_uuid(services->engine_id) &&
        jk_post_open(&shell->post, shell->context, shell->desk, 's', JK_SHELL_PENDING, &fault);
    shell->post.gives_up = gives_up;
    shell->post.gives_up_self = services->gate;
    if (!ok) {
        jk_fault_set(&fault, "out of memory");
        snprintf(shell->why, sizeof shell->why, "%.255s", fault.text);
        return false;
    }
    return shell->maker->open(&shell->engine, ".", shell->why, sizeof shell->why);
}

static void serve(jk_shell *shell) {
    zmq_pollitem_t items[3] = {{shell->socket, 0, ZMQ_POLLIN, 0},
                               {shell->pipe, 0, ZMQ_POLLIN, 0},
                               {shell->input, 0, ZMQ_POLLIN, 0}};
    bool is_at_rest = false;
    while (!shell->services.is_stopping) {
        bool is_waiting = shell->first < shell->count;
        long patience = is_waiting ? 0 : is_at_rest ? -1 : JK_SHELL_REST;
        if (!jk_sock_poll(items, 3, patience) || items[1].revents) {
            return;
        }
        if (items[2].revents) {
            jk_ask_forget(shell->input);
        }
        if (is_waiting || (items[0].revents && receive(shell))) {
            is_at_rest = false;
        } else if (!items[2].revents && !is_at_rest) {
            jk_spare_return();
            is_at_rest = true;
        }
        if (shell->first < shell->count) {
            jk_message *message = shell->queue[shell->first++];
            shell->began = jk_id_clock_ms();
            jk_handler_run(&shell->services, message, &shell->log);
        }
    }
    tell(shell, 'q');
}

static void close_all(jk_shell *shell) {
    tell(shell, 'd');
    while (shell->first < shell->count) {
        jk_wire_free(shell->queue[shell->first++]);
    }
    free(shell->queue);
    jk_frames_free(&shell->frames);
    jk_history_free(shell->services.history);
    jk_comm_table_free(shell->services.comms);
    jk_live_free(shell->services.live);
    jk_seen_free(shell->seen);
    jk_post_close(&shell->post);
    zmq_close(shell->socket);
    zmq_close(shell->input);
    zmq_close(shell->pipe);
}

void *jk_shell_run(void *self) {
    jk_shell *shell = self;
    jk_sock_taken_over();
    bool is_open = open_all(shell);
    if (is_open) {
        jk_gate_set_engine(shell->services.gate, &shell->engine);
    }
    tell(shell, is_open ? 'r' : 'f');
    if (is_open) {
        serve(shell);
        jk_gate_set_engine(shell->services.gate, NULL);
        shell->engine.free(shell->engine.self);
    }
    close_all(shell);
    return NULL;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The life of a kernel.
 *
 * DESIGN. Sockets are opened and bound here, before anything slow, so that bind errors are told
 * at once and clients can connect while the engine opens. Each then goes to one thread for good:
 *   this thread  control, and its ends of both pipes
 *   shell        shell and stdin; the engine (64 MB stack)
 *   iopub        iopub
 *   heartbeat    heartbeat
 * Shared between them: the gate (two atomics), constants, and what goes through the pipes.
 * End: the shell thread is told to stop and its computation is cancelled; the iopub thread
 * publishes what it has; the context goes down, which ends the heartbeat. A shell thread that
 * does not end in time is left behind by _exit, and so is libzmq: to close ten thousand
 * connections of strangers takes it half a minute. */
#include "kernel.h"

#include "control.h"
#include "handshake.h"
#include "heartbeat.h"
#include "iopub.h"
#include "shell.h"
#include "spare.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define JK_KERNEL_STACK ((size_t)256 << 10) /* of the small threads */
#define JK_KERNEL_PATIENCE 1000             /* ms a cancelled computation gets at the end */
#define JK_KERNEL_DELIVERY 2000 /* ms libzmq gets then: more than it lingers for what was sent */

typedef struct kernel {
    void *context;
    jk_conn *conn;
    const jk_kernel_options *options;
    jk_hmac *key;
    jk_desk desk;
    void *beat;
    jk_iopub iopub;
    jk_shell shell;
    jk_control control;
    jk_post post; /* of the control thread */
    pthread_t iopub_thread, shell_thread, beat_thread;
    bool has_iopub, has_shell, has_beat;
    atomic_bool is_context_gone;
} kernel;

static void *open_router(kernel *k, jk_channel channel, jk_fault *fault) {
    void *socket = jk_sock_open(k->context, ZMQ_ROUTER, fault);
    if (socket && !jk_sock_bind(socket, k->conn, channel, fault)) {
        zmq_close(socket);
        return NULL;
    }
    return socket;
}

/* The pipe between control and shell. */
static bool open_pair(kernel *k, jk_fault *fault) {
    k->control.pipe = jk_sock_open(k->context, ZMQ_PAIR, fault);
    k->shell.pipe = jk_sock_open(k->context, ZMQ_PAIR, fault);
    if (!k->control.pipe || !k->shell.pipe || zmq_bind(k->control.pipe, JK_SHELL_PIPE) != 0 ||
        zmq_connect(k->shell.pipe, JK_SHELL_PIPE) != 0) {
        return jk_fault_set(fault, "cannot set up the pipes: %s", zmq_strerror(zmq_errno()));
    }
    return true;
}

static bool has_free_port(const jk_conn *conn) {
    for (int i = 0; i < JK_CHANNELS; i++) {
        if (conn->ports[i] == 0) {
            return true;
        }
    }
    return false;
}

static bool open_sockets(kernel *k, jk_fault *fault) {
    bool must_write = has_free_port(k->conn);
    k->context = zmq_ctx_new();
    if (!k->context) {
        return jk_fault_set(fault, "cannot start libzmq: %s", zmq_strerror(zmq_errno()));
    }
    return jk_iopub_open(&k->iopub, k->context, &k->desk, fault) &&
           jk_sock_bind(k->iopub.socket, k->conn, JK_IOPUB, fault) &&
           (k->shell.socket = open_router(k, JK_SHELL, fault)) != NULL &&
           (k->control.socket = open_router(k, JK_CONTROL, fault)) != NULL &&
           (k->shell.input = open_router(k, JK_STDIN, fault)) != NULL &&
           jk_sock_refuse(k->shell.input) &&
           (k->beat = open_router(k, JK_HEARTBEAT, fault)) != NULL && open_pair(k, fault) &&
           (!must_write || jk_conn_write(k->conn, fault)) &&
           jk_handshake_run(k->context, k->conn, k->key, k->options->wake, fault);
}

/* Starts a thread with SIGINT blocked: this thread alone answers it. */
static bool start(pthread_t *thread, size_t stack, void *(*run)(void *), void *self,
                  jk_fault *fault) {
    pthread_attr_t attributes;
    sigset_t interrupt, before;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    jk_sock_handed_over();
    int error = pthread_attr_init(&attributes);
    if (error == 0) {
        pthread_attr_setstacksize(&attributes, stack);
        pthread_sigmask(SIG_BLOCK, &interrupt, &before);
        error = pthread_create(thread, &attributes, run, self);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        pthread_attr_destroy(&attributes);
    }
    return error == 0 || jk_fault_set(fault, "cannot start a thread: %s", strerror(error));
}

/* The pid to watch, or 0: servers say who they are in JPY_PARENT_PID; one that is process 1 of a
 * container is no reason to look. What counts is the parent we have now, a wrapper perhaps. */
static long parent_to_watch(void) {
    const char *text = getenv("JPY_PARENT_PID");
    long said = text ? strtol(text, NULL, 10) : 0;
    return said > 1 ? (long)getppid() : 0;
}

static void set_up(kernel *k) {
    const jk_kernel_options *options = k->options;
    const jk_services common = {
        .conn = k->conn, .info = options->maker->info, .gate = options->gate};
    k->shell.context = k->context;
    k->shell.desk = &k->desk;
    k->shell.maker = options->maker;
    k->shell.services = common;
    k->shell.log.is_on = options->is_log_on;
    k->control.desk = &k->desk;
    k->control.services = common;
    k->control.services.post = &k->post;
    k->control.services.socket = k->control.socket;
    k->control.services.channel = JK_CONTROL;
    k->control.log.is_on = options->is_log_on;
    k->control.wake = options->wake;
    k->control.parent = parent_to_watch();
}

static bool wait_for_shell(kernel *k, jk_fault *fault) {
    char letter = 'f';
    while (zmq_recv(k->control.pipe, &letter, 1, 0) < 0 && zmq_errno() == EINTR) {
    }
    jk_sock_taken_over();
    return letter == 'r' || jk_fault_set(fault, "cannot start the language: %s", k->shell.why);
}

static bool start_threads(kernel *k, jk_fault *fault) {
    set_up(k);
    k->control.seen = jk_seen_new();
    if (!k->control.seen) {
        return jk_fault_set(fault, "out of memory");
    }
    if (!jk_post_open(&k->post, k->context, &k->desk, 'c', 0, fault)) {
        return false;
    }
    k->has_iopub = start(&k->iopub_thread, JK_KERNEL_STACK, jk_iopub_run, &k->iopub, fault);
    k->has_beat =
        k->has_iopub && start(&k->beat_thread, JK_KERNEL_STACK, jk_heartbeat_run, k->beat, fault);
    k->has_shell =
        k->has_beat && start(&k->shell_thread, JK_SHELL_STACK, jk_shell_run, &k->shell, fault);
    return k->has_shell && wait_for_shell(k, fault);
}

static void close_socket(void *socket) {
    if (socket) {
        zmq_close(socket);
    }
}

/* Cancels what the shell thread computes until it says that it is done. False: it does not. */
static bool stop_shell(kernel *k) {
    zmq_pollitem_t item = {k->control.pipe, 0, ZMQ_POLLIN, 0};
    long long end = jk_id_clock_ms() + JK_KERNEL_PATIENCE;
    char letter = 'x';
    zmq_send(k->control.pipe, &letter, 1, ZMQ_DONTWAIT);
    while (letter != 'd' && jk_id_clock_ms() < end) {
        jk_gate_cancel(k->options->gate);
        jk_gate_fire(k->options->gate);
        if (!jk_sock_poll(&item, 1, 5)) {
            return false;
        }
        if (item.revents && zmq_recv(k->control.pipe, &letter, 1, ZMQ_DONTWAIT) != 1) {
            letter = 'x';
        }
    }
    return letter == 'd' && pthread_join(k->shell_thread, NULL) == 0;
}

/* Leaves threads behind that do not stop. */
static void leave(kernel *k) {
    jk_conn_free(k->conn);
    if (k->control.is_terminated) {
        signal(SIGTERM, SIG_DFL);
        raise(SIGTERM);
    }
    _exit(0);
}

static void pause_ms(long ms) {
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static void stop_threads(kernel *k) {
    bool is_stopped = true;
    atomic_store(&k->iopub.hurry, true);
    if (k->has_shell) {
        is_stopped = stop_shell(k);
    }
    if (k->has_iopub) {
        jk_post_quit(&k->post);
        pthread_join(k->iopub_thread, NULL);
    }
    if (!is_stopped) {
        pause_ms(100); /* libzmq delivers what was sent */
        leave(k);
    }
    if (k->has_beat) {
        zmq_ctx_shutdown(k->context);
        pthread_join(k->beat_thread, NULL);
    }
}

static void *end_context(void *self) {
    kernel *k = self;
    while (zmq_ctx_term(k->context) != 0 && zmq_errno() == EINTR) {
    }
    atomic_store(&k->is_context_gone, true);
    return NULL;
}

/* Returns when libzmq has delivered and closed everything, or not at all. */
static void close_context(kernel *k) {
    pthread_t thread;
    long long end = jk_id_clock_ms() + JK_KERNEL_DELIVERY;
    if (!k->context) {
        return;
    }
    if (!start(&thread, JK_KERNEL_STACK, end_context, k, NULL)) {
        end_context(k);
        return;
    }
    while (!atomic_load(&k->is_context_gone)) {
        if (k->has_shell && jk_id_clock_ms() > end) {
            leave(k);
        }
        pause_ms(1);
    }
    pthread_join(thread, NULL);
}

static void close_sockets(kernel *k) {
    jk_post_close(&k->post);
    jk_iopub_close(&k->iopub);
    close_socket(k->control.socket);
    close_socket(k->control.pipe);
    if (!k->has_shell) {
        close_socket(k->shell.socket);
        close_socket(k->shell.input);
        close_socket(k->shell.pipe);
    }
    if (!k->has_beat) {
        close_socket(k->beat);
    }
    close_context(k);
}

jk_kernel_end jk_kernel_run(jk_conn *conn, const jk_kernel_options *options, jk_fault *fault) {
    jk_kernel_end end = JK_KERNEL_FAILED;
    kernel *k = jk_spare_zero(1, sizeof *k);
    if (!k) {
        jk_fault_set(fault, "out of memory");
        return end;
    }
    k->conn = conn;
    k->options = options;
    k->desk.pid = (long)getpid();
    k->key = jk_hmac_new(conn->scheme, jk_span_make(conn->key, conn->key_len), fault);
    k->desk.key = k->key;
    if (k->key && !jk_id_uuid(k->desk.session)) {
        jk_fault_set(fault, "the system gives no random numbers");
    } else if (k->key && open_sockets(k, fault) && start_threads(k, fault)) {
        jk_control_run(&k->control);
        end = k->control.is_terminated ? JK_KERNEL_TERMINATED : JK_KERNEL_SHUT_DOWN;
    }
    stop_threads(k);
    close_sockets(k);
    jk_seen_free(k->control.seen);
    jk_hmac_free(k->key);
    free(k);
    return end;
}

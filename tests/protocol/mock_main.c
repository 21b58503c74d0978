/* SPDX-License-Identifier: BSD-3-Clause */
/* A kernel around the mock engine: deepwhy-mock -f FILE. */
#include "kernel.h"
#include "mock_engine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static jk_gate gate;
static int wake[2];

static void on_signal(int number) {
    int kept = errno;
    char letter = number == SIGINT ? 'i' : 't';
    if (number == SIGINT) {
        jk_gate_cancel(&gate);
    }
    if (write(wake[1], &letter, 1) < 0) {
        /* full of wake-ups already */
    }
    errno = kept;
}

int main(int argc, char **argv) {
    jk_conn conn;
    jk_fault fault = {{0}};
    struct sigaction action = {0};
    if (argc < 2 || !jk_gate_open(&gate) || pipe(wake) != 0) {
        return 2;
    }
    fcntl(wake[0], F_SETFL, O_NONBLOCK);
    fcntl(wake[1], F_SETFL, O_NONBLOCK);
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, NULL);
    action.sa_flags = SA_RESTART;
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    const jk_kernel_options options = {mock_engine_maker(), &gate, wake[0], true};
    jk_kernel_end end = JK_KERNEL_FAILED;
    if (jk_conn_read(&conn, argv[argc - 1], &fault)) {
        end = jk_kernel_run(&conn, &options, &fault);
        jk_conn_free(&conn);
    }
    if (end == JK_KERNEL_FAILED) {
        fprintf(stderr, "deepwhy-mock: %s\n", fault.text);
    }
    jk_gate_close(&gate);
    return end == JK_KERNEL_FAILED;
}

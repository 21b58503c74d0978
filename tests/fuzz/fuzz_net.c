/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a net file: a net that writes and reads again as the same text, or one error;
 * nothing is shown, no name appears and nothing is left behind. What takes longer than a second (a
 * function may call itself without an end) is stopped as a user would stop it. */
#define _GNU_SOURCE /* setitimer */
#include "lang/net_file.h"

#include "lang/net.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dw_cancel *running;

static void must(bool holds) {
    if (!holds)
        abort();
}

static void stop(int signal) {
    (void)signal;
    if (running != NULL)
        dw_cancel_request(running);
}

/* Of the process's own time; libFuzzer needs the other timer. */
static void set_timer(long seconds) {
    struct itimerval time = {.it_value = {.tv_sec = seconds}};
    must(setitimer(ITIMER_VIRTUAL, &time, NULL) == 0);
}

static void say(void *context, const char *text, size_t size) {
    (void)context;
    (void)text;
    must(size == 0);
}

static void show(void *context, const dw_bundle *bundle) {
    (void)context;
    must(bundle == NULL);
}

/* Writes a net, reads it and writes it again. */
static void again(dw_eval *e, dw_value net) {
    dw_buf first, second;
    dw_value copy;
    dw_buf_init(&first, e->mem);
    dw_buf_init(&second, e->mem);
    if (dw_net_file_write(e, net, &first)) {
        bool read = dw_net_file_read(e, first.data, first.size, "again.net", &copy);
        must(read || e->err->kind == DW_ERR_INTERRUPT || e->err->kind == DW_ERR_LIMIT ||
             e->err->kind == DW_ERR_MEMORY);
        if (read) {
            must(dw_net_file_write(e, copy, &second));
            must(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
            dw_value_release(copy);
        }
    }
    dw_buf_free(&first);
    dw_buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    dw_mem mem = {.limit = 16 << 20};
    dw_err err = {0};
    dw_eval e;
    dw_value net;
    const dw_host host = {.write = say, .display = show, .result = show};
    must(dw_eval_init(&e, &mem, &host));
    e.err = &err;
    e.stack_base = __builtin_frame_address(0);
    e.stack_limit = (size_t)1 << 20;
    atomic_store(&e.cancel.running, 1);
    running = &e.cancel;
    signal(SIGVTALRM, stop);
    set_timer(1);
    bool fine = dw_net_file_read(&e, (const char *)data, size, "f.net", &net);
    must(fine == (err.kind == DW_ERR_NONE));
    if (fine) {
        again(&e, net);
        dw_value_release(net);
    }
    set_timer(0);
    running = NULL;
    dw_eval_free(&e);
    must(mem.used == 0);
    return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a cell that is run, under limits: little memory, a moment of time, no gnuplot and no
 * folder to write to. It ends with values or one error that is not an internal one and whose place
 * lies in the text; a second run in the same session and the next cell work; and completion, help
 * and the look for a whole cell answer for every cursor asked. Seeds: tests/lang. */
#include "dw.h"

#include "base/text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 64 << 20, MOMENT = 40000 /* microseconds of work */ };

static dw_session *now; /* of the input that runs, for the signal */

/* With its line, because all of it is inlined. */
#define must(holds) must_at(holds, __LINE__)

static void must_at(bool holds, int line) {
    if (holds)
        return;
    fprintf(stderr, "fuzz_eval.c:%d: this must hold\n", line);
    abort();
}

static void on_time(int number) {
    (void)number;
    if (now != NULL)
        dw_session_interrupt(now);
}

static void set_clock(long microseconds) {
    const struct itimerval time = {{0, microseconds}, {0, microseconds}};
    must(setitimer(ITIMER_VIRTUAL, &time, NULL) == 0);
}

/* What is shown is text. */
static void show(void *context, const dw_bundle *bundle) {
    (void)context;
    must(bundle->count > 0);
    for (size_t i = 0; i < bundle->count; i++)
        must(dw_text_valid(bundle->parts[i].data, bundle->parts[i].size) == bundle->parts[i].size);
}

static void write_text(void *context, const char *text, size_t size) {
    (void)context;
    must(dw_text_valid(text, size) == size);
}

static bool wants_frames(void *context) {
    (void)context;
    return true;
}

static void run(dw_session *session, const char *source, size_t size) {
    dw_err err = {0};
    dw_buf text;
    bool fine = dw_session_eval(session, "cell", 1, source, size, &err);
    must(fine == (err.kind == DW_ERR_NONE) && err.kind != DW_ERR_INTERNAL);
    if (fine)
        return;
    dw_buf_init(&text, dw_session_mem(session));
    dw_session_explain(session, &err, true, &text);
    must(text.failed || dw_text_valid(text.data, text.size) == text.size);
    dw_buf_free(&text);
}

static void ask(dw_session *session, const char *source, size_t size, size_t cursor) {
    dw_matches matches = {0};
    dw_err err = {0};
    dw_buf help;
    uint32_t indent = 0;
    if (dw_session_complete(session, source, size, cursor, &matches, &err)) {
        must(matches.start <= matches.end && matches.end <= size);
        for (size_t i = 0; i < matches.count; i++)
            must(dw_text_valid(matches.matches[i].text, strlen(matches.matches[i].text)) ==
                 strlen(matches.matches[i].text));
    }
    dw_session_matches_free(&matches);
    dw_buf_init(&help, dw_session_mem(session));
    (void)dw_session_inspect(session, source, size, cursor, 1, &help);
    must(help.size == 0 || dw_text_valid(help.data, help.size) == help.size);
    dw_buf_free(&help);
    (void)dw_session_check(session, source, size, &indent);
}

static void check_next(dw_session *session) {
    static const char next[] = "[20, 1] + 1";
    dw_buf out;
    dw_err err = {0};
    dw_buf_init(&out, dw_session_mem(session));
    must(dw_session_value(session, next, strlen(next), &out, &err));
    must(out.size == 7 && memcmp(out.data, "[21, 2]", 7) == 0);
    dw_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const dw_host host = {
        .write = write_text, .display = show, .result = show, .wants_frames = wants_frames};
    const dw_limits limits = {
        .memory = MEMORY, .folder = "/nowhere", .gnuplot = "/nowhere", .scratch = "/nowhere"};
    const char *source = (const char *)data;
    now = dw_session_open(&host, &limits);
    must(now != NULL);
    const struct sigaction action = {.sa_handler = on_time, .sa_flags = SA_RESTART};
    must(sigaction(SIGVTALRM, &action, NULL) == 0);
    for (int i = 0; i < 2; i++) {
        set_clock(MOMENT);
        run(now, source, size);
        set_clock(0);
        check_next(now);
    }
    for (size_t part = 0; part <= 4; part++)
        ask(now, source, size, size * part / 4);
    dw_session_free(&now);
    return 0;
}

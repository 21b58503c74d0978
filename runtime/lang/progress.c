/* SPDX-License-Identifier: BSD-3-Clause */
/* How far a training is. */
#include "lang/progress.h"

#include "lang/eval.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TEXT = 256, BAR = 20 };
static const double HEAVY = 2e10;   /* operations: some seconds */
static const double AFTER = 1;      /* seconds until the first state of a heavy one is shown */
static const double AFTER_ALL = 20; /* the same of all others: nobody should wait in the dark */

static void show(dw_progress *p, const char *text) {
    const dw_part part = {.mime = "text/plain", .data = text, .size = strlen(text)};
    const dw_bundle bundle = {.parts = &part, .count = 1, .id = p->id};
    if (p->shown)
        dw_call_update(p->call, &bundle);
    else
        dw_call_display(p->call, &bundle);
    p->shown = true;
}

/* A bar of blocks, and what is behind it. */
static void write_bar(char *out, size_t size, double share) {
    size_t full = (size_t)(share * BAR), at = 0;
    for (size_t i = 0; i < BAR && at + 3 < size; i++)
        at += (size_t)snprintf(out + at, size - at, "%s", i < full ? "█" : "░");
}

static void write_left(char *out, size_t size, double seconds) {
    if (seconds < 90)
        snprintf(out, size, "%.0f s left", ceil(seconds));
    else if (seconds < 5400)
        snprintf(out, size, "%.0f min left", ceil(seconds / 60));
    else
        snprintf(out, size, "%.1f h left", seconds / 3600);
}

static void hear(void *watcher, const dw_train_progress *now) {
    dw_progress *p = watcher;
    char text[TEXT], bar[3 * BAR + 1] = "", left[32], valid[48] = "";
    if (now->seconds < (p->heavy ? AFTER : AFTER_ALL) || now->steps == 0)
        return;
    double share = (double)now->step / (double)now->steps;
    write_bar(bar, sizeof bar, share);
    write_left(left, sizeof left, share > 0 ? now->seconds * (1 - share) / share : 0);
    if (!isnan(now->valid))
        snprintf(valid, sizeof valid, ", validation %.3g", now->valid);
    snprintf(text, sizeof text, "step %zu of %zu %s loss %.3g%s, %s", now->step, now->steps, bar,
             now->train, valid, left);
    show(p, text);
}

static double read_clock(void *watcher) {
    const dw_progress *p = watcher;
    return dw_call_clock(p->call);
}

void dw_progress_begin(dw_progress *p, dw_call *call, dw_train_options *o, double flops) {
    const dw_host *host = call->eval->host;
    *p = (dw_progress){.call = call, .steps = o->steps};
    if (host == NULL || host->update == NULL || host->clock == NULL || call->eval->quiet)
        return;
    snprintf(p->id, sizeof p->id, "train-%u-%.9f", call->unit, dw_call_clock(call));
    o->clock = read_clock;
    o->progress = hear;
    o->watcher = p;
    p->heavy = flops * (double)o->steps >= HEAVY;
}

void dw_progress_end(dw_progress *p, const dw_train_result *r, bool validated) {
    char text[TEXT], best[96] = "";
    const dw_train_end *end = &r->ends[0];
    if (validated)
        snprintf(best, sizeof best, ", best validation %.3g at step %zu", end->valid, end->best);
    snprintf(text, sizeof text, "%s%zu of %zu steps, loss %.3g%s",
             r->interrupted ? "stopped after " : "", end->steps, p->steps, end->loss, best);
    if (p->shown || p->heavy)
        show(p, text);
    if (!r->interrupted)
        return;
    if (!p->shown) {
        dw_call_write(p->call, text, strlen(text));
        dw_call_write(p->call, "\n", 1);
    }
    const char *note = "the training was stopped; this is the best net so far\n";
    dw_call_write(p->call, note, strlen(note));
}

void dw_progress_fail(dw_progress *p) {
    if (p->shown)
        show(p, "the training ended with an error");
}

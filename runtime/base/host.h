/* SPDX-License-Identifier: BSD-3-Clause */
/* What the program that embeds a session does for it: text, pictures and the clock leave the
 * runtime only through these functions. */
#ifndef DW_HOST_H
#define DW_HOST_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One form of something to show. Text forms are UTF-8; others (image/png, application/pdf) bytes.
 */
typedef struct {
    const char *mime;
    const char *data;
    size_t size;
} dw_part;

/* The same thing in several forms, richest first; text/plain is always among them. Borrowed: valid
 * during the call that passes it. */
typedef struct {
    const dw_part *parts;
    size_t count;
    const char *alt;        /* one sentence for people who cannot see it; NULL for plain values */
    const char *id;         /* to change it later with update; NULL if it stays as it is */
    unsigned width, height; /* of a picture, in pixels; 0 for everything else */
} dw_bundle;

/* What a slider of a panel can be set to. A setting is one number. */
typedef enum {
    DW_KNOB_RANGE,   /* any number from lo to hi; `step` is a good stride */
    DW_KNOB_STEPS,   /* lo, lo + step, … hi */
    DW_KNOB_CHOICES, /* the number of one of the labels, from 0 */
    DW_KNOB_SWITCH   /* 0 (false) or 1 (true) */
} dw_knob_kind;

typedef struct {
    const char *name;
    dw_knob_kind kind;
    double lo, hi, step;       /* of RANGE and STEPS */
    const char *const *labels; /* of CHOICES, on one line each */
    size_t count;              /* of labels */
    bool ordered;              /* the labels are numbers: they follow each other as on a ruler */
    double start;              /* the setting at first */
} dw_panel_knob;

/* Sliders that can be moved: dw_session_turn runs their block again. */
typedef struct {
    uint64_t number; /* never that of another panel of the session */
    bool plays;      /* an animation: its first knob moves by itself when told to */
    const dw_panel_knob *knobs;
    size_t count;
} dw_panel;

/* How a question to the person at the notebook ended. */
typedef enum {
    DW_ASK_ANSWERED,
    DW_ASK_NOBODY, /* nobody is there who could answer */
    DW_ASK_ENDED,  /* no answer will come: the input has ended */
    DW_ASK_STOPPED /* the run was interrupted meanwhile */
} dw_ask;

/* Any member may be NULL: then nothing happens. */
typedef struct {
    void *context; /* passed to all */
    /* Text printed by the language. */
    void (*write)(void *context, const char *text, size_t size);
    /* A figure, or a value shown before the last statement. */
    void (*display)(void *context, const dw_bundle *bundle);
    /* The value of the last statement; at most once a cell. */
    void (*result)(void *context, const dw_bundle *bundle);
    /* Changes an earlier display with the same id. */
    void (*update)(void *context, const dw_bundle *bundle);
    /* Takes away what the cell displayed so far; wait: only when the next output comes. */
    void (*clear)(void *context, bool wait);
    /* Asks for a line of text, waits for it and appends it to `answer`, without a line end; hidden:
     * what is typed shall not be seen. NULL: there is nobody. */
    dw_ask (*ask)(void *context, const char *question, size_t size, bool hidden, dw_buf *answer);
    /* Puts a text into a new cell behind the running one, for the person to change. NULL: there are
     * no cells. */
    void (*propose)(void *context, const char *text, size_t size);
    /* Seconds of a clock that never goes back. */
    double (*clock)(void *context);
    /* Whether sliders shall come with the states they can be moved to, drawn ahead. */
    bool (*wants_frames)(void *context);
    /* Whether panels would be of use: somebody is there who could move sliders. */
    bool (*wants_panels)(void *context);
    /* A panel begins, whose sliders stand at their start; it is borrowed until the call that ends
     * it, with NULL. What is written and displayed between the two is what it shows at first. */
    void (*panel)(void *context, const dw_panel *panel);
    /* Whether somebody waits for the session, so that work nobody asked for had better end. */
    bool (*hurries)(void *context);
    /* Whether somebody watches displays that change while a cell runs. */
    bool (*wants_progress)(void *context);
} dw_host;

#endif

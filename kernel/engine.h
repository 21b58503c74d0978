/* SPDX-License-Identifier: BSD-3-Clause */
/* The seam between the Jupyter kernel and a language.
 *
 * The kernel knows a language only through this header: it calls the functions of a jk_engine and
 * hands it a jk_out for what the language has to say. All text is UTF-8 bytes with a length;
 * positions are byte offsets (the kernel converts from and to the code points Jupyter counts).
 * An engine is opened, used and freed on one thread (the shell thread, which has a large stack);
 * only `interrupt` may be called from elsewhere. */
#ifndef JK_ENGINE_H
#define JK_ENGINE_H

#include "bytes.h"
#include "span.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- what an engine says about itself ------------------------------------------------------ */

/* Constant facts for kernel_info_reply. Every member is a C string and set, unless noted. */
typedef struct jk_engine_info {
    const char *implementation;         /* "deepwhy" */
    const char *implementation_version; /* "0.1.0" */
    const char *banner;                 /* first lines of a console */
    const char *language;               /* language_info.name */
    const char *language_version;
    const char *mimetype;        /* "text/x-deepwhy" */
    const char *file_extension;  /* ".dw" */
    const char *pygments_lexer;  /* may be NULL */
    const char *codemirror_mode; /* may be NULL */
    const char *codemirror_mime; /* of the mode to take where that one is missing; may be NULL */
    const char *help_text;       /* title of the help link; NULL for no link */
    const char *help_url;
} jk_engine_info;

/* ---- what a language can put out ----------------------------------------------------------- */

typedef enum jk_stream { JK_STDOUT, JK_STDERR } jk_stream;

/* One form of an output. Types that Jupyter carries as base64 (image/png, image/jpeg, image/gif,
 * image/webp, application/pdf, application/octet-stream, audio and video) are given raw; the
 * kernel encodes. application/json and any type ending in +json are given as JSON text; the
 * kernel sends the value. */
typedef struct jk_part {
    const char *mime;
    const void *bytes;
    size_t len;
} jk_part;

/* One output in several forms; a text/plain part should always be among them. */
typedef struct jk_display {
    const jk_part *parts;
    size_t count;
    const char *alt;        /* a sentence for those who cannot see it, or NULL */
    const char *display_id; /* to update it later, or NULL */
} jk_display;

/* Why an execution failed. The traceback is what a front end shows, block by block, so it has to
 * hold the whole message. */
typedef struct jk_failure {
    jk_span ename;  /* "KeyboardInterrupt" when interrupted */
    jk_span evalue; /* one line */
    const jk_span *traceback;
    size_t traceback_count;
} jk_failure;

/* What a slider can be set to. A setting is one number. */
typedef enum jk_knob_kind {
    JK_KNOB_RANGE,   /* any number from lo to hi; `step` is a good stride */
    JK_KNOB_STEPS,   /* lo, lo + step, … hi */
    JK_KNOB_CHOICES, /* the number of one of the labels, from 0 */
    JK_KNOB_SWITCH   /* 0 (off) or 1 (on) */
} jk_knob_kind;

typedef struct jk_knob {
    const char *name;
    jk_knob_kind kind;
    double lo, hi, step;       /* of RANGE and STEPS */
    const char *const *labels; /* of CHOICES */
    size_t count;              /* of labels */
    bool ordered;              /* the labels follow each other as on a ruler */
    double start;              /* the setting at first */
} jk_knob;

/* Sliders with what they change: the engine runs their code again when turn() is called. */
typedef struct jk_panel {
    unsigned long long number; /* never that of another panel of this engine */
    bool plays;                /* the first knob moves by itself when told to */
    const jk_knob *knobs;
    size_t count;
} jk_panel;

/* How a question to the user ended. */
typedef enum jk_ask {
    JK_ASK_ANSWERED,
    JK_ASK_NOBODY, /* the front end cannot answer questions, or is not there */
    JK_ASK_ENDED,  /* the user ended the input instead of answering */
    JK_ASK_STOPPED /* the execution was interrupted */
} jk_ask;

/* Where the engine puts its outputs while it executes; everything passed is copied. The functions
 * keep the order of the calls, never fail towards the engine and may be called only from inside
 * execute() or turn(), on the engine's thread. None is NULL but for the last two. */
typedef struct jk_out {
    void *self;
    /* Text as it comes, cut anywhere; stderr is for what a grader should count as trouble. */
    void (*stream)(void *self, jk_stream stream, const char *text, size_t len);
    void (*display)(void *self, const jk_display *display);
    /* Replaces the forms of all displays with the same display_id. */
    void (*update)(void *self, const jk_display *display);
    /* The value of the cell; the first counts, later ones become displays. */
    void (*result)(void *self, const jk_display *display);
    /* Why execute() is about to return false; the first counts. */
    void (*error)(void *self, const jk_failure *failure);
    /* Clears the outputs of the cell: at once, or just before the next output when wait is set. */
    void (*clear_output)(void *self, bool wait);
    /* Shows text in the pager, where the front end has one. */
    void (*page)(void *self, const char *text, size_t len);
    /* Puts text into a new cell behind this one; the last call of an execution counts. */
    void (*next_input)(void *self, const char *text, size_t len);
    /* Asks the user for a line of text and appends it to `answer`; hidden: what is typed is not
     * shown. Waits for it, unless nobody can answer. */
    jk_ask (*ask)(void *self, jk_span question, bool is_hidden, jk_bytes *answer);
    /* Whether this execution should stop. Costs one atomic load. */
    bool (*cancelled)(void *self);
    /* Begins a panel whose knobs stand at their start; what is put out until the call with NULL is
     * what it shows at first. May be NULL where no execution is `live`. */
    void (*panel)(void *self, const jk_panel *panel);
    /* Whether somebody waits for this execution to end: what nobody asked for can be left out. Like
     * panel(). */
    bool (*hurries)(void *self);
} jk_out;

/* ---- requests ------------------------------------------------------------------------------ */

typedef struct jk_execution {
    jk_span code;
    const char *name; /* what to call the code in messages: "cell 3", "descent.dw" */
    long first_line;  /* number of its first line there, counted from 1 */
    bool colour;      /* whether a traceback may hold ANSI colours */
    bool silent;      /* nobody looks at the result */
    bool expression;  /* a user expression: evaluate, keep no trace of it */
    bool frames;      /* whether sliders shall come with what they show when moved */
    bool live;        /* whether there is somebody who could move the sliders of panels */
} jk_execution;

/* The sliders of a panel were moved. */
typedef struct jk_turn {
    unsigned long long panel;
    const double *settings; /* of each knob; one out of reach counts as the nearest */
    size_t count;
} jk_turn;

typedef struct jk_match {
    const char *text;      /* full replacement of [start, end) */
    const char *type;      /* "function", "instance", "keyword"…, or NULL */
    const char *signature; /* or NULL */
    const char *insert; /* what replaces it where a front end can show one text and insert another;
                           or NULL */
} jk_match;

/* Filled by complete(); what it points to lives until the next call of the engine. */
typedef struct jk_completion {
    size_t start, end; /* byte range of the code that a match replaces */
    const jk_match *matches;
    size_t count;
} jk_completion;

/* Filled by inspect(); what it points to lives until the next call of the engine. */
typedef struct jk_inspection {
    bool found;
    const jk_part *parts;
    size_t count;
} jk_inspection;

typedef enum jk_completeness { JK_COMPLETE, JK_INCOMPLETE, JK_INVALID, JK_UNKNOWN } jk_completeness;

/* ---- the engine ---------------------------------------------------------------------------- */

typedef struct jk_engine {
    void *self;
    /* Runs code. True when it ended well; false after out->error, or without it when there is
     * nothing to say (the kernel then words the failure itself). State reached stays. */
    bool (*execute)(void *self, const jk_execution *execution, const jk_out *out);
    /* Puts out what a panel shows with these settings, and leaves the state as it was. Returns as
     * execute() does. NULL in an engine that has no panels. */
    bool (*turn)(void *self, const jk_turn *turn, const jk_out *out);
    /* Completions at byte `cursor` (0..code.len, never inside a character). Runs no user code.
     * False when out of memory; no match is a success with count 0. */
    bool (*complete)(void *self, jk_span code, size_t cursor, jk_completion *to);
    /* Help on the word at byte `cursor`; level 0 or 1 (more). False when out of memory. */
    bool (*inspect)(void *self, jk_span code, size_t cursor, int level, jk_inspection *to);
    /* Whether Enter should run the code. *indent is set for JK_INCOMPLETE to the white space of
     * the next line; it lives until the next call of the engine. */
    jk_completeness (*is_complete)(void *self, jk_span code, const char **indent);
    /* Asks the running execution to stop; harmless when nothing runs. Async-signal-safe, from any
     * thread, between a successful open and free. */
    void (*interrupt)(void *self);
    void (*free)(void *self);
} jk_engine;

/* How to get an engine: the facts, which need no engine, and a function that fills `engine`.
 * `open` runs on the engine's thread; `folder` is where the files of the language lie. False
 * leaves one line in `why`. */
typedef struct jk_engine_maker {
    const jk_engine_info *info;
    bool (*open)(jk_engine *engine, const char *folder, char *why, size_t why_size);
} jk_engine_maker;

#endif

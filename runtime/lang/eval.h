/* SPDX-License-Identifier: BSD-3-Clause */
/* The evaluator: walks the tree of a resolved unit. One struct holds everything a session knows. */
#ifndef DW_EVAL_H
#define DW_EVAL_H

#include "base/host.h"
#include "base/map.h"
#include "base/pool.h"
#include "base/rng.h"
#include "lang/value.h"
#include "syntax/ast.h"

/* A function that is not worked into its caller, which would need more stack for it at each of many
 * calls inside each other. */
#define DW_EVAL_APART __attribute__((noinline))

enum {
    DW_EVAL_CALLS = 4000,    /* calls inside each other; more is a LIMIT error */
    DW_EVAL_SLOTS = 1 << 16, /* values all running calls may have in their frames */
    DW_EVAL_RECENT = 8       /* units kept alive to explain errors */
};

_Static_assert(DW_EVAL_RECENT > DW_ERR_CALLS + 1, "an error's place and all its calls have room");

typedef struct dw_eval {
    dw_mem *mem;
    const dw_host *host;
    dw_cancel cancel;
    dw_err *err;          /* of the running call of the library */
    dw_map names;         /* every name of the notebook and of the builtins → its global slot */
    dw_value *globals;    /* by slot; NOTHING: no value */
    uint32_t global_room; /* of globals */
    dw_rng rng;           /* the running stream */
    uint64_t draws;       /* how often a builtin asked for it */
    dw_value *slots;      /* the frames of all running calls, DW_EVAL_SLOTS of them */
    uint32_t slots_used;
    uint32_t calls;                  /* depth of running calls */
    char *stack_base;                /* where the C stack stood at the start */
    size_t stack_limit;              /* bytes it may grow from there */
    uint32_t units;                  /* how many were made */
    dw_unit *recent[DW_EVAL_RECENT]; /* units an error may name, the last needed first */
    uint32_t checks, checks_failed;  /* of this cell */
    dw_span failed_span;             /* the first failed check of this cell */
    uint32_t failed_unit;
    char *failed_text;        /* what that check said; dw_mem */
    bool quiet;               /* show and print nothing (user_expressions) */
    bool ahead;               /* a state of sliders is drawn that nobody chose yet: checks are not
                                 looked at and no files written; knobs.h */
    uint64_t turns;           /* runs of blocks outside their cells, so far */
    bool moved;               /* a slider was moved: no files are written; panels.h */
    const dw_host *aloud;     /* who hears of checks while what is shown is gathered, or NULL */
    bool result_open;         /* the cell may still show a result */
    uint64_t written_calls;   /* of functions written in the language, since the session began */
    struct dw_trace *trace;   /* of the function that is being traced, or NULL */
    struct dw_replay *replay; /* what is known of the element under way, or NULL: replay.h */
    uint64_t abreast;         /* calls that were answered together with others, so far */
    bool alone;               /* none shall be: for tests */
    uint64_t shown;           /* how often the host was told anything */
    bool training;            /* layers act as in training: dropout drops, batchnorm looks around */
    dw_value noise;           /* while training: the traced 2×1 [key, step] chance depends on */
    uint32_t noises;          /* while training: how many layers took chance from it so far */
    struct dw_layer_notes *notes; /* where layers note what they measure, or NULL: layer.h */
    dw_pool *pool;                /* threads for large computations; NULL: none */
    void *plotter;                /* of the plotting library */
    struct dw_panels *panels;     /* sliders that stay alive, or NULL: panels.h */
    size_t round, rounds;         /* of the outermost loop or list: which, from 0, of how many; 0:
                                     there is none, or nobody knows */
    struct dw_outputs *outputs;   /* of the last cells; NULL: none are kept */
    struct dw_progress_log *progress; /* of this statement's trainings; NULL: none yet */
    const char *folder, *gnuplot, *path, *scratch;
} dw_eval;

/* What runs: the frame of a cell or of a call. */
typedef struct {
    dw_value *slots;
    dw_function *function; /* NULL in a cell */
    dw_unit *unit;
} dw_frame;

/* Sets up names and values of all builtins, seed 0. False when there is no memory; dw_eval_free may
 * then be called all the same. */
bool dw_eval_init(dw_eval *eval, dw_mem *mem, const dw_host *host) DW_CHECK;
void dw_eval_free(dw_eval *eval);

/* Runs a resolved unit's statements one after another, showing values. False with the error in *err
 * (CHECK when all ran but a check failed); everything computed before it stays. */
bool dw_eval_unit(dw_eval *eval, dw_unit *unit, dw_err *err) DW_CHECK;

/* Opens a run of a part of a unit, with a frame of its own and a number that can be interrupted;
 * eval->err is set by the caller. False with a LIMIT error. To be closed in any case but this. */
bool dw_eval_open(dw_eval *eval, dw_unit *unit, dw_frame *frame) DW_CHECK;
void dw_eval_close(dw_eval *eval, const dw_unit *unit);

/* The value of a unit that is one expression; shows nothing and takes no random draws. */
bool dw_eval_expression(dw_eval *eval, dw_unit *unit, dw_value *out, dw_err *err) DW_CHECK;

/* Calls any value as a function. */
bool dw_eval_call(dw_eval *eval, dw_value function, const dw_value *args, size_t count,
                  dw_value *out) DW_CHECK;

/* The global slot of a name, adding the name if need be. */
bool dw_eval_slot(dw_eval *eval, const char *name, uint32_t *slot, dw_err *err) DW_CHECK;

/* The value of a name, borrowed; NULL when it has none. */
const dw_value *dw_eval_name(const dw_eval *eval, const char *name);

/* The name nearest to a misspelled one among builtins, the notebook's names and keywords, or NULL
 * when nothing is near. Borrowed. */
const char *dw_eval_nearest(const dw_eval *eval, const char *name);

/* Sets eval->err with a place, remembering the unit so that the error can be explained. Both return
 * false. */
bool dw_eval_fail(dw_eval *eval, const dw_frame *frame, dw_span span, dw_err_kind kind,
                  const char *format, ...) DW_PRINTF(5, 6);
bool dw_eval_place(dw_eval *eval, const dw_frame *frame, dw_span span);

/* False with an INTERRUPT error at `span` when the user asked to stop. */
bool dw_eval_stop(dw_eval *eval, const dw_frame *frame, dw_span span);
DW_CHECK static inline bool dw_eval_poll(dw_eval *eval, const dw_frame *frame, dw_span span) {
    return !dw_cancel_pending(&eval->cancel) || dw_eval_stop(eval, frame, span);
}

/* Keeps a unit alive while it is among the recent ones, so that its number leads to its source. */
void dw_eval_remember(dw_eval *eval, dw_unit *unit);

/* Notes with the running error, as far as it keeps them, that it leaves a call at `place`. */
void dw_eval_called(dw_eval *eval, const dw_frame *caller, dw_span place);

/* One of the recent units by its number; NULL when it is not among them. */
const dw_unit *dw_eval_unit_of(const dw_eval *eval, uint32_t number);

/* Passes text to the host. */
void dw_eval_write(dw_eval *eval, const char *text, size_t size);

/* The same for what is said about the cell (checks, notes) and belongs to no slider. */
void dw_eval_tell(dw_eval *eval, const char *text, size_t size);

#endif

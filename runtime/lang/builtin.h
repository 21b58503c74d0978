/* SPDX-License-Identifier: BSD-3-Clause */
/* Builtins: the registry and what a builtin may do.
 *
 * A builtin is one row: its name, signature, help and example, and the C function that runs it.
 * Calls, completion, help, the reference and the tests all read the same rows; each lib_*.c ends
 * with its rows and builtin.c lists the libraries.
 *
 * Signature: "name(a, b, n = 10, title = "")": a parameter without = is required, one with = is
 * optional (the text after = documents the default; a missing argument arrives as NOTHING), one
 * that ends in … takes any number of unnamed arguments and must stand first. Every parameter can
 * be given by name. Examples are cells that run as they stand; the tests run them, and where an
 * example ends in "# → text" the last value must show exactly that text. */
#ifndef DW_BUILTIN_H
#define DW_BUILTIN_H

#include "base/host.h"
#include "base/rng.h"
#include "lang/value.h"
#include "tensor/elem.h"

typedef struct dw_call dw_call;

/* Sets *out (one reference, or NOTHING to show nothing) and returns true, or false with call->err
 * set. An error without a place is put at the call. */
typedef bool (*dw_builtin_run)(dw_call *call, dw_value *out);

enum { DW_BUILTIN_PARAMETERS = 24 };

typedef struct dw_builtin {
    const char *name;  /* "integral" */
    const char *group; /* heading in the reference: "Numbers", "Statistics", "Chance", "Plots" … */
    const char *signature; /* "integral(f, interval, tolerance = 1e-9)" */
    const char *help;      /* one sentence, then options if any, one a line */
    const char *example;   /* "integral(x ↦ x², 0..1)  # → 0.333333" */
    const char *see;       /* "slope sum" or "" */
    dw_builtin_run run;    /* NULL for a constant */
    int elem;              /* 1 + dw_elem_unary when the function is that operation, else 0 */
    bool named_rest;       /* arguments of the … parameter may have any names: see rest_names */
    double constant;       /* value of a constant such as π */
    const char *alias;     /* another spelling, such as "σ" for sigmoid; or NULL */
    dw_builtin_run traced; /* runs instead when an argument is traced (trace.h); NULL: cannot be
                              traced. `run` itself when it only uses operators */
    /* Only of rows that make functions with values of their own (bound.h): appends how one shows.
     */
    void (*show)(dw_buf *out, const dw_value *bound);
} dw_builtin;

/* A call under way. */
struct dw_call {
    struct dw_eval *eval;
    const dw_builtin *builtin;
    dw_mem *mem;
    const dw_cancel *cancel;
    dw_err *err;
    dw_value args[DW_BUILTIN_PARAMETERS]; /* by parameter, borrowed; NOTHING when not given */
    dw_span spans[DW_BUILTIN_PARAMETERS]; /* where each stands */
    size_t count;                         /* parameters of the signature */
    const dw_value *rest;                 /* the unnamed arguments of a … parameter, borrowed */
    const dw_span *rest_spans;
    const char *const *rest_names; /* of a builtin with named_rest; NULL where there is no name */
    size_t rest_count;
    uint32_t unit;          /* number of the source text the spans point into */
    struct dw_unit *source; /* that text, or NULL */
    const char *field;      /* the only field of the result anybody will see, or NULL: all of it */
    const dw_value *bound;  /* the values a function made by dw_bound_new brings along, borrowed */
};

/* Argument readers: true and *out set, or false with an error that names the parameter, says what
 * is there and what is needed, and has the argument's place. `i` counts parameters from 0. */
bool dw_call_number(dw_call *call, size_t i, double *out) DW_CHECK;
bool dw_call_whole(dw_call *call, size_t i, double lo, double hi, size_t *out) DW_CHECK;
bool dw_call_truth(dw_call *call, size_t i, bool *out) DW_CHECK;
bool dw_call_text(dw_call *call, size_t i, const dw_text **out) DW_CHECK; /* borrowed */
bool dw_call_interval(dw_call *call, size_t i, double *lo, double *hi) DW_CHECK;
bool dw_call_function(dw_call *call, size_t i, dw_value *out) DW_CHECK;      /* borrowed */
bool dw_call_table(dw_call *call, size_t i, const dw_record **out) DW_CHECK; /* borrowed */
/* Numbers as a tensor; the caller releases it. */
bool dw_call_tensor(dw_call *call, size_t i, dw_tensor **out) DW_CHECK;
/* Whether the argument was given. */
static inline bool dw_call_given(const dw_call *call, size_t i) {
    return call->args[i].kind != DW_NOTHING;
}

/* Sets an error with the place of parameter i (or of unnamed argument i). Both return false. */
bool dw_call_fail(dw_call *call, size_t i, dw_err_kind kind, const char *format, ...)
    DW_PRINTF(4, 5);
bool dw_call_fail_rest(dw_call *call, size_t i, dw_err_kind kind, const char *format, ...)
    DW_PRINTF(4, 5);

/* The source text of parameter i, or of unnamed argument i: for legends. Borrowed, not terminated.
 */
const char *dw_call_source(const dw_call *call, size_t i, size_t *size);
const char *dw_call_source_rest(const dw_call *call, size_t i, size_t *size);

/* Calls a value as a function. *out gets one reference. */
bool dw_call_invoke(dw_call *call, dw_value function, const dw_value *args, size_t count,
                    dw_value *out) DW_CHECK;

/* Calls a function of one number; an answer that is no number is an error that says so. The answer
 * may be NaN or infinite. */
bool dw_call_sample(dw_call *call, dw_value function, double x, double *y) DW_CHECK;

/* False with an INTERRUPT error when the user asked to stop; for long loops. */
bool dw_call_poll(dw_call *call) DW_CHECK;

/* The same for a result that loops may have left half done when they were told to stop: then it is
 * let go. */
bool dw_call_unless_stopped(dw_call *call, dw_value *out) DW_CHECK;

/* Prints text to the notebook. */
void dw_call_write(dw_call *call, const char *text, size_t size);

/* The running stream of random numbers, and back to the stream of a seed. */
dw_rng *dw_call_rng(dw_call *call);
void dw_call_seed(dw_call *call, uint64_t seed);

/* Things of the session. The folder files are read and written below (NULL: anywhere). */
const char *dw_call_folder(const dw_call *call);
const char *dw_call_gnuplot(const dw_call *call); /* program that draws, such as "gnuplot" */
const char *dw_call_path(const dw_call *call);    /* PATH to look it up in */
const char *dw_call_scratch(const dw_call *call); /* folder for temporary files */
double dw_call_clock(const dw_call *call); /* seconds that never go back; 0 without a clock */
/* The plotting library's long-lived state (its gnuplot), made on first use; see lib_plot.c. */
void **dw_call_plotter(dw_call *call);

/* Whether what a builtin leaves outside the notebook is wanted: not while the states of a slider
 * are drawn ahead. */
bool dw_call_leaves_traces(const dw_call *call);

/* Whether a slider was moved, and what is shown takes the place of what it showed before. */
bool dw_call_is_moved(const dw_call *call);

/* Shows something in the notebook, and changes what was shown with the same id. */
void dw_call_display(dw_call *call, const dw_bundle *bundle);
void dw_call_update(dw_call *call, const dw_bundle *bundle);

/* How lib_plot shows a value of a statement: whether it is a picture (a plot, or a list of nothing
 * but plots: a page), and drawing it and passing the bundle to dw_call_display. `call` has no
 * arguments here. Frees the plotter made through dw_call_plotter when a session ends. */
bool dw_lib_plot_is_picture(dw_value v);
bool dw_lib_plot_display(dw_call *call, dw_value picture) DW_CHECK;
void dw_lib_plot_free(void *plotter);

/* The plotter of the session, made on first use; NULL with a MEMORY error. */
struct dw_plotter *dw_lib_plot_plotter(dw_call *call);

/* What operators and other libraries need from a library (defined there). */
bool dw_lib_chance_copies(dw_mem *mem, const dw_distribution *d, double n, dw_value *out,
                          dw_err *err) DW_CHECK; /* distribution^n */

/* One draw of a distribution from the running stream. */
bool dw_lib_chance_draw(dw_call *call, const dw_distribution *d, dw_value *out) DW_CHECK;

/* k of n as an estimate with the 95 % interval of Wilson (1927); n >= 1. */
bool dw_lib_chance_wilson(dw_call *call, double k, double n, dw_value *out) DW_CHECK;

/* The libraries: arrays that end with a row whose name is NULL. */
extern const dw_builtin dw_lib_core[];
extern const dw_builtin dw_lib_ask[];
extern const dw_builtin dw_lib_math[];
extern const dw_builtin dw_lib_stats[];
extern const dw_builtin dw_lib_linear[];
extern const dw_builtin dw_lib_chance[];
extern const dw_builtin dw_lib_calculus[];
extern const dw_builtin dw_lib_derivative[];
extern const dw_builtin dw_lib_minimize[];
extern const dw_builtin dw_lib_net[];
extern const dw_builtin dw_lib_data[];
extern const dw_builtin dw_lib_files[];
extern const dw_builtin dw_lib_class[];
extern const dw_builtin dw_lib_table[];
extern const dw_builtin dw_lib_learn[];
extern const dw_builtin dw_lib_kinks[];
extern const dw_builtin dw_lib_image[];
extern const dw_builtin dw_lib_train[];
extern const dw_builtin dw_lib_plot[];

/* Every builtin, in the order of the reference: i from 0; NULL after the last. */
const dw_builtin *dw_builtin_at(size_t i);

/* The builtin of a name or alias, or NULL. */
const dw_builtin *dw_builtin_find(const char *name);

/* The parameters of a signature, read without allocating: the i-th name is bytes [*start, *start +
 * *size) of the signature. False when there is no i-th. */
bool dw_builtin_parameter(const dw_builtin *builtin, size_t i, const char **start, size_t *size,
                          bool *optional, bool *rest);

/* The number of the parameter of a name, unless it takes any number of arguments. */
bool dw_builtin_option(const dw_builtin *builtin, const char *name, size_t *index);

/* Sets what a function keeps of its builtin's signature: parameters, required, rest. */
void dw_builtin_count(dw_function *f);

#endif

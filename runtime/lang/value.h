/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of the language: 16 bytes, numbers and truth values inside, everything else a counted
 * object that nobody changes while it is shared. Counts are not atomic: values belong to the thread
 * that runs the session. Functions that return a value hand one reference to the caller. */
#ifndef DW_VALUE_H
#define DW_VALUE_H

#include "base/buf.h"
#include "tensor/tensor.h"

typedef enum {
    DW_NOTHING, /* no value: a missing argument, the result of print */
    DW_NUMBER,
    DW_TRUTH,
    DW_ARRAY, /* from here on: objects. A 1×1 array is always stored as NUMBER or TRUTH */
    DW_TEXT,
    DW_LIST,
    DW_INTERVAL,
    DW_RECORD,
    DW_TABLE,
    DW_FUNCTION,
    DW_DISTRIBUTION,
    DW_ESTIMATE,
    DW_PLOT,
    DW_TRACED, /* stands for an array while a function is traced: trace.h */
    DW_KINDS
} dw_kind;

typedef struct dw_text {
    uint32_t refs;
    size_t size;
    char bytes[]; /* valid UTF-8, NUL-terminated; may contain NULs */
} dw_text;

/* An interval lo..hi of the real line (a range counting in ones when looped over). `lo..hi by step`
 * is a row at once and never an interval. */
typedef struct dw_interval {
    uint32_t refs;
    double lo, hi;
} dw_interval;

/* Independent random numbers of one kind. */
typedef struct dw_distribution {
    uint32_t refs;
    enum { DW_NORMAL, DW_UNIFORM } family;
    double a, b;   /* NORMAL: mean and standard deviation; UNIFORM: lo and hi */
    size_t copies; /* 0: one number; n: a column of n */
} dw_distribution;

/* A measured fraction: acts as its number. */
typedef struct dw_estimate {
    uint32_t refs;
    double value, low, high; /* with its 95 % Wilson interval */
    double n;                /* how many were counted */
} dw_estimate;

/* A picture or a mark in one; what is inside belongs to the plotting library. */
typedef struct dw_plot {
    uint32_t refs;
    void *content;
    void (*free_content)(void *content);
} dw_plot;

typedef struct dw_list dw_list;
typedef struct dw_record dw_record;
typedef struct dw_function dw_function;
typedef struct dw_traced dw_traced;

typedef struct dw_value {
    dw_kind kind;
    union {
        double number;
        bool truth;
        uint32_t *refs; /* of any object */
        dw_tensor *array;
        dw_text *text;
        dw_list *list;
        dw_interval *interval;
        dw_record *record; /* RECORD and TABLE */
        dw_function *function;
        dw_distribution *distribution;
        dw_estimate *estimate;
        dw_plot *plot;
        dw_traced *traced;
    } as;
} dw_value;

/* rows×columns values, row by row; a plain list is 1×n. */
struct dw_list {
    uint32_t refs;
    size_t rows, columns, count; /* count = rows*columns */
    dw_value items[];
};

/* Named values. In a TABLE every value is a column of `rows` entries: a row array (one number per
 * entry), a matrix (one matrix column per entry) or a list. A RECORD with labels is the answer of a
 * classifier: one number for each class, named by the class; it also acts as the column of them. */
typedef struct {
    dw_text *name;
    dw_value value;
} dw_field;
struct dw_record {
    uint32_t refs;
    size_t rows; /* TABLE only */
    size_t count;
    dw_value labels; /* the classes as they are in the data: a list or row; or NOTHING */
    dw_field fields[];
};

struct dw_builtin;
struct dw_layer;
struct dw_unit;
struct dw_node;

/* What a net, a layer of one, or a trained function carries besides its values. Belongs to one
 * function, which frees it. */
enum { DW_NET_OPTIONS = 6 };
typedef struct dw_net {
    const struct dw_layer *layer;   /* of a layer; NULL: a chain, or a function with parameters */
    double options[DW_NET_OPTIONS]; /* of the layer */
    uint64_t key;                   /* the stream its parameters are drawn from */
    bool changed;                   /* parameters were set or trained since they were drawn */
    size_t rows, columns;           /* of an input; 0: any, or not known yet */
    dw_value words;                 /* embed: the texts behind the class numbers, a list */
    dw_value labels;                /* of the classes of a classifier: a list or a row */
    dw_value facts;                 /* what training left: a record */
} dw_net;

/* A function: a builtin, or one written in the language with the values it brought along, or a
 * chain f → g whose values are its stages, or a layer whose values are its parameters. */
/* What a function made from another one gives: its slope, gradient or second derivatives; and, for
 * minimising, its value alone, its value above the gradient, and the step of Newton's method. */
typedef enum {
    DW_UNDERIVED,
    DW_PRIME,
    DW_GRADIENT,
    DW_HESSIAN,
    DW_VALUE,
    DW_DESCENT,
    DW_NEWTON,
    DW_DERIVED
} dw_derived;
struct dw_function {
    uint32_t refs;
    const struct dw_builtin *builtin;   /* or NULL */
    dw_derived derived;                 /* a derivative of the function in values[0] */
    uint8_t parameters, required;       /* of a builtin's signature */
    bool rest;                          /* its first parameter takes any number of arguments */
    struct dw_unit *unit;               /* where it was written; holds a reference */
    const struct dw_node *node;         /* its FUNCTION node */
    uint32_t count;                     /* of values brought along (bound.h too), or of the
                                           chain's stages */
    struct dw_derivative_cache *traces; /* plans of its derivatives, for arguments seen before */
    dw_net *net;                        /* or NULL: see above */
    dw_value values[];
};

static inline dw_value dw_value_nothing(void) {
    return (dw_value){.kind = DW_NOTHING};
}
static inline dw_value dw_value_number(double x) {
    return (dw_value){.kind = DW_NUMBER, .as.number = x};
}
static inline dw_value dw_value_truth(bool x) {
    return (dw_value){.kind = DW_TRUTH, .as.truth = x};
}
static inline bool dw_value_is_object(dw_value v) {
    return v.kind >= DW_ARRAY;
}

/* One more reference (returned for convenience), one less. Numbers and truth values: nothing. */
static inline dw_value dw_value_retain(dw_value v) {
    if (dw_value_is_object(v))
        ++*v.as.refs;
    return v;
}
void dw_value_destroy(dw_value v); /* the last reference is gone; use dw_value_release */
static inline void dw_value_release(dw_value v) {
    if (dw_value_is_object(v) && --*v.as.refs == 0)
        dw_value_destroy(v);
}

/* Gives up what was begun in *v when it cannot be finished, and leaves NOTHING. Returns false. */
static inline bool dw_value_drop(dw_value *v) {
    dw_value_release(*v);
    *v = dw_value_nothing();
    return false;
}

/* Takes over the caller's reference to a tensor; a 1×1 becomes a number or truth value. */
dw_value dw_value_array(dw_tensor *tensor);

/* New objects with one reference, put into *out; false with a MEMORY error. */
bool dw_value_text(dw_mem *mem, const char *bytes, size_t size, dw_value *out,
                   dw_err *err) DW_CHECK;
bool dw_value_interval(dw_mem *mem, double lo, double hi, dw_value *out, dw_err *err) DW_CHECK;
bool dw_value_estimate(dw_mem *mem, double value, double low, double high, double n, dw_value *out,
                       dw_err *err) DW_CHECK;
bool dw_value_distribution(dw_mem *mem, int family, double a, double b, size_t copies,
                           dw_value *out, dw_err *err) DW_CHECK;
/* On failure the content is freed. */
bool dw_value_plot(dw_mem *mem, void *content, void (*free_content)(void *), dw_value *out,
                   dw_err *err) DW_CHECK;
/* All items NOTHING, to be filled in by the caller. */
bool dw_value_list(dw_mem *mem, size_t rows, size_t columns, dw_value *out, dw_err *err) DW_CHECK;
/* A RECORD or TABLE whose names are set (copied) and whose values are NOTHING. */
bool dw_value_record(dw_mem *mem, dw_kind kind, const char *const *names, size_t count, size_t rows,
                     dw_value *out, dw_err *err) DW_CHECK;

/* The answer of a classifier: the numbers of a tensor, one for each label. False with a MEMORY
 * error, or SHAPE when there are not as many. */
bool dw_value_labelled(dw_mem *mem, dw_value labels, const dw_tensor *numbers, dw_value *out,
                       dw_err *err) DW_CHECK;
bool dw_value_is_labelled(dw_value v);

/* The value of a field, borrowed; NULL when there is none of that name. */
const dw_value *dw_value_field(const dw_record *record, const char *name);

/* A truth value, an array of them, or a traced one. */
bool dw_value_is_truth(dw_value v);

/* Rows and columns of an array or a traced one. */
void dw_value_shape(dw_value v, size_t *rows, size_t *columns);

/* The kind in the words of errors: "a number", "a row of 3", "a text", "a list of 2", "a table of
 * 50 rows", "the function f"; written into out and returned. */
enum { DW_VALUE_WORDS = 96 };
const char *dw_value_words(dw_value v, char out[DW_VALUE_WORDS]);

/* A number, truth value or estimate as a double. False when it is none of these. */
bool dw_value_as_number(dw_value v, double *out);

/* Numbers as a tensor with a reference of its own: an array itself, a number as 1×1, an interval of
 * whole steps as a row, a list of numbers and estimates as a row. False (with a TYPE error unless
 * err is NULL) for anything else. */
bool dw_value_as_tensor(dw_mem *mem, dw_value v, dw_tensor **out, dw_err *err) DW_CHECK;

/* How many elements a loop over the value visits: an array's elements or, of a matrix, columns; a
 * list's items; a table's rows; an interval's whole steps. False with a TYPE error for others. */
bool dw_value_length(dw_value v, size_t *out, dw_err *err) DW_CHECK;

/* Element number i (from 0, i < length) with a reference for the caller. */
bool dw_value_element(dw_mem *mem, dw_value v, size_t i, dw_value *out, dw_err *err) DW_CHECK;

/* Joins pieces as [ ] does: numbers and arrays to one array, texts and others to a list (lists are
 * flattened into it), records of the same fields to a table. `beside` or one below the other. */
bool dw_value_join(dw_mem *mem, const dw_value *pieces, size_t count, bool below, dw_value *out,
                   dw_err *err) DW_CHECK;

/* Whether two values are the same (numbers exactly, arrays element by element, texts, lists, …). */
bool dw_value_same(dw_value a, dw_value b);

/* The same for values of the notebook's making: records that hold one another twice over, again
 * and again, are compared for ever. False with an INTERRUPT error when the run was asked to stop.
 */
bool dw_value_compare(dw_value a, dw_value b, const dw_cancel *cancel, bool *same,
                      dw_err *err) DW_CHECK;

/* Appends the value as a notebook shows it (several lines for tables and matrices), or as { } in a
 * text inserts it (one line; digits significant digits, 0 for the usual). */
void dw_value_show(dw_buf *out, dw_value v);
void dw_value_insert(dw_buf *out, dw_value v, int digits);

/* How things inside a value are written: digits of numbers, how deep inside they are (0: the value
 * itself, whose text stands without quotes), and how many more of them are written at all. */
typedef struct {
    int digits;
    unsigned depth;
    size_t *left;
} dw_value_style;

/* Appends a value that is inside another one. */
void dw_value_insert_inside(dw_buf *out, dw_value v, dw_value_style how);

/* Appends a table as an HTML table. Returns false, appending nothing, for other kinds. */
bool dw_value_show_html(dw_buf *out, dw_value v);

#endif

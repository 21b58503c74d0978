/* SPDX-License-Identifier: BSD-3-Clause */
/* Layers: one row each. A layer is a function whose values are its parameters (made when the shape
 * of its input is known) and after them what it measures in training. The words that make layers
 * are in lib_net.c. */
#ifndef DW_LAYER_H
#define DW_LAYER_H

#include "lang/eval.h"

typedef struct {
    size_t rows, columns;
} dw_layer_shape;

/* What a parameter starts with. */
typedef enum {
    DW_LAYER_WEIGHTS, /* normal numbers, scaled by how many come in (and go out) */
    DW_LAYER_NORMAL,  /* standard normal numbers */
    DW_LAYER_ZEROS,
    DW_LAYER_ONES
} dw_layer_start;

typedef struct {
    const char *name; /* "W" */
    dw_layer_start start;
} dw_layer_value;

/* What may stand between the brackets of the word. */
typedef struct {
    enum { DW_LAYER_NONE, DW_LAYER_WHOLE, DW_LAYER_SHARE, DW_LAYER_TRUTH } kind;
    double lo, hi;    /* allowed */
    double fallback;  /* when it is not given */
    const char *name; /* NULL: given by its place, and always shown */
} dw_layer_option;

enum { DW_LAYER_VALUES = 4 };

typedef struct dw_layer {
    const char *word;                        /* "dense" */
    dw_layer_option options[DW_NET_OPTIONS]; /* as many as are not NONE, in the word's order */
    uint32_t parameters, measured;           /* how many values of each kind */
    dw_layer_value values[DW_LAYER_VALUES];  /* parameters first */
    /* The shapes of all values (0×0: left out) and of the output for an input of a shape. False
     * with a SHAPE error that names the layer. */
    bool (*fit)(dw_eval *eval, const dw_function *layer, dw_layer_shape in, dw_layer_shape *values,
                dw_layer_shape *out);
    bool (*forward)(dw_eval *eval, const dw_function *layer, dw_value x, dw_value *out);
} dw_layer;

/* The layer of a word, or NULL; whether a value is a layer of that word (NULL: of any). */
const dw_layer *dw_layer_find(const char *word);
bool dw_layer_is(dw_value v, const char *word);

/* A layer as a function, its parameters not made yet. */
bool dw_layer_new(dw_eval *eval, const dw_layer *layer, const double *options, uint64_t key,
                  dw_value *out) DW_CHECK;

/* Whether its parameters are still to be made. */
bool dw_layer_is_open(const dw_function *layer);

/* Makes the parameters of a layer (nobody else holds it) for inputs of a shape and draws them from
 * its key: `balanced` weights with variance 2/(in + out) (Glorot and Bengio 2010), others with 2/in
 * (He et al. 2015). *out is the shape of its output. False with a SHAPE or MEMORY error. */
bool dw_layer_make(dw_eval *eval, dw_function *layer, dw_layer_shape in, bool balanced,
                   dw_layer_shape *out) DW_CHECK;

/* The shape of the output for an input: also checks that the parameters fit it. */
bool dw_layer_output(dw_eval *eval, const dw_function *layer, dw_layer_shape in,
                     dw_layer_shape *out) DW_CHECK;

/* Spreads the biases of a dense layer of one input so that what it gives changes its sign at places
 * spread evenly over -1..1. */
void dw_layer_spread(dw_function *dense);

/* What layers measured while a net was traced in training: of each the values after its parameters,
 * traced, in the order of the calls. */
typedef struct {
    const dw_function *layer; /* borrowed: the net that is traced holds it */
    dw_value values[DW_LAYER_VALUES];
} dw_layer_noted;
typedef struct dw_layer_notes {
    dw_layer_noted *items; /* dw_mem */
    size_t count, room;
} dw_layer_notes;

/* Notes what a layer measured when eval->notes asks for it; retains the values. */
bool dw_layer_note(dw_eval *eval, const dw_function *layer, const dw_value *measured) DW_CHECK;
void dw_layer_free_notes(dw_layer_notes *notes);

/* The layer as a chain shows it: "32", "conv(8, 5)"; `alone`, outside a chain: "dense(32)". */
void dw_layer_text(dw_buf *out, const dw_function *layer, bool alone);

#endif

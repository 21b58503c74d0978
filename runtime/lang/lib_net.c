/* SPDX-License-Identifier: BSD-3-Clause */
/* Words for nets: layers that a number between arrows cannot say, softmax, and the parameters. What
 * a layer is stands in layer.c, in a row of the same name. */
#include "lang/builtin.h"

#include "lang/either.h"
#include "lang/eval.h"
#include "lang/layer.h"
#include "lang/net.h"
#include "lang/net_make.h"
#include "lang/trace.h"
#include "graph/softmax.h"
#include "tensor/reduce.h"

static dw_operate operate_of(const dw_call *call) {
    return (dw_operate){call->mem, call->cancel, call->err};
}

/* ---- layers ---- */

static bool read_option(dw_call *call, size_t i, const dw_layer_option *option, double *out) {
    size_t whole;
    bool truth;
    *out = option->fallback;
    if (!dw_call_given(call, i))
        return true;
    if (option->kind == DW_LAYER_TRUTH) {
        if (!dw_call_truth(call, i, &truth))
            return false;
        *out = truth;
        return true;
    }
    if (option->kind == DW_LAYER_WHOLE) {
        if (!dw_call_whole(call, i, option->lo, option->hi, &whole))
            return false;
        *out = (double)whole;
        return true;
    }
    if (!dw_call_number(call, i, out))
        return false;
    return (*out >= option->lo && *out < option->hi) ||
           dw_call_fail(call, i, DW_ERR_VALUE,
                        "%s needs a share from 0 to less than 1, this is %.6g", call->builtin->name,
                        *out);
}

/* Any row of a layer: its options are those of the layer's row in layer.c. */
static bool run_layer(dw_call *call, dw_value *out) {
    const dw_layer *layer = dw_layer_find(call->builtin->name);
    double options[DW_NET_OPTIONS] = {0};
    for (size_t i = 0; i < call->count; i++)
        if (!read_option(call, i, &layer->options[i], &options[i]))
            return false;
    return dw_layer_new(call->eval, layer, options, dw_rng_bits(dw_call_rng(call)), out);
}

/* ---- functions of columns ---- */

/* exp(x - max x)/Σexp(x - max x) of one column whose elements lie `step` apart: the largest is
 * taken away so that nothing becomes infinite. `powers` is room for n numbers. Told to stop, it
 * leaves a part undone. */
static void shares(double *x, size_t n, size_t step, double *powers, const dw_cancel *cancel) {
    enum { ROUND = 1 << 12 }; /* whole vectors for every kernel */
    double largest = x[0];
    for (size_t i = 1; i < n && !dw_cancel_stops(cancel, i); i++)
        largest = x[i * step] > largest || x[i * step] != x[i * step] ? x[i * step] : largest;
    for (size_t i = 0; i < n && !dw_cancel_stops(cancel, i); i++)
        powers[i] = x[i * step] - largest;
    for (size_t i = 0; i < n && !dw_cancel_stops(cancel, 0); i += ROUND)
        dw_elem_run1(DW_ELEM_EXP, powers + i, powers + i, n - i < ROUND ? n - i : ROUND);
    double sum = dw_reduce_sum(powers, n, cancel);
    for (size_t i = 0; i < n && !dw_cancel_stops(cancel, i); i++)
        x[i * step] = powers[i] / sum;
}

static bool traced_softmax(dw_call *call, dw_value *out) {
    dw_trace *trace = call->args[0].as.traced->trace;
    dw_graph_id y;
    return dw_softmax_shares(trace->graph, call->args[0].as.traced->id, &y, call->err) &&
           dw_trace_value(trace, y, out, call->err);
}

/* Of a vector, or of each column of a matrix. */
static bool run_softmax(dw_call *call, dw_value *out) {
    dw_tensor *x;
    if (!dw_call_tensor(call, 0, &x))
        return false;
    x = dw_tensor_own(call->mem, x, call->err);
    if (x == NULL)
        return false;
    bool vector = dw_tensor_is_vector(x);
    size_t n = vector ? x->size : x->dim[0], columns = vector ? 1 : x->dim[1];
    double *powers = dw_mem_array(call->mem, n + 1, sizeof *powers);
    if (powers == NULL) {
        dw_tensor_release(x);
        return dw_err_memory(call->err, "softmax");
    }
    for (size_t c = 0; n > 0 && c < columns; c++)
        shares(x->data + c, n, columns, powers, call->cancel);
    dw_mem_free(powers);
    x->truth = false;
    *out = dw_value_array(x);
    return dw_call_unless_stopped(call, out);
}

static bool run_flatten(dw_call *call, dw_value *out) {
    dw_operate o = operate_of(call);
    char words[DW_VALUE_WORDS];
    size_t rows, columns;
    if (!dw_either_shape(call->args[0], &rows, &columns))
        return dw_call_fail(call, 0, DW_ERR_TYPE, "flatten needs an array, this is %s",
                            dw_value_words(call->args[0], words));
    return dw_either_reshape(&o, call->args[0], rows * columns, 1, out);
}

/* ---- parameters ---- */

static bool needs_net(dw_call *call) {
    char words[DW_VALUE_WORDS];
    return dw_net_is(call->args[0]) ||
           dw_call_fail(call, 0, DW_ERR_TYPE,
                        "%s needs a net such as 1 → 8 → relu → 1, or a function with parameters "
                        "after a semicolon; this is %s",
                        call->builtin->name, dw_value_words(call->args[0], words));
}

static bool run_params(dw_call *call, dw_value *out) {
    if (!needs_net(call))
        return false;
    if (dw_net_is_open(call->args[0]))
        return dw_call_fail(call, 0, DW_ERR_VALUE,
                            "this net has no parameters yet: it gets the size of its input from "
                            "the data; begin it with a number, as in 64 → 32 → 1");
    return dw_net_column(call->eval, call->args[0], out);
}

static bool run_randomize(dw_call *call, dw_value *out) {
    return needs_net(call) && dw_net_make_fresh(call->eval, call->args[0], out);
}

#define LAYER(word, parameters, text, sample, others)                              \
    {                                                                              \
        .name = word, .group = "Nets", .signature = word parameters, .help = text, \
        .example = sample, .see = others, .run = run_layer                         \
    }
#define ROW(word, parameters, text, sample, others, function, when_traced)         \
    {                                                                              \
        .name = word, .group = "Nets", .signature = word parameters, .help = text, \
        .example = sample, .see = others, .run = function, .traced = when_traced   \
    }

const dw_builtin dw_lib_net[] = {
    LAYER("dense", "(size, bias = true)",
          "The layer W*x + b with so many outputs: what a number between arrows means.\n"
          "bias: false leaves b out",
          "f = 3 → dense(2, bias = false)\ncount(params(f))  # → 6", "conv params"),
    LAYER("conv", "(channels, width, line = false, pad = 0, step = 1, inputs = 1)",
          "A layer that looks at an image through a window of width × width pixels: every channel "
          "is a weighted sum of what is in the window. A column of pixels is a square image.\n"
          "line: true for numbers in a line instead of a square\n"
          "pad: so many zeros around the image\n"
          "step: how far the window moves each time\n"
          "inputs: channels of an image that comes as one column",
          "f = 64 → conv(8, 5) → relu → flatten → 10\nsize(f.W1)  # → [8, 25]",
          "pool meanpool flatten dense"),
    LAYER("pool", "(width = 2, line = false)",
          "A layer that keeps the largest pixel of every window of width × width, per channel.\n"
          "line: true for numbers in a line instead of a square",
          "f = 16 → pool(2)\nf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])  "
          "# → [6, 8, 14, 16]",
          "meanpool conv"),
    LAYER("meanpool", "(width = 2, line = false)",
          "A layer that keeps the mean of every window of width × width pixels, per channel.\n"
          "line: true for numbers in a line instead of a square",
          "f = 4 → meanpool(2, line = true)\nf([1, 3, 5, 9])  # → [2, 7]", "pool conv"),
    LAYER("embed", "(size, count = 0)",
          "A layer that gives every word (or class number from 1) a column of numbers of its own, "
          "which is trained; several words give their columns below one another.\n"
          "count: how many words there are; else they come from the data",
          "f = 3 → embed(8, count = 20) → 1\nsize(f.E1)  # → [8, 20]", "dense softmax"),
    LAYER("layernorm", "()",
          "A layer that moves and scales its input to mean 0 and variance 1, then by gain and "
          "shift, which are trained.",
          "f = 2 → layernorm\nround(f([3; 5]), 3)'  # → [-1, 1]", "batchnorm"),
    LAYER("batchnorm", "()",
          "Like layernorm, but for every number of its own: mean and variance are those over the "
          "samples of a step in training, over the training data afterwards.",
          "f = 2 → 4 → batchnorm → relu → 1\nsize(f.gain1)  # → [4, 1]", "layernorm"),
    LAYER("dropout", "(share)",
          "A layer that in training sets a share of its numbers to 0, different ones each time, "
          "and makes the others larger by as much; otherwise it does nothing.",
          "f = 2 → dropout(0.5)\nf([1; 2])'  # → [1, 2]", "dense"),
    ROW("flatten", "(x)", "The elements of an array, row by row, as one column.",
        "flatten([1, 2; 3, 4])'  # → [1, 2, 3, 4]", "conv transpose", run_flatten, run_flatten),
    ROW("softmax", "(x)",
        "Numbers as chances: exp of each, divided by the sum of all, for every column of a matrix. "
        "As the last stage of a net it makes a classifier.",
        "softmax([0, log(3)])  # → [0.25, 0.75]", "sigmoid exp", run_softmax, traced_softmax),
    ROW("params", "(net)",
        "All parameters of a net in one column; f(x; w) is the net f with the parameters w.",
        "f = 1 → 8 → relu → 1\ncount(params(f))  # → 25", "randomize", run_params, run_params),
    ROW("randomize", "(net)",
        "The same net with fresh random parameters, as if it had just been written.",
        "f = 1 → 8 → tanh → 1\nall(params(f) == params(randomize(f)))  # → false", "params seed",
        run_randomize, run_randomize),
    {.name = NULL},
};

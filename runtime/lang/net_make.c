/* SPDX-License-Identifier: BSD-3-Clause */
/* Making nets. */
#include "lang/net_make.h"

#include "lang/builtin.h"
#include "lang/either.h"
#include "lang/express.h"
#include "lang/invoke.h"
#include "lang/layer.h"
#include "lang/net_call.h"
#include "lang/net_show.h"

#include <math.h>
#include <string.h>

enum { DEPTH = 30 };

static const dw_builtin *builtin_of(dw_value v) {
    return v.kind == DW_FUNCTION ? v.as.function->builtin : NULL;
}

/* ---- the sizes of parameters ---- */

/* What a function of the notebook gives for zeros: tells the shape of its output. */
static bool probe(dw_eval *e, dw_value f, dw_layer_shape *shape) {
    dw_tensor *zeros = dw_tensor_zeros(e->mem, shape->rows, shape->columns, e->err);
    if (zeros == NULL)
        return false;
    dw_value x = dw_value_array(zeros), y;
    dw_rng before = e->rng;
    bool quiet = e->quiet;
    e->quiet = true;
    bool fine = dw_net_call_stage(e, NULL, (dw_span){0, 0}, f, x, &y);
    e->quiet = quiet;
    e->rng = before;
    dw_value_release(x);
    if (!fine)
        return false;
    char words[DW_VALUE_WORDS];
    fine = dw_either_shape(y, &shape->rows, &shape->columns) ||
           dw_err_set(e->err, DW_ERR_TYPE,
                      "the stages of a net give numbers to the next one, this one gives %s",
                      dw_value_words(y, words));
    dw_value_release(y);
    return fine;
}

/* Whether weights in front of a stage are best scaled by inputs and outputs: for functions that
 * level off on both sides. */
static bool levels_off(dw_value v) {
    const dw_builtin *b = builtin_of(v);
    return b != NULL && (strcmp(b->name, "tanh") == 0 || strcmp(b->name, "sigmoid") == 0 ||
                         strcmp(b->name, "softmax") == 0);
}

/* What comes after stage i of a chain, passing over layers that only shift and scale. */
static bool is_balanced(const dw_function *chain, uint32_t i) {
    while (++i < chain->count)
        if (!dw_layer_is(chain->values[i], NULL) || dw_layer_is(chain->values[i], "dense") ||
            dw_layer_is(chain->values[i], "conv"))
            return levels_off(chain->values[i]);
    return false;
}

static bool size_chain(dw_eval *e, dw_value *chain, dw_layer_shape *shape, uint32_t *at,
                       unsigned depth);

static bool size_layer(dw_eval *e, dw_value *v, bool balanced, dw_layer_shape *shape) {
    dw_layer_shape in = *shape;
    if (!dw_layer_is_open(v->as.function))
        return dw_layer_output(e, v->as.function, in, shape);
    return dw_net_own(e, v) && dw_layer_make(e, v->as.function, in, balanced, shape);
}

/* Makes the parameters of one stage and follows the shape through it. */
static bool size_stage(dw_eval *e, dw_function *chain, uint32_t i, dw_layer_shape *shape,
                       unsigned depth) {
    dw_value *v = &chain->values[i];
    uint32_t at;
    if (dw_layer_is(*v, NULL))
        return size_layer(e, v, is_balanced(chain, i), shape);
    if (builtin_of(*v) != NULL &&
        (builtin_of(*v)->elem != 0 || strcmp(builtin_of(*v)->name, "softmax") == 0))
        return true;
    if (dw_net_is_chain(*v) && v->as.function->net != NULL)
        return size_chain(e, v, shape, &at, depth + 1);
    if (dw_net_is_open(*v))
        return dw_err_set(e->err, DW_ERR_VALUE,
                          "a net inside a function must begin with the size of its input, as in "
                          "g = 16 → 16 → relu");
    return probe(e, *v, shape);
}

static bool wrong_start(dw_eval *e, const dw_net *net, dw_layer_shape in) {
    return dw_err_set(e->err, DW_ERR_SHAPE,
                      "the net inside starts with %zu, but %zu number%s come%s in", net->rows,
                      in.rows * in.columns, in.rows * in.columns == 1 ? "" : "s",
                      in.rows * in.columns == 1 ? "s" : "");
}

/* Whether a stage from number i on has parameters, which must fit. */
static bool rest_nets(const dw_function *chain, uint32_t i) {
    for (; i < chain->count; i++)
        if (dw_net_is(chain->values[i]))
            return true;
    return false;
}

/* Makes all parameters of a chain; *at is the stage an error belongs to. Inside another chain the
 * shape is followed to the end. */
static bool size_chain(dw_eval *e, dw_value *v, dw_layer_shape *shape, uint32_t *at,
                       unsigned depth) {
    *at = 0;
    dw_net *net = v->as.function->net;
    if (depth > DEPTH)
        return dw_err_set(e->err, DW_ERR_LIMIT, "more than %d nets inside each other", DEPTH);
    if (net->rows != 0 && (net->rows != shape->rows || net->columns != shape->columns) &&
        !(net->rows == shape->rows * shape->columns && shape->rows == 1))
        return wrong_start(e, net, *shape);
    if (!dw_net_own(e, v))
        return false;
    dw_function *chain = v->as.function;
    if (chain->net->rows == 0) {
        chain->net->rows = shape->rows;
        chain->net->columns = shape->columns;
    }
    for (; *at < chain->count && (depth > 0 || rest_nets(chain, *at)); ++*at)
        if (!size_stage(e, chain, *at, shape, depth))
            return false;
    return true;
}

/* Lets the places where the sum of a first layer of one input is 0 spread over -1..1. */
static void spread_first(dw_value *v) {
    const dw_net *net = v->as.function->net;
    dw_value first = v->as.function->count > 0 ? v->as.function->values[0] : dw_value_nothing();
    if (net->rows == 1 && net->columns == 1 && dw_layer_is(first, "dense") &&
        !first.as.function->net->changed && first.as.function->refs == 1)
        dw_layer_spread(first.as.function);
}

/* Sizes a chain nobody else holds. */
static bool make_chain(dw_eval *e, dw_value *v, dw_layer_shape shape, uint32_t *at) {
    bool open = dw_net_is_open(*v);
    if (!size_chain(e, v, &shape, at, 0))
        return false;
    if (open)
        spread_first(v);
    return true;
}

/* "data.x has 64 numbers per sample, but the net starts with 8. Try 64 → 32 → relu → 1" */
static bool wrong_input(dw_eval *e, dw_value f, const char *what, size_t rows, size_t columns) {
    const dw_net *net = f.as.function->net;
    size_t count = rows * columns;
    const char *s = count == 1 ? "" : "s";
    dw_buf text;
    dw_buf_init(&text, e->mem);
    dw_net_show_from(&text, f, count);
    const char *fit = text.data;
    bool whole = dw_buf_whole(&text, "this net", e->err);
    if (whole && columns != 1 && rows != 1)
        dw_err_set(e->err, DW_ERR_SHAPE,
                   "the net starts with %zu, %s is %zu×%zu: it takes one column at a time, as in "
                   "[f(x) for x in xs]",
                   net->rows, what != NULL ? what : "this", rows, columns);
    else if (whole && what == NULL)
        dw_err_set(e->err, DW_ERR_SHAPE,
                   "the net starts with %zu, here %s %zu number%s. For these it is %s", net->rows,
                   count == 1 ? "is" : "are", count, s, fit);
    else if (whole)
        dw_err_set(e->err, DW_ERR_SHAPE,
                   "%s has %zu number%s per sample, but the net starts with %zu. Try %s", what,
                   count, s, net->rows, fit);
    dw_buf_free(&text);
    return false;
}

bool dw_net_make_sized(dw_eval *e, dw_value f, const char *what, size_t rows, size_t columns,
                       dw_value *out) {
    const dw_net *net = f.as.function->net;
    uint32_t at;
    if (!dw_net_is(f) || f.as.function->node != NULL) {
        *out = dw_value_retain(f);
        return true;
    }
    bool layer = net->layer != NULL;
    bool fits = (net->rows == rows && net->columns == columns) ||
                (net->columns == 1 && rows == 1 && net->rows == columns);
    if (!layer && net->rows != 0 && !fits)
        return wrong_input(e, f, what, rows, columns);
    *out = dw_value_retain(f);
    if (!dw_net_is_open(f))
        return true;
    dw_layer_shape shape = {rows, columns};
    bool fine = dw_net_own(e, out) &&
                (layer ? size_layer(e, out, false, &shape) : make_chain(e, out, shape, &at));
    return fine || dw_value_drop(out);
}

/* ---- chains ---- */

static uint64_t key_of(uint64_t key, uint64_t index) {
    dw_rng parent = {.key = key};
    return dw_rng_split(&parent, 0, index).key;
}

static bool is_layer_word(const dw_builtin *b) {
    return b != NULL && dw_layer_find(b->name) != NULL;
}

/* What to add about numbers that are whole but too large. */
static const char *too_many(double count) {
    return count > 1e7 ? "; the most is 10000000" : "";
}

/* A number as a layer of so many outputs. */
static bool number_stage(dw_eval *e, double units, dw_value *out) {
    const double options[DW_NET_OPTIONS] = {units, 1};
    if (!(units >= 1 && units <= 1e7) || units != floor(units))
        return dw_err_set(e->err, DW_ERR_VALUE,
                          "a number between arrows is how many numbers go on: a whole number from "
                          "1 up, this is %.15g%s",
                          units, too_many(units));
    return dw_layer_new(e, dw_layer_find("dense"), options, 0, out);
}

/* layernorm without brackets: the layer with what it has by default. */
static bool word_stage(dw_eval *e, const dw_function *f, dw_value *out) {
    if (f->required > 0)
        return dw_err_set(e->err, DW_ERR_TYPE, "%s needs its numbers in brackets: %s",
                          f->builtin->name, f->builtin->signature);
    return dw_layer_new(e, dw_layer_find(f->builtin->name), NULL, 0, out);
}

/* Replaces a value between arrows by the function it stands for. */
static bool as_stage(dw_eval *e, dw_value *v) {
    char words[DW_VALUE_WORDS];
    dw_value made;
    double number;
    if (v->kind == DW_FUNCTION && !is_layer_word(v->as.function->builtin))
        return true;
    if (v->kind == DW_FUNCTION) {
        if (!word_stage(e, v->as.function, &made))
            return false;
    } else if (!dw_value_as_number(*v, &number) || v->kind == DW_TRUTH) {
        return dw_err_set(e->err, DW_ERR_TYPE,
                          "between arrows stand numbers, layers and functions, this is %s",
                          dw_value_words(*v, words));
    } else if (!number_stage(e, number, &made)) {
        return false;
    }
    dw_value_release(*v);
    *v = made;
    return true;
}

/* Whether a value between arrows makes the chain a net. */
static bool makes_net(dw_value v) {
    return v.kind != DW_FUNCTION || is_layer_word(v.as.function->builtin) || dw_net_is(v);
}

/* Whether an expression can be worked out again anywhere: it reads nothing local. */
static bool stands_alone(const dw_node *node) {
    if (node->kind == DW_NODE_NAME && node->place != DW_PLACE_GLOBAL)
        return false;
    if (node->kind == DW_NODE_FUNCTION || node->kind == DW_NODE_COMPREHENSION ||
        node->kind == DW_NODE_DO)
        return false;
    for (uint32_t i = 0; i < node->count; i++)
        if (node->child[i] != NULL && !stands_alone(node->child[i]))
            return false;
    return true;
}

/* What a parameter begins with: its expression worked out again; where that reads local names,
 * which are gone, a net is drawn afresh and anything else stays. */
static bool start_of(dw_eval *e, const dw_function *f, const dw_node *start, dw_value old,
                     dw_value *out) {
    dw_frame frame = {.unit = f->unit};
    const dw_net *net = old.kind == DW_FUNCTION ? old.as.function->net : NULL;
    if (stands_alone(start))
        return dw_express_node(e, &frame, start, out);
    if (dw_net_is(old) && (net == NULL || !net->changed))
        return dw_net_make_fresh(e, old, out);
    *out = dw_value_retain(old);
    return true;
}

/* Gives the parameters of a written function their start values again: all, or only those that are
 * nets. */
static bool begin_again(dw_eval *e, dw_value *v, bool nets_only) {
    const dw_function_node *node = v->as.function->node->u.function;
    for (uint32_t i = node->inputs; i < node->count; i++) {
        uint32_t at = node->capture_count + i - node->inputs;
        const dw_node *start = node->parameters[i].fallback;
        dw_value begun, old = v->as.function->values[at];
        if (nets_only && !dw_net_is(old))
            continue;
        if (!dw_net_own(e, v) || !start_of(e, v->as.function, start, old, &begun))
            return false;
        dw_value_release(v->as.function->values[at]);
        v->as.function->values[at] = begun;
    }
    return true;
}

/* ---- fresh parameters ---- */

static bool fresh(dw_eval *e, dw_value *v, uint64_t key, unsigned depth);

static bool fresh_layer(dw_eval *e, dw_value *v, uint64_t key) {
    if (!dw_net_own(e, v))
        return false;
    dw_function *f = v->as.function;
    f->net->key = key;
    f->net->changed = false;
    for (uint32_t i = 0; i < f->count; i++)
        dw_value_drop(&f->values[i]);
    return true;
}

/* Takes all parameters of a chain away, to be made again. */
static bool fresh_chain(dw_eval *e, dw_value *v, uint64_t key, unsigned depth) {
    if (!dw_net_own(e, v))
        return false;
    dw_function *f = v->as.function;
    f->net->key = key;
    f->net->changed = false;
    dw_value_drop(&f->net->facts);
    for (uint32_t i = 0; i < f->count; i++)
        if (!fresh(e, &f->values[i], key_of(key, i), depth + 1))
            return false;
    return true;
}

static bool fresh(dw_eval *e, dw_value *v, uint64_t key, unsigned depth) {
    if (!dw_net_is(*v) || depth > DEPTH)
        return true;
    if (dw_layer_is(*v, NULL))
        return fresh_layer(e, v, key);
    if (v->as.function->node == NULL)
        return fresh_chain(e, v, key, depth);
    if (!begin_again(e, v, false))
        return false;
    if (v->as.function->net != NULL) {
        v->as.function->net->changed = false;
        dw_value_drop(&v->as.function->net->facts);
    }
    return true;
}

/* Gives stage i weights of its own: a layer a new key, a written function new nets inside, and a
 * net that stands in the chain before fresh ones, unless they were trained or set. */
static bool make_own(dw_eval *e, dw_function *chain, uint32_t i) {
    uint64_t key = key_of(chain->net->key, i);
    dw_value *v = &chain->values[i];
    dw_function *f = v->as.function;
    bool repeated = false;
    for (uint32_t j = 0; j < i; j++)
        repeated = repeated || chain->values[j].as.function == f;
    if (dw_layer_is(*v, NULL) && dw_layer_is_open(f)) {
        if (!dw_net_own(e, v))
            return false;
        v->as.function->net->key = key;
        return true;
    }
    if (repeated && dw_net_is_chain(*v) && f->net != NULL && !f->net->changed)
        return dw_net_own(e, v) && fresh(e, v, key, 0);
    if (f->node == NULL || (f->net != NULL && f->net->changed))
        return true;
    return !dw_net_is(*v) || begin_again(e, v, true);
}

static bool add_extras(dw_eval *e, dw_function *chain, double input) {
    chain->net = dw_mem_new(e->mem, sizeof *chain->net);
    if (chain->net == NULL)
        return dw_err_memory(e->err, "a net");
    chain->net->key = dw_rng_bits(&e->rng);
    chain->net->rows = (size_t)input;
    chain->net->columns = input > 0 ? 1 : 0;
    return true;
}

/* Turns the stages into functions with weights of their own and makes what can be made. */
static bool finish(dw_eval *e, const dw_frame *frame, const dw_node *node, uint32_t skipped,
                   dw_value *chain) {
    dw_function *f = chain->as.function;
    uint32_t at = 0;
    for (uint32_t i = 0; i < f->count; i++)
        if (!as_stage(e, &f->values[i]) || (f->net != NULL && !make_own(e, f, i)))
            return dw_eval_place(e, frame, node->child[i + skipped]->span);
    if (f->net == NULL)
        return true;
    if (f->net->rows == 0) /* a chain that begins with a net takes what that net takes */
        (void)dw_net_input(f->values[0], &f->net->rows, &f->net->columns);
    if (f->net->rows == 0)
        return true;
    return make_chain(e, chain, (dw_layer_shape){f->net->rows, f->net->columns}, &at) ||
           dw_eval_place(e, frame, node->child[at + skipped]->span);
}

bool dw_net_make_chain(dw_eval *e, const dw_frame *frame, const dw_node *node, dw_value *values,
                       dw_value *out) {
    bool net = false;
    double input = 0;
    for (uint32_t i = 0; i < node->count; i++)
        net = net || makes_net(values[i]);
    bool number = dw_value_as_number(values[0], &input) && values[0].kind != DW_TRUTH;
    uint32_t skipped = number ? 1 : 0, count = node->count - skipped;
    dw_function *chain = dw_mem_new(e->mem, sizeof *chain + count * sizeof(dw_value));
    if (chain == NULL) {
        for (uint32_t i = 0; i < node->count; i++)
            dw_value_release(values[i]);
        return dw_err_memory(e->err, "a chain of functions");
    }
    *chain = (dw_function){.refs = 1, .count = count};
    *out = (dw_value){.kind = DW_FUNCTION, .as.function = chain};
    memcpy(chain->values, values + skipped, count * sizeof *values);
    if (number)
        dw_value_release(values[0]);
    bool fine = true;
    if (number && (!(input >= 1 && input <= 1e7) || input != floor(input)))
        fine = dw_eval_fail(e, frame, node->child[0]->span, DW_ERR_VALUE,
                            "the number before the first arrow is how many numbers come in: a "
                            "whole number from 1 up, this is %.15g%s",
                            input, too_many(input));
    fine = fine && (!net || add_extras(e, chain, number ? input : 0)) &&
           finish(e, frame, node, skipped, out);
    return fine || dw_value_drop(out);
}

/* ---- fresh nets ---- */

bool dw_net_make_fresh(dw_eval *e, dw_value f, dw_value *out) {
    size_t rows, columns;
    uint32_t at;
    *out = dw_value_retain(f);
    if (!dw_net_is(f))
        return true;
    bool fine = dw_net_own(e, out) && fresh(e, out, dw_rng_bits(&e->rng), 0);
    if (fine && f.as.function->node == NULL && dw_net_input(f, &rows, &columns)) {
        dw_layer_shape shape = {rows, columns};
        fine = dw_layer_is(f, NULL) ? size_layer(e, out, false, &shape)
                                    : make_chain(e, out, shape, &at);
    }
    return fine || dw_value_drop(out);
}

/* ---- parts ---- */

size_t dw_net_make_stages(dw_value chain) {
    return dw_net_is_chain(chain) ? chain.as.function->count : 0;
}

bool dw_net_make_part(dw_eval *e, dw_value v, const size_t *stages, size_t count, dw_value *out) {
    const dw_function *chain = v.as.function;
    if (count == 1 && !dw_net_is(chain->values[stages[0]])) {
        *out = dw_value_retain(chain->values[stages[0]]);
        return true;
    }
    if (count == 0)
        return dw_err_set(e->err, DW_ERR_INDEX, "no stage is chosen: f[1..2] are the first two");
    dw_function *part = dw_mem_new(e->mem, sizeof *part + count * sizeof(dw_value));
    if (part == NULL)
        return dw_err_memory(e->err, "a chain of functions");
    *part = (dw_function){.refs = 1, .count = (uint32_t)count};
    *out = (dw_value){.kind = DW_FUNCTION, .as.function = part};
    bool net = false;
    for (size_t i = 0; i < count; i++) {
        part->values[i] = dw_value_retain(chain->values[stages[i]]);
        net = net || dw_net_is(part->values[i]);
    }
    if (!net)
        return true;
    part->net = dw_mem_new(e->mem, sizeof *part->net);
    if (part->net == NULL) {
        dw_value_drop(out);
        return dw_err_memory(e->err, "a net");
    }
    part->net->key = chain->net->key;
    part->net->changed = true;
    const dw_net *first = part->values[0].as.function->net;
    bool begins = stages[0] == 0;
    if (begins || first != NULL) {
        part->net->rows = begins ? chain->net->rows : first->rows;
        part->net->columns = begins ? chain->net->columns : first->columns;
    }
    return true;
}

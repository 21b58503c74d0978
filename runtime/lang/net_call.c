/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling nets. */
#include "lang/net_call.h"

#include "lang/builtin.h"
#include "lang/either.h"
#include "lang/express.h"
#include "lang/layer.h"
#include "lang/loop.h"
#include "lang/net_make.h"

enum { INPUTS = 64 };

/* ---- stages ---- */

/* An element-by-element operation on an array nobody else holds, in place. */
static bool map_in_place(dw_value f, dw_value x) {
    const dw_builtin *b = f.kind == DW_FUNCTION ? f.as.function->builtin : NULL;
    if (b == NULL || b->elem == 0 || x.kind != DW_ARRAY || x.as.array->refs != 1 ||
        x.as.array->truth)
        return false;
    dw_tensor *t = x.as.array;
    dw_elem_run1((dw_elem_unary)(b->elem - 1), t->data, t->data, t->size);
    return true;
}

/* Applies the stages of a chain one after the other. */
static bool run_chain(dw_eval *e, const dw_frame *frame, dw_span place, const dw_function *f,
                      dw_value x, dw_value *out) {
    if (!dw_invoke_enter(e, frame, place))
        return false;
    dw_value value = dw_value_retain(x);
    bool fine = true;
    for (uint32_t i = 0; fine && i < f->count; i++) {
        dw_value next;
        if (map_in_place(f->values[i], value))
            continue;
        fine = dw_net_call_stage(e, frame, place, f->values[i], value, &next);
        dw_value_release(value);
        value = fine ? next : dw_value_nothing();
    }
    e->calls--;
    if (fine)
        *out = value;
    return fine;
}

bool dw_net_call_stage(dw_eval *e, const dw_frame *frame, dw_span place, dw_value f, dw_value x,
                       dw_value *out) {
    if (dw_layer_is(f, NULL))
        return f.as.function->net->layer->forward(e, f.as.function, x, out) ||
               dw_eval_place(e, frame, place);
    if (dw_net_is_chain(f))
        return run_chain(e, frame, place, f.as.function, x, out);
    return dw_invoke_values(e, frame, place, f, (dw_values){&x, 1}, out);
}

/* ---- inputs and answers ---- */

/* The shape of a sample. Texts go to an embed layer: as many rows. */
static bool shape_of(dw_value x, size_t *rows, size_t *columns) {
    *rows = *columns = 1;
    if (x.kind == DW_TEXT || dw_either_shape(x, rows, columns))
        return true;
    bool labelled = dw_value_is_labelled(x);
    if (x.kind == DW_LIST || labelled)
        *rows = labelled ? x.as.record->count : x.as.list->count;
    return x.kind == DW_LIST || labelled;
}

/* Several values as one column. */
static bool join_inputs(dw_eval *e, const dw_frame *frame, dw_span place, dw_values args,
                        dw_value *out) {
    double number;
    for (size_t i = 0; i < args.count; i++)
        if (args.items[i].kind != DW_TRACED && !dw_value_as_number(args.items[i], &number))
            return dw_eval_fail(e, frame, place, DW_ERR_TYPE,
                                "a net takes one column, or its numbers one by one; here are %zu "
                                "values",
                                args.count);
    return dw_value_join(e->mem, args.items, args.count, true, out, e->err);
}

/* The numbers of a sample in the shape the net wants; lists of texts stay as they are. */
static bool as_sample(dw_eval *e, const dw_net *net, dw_value x, dw_value *out) {
    dw_operate o = {.mem = e->mem, .cancel = &e->cancel, .err = e->err};
    dw_tensor *t;
    size_t rows, columns;
    if (dw_either_shape(x, &rows, &columns)) {
        if (net->rows != 0 && net->rows * net->columns == rows * columns)
            return dw_either_reshape(&o, x, net->rows, net->columns, out);
    } else if (dw_value_as_tensor(e->mem, x, &t, NULL)) {
        *out = dw_value_array(t);
        return true;
    }
    *out = dw_value_retain(x);
    return true;
}

static bool label(dw_eval *e, dw_value labels, dw_value *answer) {
    dw_tensor *numbers;
    if (labels.kind == DW_NOTHING || (answer->kind != DW_ARRAY && answer->kind != DW_NUMBER))
        return true;
    if (!dw_value_as_tensor(e->mem, *answer, &numbers, e->err))
        return dw_value_drop(answer);
    dw_value plain = *answer;
    bool fine = dw_value_labelled(e->mem, labels, numbers, answer, e->err);
    dw_tensor_release(numbers);
    dw_value_release(plain);
    if (!fine)
        *answer = dw_value_nothing();
    return fine;
}

/* Calls a net with one sample. */
static bool call_sample(dw_eval *e, const dw_frame *frame, dw_span place, dw_value f, dw_value x,
                        dw_value *out) {
    char words[DW_VALUE_WORDS];
    size_t rows, columns;
    dw_value sized, sample;
    if (!shape_of(x, &rows, &columns) || (x.kind == DW_TEXT && !dw_net_has_embed(f)))
        return dw_eval_fail(e, frame, place, DW_ERR_TYPE,
                            "a net takes a column of numbers, this "
                            "is %s",
                            dw_value_words(x, words));
    if (!dw_net_make_sized(e, f, NULL, rows, columns, &sized))
        return false;
    bool fine = as_sample(e, sized.as.function->net, x, &sample);
    if (fine) {
        fine = dw_net_call_stage(e, frame, place, sized, sample, out);
        dw_value_release(sample);
    }
    dw_value_release(sized);
    return fine && label(e, f.as.function->net->labels, out);
}

bool dw_net_call(dw_eval *e, const dw_frame *frame, dw_span place, dw_value f, dw_values args,
                 dw_value *out) {
    bool net = f.as.function->net != NULL;
    dw_value x;
    if (args.count == 0 || (args.count > 1 && !net))
        return dw_eval_fail(e, frame, place, DW_ERR_TYPE, "a %s takes one value, here %s %zu",
                            net ? "net" : "chain of functions", args.count == 0 ? "is" : "are",
                            args.count);
    if (!net)
        return run_chain(e, frame, place, f.as.function, args.items[0], out);
    if (args.count == 1)
        x = dw_value_retain(args.items[0]);
    else if (!join_inputs(e, frame, place, args, &x))
        return false;
    bool fine = call_sample(e, frame, place, f, x, out);
    dw_value_release(x);
    return fine || dw_eval_place(e, frame, place);
}

/* ---- f(x; w) ---- */

static bool value_of(dw_eval *e, dw_frame *frame, const dw_node *arg, dw_value *out) {
    bool fine = arg->kind == DW_NODE_COMPREHENSION ? dw_loop_comprehension(e, frame, arg, out)
                                                   : dw_express_node(e, frame, arg, out);
    if (fine && out->kind == DW_NOTHING)
        return dw_eval_fail(e, frame, arg->span, DW_ERR_TYPE, "this gives no value");
    return fine;
}

/* Gives the parameter an argument names its value. */
static bool set_named(dw_eval *e, dw_frame *frame, const dw_node *arg, dw_value v, dw_value *net) {
    dw_value *place, shaped;
    char words[DW_VALUE_WORDS];
    size_t rows = 0, columns = 0;
    if (!dw_net_place(e, net, arg->u.text, &place))
        return false;
    if (place == NULL)
        return dw_eval_fail(e, frame, arg->mark, DW_ERR_NAME, "the net has no parameter %s",
                            arg->u.text);
    if (!dw_net_shaped(e, *place, v, &shaped)) {
        (void)dw_either_shape(*place, &rows, &columns);
        return dw_eval_fail(e, frame, arg->mark, DW_ERR_SHAPE,
                            "%s of the net is %zu×%zu, this value is %s", arg->u.text, rows,
                            columns, dw_value_words(v, words));
    }
    dw_value_release(*place);
    *place = shaped;
    return true;
}

/* Replaces *net by the net with all parameters taken from a column. */
static bool set_column(dw_eval *e, dw_frame *frame, const dw_node *arg, dw_value v, dw_value *net) {
    dw_value changed;
    if (!dw_net_with_flat(e, *net, v, &changed))
        return dw_eval_place(e, frame, arg->span);
    dw_value_release(*net);
    *net = changed;
    return true;
}

/* What the arguments of a call say. */
typedef struct {
    dw_value inputs[INPUTS];
    size_t count;
    dw_value net; /* with the parameters given so far */
} arguments;

/* Works one argument out: an input, a column of parameters or one parameter by name. */
static bool take_argument(dw_eval *e, dw_frame *frame, const dw_node *call, uint32_t i,
                          arguments *to) {
    const dw_node *arg = call->child[i];
    bool named = arg->kind == DW_NODE_ARGUMENT;
    dw_value v;
    if (!value_of(e, frame, named ? arg->child[0] : arg, &v))
        return false;
    if (!named && i < call->first_extra) {
        if (to->count < INPUTS) {
            to->inputs[to->count++] = v;
            return true;
        }
        dw_value_release(v);
        return dw_eval_fail(e, frame, arg->span, DW_ERR_LIMIT,
                            "more than %d values: put them into one column", INPUTS);
    }
    bool fine =
        named ? set_named(e, frame, arg, v, &to->net) : set_column(e, frame, arg, v, &to->net);
    dw_value_release(v);
    return fine;
}

bool dw_net_call_node(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value f, dw_value *out) {
    arguments given;
    given.count = 0;
    given.net = dw_value_retain(f);
    bool fine = true;
    for (uint32_t i = 1; fine && i < node->count; i++)
        fine = take_argument(e, frame, node, i, &given);
    fine = fine && dw_net_call(e, frame, node->span, given.net,
                               (dw_values){given.inputs, given.count}, out);
    for (size_t i = 0; i < given.count; i++)
        dw_value_release(given.inputs[i]);
    dw_value_release(given.net);
    return fine;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Operators on values of any kind. */
#include "lang/operate.h"

#include "lang/builtin.h"
#include "lang/trace.h"

#include <math.h>
#include <string.h>

static const dw_elem_binary elem_of_sign[DW_SIGNS] = {
    [DW_SIGN_ADD] = DW_ELEM_ADD,
    [DW_SIGN_SUBTRACT] = DW_ELEM_SUBTRACT,
    [DW_SIGN_TIMES] = DW_ELEM_MULTIPLY,
    [DW_SIGN_ELEMENTWISE] = DW_ELEM_MULTIPLY,
    [DW_SIGN_DOT] = DW_ELEM_MULTIPLY,
    [DW_SIGN_DIVIDE] = DW_ELEM_DIVIDE,
    [DW_SIGN_POWER] = DW_ELEM_POWER,
    [DW_SIGN_EQUAL] = DW_ELEM_EQUAL,
    [DW_SIGN_UNEQUAL] = DW_ELEM_UNEQUAL,
    [DW_SIGN_LESS] = DW_ELEM_LESS,
    [DW_SIGN_LESS_EQUAL] = DW_ELEM_LESS_EQUAL,
    [DW_SIGN_GREATER] = DW_ELEM_GREATER,
    [DW_SIGN_GREATER_EQUAL] = DW_ELEM_GREATER_EQUAL,
};

static const char *verb(dw_sign sign) {
    switch (sign) {
    case DW_SIGN_ADD:
        return "add";
    case DW_SIGN_SUBTRACT:
        return "subtract";
    case DW_SIGN_DIVIDE:
        return "divide";
    case DW_SIGN_POWER:
        return "raise to a power:";
    case DW_SIGN_TIMES:
    case DW_SIGN_ELEMENTWISE:
    case DW_SIGN_DOT:
        return "multiply";
    default:
        return "compare";
    }
}

static const char *advice(dw_value a, dw_value b) {
    if (a.kind == DW_FUNCTION || b.kind == DW_FUNCTION)
        return ": functions are not added or multiplied, their values are: write "
               "x ↦ f(x) + g(x), or f(2)^2";
    if (a.kind == DW_INTERVAL || b.kind == DW_INTERVAL)
        return ": an interval is not a row of numbers, 0..1 by 0.1 is";
    if (a.kind == DW_TEXT || b.kind == DW_TEXT)
        return ": to put a value into a text, write it in braces: \"x = {x}\"";
    if (a.kind == DW_DISTRIBUTION || b.kind == DW_DISTRIBUTION)
        return ": draw from the distribution first: sample(d)";
    if (a.kind == DW_TABLE || b.kind == DW_TABLE || a.kind == DW_RECORD || b.kind == DW_RECORD)
        return ": name the column or field, as in t.x";
    if (a.kind == DW_NOTHING || b.kind == DW_NOTHING)
        return ": print and the like give nothing back";
    return "";
}

static bool refuse(const dw_operate *o, dw_sign sign, dw_value a, dw_value b) {
    char left[DW_VALUE_WORDS], right[DW_VALUE_WORDS];
    bool stages = sign == DW_SIGN_TIMES && ((a.kind == DW_FUNCTION && b.kind == DW_NUMBER) ||
                                            (a.kind == DW_NUMBER && b.kind == DW_FUNCTION));
    return dw_err_set(o->err, DW_ERR_TYPE, "cannot %s %s and %s%s", verb(sign),
                      dw_value_words(a, left), dw_value_words(b, right),
                      stages ? ": functions are not multiplied, their values are: write "
                               "x ↦ 2*f(x), or an arrow between the stages of a net, as in "
                               "1 → 20 → tanh → 1"
                             : advice(a, b));
}

/* A value as one side of an element-by-element operation; false when it is neither a number nor an
 * array. A list of numbers and estimates counts as a row; *made then holds it. */
static bool as_side(const dw_operate *o, dw_value v, dw_elem_side *side, dw_tensor **made) {
    *side = (dw_elem_side){0};
    *made = NULL;
    if (v.kind == DW_ARRAY) {
        side->tensor = v.as.array;
        return true;
    }
    if (v.kind != DW_LIST && !dw_value_is_labelled(v))
        return dw_value_as_number(v, &side->number);
    dw_err err = {0};
    if (dw_value_as_tensor(o->mem, v, made, &err)) {
        side->tensor = *made;
        return true;
    }
    if (err.kind == DW_ERR_MEMORY)
        dw_err_memory(o->err, "an array");
    return false;
}

static bool pair(const dw_operate *o, dw_elem_binary op, dw_elem_side x, dw_elem_side y,
                 dw_value *out) {
    if (x.tensor == NULL && y.tensor == NULL) {
        double z = dw_elem_number2(op, x.number, y.number);
        *out = dw_elem_is_truth(op) ? dw_value_truth(z != 0) : dw_value_number(z);
        return true;
    }
    dw_tensor *t = dw_elem_pair(o, op, x, y);
    if (t == NULL)
        return false;
    *out = dw_value_array(t);
    return true;
}

static bool sides(const dw_operate *o, dw_sign sign, dw_elem_binary op, dw_value a, dw_value b,
                  dw_value *out) {
    dw_elem_side x, y;
    dw_tensor *made_x, *made_y = NULL;
    bool fine = as_side(o, a, &x, &made_x) && as_side(o, b, &y, &made_y);
    if (fine)
        fine = pair(o, op, x, y, out);
    else
        refuse(o, sign, a, b);
    dw_tensor_release(made_x);
    dw_tensor_release(made_y);
    return fine;
}

static bool is_traced(dw_value a, dw_value b) {
    return a.kind == DW_TRACED || b.kind == DW_TRACED;
}

bool dw_operate_pair(const dw_operate *o, dw_elem_binary op, dw_value a, dw_value b,
                     dw_value *out) {
    if (is_traced(a, b))
        return dw_trace_pair(o, op, a, b, out);
    return sides(o, DW_SIGN_EQUAL, op, a, b, out);
}

static bool join_texts(const dw_operate *o, const dw_text *a, const dw_text *b, dw_value *out) {
    dw_buf joined;
    dw_buf_init(&joined, o->mem);
    dw_buf_add(&joined, a->bytes, a->size);
    dw_buf_add(&joined, b->bytes, b->size);
    bool fine = !joined.failed && dw_value_text(o->mem, joined.data == NULL ? "" : joined.data,
                                                joined.size, out, o->err);
    dw_buf_free(&joined);
    return fine || dw_err_memory(o->err, "a text");
}

static bool product(const dw_operate *o, dw_sign sign, dw_value a, dw_value b, dw_value *out) {
    if (sign == DW_SIGN_DOT) {
        double dot;
        if (!dw_tensor_dot(a.as.array, b.as.array, &dot, o->err))
            return false;
        *out = dw_value_number(dot);
        return true;
    }
    dw_tensor *t = dw_tensor_product(o->mem, a.as.array, b.as.array, o->cancel, o->err);
    if (t == NULL)
        return false;
    *out = dw_value_array(t);
    return true;
}

/* A value with a reference, the answer of a classifier as the column it stands for. */
static bool unlabelled(const dw_operate *o, dw_value v, dw_value *out) {
    dw_tensor *column;
    if (!dw_value_is_labelled(v)) {
        *out = dw_value_retain(v);
        return true;
    }
    if (!dw_value_as_tensor(o->mem, v, &column, o->err))
        return false;
    *out = dw_value_array(column);
    return true;
}

/* An operation of which a side is the answer of a classifier. */
static bool labelled_binary(const dw_operate *o, dw_sign sign, dw_value a, dw_value b,
                            dw_value *out) {
    dw_value x, y;
    if (!unlabelled(o, a, &x))
        return false;
    bool fine = unlabelled(o, b, &y);
    if (fine) {
        fine = dw_operate_binary(o, sign, x, y, out);
        dw_value_release(y);
    }
    dw_value_release(x);
    return fine;
}

bool dw_operate_binary(const dw_operate *o, dw_sign sign, dw_value a, dw_value b, dw_value *out) {
    double power;
    if (dw_value_is_labelled(a) || dw_value_is_labelled(b))
        return labelled_binary(o, sign, a, b, out);
    if (is_traced(a, b))
        return dw_trace_binary(o, sign, a, b, out);
    if (sign == DW_SIGN_ADD && a.kind == DW_TEXT && b.kind == DW_TEXT)
        return join_texts(o, a.as.text, b.as.text, out);
    if (sign == DW_SIGN_POWER && a.kind == DW_DISTRIBUTION && dw_value_as_number(b, &power))
        return dw_lib_chance_copies(o->mem, a.as.distribution, power, out, o->err);
    if (a.kind == DW_ARRAY && b.kind == DW_ARRAY && (sign == DW_SIGN_TIMES || sign == DW_SIGN_DOT))
        return product(o, sign, a, b, out);
    return sides(o, sign, elem_of_sign[sign], a, b, out);
}

static bool is_plain(dw_value v) {
    return dw_value_is_labelled(v) || v.kind == DW_ARRAY || v.kind == DW_NUMBER ||
           v.kind == DW_ESTIMATE || v.kind == DW_TRUTH;
}

/* a in b: an element of an array or list, a point of an interval. */
static bool membership(const dw_operate *o, dw_value a, dw_value b, dw_value *out) {
    if (b.kind == DW_INTERVAL) {
        dw_value above, below;
        dw_value lo = dw_value_number(b.as.interval->lo), hi = dw_value_number(b.as.interval->hi);
        if (!dw_operate_compare(o, DW_SIGN_GREATER_EQUAL, a, lo, &above))
            return false;
        bool fine = dw_operate_compare(o, DW_SIGN_LESS_EQUAL, a, hi, &below);
        if (fine) {
            fine = dw_operate_pair(o, DW_ELEM_AND, above, below, out);
            dw_value_release(below);
        }
        dw_value_release(above);
        return fine;
    }
    size_t length;
    if (!dw_value_length(b, &length, o->err))
        return false;
    bool found = false;
    for (size_t i = 0; i < length && !found; i++) {
        dw_value element;
        if (!dw_cancel_goes_on(o->cancel, i, o->err) ||
            !dw_value_element(o->mem, b, i, &element, o->err))
            return false;
        bool fine = dw_value_compare(a, element, o->cancel, &found, o->err);
        dw_value_release(element);
        if (!fine)
            return false;
    }
    *out = dw_value_truth(found);
    return true;
}

static bool text_order(dw_sign sign, const dw_text *a, const dw_text *b) {
    size_t shorter = a->size < b->size ? a->size : b->size;
    int order = memcmp(a->bytes, b->bytes, shorter);
    if (order == 0)
        order = (a->size > b->size) - (a->size < b->size);
    return dw_elem_number2(elem_of_sign[sign], order, 0) != 0;
}

bool dw_operate_compare(const dw_operate *o, dw_sign sign, dw_value a, dw_value b, dw_value *out) {
    if (sign == DW_SIGN_IN)
        return membership(o, a, b, out);
    if (is_traced(a, b))
        return dw_trace_pair(o, elem_of_sign[sign], a, b, out);
    if (is_plain(a) && is_plain(b))
        return sides(o, sign, elem_of_sign[sign], a, b, out);
    if (a.kind == DW_TEXT && b.kind == DW_TEXT) {
        *out = dw_value_truth(text_order(sign, a.as.text, b.as.text));
        return true;
    }
    if (sign != DW_SIGN_EQUAL && sign != DW_SIGN_UNEQUAL)
        return sides(o, sign, elem_of_sign[sign], a, b, out);
    bool same;
    if (!dw_value_compare(a, b, o->cancel, &same, o->err))
        return false;
    *out = dw_value_truth(same == (sign == DW_SIGN_EQUAL));
    return true;
}

/* What to do with a value that is neither a number nor an array. */
static const char *unary_advice(dw_value a) {
    if (a.kind == DW_FUNCTION)
        return ": give it a value first, as in f(2)";
    return a.kind == DW_TEXT ? "" : advice(a, a);
}

bool dw_operate_unary(const dw_operate *o, dw_elem_unary op, const char *word, dw_value a,
                      dw_value *out) {
    dw_elem_side side;
    dw_tensor *made;
    char words[DW_VALUE_WORDS];
    if (a.kind == DW_TRACED)
        return dw_trace_unary(o, op, a, out);
    if (!as_side(o, a, &side, &made))
        return dw_err_set(o->err, DW_ERR_TYPE, "%s needs a number or an array, this is %s%s", word,
                          dw_value_words(a, words), unary_advice(a));
    if (side.tensor == NULL) {
        double y = dw_elem_number1(op, side.number);
        *out = op == DW_ELEM_NOT ? dw_value_truth(y != 0) : dw_value_number(y);
        return true;
    }
    dw_tensor *t = dw_elem_map(o, op, side.tensor);
    dw_tensor_release(made);
    if (t == NULL)
        return false;
    *out = dw_value_array(t);
    return true;
}

bool dw_operate_range(const dw_operate *o, dw_value lo, dw_value hi, dw_value *out) {
    double a, b;
    char words[DW_VALUE_WORDS];
    if (!dw_value_as_number(lo, &a) || !dw_value_as_number(hi, &b))
        return dw_err_set(o->err, DW_ERR_TYPE,
                          "an interval goes from a number to a number, this is %s",
                          dw_value_words(dw_value_as_number(lo, &a) ? hi : lo, words));
    return dw_value_interval(o->mem, a, b, out, o->err);
}

bool dw_operate_by(const dw_operate *o, dw_value interval, dw_value step, dw_value *out) {
    double by;
    char words[DW_VALUE_WORDS];
    if (interval.kind != DW_INTERVAL || !dw_value_as_number(step, &by))
        return dw_err_set(o->err, DW_ERR_TYPE,
                          "by stands between an interval and a step, as in 0..1 by 0.1; this is %s",
                          dw_value_words(interval.kind != DW_INTERVAL ? interval : step, words));
    double lo = interval.as.interval->lo, hi = interval.as.interval->hi;
    double steps = floor((hi - lo) / by + 1e-9);
    if (by == 0 || !isfinite(steps))
        return dw_err_set(
            o->err, DW_ERR_VALUE,
            "this step never gets from one end to the other: give a step that is not 0 "
            "and two finite ends");
    if (steps < 0)
        steps = -1; /* the step leads away from hi: nothing */
    if (steps > 1e15)
        return dw_err_set(o->err, DW_ERR_LIMIT,
                          "these would be more than 1e15 numbers: take a "
                          "larger step");
    dw_tensor *row = dw_tensor_raw(o->mem, 1, (size_t)(steps + 1), o->err);
    if (row == NULL)
        return false;
    for (size_t i = 0; i < row->size; i++)
        row->data[i] = lo + (double)i * by;
    *out = dw_value_array(row);
    return true;
}

bool dw_operate_transpose(const dw_operate *o, dw_value a, dw_value *out) {
    char words[DW_VALUE_WORDS];
    if (a.kind == DW_NUMBER || a.kind == DW_TRUTH) {
        *out = a;
        return true;
    }
    if (a.kind == DW_TRACED)
        return dw_trace_transpose(o, a, out);
    if (dw_value_is_labelled(a)) {
        dw_value column;
        if (!unlabelled(o, a, &column))
            return false;
        bool fine = dw_operate_transpose(o, column, out);
        dw_value_release(column);
        return fine;
    }
    if (a.kind != DW_ARRAY)
        return dw_err_set(o->err, DW_ERR_TYPE, "' turns rows into columns, this is %s",
                          dw_value_words(a, words));
    dw_tensor *t = dw_tensor_transpose(o->mem, a.as.array, o->err);
    if (t == NULL)
        return false;
    *out = dw_value_array(t);
    return true;
}

bool dw_operate_choose(const dw_operate *o, dw_value condition, dw_value a, dw_value b,
                       dw_value *out) {
    dw_elem_side x, y;
    dw_tensor *made_x, *made_y = NULL;
    char left[DW_VALUE_WORDS], right[DW_VALUE_WORDS];
    if (condition.kind == DW_TRACED || is_traced(a, b))
        return dw_trace_choose(o, condition, a, b, out);
    bool fine = as_side(o, a, &x, &made_x) && as_side(o, b, &y, &made_y);
    if (!fine)
        dw_err_set(o->err, DW_ERR_TYPE,
                   "when chooses per element here, between numbers or arrays; these are %s and %s",
                   dw_value_words(a, left), dw_value_words(b, right));
    dw_tensor *t = fine ? dw_elem_choose(o, condition.as.array, x, y) : NULL;
    dw_tensor_release(made_x);
    dw_tensor_release(made_y);
    if (t == NULL)
        return false;
    *out = dw_value_array(t);
    return true;
}

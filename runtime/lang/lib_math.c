/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions of numbers: everything of elem.def, rounding, remainders, the smaller and the larger,
 * and the constants. All work on arrays element by element. */
#include "lang/builtin.h"
#include "lang/lib_traced.h"

#include "base/math.h"
#include "lang/operate.h"
#include "tensor/reduce.h"

#include <float.h>
#include <math.h>

static dw_operate operate_of(const dw_call *call) {
    return (dw_operate){call->mem, call->cancel, call->err};
}

/* Any row whose `elem` is set. */
static bool run_elem(dw_call *call, dw_value *out) {
    dw_operate o = operate_of(call);
    dw_elem_unary op = (dw_elem_unary)(call->builtin->elem - 1);
    return dw_operate_unary(&o, op, call->builtin->name, call->args[0], out);
}

/* x rounded to a number of decimals; below 0 to tens, hundreds, … */
static double round_to(double x, int digits) {
    double scale = 1;
    for (int i = digits < 0 ? -digits : digits; i > 0; i--)
        scale *= 10;
    double scaled = digits < 0 ? x / scale : x * scale;
    if (!(fabs(scaled) < 1 / DBL_EPSILON)) /* no digits left to round, or no number */
        return x;
    return digits < 0 ? round(scaled) * scale : round(scaled) / scale;
}

static bool run_round(dw_call *call, dw_value *out) {
    double digits = 0;
    dw_tensor *x;
    if (dw_call_given(call, 1) && !dw_call_number(call, 1, &digits))
        return false;
    if (!(fabs(digits) <= 15) || floor(digits) != digits)
        return dw_call_fail(call, 1, DW_ERR_VALUE,
                            "round needs a whole number of digits from -15 to 15");
    if (!dw_call_tensor(call, 0, &x))
        return false;
    x = dw_tensor_own(call->mem, x, call->err);
    if (x == NULL)
        return false;
    for (size_t i = 0; i < x->size && !dw_cancel_stops(call->cancel, i); i++)
        x->data[i] = round_to(x->data[i], (int)digits);
    x->truth = false;
    *out = dw_value_array(x);
    return dw_call_unless_stopped(call, out);
}

static bool run_mod(dw_call *call, dw_value *out) {
    dw_operate o = operate_of(call);
    return dw_operate_pair(&o, DW_ELEM_MOD, call->args[0], call->args[1], out);
}

/* Folds a pair operation over all unnamed arguments, element by element. */
static bool fold(dw_call *call, dw_elem_binary op, dw_value *out) {
    dw_operate o = operate_of(call);
    dw_value kept = dw_value_retain(call->rest[0]);
    for (size_t i = 1; i < call->rest_count; i++) {
        dw_value next;
        bool fine = dw_operate_pair(&o, op, kept, call->rest[i], &next);
        dw_value_release(kept);
        if (!fine)
            return dw_call_fail_rest(call, i, DW_ERR_TYPE, "this cannot be compared");
        kept = next;
    }
    *out = kept;
    return true;
}

/* Of one argument the extreme element, of several the extreme ones element by element. */
static bool extreme(dw_call *call, bool largest, dw_value *out) {
    const char *name = call->builtin->name;
    if (call->rest_count == 0)
        return dw_err_set(call->err, DW_ERR_TYPE, "%s needs at least one value: %s(x) or %s(a, b)",
                          name, name, name);
    if (call->rest_count == 1 && call->rest[0].kind == DW_TRACED)
        return dw_lib_traced_extreme(call, call->rest[0], largest, out);
    if (call->rest_count > 1)
        return fold(call, largest ? DW_ELEM_MAX : DW_ELEM_MIN, out);
    dw_tensor *x;
    dw_err why = {.kind = DW_ERR_NONE};
    if (!dw_value_as_tensor(call->mem, call->rest[0], &x, &why))
        return dw_call_fail_rest(call, 0, why.kind, "%s: %s", name, why.text);
    if (x->size == 0) {
        dw_tensor_release(x);
        return dw_call_fail_rest(call, 0, DW_ERR_VALUE,
                                 "%s needs at least one number, but there is none in here", name);
    }
    size_t place = largest ? dw_reduce_argmax(x->data, x->size, call->cancel)
                           : dw_reduce_argmin(x->data, x->size, call->cancel);
    *out = dw_value_number(x->data[place]);
    dw_tensor_release(x);
    return dw_call_poll(call);
}

static bool run_min(dw_call *call, dw_value *out) {
    return extreme(call, false, out);
}

static bool run_max(dw_call *call, dw_value *out) {
    return extreme(call, true, out);
}

/* clip(x, lo, hi) */
static bool run_clip(dw_call *call, dw_value *out) {
    dw_operate o = operate_of(call);
    double lo, hi;
    dw_value raised;
    if (!dw_call_interval(call, 1, &lo, &hi))
        return false;
    if (!(lo <= hi))
        return dw_call_fail(call, 1, DW_ERR_VALUE,
                            "clip needs an interval that goes upwards, such as 0..1");
    if (!dw_operate_pair(&o, DW_ELEM_MAX, call->args[0], dw_value_number(lo), &raised))
        return false;
    bool fine = dw_operate_pair(&o, DW_ELEM_MIN, raised, dw_value_number(hi), out);
    dw_value_release(raised);
    return fine;
}

#define FUNCTION(id, word, text, sample, others, other_name)                         \
    {                                                                                \
        .name = word, .group = "Numbers", .signature = word "(x)", .help = text,     \
        .example = sample, .see = others, .run = run_elem, .elem = 1 + DW_ELEM_##id, \
        .alias = other_name                                                          \
    }
#define CONSTANT(word, text, sample, others, number, other_name)                              \
    {                                                                                         \
        .name = word, .group = "Numbers", .signature = word, .help = text, .example = sample, \
        .see = others, .constant = number, .alias = other_name                                \
    }

const dw_builtin dw_lib_math[] = {
    FUNCTION(EXP, "exp", "e to the power of x.", "exp(1)  # → 2.71828", "log", NULL),
    FUNCTION(LOG, "log",
             "The natural logarithm of x, the inverse of exp; -∞ at 0, not a number below.",
             "log(exp(2))  # → 2", "exp log2 log10", NULL),
    FUNCTION(LOG2, "log2",
             "The logarithm of x to the base 2: how many times 2 is multiplied to give x.",
             "log2(8)  # → 3", "log log10", NULL),
    FUNCTION(LOG10, "log10",
             "The logarithm of x to the base 10: the number of zeros of 1000 and the like.",
             "log10(1000)  # → 3", "log log2", NULL),
    FUNCTION(SQRT, "sqrt", "The square root of x; not a number below 0.",
             "sqrt([1, 4, 9])  # → [1, 2, 3]", "abs norm", NULL),
    FUNCTION(SIN, "sin", "The sine of x, an angle in radians: a full turn is 2*π.",
             "sin(π/2)  # → 1", "cos tan asin", NULL),
    FUNCTION(COS, "cos", "The cosine of x, an angle in radians: a full turn is 2*π.",
             "cos(0)  # → 1", "sin tan acos", NULL),
    FUNCTION(TAN, "tan", "The tangent of x, an angle in radians: sine over cosine.",
             "tan(0)  # → 0", "sin cos atan", NULL),
    FUNCTION(ASIN, "asin", "The angle from -π/2 to π/2 whose sine is x.", "2*asin(1)/π  # → 1",
             "sin acos", NULL),
    FUNCTION(ACOS, "acos", "The angle from 0 to π whose cosine is x.", "acos(-1)/π  # → 1",
             "cos asin", NULL),
    FUNCTION(ATAN, "atan", "The angle from -π/2 to π/2 whose tangent is x.", "4*atan(1)/π  # → 1",
             "tan", NULL),
    FUNCTION(SINH, "sinh", "The hyperbolic sine of x, (exp(x) - exp(-x))/2.", "sinh(0)  # → 0",
             "cosh tanh", NULL),
    FUNCTION(COSH, "cosh", "The hyperbolic cosine of x, (exp(x) + exp(-x))/2.", "cosh(0)  # → 1",
             "sinh tanh", NULL),
    FUNCTION(TANH, "tanh", "The hyperbolic tangent of x: a smooth step from -1 to 1.",
             "tanh([-100, 0, 100])  # → [-1, 0, 1]", "sigmoid relu", NULL),
    FUNCTION(SIGMOID, "sigmoid",
             "The sigmoid 1/(1 + exp(-x)): a smooth step from 0 to 1. σ is the same function.",
             "σ([-100, 0, 100])  # → [3.72008e-44, 0.5, 1]", "tanh softplus relu", "σ"),
    FUNCTION(RELU, "relu", "The ramp max(x, 0): 0 below 0, x above.",
             "relu([-2, 0, 3])  # → [0, 0, 3]", "leaky softplus gelu", NULL),
    FUNCTION(LEAKY_RELU, "leaky", "A ramp that leaks: x above 0, 0.01*x below.",
             "leaky([-2, 3])  # → [-0.02, 3]", "relu elu", NULL),
    FUNCTION(ELU, "elu", "A ramp that bends smoothly to -1: x above 0, exp(x) - 1 below.",
             "elu([-100, 3])  # → [-1, 3]", "relu leaky", NULL),
    FUNCTION(GELU, "gelu",
             "A smooth ramp: x times the chance that a standard normal number is below x.",
             "gelu([-100, 0, 100])  # → [0, 0, 100]", "relu normal_cdf", NULL),
    FUNCTION(SILU, "silu", "A smooth ramp: x times its sigmoid σ(x).",
             "silu([-100, 0, 100])  # → [-3.72008e-42, 0, 100]", "gelu relu sigmoid", NULL),
    FUNCTION(SOFTPLUS, "softplus", "A smooth ramp: log(1 + exp(x)).", "softplus(0)  # → 0.693147",
             "relu sigmoid", NULL),
    FUNCTION(ABS, "abs", "The size of x without its sign.", "abs([-2, 3])  # → [2, 3]", "sign norm",
             NULL),
    FUNCTION(SIGN, "sign", "-1, 0 or 1 for x below, at or above 0.",
             "sign([-2, 0, 3])  # → [-1, 0, 1]", "abs", NULL),
    FUNCTION(FLOOR, "floor", "The largest whole number that is not above x.",
             "floor([-1.5, 1.5])  # → [-2, 1]", "ceil round mod", NULL),
    FUNCTION(CEIL, "ceil", "The smallest whole number that is not below x.",
             "ceil([-1.5, 1.5])  # → [-1, 2]", "floor round", NULL),
    FUNCTION(ERF, "erf", "The error function, 2/sqrt(π) times the area under exp(-t²) from 0 to x.",
             "erf(0)  # → 0", "normal_cdf", NULL),
    FUNCTION(NORMAL_CDF, "normal_cdf",
             "The chance that a standard normal number is below x. Φ is the same function.",
             "Φ(0)  # → 0.5", "erf normal", "Φ"),
    {.name = "round",
     .group = "Numbers",
     .signature = "round(x, digits = 0)",
     .help = "x rounded to the nearest whole number, halves away from 0.\n"
             "digits: round to so many digits after the point; -2 rounds to hundreds",
     .example = "round(2.71828, 2)  # → 2.72",
     .see = "floor ceil",
     .run = run_round},
    {.name = "mod",
     .group = "Numbers",
     .signature = "mod(x, y)",
     .help = "What is left of x after taking away y as often as it goes, from 0 up to y.",
     .example = "mod([7, -1], 3)  # → [1, 2]",
     .see = "floor",
     .run = run_mod,
     .traced = run_mod},
    {.name = "min",
     .group = "Numbers",
     .signature = "min(values…)",
     .help = "The smallest element of one array; of several values the smaller ones, element by "
             "element.",
     .example = "min([3, 1, 2])  # → 1",
     .see = "max argmin clip",
     .run = run_min,
     .traced = run_min},
    {.name = "max",
     .group = "Numbers",
     .signature = "max(values…)",
     .help = "The largest element of one array; of several values the larger ones, element by "
             "element.",
     .example = "max([-1, 2], 0)  # → [0, 2]",
     .see = "min argmax clip",
     .run = run_max,
     .traced = run_max},
    {.name = "clip",
     .group = "Numbers",
     .signature = "clip(x, interval)",
     .help = "x moved into an interval: to its lower end from below, to its upper end from above.",
     .example = "clip([-5, 0.5, 5], 0..1)  # → [0, 0.5, 1]",
     .see = "min max",
     .run = run_clip,
     .traced = run_clip},
    CONSTANT("pi", "π, half the circumference of a circle of radius 1.", "cos(pi)  # → -1",
             "sin cos", 3.14159265358979323846, "π"),
    CONSTANT("inf", "∞, more than every number; -inf is less than every number.",
             "1/0 == inf  # → true", "NaN", INFINITY, "∞"),
    CONSTANT("NaN", "Not a number: what log(-1) or 0/0 give; it is not even equal to itself.",
             "NaN == NaN  # → false", "inf", NAN, NULL),
    {.name = NULL},
};

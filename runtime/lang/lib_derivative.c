/* SPDX-License-Identifier: BSD-3-Clause */
/* Derivatives as functions of functions. */
#include "lang/builtin.h"

#include "lang/cost.h"
#include "lang/derivative.h"

static bool run_grad(dw_call *call, dw_value *out) {
    return dw_derivative_of(call->eval, call->args[0], DW_GRADIENT, out);
}

static bool run_hessian(dw_call *call, dw_value *out) {
    return dw_derivative_of(call->eval, call->args[0], DW_HESSIAN, out);
}

static bool run_cost(dw_call *call, dw_value *out) {
    static const char *const names[] = {"flops", "seconds", "calls"};
    dw_value f;
    dw_cost cost;
    if (!dw_call_function(call, 0, &f) || !dw_cost_of(call->eval, f, call->args[1], &cost) ||
        !dw_value_record(call->mem, DW_RECORD, names, 3, 0, out, call->err))
        return false;
    out->as.record->fields[0].value = dw_value_number(cost.flops);
    out->as.record->fields[1].value = dw_value_number(cost.seconds);
    out->as.record->fields[2].value = dw_value_number(cost.calls);
    return true;
}

const dw_builtin dw_lib_derivative[] = {
    {.name = "grad",
     .group = "Calculus",
     .signature = "grad(f)",
     .help =
         "The gradient of a function whose value is a number, as a function: grad(f)(x) is ∇f(x), "
         "in the shape of x. It is exact, not an approximation.",
     .example = "L(θ) = θ[1]² + 3*θ[2]\ngrad(L)([2; 0])'  # → [4, 3]",
     .see = "hessian integral",
     .run = run_grad},
    {.name = "hessian",
     .group = "Calculus",
     .signature = "hessian(f)",
     .help =
         "The matrix of second derivatives of a function whose value is a number, as a function: "
         "hessian(f)(x) is ∇²f(x).",
     .example = "L(θ) = θ[1]²*θ[2]\nhessian(L)([2; 3])[1, :]  # → [6, 4]",
     .see = "grad solve",
     .run = run_hessian},
    {.name = "cost",
     .group = "Calculus",
     .signature = "cost(f, x)",
     .help = "What one call f(x) costs, as a record: flops, the floating-point operations, counted "
             "and the same on every machine; seconds, measured; calls, how often functions of the "
             "notebook are called.",
     .example = "L(θ) = sum(θ .* θ)\ncost(L, [1, 2, 3, 4]).flops  # → 8",
     .see = "grad hessian",
     .run = run_cost},
    {.name = NULL},
};

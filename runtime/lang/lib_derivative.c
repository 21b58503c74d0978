/* SPDX-License-Identifier: BSD-3-Clause */
/* Derivatives as functions of functions. */
#include "lang/builtin.h"

#include "lang/derivative.h"

static bool run_grad(dw_call *call, dw_value *out) {
    return dw_derivative_of(call->eval, call->args[0], DW_GRADIENT, out);
}

static bool run_hessian(dw_call *call, dw_value *out) {
    return dw_derivative_of(call->eval, call->args[0], DW_HESSIAN, out);
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
    {.name = NULL},
};

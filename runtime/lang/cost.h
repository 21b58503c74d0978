/* SPDX-License-Identifier: BSD-3-Clause */
/* What a function costs: it is traced and planned like a derivative, and the plan's operations are
 * counted, so the number is the same on every machine. */
#ifndef DW_COST_H
#define DW_COST_H

#include "lang/eval.h"

typedef struct {
    double flops;   /* floating-point operations of one call, see dw_plan_flops */
    double seconds; /* of one run of the plan by the host's clock; 0 without a clock */
    double calls;   /* how often functions written in the language were called */
} dw_cost;

/* Counts f(x). x is a number or an array; the value of f may be any number or array. */
bool dw_cost_of(dw_eval *eval, dw_value f, dw_value x, dw_cost *out) DW_CHECK;

#endif

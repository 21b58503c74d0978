/* SPDX-License-Identifier: BSD-3-Clause */
/* Minimising a function of n numbers: one plain loop per method over values, gradients and Newton
 * steps the caller supplies. Nothing is allocated after the start, and the same input gives the
 * same bits everywhere.
 *
 * Sources: momentum, Polyak (1964); Adam, Kingma and Ba (2015); L-BFGS, Nocedal (1980), the two
 * loops of Nocedal and Wright, Numerical Optimization, algorithm 7.4, with a line search by
 * halving; annealing, Kirkpatrick, Gelatt and Vecchi (1983); Nelder and Mead (1965), coefficients
 * 1, 2, ½, ½. */
#ifndef DW_MINIMIZE_H
#define DW_MINIMIZE_H

#include "base/mem.h"
#include "nets/search.h"

/* The method of a word, or DW_METHODS when there is none; and what its line says. */
dw_method dw_minimize_method(const char *word);
const char *dw_minimize_word(dw_method method);
double dw_minimize_rate(dw_method method);
dw_method_needs dw_minimize_needs(dw_method method);

/* Minimises from x[n], which becomes the place found: for gradient, momentum, adam and numeric the
 * last one, for the others the best. Errors: MEMORY, INTERRUPT, NUMERIC when the value becomes
 * infinite or NaN (the step and a smaller rate are told), and those of the function, such as a
 * singular Hessian. */
bool dw_minimize_run(dw_mem *mem, const dw_objective *f, const dw_minimize_options *options,
                     double *x, dw_minimize_result *result, dw_err *err) DW_CHECK;

#endif

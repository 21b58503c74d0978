/* SPDX-License-Identifier: BSD-3-Clause */
/* Elementary functions with the same bits on every machine.
 *
 * The C library picks an implementation by processor, so its last digit is not portable. These are
 * plain double arithmetic without contraction (no fused multiply-add). Errors are at most 2 units
 * in the last place over the whole range unless said otherwise; special values (NaN, infinities,
 * signed zeros, out of domain) follow C99 Annex F. */
#ifndef DW_MATH_H
#define DW_MATH_H

double dw_math_exp(double x);
double dw_math_expm1(double x);
double dw_math_log(double x);
double dw_math_log1p(double x);
double dw_math_log2(double x);
double dw_math_log10(double x);
double dw_math_pow(double x, double y);
double dw_math_mod(double x, double y); /* x - y*⌊x/y⌋, rounded once; 0 is +0 */
double dw_math_sin(double x);
double dw_math_cos(double x);
double dw_math_tan(double x);
double dw_math_asin(double x);
double dw_math_acos(double x);
double dw_math_atan(double x);
double dw_math_atan2(double y, double x);
double dw_math_sinh(double x);
double dw_math_cosh(double x);
double dw_math_tanh(double x);
double dw_math_sigmoid(double x);  /* 1/(1 + e^-x), without overflow */
double dw_math_softplus(double x); /* log(1 + e^x), without overflow */
double dw_math_erf(double x);
double dw_math_erfc(double x);
double dw_math_normal_cdf(double x);      /* the chance that a standard normal is below x */
double dw_math_normal_quantile(double p); /* its inverse; ±infinity at 0 and 1, NaN outside */
double dw_math_lgamma(double x);          /* log of |Γ(x)|; at most 8 ulp away from its zeros */

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* What builtins do when an argument is traced: the counterparts of functions in lib_*.c whose rows
 * name them as `.traced`. */
#ifndef DW_LIB_TRACED_H
#define DW_LIB_TRACED_H

#include "lang/builtin.h"

bool dw_lib_traced_sum(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_mean(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_variance(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_std(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_product(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_norm(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_dot(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_solve(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_transpose(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_reverse(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_rows(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_columns(dw_call *call, dw_value *out) DW_CHECK;
bool dw_lib_traced_count(dw_call *call, dw_value *out) DW_CHECK;

/* max and min of the elements of one traced array. */
bool dw_lib_traced_extreme(dw_call *call, dw_value array, bool largest, dw_value *out) DW_CHECK;

#endif

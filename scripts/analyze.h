/* SPDX-License-Identifier: BSD-3-Clause */
/* What scripts/analyze has the tools read before each file. They see one file at a time, so they do
 * not know that the functions below always give false, and would follow paths on which something
 * has failed and goes on all the same. */
#include "base/err.h"
#include "fault.h"
#include "lang/builtin.h"
#include "lang/eval.h"

static inline bool analyze_false(bool set) {
    (void)set;
    return false;
}

#define dw_err_set(...) analyze_false(dw_err_set(__VA_ARGS__))
#define dw_err_vset(...) analyze_false(dw_err_vset(__VA_ARGS__))
#define dw_err_memory(...) analyze_false(dw_err_memory(__VA_ARGS__))
#define dw_err_place(...) analyze_false(dw_err_place(__VA_ARGS__))
#define dw_err_note(...) analyze_false(dw_err_note(__VA_ARGS__))
#define dw_err_called(...) analyze_false(dw_err_called(__VA_ARGS__))
#define dw_call_fail(...) analyze_false(dw_call_fail(__VA_ARGS__))
#define dw_call_fail_rest(...) analyze_false(dw_call_fail_rest(__VA_ARGS__))
#define dw_eval_fail(...) analyze_false(dw_eval_fail(__VA_ARGS__))
#define dw_eval_place(...) analyze_false(dw_eval_place(__VA_ARGS__))
#define dw_eval_stop(...) analyze_false(dw_eval_stop(__VA_ARGS__))
#define jk_fault_set(...) analyze_false(jk_fault_set(__VA_ARGS__))

/* SPDX-License-Identifier: BSD-3-Clause */
/* Comparing, and claims: the chain of signs of a COMPARE node, ≈ with its margin, and check. */
#ifndef DW_CLAIM_H
#define DW_CLAIM_H

#include "lang/eval.h"

/* The truth value (or one per element) of a COMPARE node; 0 ≤ x ≤ 1 means both. */
bool dw_claim_compare(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;

/* Runs a CHECK_CLAIM node: prints whether it holds (inside functions only when not) and counts it.
 * False only when the claim itself cannot be worked out. */
bool dw_claim_check(dw_eval *eval, dw_frame *frame, const dw_node *node) DW_CHECK;

/* Ends a cell: false with a CHECK error when checks failed. */
bool dw_claim_settle(dw_eval *eval) DW_CHECK;

#endif

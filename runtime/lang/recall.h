/* SPDX-License-Identifier: BSD-3-Clause */
/* Everything a run of a block may change of what the notebook knows, to put it back afterwards. */
#ifndef DW_RECALL_H
#define DW_RECALL_H

#include "lang/eval.h"

/* Zeros hold nothing. */
typedef struct {
    dw_value *globals; /* `count` of them, each with a reference */
    uint32_t count;
    dw_rng rng;
    uint64_t draws;
    uint32_t checks, checks_failed;
} dw_recall;

/* Takes down names, random stream and checks. False with a MEMORY error; *out is then empty. */
bool dw_recall_take(dw_eval *eval, dw_recall *out) DW_CHECK;

/* A copy. False with a MEMORY error; *out is then empty. */
bool dw_recall_copy(dw_eval *eval, const dw_recall *recall, dw_recall *out) DW_CHECK;

/* Puts them back. A name that did not exist then keeps its value. */
void dw_recall_give(dw_eval *eval, const dw_recall *recall);

/* Lets go of the values; an empty one is allowed. */
void dw_recall_free(dw_recall *recall);

#endif

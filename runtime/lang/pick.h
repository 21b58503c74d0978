/* SPDX-License-Identifier: BSD-3-Clause */
/* What stands between [ and ] as a list of places: a number, an interval, a choice, a colon. */
#ifndef DW_PICK_H
#define DW_PICK_H

#include "lang/eval.h"

enum { DW_PICK_ONLY = -1 }; /* axis: there is one item for the whole value */

typedef struct {
    size_t *places; /* from 0, all within the value */
    size_t count;
    bool single;       /* one number: the element itself is meant */
    bool all_elements; /* places count through all elements of a matrix, row by row */
} dw_pick;

/* The places an item picks along an axis of `v` (0 rows, 1 columns, or DW_PICK_ONLY). Errors name
 * how many there are. */
bool dw_pick_node(dw_eval *eval, dw_frame *frame, const dw_node *item, dw_value v, int axis,
                  dw_pick *out) DW_CHECK;

/* The same for an item that is worked out already; errors have no place. */
bool dw_pick_value(dw_eval *eval, dw_value item, dw_value v, int axis, dw_pick *out) DW_CHECK;

/* The short way for one number among `count` elements: its place from 0. False, without an error,
 * when the item is anything else or there is no such element. */
bool dw_pick_place(dw_value item, size_t count, size_t *place) DW_CHECK;

/* All places 0 … count-1. */
bool dw_pick_all(dw_mem *mem, size_t count, dw_pick *out, dw_err *err) DW_CHECK;

void dw_pick_free(dw_pick *pick);

#endif

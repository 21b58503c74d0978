/* SPDX-License-Identifier: BSD-3-Clause */
/* Going through the parameters of a net in their order, with their names. In a chain the parameters
 * of its stages are numbered: the first W is W1; all of a layer have one number. A function of the
 * notebook that stands alone keeps the names it was written with, and what lies inside a parameter
 * that is a net comes after a point: g1.W1. */
#ifndef DW_NET_WALK_H
#define DW_NET_WALK_H

#include "lang/value.h"

/* Nets inside nets; what lies deeper has no parameters that could be reached. */
enum { DW_NET_WALK_DEPTH = 32 };

typedef struct {
    const char *wanted; /* a name; NULL: */
    size_t index;       /* the array of this number, from 0 */
    dw_buf name;        /* of what was found; the caller frees it */
    dw_value *found;    /* or NULL: an array, an inner net, or NOTHING that is made later */
    uint32_t path[DW_NET_WALK_DEPTH + 2]; /* which value of which on the way there */
    uint32_t depth;
} dw_net_walk;

/* Looks for what `wanted` or `index` say (all else begins as zero). False with a MEMORY error. */
bool dw_net_walk_find(dw_net_walk *walk, dw_mem *mem, dw_value *f, dw_err *err) DW_CHECK;

/* Whether a value can be a parameter array. */
bool dw_net_walk_is_array(dw_value v);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* Making nets: chains of stages, parameters when the size of the input is known, fresh parameters,
 * parts of chains. */
#ifndef DW_NET_MAKE_H
#define DW_NET_MAKE_H

#include "lang/net.h"

/* The chain of the values of an ARROW node (their references are taken over): numbers are spaces,
 * the first one that of the input. Without a number, layer or net among them it is a plain chain of
 * functions. Draws the parameters. Errors have the place of their stage. */
bool dw_net_make_chain(dw_eval *eval, const dw_frame *frame, const dw_node *node, dw_value *values,
                       dw_value *out) DW_CHECK;

/* The net with all parameters made for inputs of rows×columns: the net itself when it has them.
 * False with a SHAPE error that names what does not fit: "data.x has 64 numbers per sample, but the
 * net starts with 8. Try 64 → 32 → relu → 1"; `what` is "data.x" or the like; NULL: a call. */
bool dw_net_make_sized(dw_eval *eval, dw_value f, const char *what, size_t rows, size_t columns,
                       dw_value *out) DW_CHECK;

/* The net with parameters drawn afresh; those of functions of the notebook begin again with what
 * stands after their =. Other functions come back as they are. */
bool dw_net_make_fresh(dw_eval *eval, dw_value f, dw_value *out) DW_CHECK;

/* How many stages a chain has, and the chain of some of them (one plain function is itself). */
size_t dw_net_make_stages(dw_value chain);
bool dw_net_make_part(dw_eval *eval, dw_value chain, const size_t *stages, size_t count,
                      dw_value *out) DW_CHECK;

#endif

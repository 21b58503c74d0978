/* SPDX-License-Identifier: BSD-3-Clause */
/* Nets as text. */
#ifndef DW_NET_SHOW_H
#define DW_NET_SHOW_H

#include "lang/net.h"

/* Appends a chain (net or not) or layer as the language writes it: "1 → 32 → relu → 1". */
void dw_net_show_chain(dw_buf *out, dw_value f);

/* The same for one that is inside another value. */
void dw_net_show_inside(dw_buf *out, dw_value f, dw_value_style how);

/* The same for another size of its input, to propose it. */
void dw_net_show_from(dw_buf *out, dw_value f, size_t input);

/* Appends the names of the parameters, with commas between them, and of what training left. */
void dw_net_show_names(dw_buf *out, dw_value f);

/* Appends the summary of a net: the chain (or function), a line for each stage with its parameters,
 * their shapes and how many numbers that is, the total, and what training left. */
void dw_net_show_summary(dw_buf *out, dw_value f);

#endif

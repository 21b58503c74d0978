/* SPDX-License-Identifier: BSD-3-Clause */
/* Nets as source text that stands alone: the functions of the notebook a net is made of, each on a
 * line before it is used, then the chain. Parameters are left out but for their sizes. */
#ifndef DW_NET_SOURCE_H
#define DW_NET_SOURCE_H

#include "lang/net.h"

/* Appends the lines; none of them is empty. Errors say what the net uses that cannot be written
 * down: a picture, another trained net, a word that does more than compute. */
bool dw_net_source_write(dw_eval *eval, dw_value f, dw_buf *out) DW_CHECK;

/* Whether a word of the language may stand in a net that comes from a file: it only computes with
 * numbers, or makes a layer. */
bool dw_net_source_allows(const char *name);

/* Whether a value is what the language means by that word: the notebook may have given it another.
 */
bool dw_net_source_is_word(const char *name, dw_value v);

#endif

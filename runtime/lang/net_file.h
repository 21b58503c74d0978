/* SPDX-License-Identifier: BSD-3-Clause */
/* Nets as text files: the net in the language, an empty line, then a line for each array in
 * hexadecimal floats, so that nothing is lost and two versions can be compared:
 *
 *     1 → 2 → σ → 1
 *
 *     W1 2×1 = 0x1.4p+2 -0x1.4p+2
 *     b2 = -0x1p+0
 *     .labels = "no" "yes"
 *
 * Lines that begin with a point are no parameters: the input's size where the chain does not say
 * it, labels, words, and what training left. */
#ifndef DW_NET_FILE_H
#define DW_NET_FILE_H

#include "lang/net.h"

/* Appends the file of a net. VALUE errors say what cannot be written down. */
bool dw_net_file_write(dw_eval *eval, dw_value f, dw_buf *out) DW_CHECK;

/* The net in the bytes of a file. `name` is for errors, which name the line: SYNTAX (net_code.h),
 * DATA, SHAPE, LIMIT, MEMORY. */
bool dw_net_file_read(dw_eval *eval, const char *bytes, size_t size, const char *name,
                      dw_value *out) DW_CHECK;

#endif

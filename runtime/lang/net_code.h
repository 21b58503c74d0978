/* SPDX-License-Identifier: BSD-3-Clause */
/* The source text of a net that comes from a file, which may be anybody's: it is read by the
 * language's own parser and then, before anything runs, its tree is checked to do nothing but
 * define functions of numbers and a chain of them. */
#ifndef DW_NET_CODE_H
#define DW_NET_CODE_H

#include "lang/eval.h"

enum { DW_NET_CODE_MOST = 1 << 16 /* bytes */ };

/* The net the lines define: functions and numbers with names, then the net. `file` names the text
 * in errors, which have a place in it: SYNTAX for what is not allowed, TYPE when it is no net.
 * Takes no random draws and leaves no names behind. */
bool dw_net_code_read(dw_eval *eval, const char *file, const char *code, size_t size,
                      dw_value *out) DW_CHECK;

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests that ask about code without running it: complete, inspect, is_complete, history. */
#ifndef JK_INTROSPECT_H
#define JK_INTROSPECT_H

#include "request.h"

void jk_introspect_complete(jk_request *request);
void jk_introspect_inspect(jk_request *request);
void jk_introspect_is_complete(jk_request *request);
void jk_introspect_history(jk_request *request);

#endif

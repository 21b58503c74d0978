/* SPDX-License-Identifier: BSD-3-Clause */
/* execute_request: numbers, outputs, failures, user expressions and the abort of the queue. */
#ifndef JK_EXECUTE_H
#define JK_EXECUTE_H

#include "request.h"

/* Runs the request and replies. Outputs are published on the way, with the request as parent. */
void jk_execute_run(jk_request *request);

#endif

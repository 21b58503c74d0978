/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of message types, and the one bracket of busy and idle around every request. */
#ifndef JK_HANDLER_H
#define JK_HANDLER_H

#include "klog.h"
#include "request.h"

/* Handles a message and frees it: busy, handler, a reply if the type has one and none was sent,
 * idle. Unknown types get the bracket and no reply. */
void jk_handler_run(jk_services *services, jk_message *message, jk_klog *log);

/* Whether the message is an execute_request. */
bool jk_handler_is_execute(const jk_message *message);

#endif

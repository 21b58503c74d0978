/* SPDX-License-Identifier: BSD-3-Clause */
/* Questions to the user on the stdin channel. */
#ifndef JK_ASK_H
#define JK_ASK_H

#include "request.h"

/* Throws away what lies on the stdin channel: answers to questions of the past, and what nobody
 * asked for. libzmq keeps a peer that left for as long as something of his is unread. */
void jk_ask_forget(void *socket);

/* Sends an input_request to whoever sent `request` and waits for the input_reply, which it appends
 * to `answer`. What was printed is published first. An interrupt ends the wait. On the shell
 * thread. */
jk_ask jk_ask_user(const jk_request *request, jk_span question, bool is_hidden, jk_bytes *answer);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* Jupyter messages as a client sends and reads them. Written apart from kernel/wire.c on purpose:
 * a mistake in one of the two shows as a message that the other refuses. */
#ifndef CL_MESSAGE_H
#define CL_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define CL_MESSAGE_KEY "0123456789abcdef0123456789abcdef" /* of every connection file we write */
#define CL_MESSAGE_ID 40                                  /* room for a msg_id and a NUL */

/* A message received. The JSON is owned. */
typedef struct cl_message {
    json_t *header;
    json_t *parent;
    json_t *content;
} cl_message;

/* Sends a request whose content is JSON text already, and writes its msg_id. False: the socket
 * does not take it. */
bool cl_message_send(void *socket, const char *type, const char *content, char id[CL_MESSAGE_ID]);

/* Waits up to `ms` for the next message of a socket; its signature is checked. False: none came, or
 * one that is wrong. Free with cl_message_free. */
bool cl_message_read(void *socket, long ms, cl_message *message);

/* msg_type, "" when there is none. */
const char *cl_message_type(const cl_message *message);

/* Whether it answers the request with this msg_id. */
bool cl_message_answers(const cl_message *message, const char *id);

/* A text of the content, "" when there is none. */
const char *cl_message_text(const cl_message *message, const char *name);

/* Whether it is the status that says that all of a request is done. */
bool cl_message_is_idle(const cl_message *message);

/* Frees the JSON; a message that is all zeros is allowed. */
void cl_message_free(cl_message *message);

/* The content of an execute_request as JSON text, as a front end sends it with a person before it;
 * to be freed. NULL without memory. */
char *cl_message_cell(const char *code);

/* Seconds of a clock that never goes back. */
double cl_message_clock(void);

#endif

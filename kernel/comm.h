/* SPDX-License-Identifier: BSD-3-Clause */
/* Comms, the channels of widgets. This kernel knows no target yet: an attempt to open one is
 * answered with comm_close at once, so that front ends do not wait. */
#ifndef JK_COMM_H
#define JK_COMM_H

#include "request.h"

/* comm_open: refuses by comm_close with the request as parent. */
void jk_comm_open(jk_request *request);

/* comm_msg and comm_close of a comm nobody knows: nothing happens. */
void jk_comm_ignore(jk_request *request);

/* comm_info_request: the open comms, of one target when a name is given. */
void jk_comm_info(jk_request *request);

#endif

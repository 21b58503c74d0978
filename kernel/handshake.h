/* SPDX-License-Identifier: BSD-3-Clause */
/* Registration with the launcher (JEP 66): the kernel has chosen its ports and says which. */
#ifndef JK_HANDSHAKE_H
#define JK_HANDSHAKE_H

#include "conn.h"
#include "fault.h"
#include "hmac.h"

#include <stdbool.h>

/* Sends the ports to the address in conn->registration and waits at most 5 s for a signed answer of
 * any content; does nothing when there is no such address. `wake` is the file that signals of the
 * process can be read from, or -1: one that ends the process ends the wait. False when nobody
 * answers. */
bool jk_handshake_run(void *context, const jk_conn *conn, const jk_hmac *key, int wake,
                      jk_fault *fault);

#endif

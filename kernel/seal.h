/* SPDX-License-Identifier: BSD-3-Clause */
/* Encryption of the sockets by CurveZMQ (JEP 145): whoever started the kernel put a pair of keys
 * into the connection file; clients that know the public one get in, others get nothing. */
#ifndef JK_SEAL_H
#define JK_SEAL_H

#include "conn.h"
#include "fault.h"

#include <stdbool.h>

/* The schemes this build of libzmq has, as the JSON list that a kernelspec tells launchers:
 * ["curve"] or []. */
const char *jk_seal_schemes(void);

/* Makes a socket that is not bound yet a server of conn's keys; does nothing when it has none.
 * False when the keys are no pair or libzmq cannot. */
bool jk_seal_socket(void *socket, const jk_conn *conn, jk_fault *fault);

#endif

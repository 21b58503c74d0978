/* SPDX-License-Identifier: BSD-3-Clause */
/* Echo. A ROUTER proxied to itself returns each message to the peer it came from. */
#include "heartbeat.h"

#include <zmq.h>
#include <errno.h>

void *jk_heartbeat_run(void *socket) {
    int result;
    do {
        result = zmq_proxy(socket, socket, NULL);
    } while (result != 0 && zmq_errno() == EINTR);
    zmq_close(socket);
    return NULL;
}

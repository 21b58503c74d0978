/* SPDX-License-Identifier: BSD-3-Clause */
/* The heartbeat thread: sends every frame back, whatever the rest of the kernel does. */
#ifndef JK_HEARTBEAT_H
#define JK_HEARTBEAT_H

/* The thread; `socket` is a bound ROUTER, which it owns and closes. Ends with the context. */
void *jk_heartbeat_run(void *socket);

#endif

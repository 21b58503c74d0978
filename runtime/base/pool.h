/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads for work that falls into parts which share nothing. A part is done by whoever has time,
 * and its result has a place of its own, so nothing depends on which thread that was or on how many
 * there are. Threads start with the first work and sleep when there is none. */
#ifndef DW_POOL_H
#define DW_POOL_H

#include "base/mem.h"

typedef struct dw_pool dw_pool;

/* A pool of so many threads, the caller of dw_pool_run among them; NULL when there is no memory. */
dw_pool *dw_pool_new(dw_mem *mem, unsigned threads, dw_err *err) DW_CHECK;

/* Ends the threads; sets *pool to NULL. NULL is allowed. */
void dw_pool_free(dw_pool **pool);

/* How many threads work: 1 for NULL. */
unsigned dw_pool_threads(const dw_pool *pool);

/* Calls work(context, part, thread) for every part below `parts` and returns when all are done.
 * `thread` tells those apart that share this call: 0 is the calling one, which does part 0 and any
 * others, and it is below the smaller of parts and dw_pool_threads(pool); so what a thread needs
 * for itself may lie under that number. Work must not use the pool. Where no thread can be started,
 * and for NULL, the caller does all parts. */
typedef void dw_pool_work(void *context, unsigned part, unsigned thread);
void dw_pool_run(dw_pool *pool, dw_pool_work *work, void *context, unsigned parts);

#endif

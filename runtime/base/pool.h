/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads for work that falls into parts which share nothing. Which thread does a part is settled
 * by its number, and results are written to places of their own, so nothing depends on how many
 * threads there are. Threads start with the first work and sleep when there is none. */
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

/* Calls work(context, part) for every part below `parts` and returns when all are done; part p is
 * done by thread p % threads, the calling one being thread 0. Work must not use the pool. Where a
 * thread cannot be started, and for NULL, the caller does its parts too. */
typedef void dw_pool_work(void *context, unsigned part);
void dw_pool_run(dw_pool *pool, dw_pool_work *work, void *context, unsigned parts);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory for messages, which never runs out in silence.
 *
 * A request that is lost, a reply or an idle that cannot be written would leave a front end waiting
 * for ever, and jansson (2.14) writes damaged JSON, reads damaged texts or ends in an assertion
 * when an allocation fails. So a reserve is kept. When the system has no more, the reserve is given
 * up and the allocation tried again; when that fails too, the process says so and ends, which front
 * ends notice and tell. Values of the language are none of this: they have an account of their own
 * (base/mem.h), and where that is empty a cell fails with MemoryError. */
#ifndef JK_SPARE_H
#define JK_SPARE_H

#include <stddef.h>

/* From this size on (bytes) an allocation may fail: the caller drops what was so large. */
#define JK_SPARE_LARGE ((size_t)16 << 20)

/* Sets the reserve aside and lets jansson and libcrypto allocate here. Before their first use. */
void jk_spare_set_up(void);

/* Fills the reserve again if it was given up and there is memory now. Called with each request. */
void jk_spare_renew(void);

/* Gives what was freed back to the system, where its allocator can: it keeps whatever lies below a
 * block in use, after a training or some figures many megabytes. Takes a millisecond: at rest. */
void jk_spare_return(void);

/* `size` bytes; NULL only when that is JK_SPARE_LARGE or more. Freed with free, like all below. */
void *jk_spare_get(size_t size);

/* The same for `count` items of `size` bytes, zeroed. */
void *jk_spare_zero(size_t count, size_t size);

/* The same for a block (or NULL) that gets another size. On NULL the old one is still there. */
void *jk_spare_grow(void *block, size_t size);

/* A copy of a text. */
char *jk_spare_copy(const char *text);

/* Gives the reserve up, for those who allocate elsewhere and failed (libzmq); ends the process when
 * that was done before and `size` is small. Try again when it returns. */
void jk_spare_give_up(size_t size);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* Message signatures: HMAC over a list of parts as lower-case hex. Signing is a pure function of
 * the key and the parts, so every thread may use one key at the same time. */
#ifndef JK_HMAC_H
#define JK_HMAC_H

#include "fault.h"
#include "span.h"

#include <stdbool.h>
#include <stddef.h>

#define JK_HMAC_HEX 129 /* room for the longest signature and a NUL */

typedef struct jk_hmac jk_hmac;

/* A key for the scheme "hmac-<digest>". An empty key is a key: it turns signing off. NULL with
 * `fault` set when the scheme is unknown or there is no memory. Free with jk_hmac_free. */
jk_hmac *jk_hmac_new(const char *scheme, jk_span key, jk_fault *fault);

/* Whether messages are signed at all. */
bool jk_hmac_is_on(const jk_hmac *hmac);

/* Writes the signature of the parts, one after another, as a NUL-terminated string (empty when
 * signing is off). False: the library failed. */
bool jk_hmac_sign(const jk_hmac *hmac, const jk_span *parts, size_t count, char hex[JK_HMAC_HEX]);

/* Whether two signatures are the same; the time taken depends on their lengths only. */
bool jk_hmac_equal(jk_span a, jk_span b);

/* NULL is allowed. */
void jk_hmac_free(jk_hmac *hmac);

#endif

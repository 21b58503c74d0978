/* SPDX-License-Identifier: BSD-3-Clause */
/* SHA-256 (FIPS 180-4). Our own because every message needs it and nothing else of libcrypto is: to
 * load that library was a fifth of the start and of the memory of a kernel. */
#ifndef JK_SHA256_H
#define JK_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JK_SHA256_SIZE 32  /* bytes of a digest */
#define JK_SHA256_BLOCK 64 /* bytes of a block */

/* A text half read. A copy goes on from there by itself. */
typedef struct jk_sha256 {
    uint32_t state[8];
    uint64_t len; /* bytes so far */
    unsigned char block[JK_SHA256_BLOCK];
    bool is_fast; /* this processor has instructions for it */
} jk_sha256;

void jk_sha256_begin(jk_sha256 *hash);
void jk_sha256_add(jk_sha256 *hash, const void *bytes, size_t len);

/* Writes the digest; the hash is used up. */
void jk_sha256_end(jk_sha256 *hash, unsigned char digest[JK_SHA256_SIZE]);

/* ---- between the files of sha256 ------------------------------------------------------------ */

/* The constants K of the standard. */
extern const uint32_t jk_sha256_constants[64];

/* Whether jk_sha256_fast_blocks may be called here. */
bool jk_sha256_fast_is_there(void);

/* Takes whole blocks into the state with the processor's instructions. */
void jk_sha256_fast_blocks(uint32_t state[8], const unsigned char *bytes, size_t blocks);

#endif

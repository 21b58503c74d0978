/* SPDX-License-Identifier: BSD-3-Clause */
/* The standard in its own words: names and order of the steps are those of FIPS 180-4, section 6.2.
 */
#include "sha256.h"

#include <string.h>

const uint32_t jk_sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotr(uint32_t x, int n) {
    return x >> n | x << (32 - n);
}

static void schedule(uint32_t w[64], const unsigned char *bytes) {
    for (int t = 0; t < 16; t++, bytes += 4) {
        w[t] = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
               (uint32_t)bytes[3];
    }
    for (int t = 16; t < 64; t++) {
        uint32_t x = w[t - 15], y = w[t - 2];
        w[t] = (rotr(y, 17) ^ rotr(y, 19) ^ y >> 10) + w[t - 7] +
               (rotr(x, 7) ^ rotr(x, 18) ^ x >> 3) + w[t - 16];
    }
}

static void take_block(uint32_t state[8], const unsigned char *bytes) {
    uint32_t w[64], s[8]; /* s: a … h */
    schedule(w, bytes);
    memcpy(s, state, sizeof s);
    for (int t = 0; t < 64; t++) {
        uint32_t a = s[0], e = s[4];
        uint32_t t1 = s[7] + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & s[5]) ^ (~e & s[6])) +
                      jk_sha256_constants[t] + w[t];
        uint32_t t2 =
            (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) {
        state[i] += s[i];
    }
}

static void take(jk_sha256 *hash, const unsigned char *bytes, size_t blocks) {
    if (hash->is_fast) {
        jk_sha256_fast_blocks(hash->state, bytes, blocks);
        return;
    }
    for (; blocks > 0; blocks--, bytes += JK_SHA256_BLOCK) {
        take_block(hash->state, bytes);
    }
}

void jk_sha256_begin(jk_sha256 *hash) {
    *hash = (jk_sha256){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                  0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
                        .is_fast = jk_sha256_fast_is_there()};
}

void jk_sha256_add(jk_sha256 *hash, const void *bytes, size_t len) {
    const unsigned char *from = bytes;
    size_t held = (size_t)(hash->len % JK_SHA256_BLOCK);
    hash->len += len;
    if (held > 0) {
        size_t more = JK_SHA256_BLOCK - held < len ? JK_SHA256_BLOCK - held : len;
        memcpy(hash->block + held, from, more);
        from += more;
        len -= more;
        if (held + more < JK_SHA256_BLOCK) {
            return;
        }
        take(hash, hash->block, 1);
    }
    take(hash, from, len / JK_SHA256_BLOCK);
    if (len % JK_SHA256_BLOCK > 0) {
        memcpy(hash->block, from + len - len % JK_SHA256_BLOCK, len % JK_SHA256_BLOCK);
    }
}

void jk_sha256_end(jk_sha256 *hash, unsigned char digest[JK_SHA256_SIZE]) {
    static const unsigned char padding[JK_SHA256_BLOCK] = {0x80};
    unsigned char bits[8];
    for (int i = 0; i < 8; i++) {
        bits[i] = (unsigned char)(hash->len * 8 >> (56 - 8 * i));
    }
    size_t held = (size_t)(hash->len % JK_SHA256_BLOCK);
    jk_sha256_add(hash, padding, (held < 56 ? 56 : 120) - held);
    jk_sha256_add(hash, bits, sizeof bits);
    for (int i = 0; i < JK_SHA256_SIZE; i++) {
        digest[i] = (unsigned char)(hash->state[i / 4] >> (24 - i % 4 * 8));
    }
}

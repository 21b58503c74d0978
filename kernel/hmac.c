/* SPDX-License-Identifier: BSD-3-Clause */
/* HMAC by OpenSSL.
 *
 * hmac-sha256, which every Jupyter server uses, goes through the digest itself with the padded
 * key absorbed once: the generic interface loads the provider machinery, 1.5 ms and 2 MB before
 * the first message. Any other digest takes the generic interface. */
#define OPENSSL_API_COMPAT 10100
#include "hmac.h"

#include "spare.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <limits.h>
#include <stdlib.h>

struct jk_hmac {
    bool is_on;
    const EVP_MD *digest; /* NULL: the SHA-256 states below */
    SHA256_CTX inner;     /* after key xor ipad */
    SHA256_CTX outer;     /* after key xor opad */
    size_t key_len;
    char key[]; /* for the generic interface */
};

static void absorb_key(jk_hmac *hmac, jk_span key) {
    unsigned char block[SHA256_CBLOCK] = {0};
    if (key.len > sizeof block) {
        SHA256((const unsigned char *)key.bytes, key.len, block);
    } else {
        memcpy(block, key.bytes, key.len);
    }
    for (size_t i = 0; i < sizeof block; i++) {
        block[i] ^= 0x36;
    }
    SHA256_Init(&hmac->inner);
    SHA256_Update(&hmac->inner, block, sizeof block);
    for (size_t i = 0; i < sizeof block; i++) {
        block[i] ^= 0x36 ^ 0x5c;
    }
    SHA256_Init(&hmac->outer);
    SHA256_Update(&hmac->outer, block, sizeof block);
    OPENSSL_cleanse(block, sizeof block);
}

jk_hmac *jk_hmac_new(const char *scheme, jk_span key, jk_fault *fault) {
    if (strncmp(scheme, "hmac-", 5) != 0) {
        jk_fault_set(fault, "signature_scheme \"%s\" is unknown; try \"hmac-sha256\"", scheme);
        return NULL;
    }
    const EVP_MD *digest = NULL;
    if (strcmp(scheme + 5, "sha256") != 0) {
        digest = EVP_get_digestbyname(scheme + 5);
        if (!digest) {
            jk_fault_set(fault, "no digest \"%s\" for signature_scheme; try \"hmac-sha256\"",
                         scheme + 5);
            return NULL;
        }
    }
    if (key.len > INT_MAX / 2) {
        jk_fault_set(fault, "the key is too long");
        return NULL;
    }
    jk_hmac *hmac = jk_spare_zero(1, sizeof *hmac + key.len + 1);
    if (!hmac) {
        jk_fault_set(fault, "out of memory");
        return NULL;
    }
    hmac->is_on = key.len > 0;
    hmac->digest = digest;
    hmac->key_len = key.len;
    if (key.len > 0) {
        memcpy(hmac->key, key.bytes, key.len);
        absorb_key(hmac, key);
    }
    return hmac;
}

bool jk_hmac_is_on(const jk_hmac *hmac) {
    return hmac->is_on;
}

static size_t sign_sha256(const jk_hmac *hmac, const jk_span *parts, size_t count,
                          unsigned char *raw) {
    SHA256_CTX state = hmac->inner;
    for (size_t i = 0; i < count; i++) {
        SHA256_Update(&state, parts[i].bytes, parts[i].len);
    }
    SHA256_Final(raw, &state);
    state = hmac->outer;
    SHA256_Update(&state, raw, SHA256_DIGEST_LENGTH);
    SHA256_Final(raw, &state);
    return SHA256_DIGEST_LENGTH;
}

/* 0 when the library fails. */
static size_t sign_generic(const jk_hmac *hmac, const jk_span *parts, size_t count,
                           unsigned char *raw) {
    unsigned int len = 0;
    HMAC_CTX *state = HMAC_CTX_new();
    bool ok = state && HMAC_Init_ex(state, hmac->key, (int)hmac->key_len, hmac->digest, NULL);
    for (size_t i = 0; ok && i < count; i++) {
        ok = HMAC_Update(state, (const unsigned char *)parts[i].bytes, parts[i].len) != 0;
    }
    ok = ok && HMAC_Final(state, raw, &len);
    HMAC_CTX_free(state);
    return ok ? len : 0;
}

bool jk_hmac_sign(const jk_hmac *hmac, const jk_span *parts, size_t count, char hex[JK_HMAC_HEX]) {
    hex[0] = '\0';
    if (!hmac->is_on) {
        return true;
    }
    unsigned char raw[EVP_MAX_MD_SIZE];
    size_t len =
        hmac->digest ? sign_generic(hmac, parts, count, raw) : sign_sha256(hmac, parts, count, raw);
    for (size_t i = 0; i < len; i++) {
        hex[2 * i] = "0123456789abcdef"[raw[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[raw[i] & 15];
    }
    hex[2 * len] = '\0';
    return len > 0;
}

bool jk_hmac_equal(jk_span a, jk_span b) {
    return a.len == b.len && CRYPTO_memcmp(a.bytes, b.bytes, a.len) == 0;
}

void jk_hmac_free(jk_hmac *hmac) {
    if (hmac) {
        OPENSSL_cleanse(hmac, sizeof *hmac + hmac->key_len);
        free(hmac);
    }
}

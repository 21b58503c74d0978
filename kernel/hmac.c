/* SPDX-License-Identifier: BSD-3-Clause */
/* HMAC (RFC 2104).
 *
 * hmac-sha256, which every Jupyter server uses, goes through our own digest with the padded key
 * absorbed once. Any other digest is a matter for OpenSSL's libcrypto, loaded only then: that takes
 * a millisecond and a megabyte and a half. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "hmac.h"

#include "sha256.h"
#include "spare.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>

enum { LONGEST = (JK_HMAC_HEX - 1) / 2 };

/* Two functions of libcrypto, as they have been since its version 1.0. */
typedef const void *find_digest(const char *name);
typedef unsigned char *sign_text(const void *digest, const void *key, int key_len,
                                 const unsigned char *text, size_t len, unsigned char *raw,
                                 unsigned int *raw_len);

struct jk_hmac {
    bool is_on;
    const void *digest; /* NULL: the SHA-256 states below */
    sign_text *sign;    /* for the digest */
    jk_sha256 inner;    /* after key xor ipad */
    jk_sha256 outer;    /* after key xor opad */
    size_t key_len;
    char key[]; /* for libcrypto */
};

static void absorb_key(jk_hmac *hmac, jk_span key) {
    unsigned char block[JK_SHA256_BLOCK] = {0};
    jk_sha256 empty;
    jk_sha256_begin(&empty);
    hmac->inner = hmac->outer = empty;
    if (key.len > sizeof block) {
        jk_sha256_add(&empty, key.bytes, key.len);
        jk_sha256_end(&empty, block);
    } else {
        memcpy(block, key.bytes, key.len);
    }
    for (size_t i = 0; i < sizeof block; i++) {
        block[i] ^= 0x36;
    }
    jk_sha256_add(&hmac->inner, block, sizeof block);
    for (size_t i = 0; i < sizeof block; i++) {
        block[i] ^= 0x36 ^ 0x5c;
    }
    jk_sha256_add(&hmac->outer, block, sizeof block);
    explicit_bzero(block, sizeof block);
}

/* ---- other digests -------------------------------------------------------------------------- */

static void *open_library(void) {
    static const char *const names[] = {"libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"};
    void *library = NULL;
    for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++) {
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    }
    return library;
}

/* ISO C has no cast from what dlsym gives to a function. */
static bool find_function(void *library, const char *name, void *function) {
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

/* The library stays for good: it is not made to be taken away. */
static bool find_other(jk_hmac *hmac, const char *name, jk_fault *fault) {
    find_digest *find;
    void *library = open_library();
    if (!library || !find_function(library, "EVP_get_digestbyname", &find) ||
        !find_function(library, "HMAC", &hmac->sign)) {
        return jk_fault_set(fault,
                            "signature_scheme \"hmac-%s\" needs OpenSSL's libcrypto, which "
                            "is not installed; try \"hmac-sha256\"",
                            name);
    }
    hmac->digest = find(name);
    return hmac->digest ||
           jk_fault_set(fault, "no digest \"%s\" for signature_scheme; try \"hmac-sha256\"", name);
}

/* 0 when the library fails, or memory. */
static size_t sign_other(const jk_hmac *hmac, const jk_span *parts, size_t count,
                         unsigned char raw[LONGEST]) {
    size_t len = 0, at = 0;
    unsigned int raw_len = 0;
    for (size_t i = 0; i < count; i++) {
        len += parts[i].len;
    }
    unsigned char *text = jk_spare_get(len + 1);
    for (size_t i = 0; text && i < count; i++) {
        if (parts[i].len > 0) {
            memcpy(text + at, parts[i].bytes, parts[i].len);
            at += parts[i].len;
        }
    }
    bool ok = text && hmac->sign(hmac->digest, hmac->key, (int)hmac->key_len, text, len, raw,
                                 &raw_len) != NULL;
    free(text);
    return ok ? raw_len : 0;
}

/* ---- the key ------------------------------------------------------------------------------- */

jk_hmac *jk_hmac_new(const char *scheme, jk_span key, jk_fault *fault) {
    if (strncmp(scheme, "hmac-", 5) != 0) {
        jk_fault_set(fault, "signature_scheme \"%s\" is unknown; try \"hmac-sha256\"", scheme);
        return NULL;
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
    if (strcmp(scheme + 5, "sha256") != 0 && !find_other(hmac, scheme + 5, fault)) {
        free(hmac);
        return NULL;
    }
    hmac->is_on = key.len > 0;
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
                          unsigned char raw[LONGEST]) {
    jk_sha256 hash = hmac->inner;
    for (size_t i = 0; i < count; i++) {
        jk_sha256_add(&hash, parts[i].bytes, parts[i].len);
    }
    jk_sha256_end(&hash, raw);
    hash = hmac->outer;
    jk_sha256_add(&hash, raw, JK_SHA256_SIZE);
    jk_sha256_end(&hash, raw);
    return JK_SHA256_SIZE;
}

bool jk_hmac_sign(const jk_hmac *hmac, const jk_span *parts, size_t count, char hex[JK_HMAC_HEX]) {
    hex[0] = '\0';
    if (!hmac->is_on) {
        return true;
    }
    unsigned char raw[LONGEST];
    size_t len =
        hmac->digest ? sign_other(hmac, parts, count, raw) : sign_sha256(hmac, parts, count, raw);
    for (size_t i = 0; i < len; i++) {
        hex[2 * i] = "0123456789abcdef"[raw[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[raw[i] & 15];
    }
    hex[2 * len] = '\0';
    return len > 0;
}

bool jk_hmac_equal(jk_span a, jk_span b) {
    volatile unsigned char difference = 0; /* volatile: no early end */
    for (size_t i = 0; a.len == b.len && i < a.len; i++) {
        difference = (unsigned char)(difference | (a.bytes[i] ^ b.bytes[i]));
    }
    return a.len == b.len && difference == 0;
}

void jk_hmac_free(jk_hmac *hmac) {
    if (hmac) {
        explicit_bzero(hmac, sizeof *hmac + hmac->key_len);
        free(hmac);
    }
}

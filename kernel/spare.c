/* SPDX-License-Identifier: BSD-3-Clause */
/* The reserve. */
#include "spare.h"

#include <jansson.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <openssl/crypto.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RESERVE = 1 << 20 };

/* One for the process, because jansson and libcrypto ask for memory without saying for whom. */
static _Atomic(void *) reserve;

static _Noreturn void end(void) {
    static const char words[] =
        "deepwhy: the system has no memory left, not even for a message; the kernel ends\n";
    if (write(STDERR_FILENO, words, sizeof words - 1) < 0) {
        _exit(2);
    }
    _exit(1);
}

void jk_spare_renew(void) {
    void *none = NULL;
    if (atomic_load(&reserve)) {
        return;
    }
    void *block = malloc(RESERVE);
    if (block && !atomic_compare_exchange_strong(&reserve, &none, block)) {
        free(block);
    }
}

void jk_spare_return(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void jk_spare_give_up(size_t size) {
    void *block = atomic_exchange(&reserve, NULL);
    if (!block && size < JK_SPARE_LARGE) {
        end();
    }
    free(block);
}

void *jk_spare_grow(void *block, size_t size) {
    void *next = realloc(block, size > 0 ? size : 1);
    if (!next) {
        jk_spare_give_up(size);
        next = realloc(block, size > 0 ? size : 1);
    }
    if (!next && size < JK_SPARE_LARGE) {
        end();
    }
    return next;
}

void *jk_spare_get(size_t size) {
    return jk_spare_grow(NULL, size);
}

void *jk_spare_zero(size_t count, size_t size) {
    void *block = size == 0 || count <= SIZE_MAX / size ? jk_spare_get(count * size) : NULL;
    if (block) {
        memset(block, 0, count * size);
    }
    return block;
}

char *jk_spare_copy(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = jk_spare_get(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

/* ---- for the libraries: never NULL ---------------------------------------------------------- */

static void *json_get(size_t size) {
    void *block = jk_spare_get(size);
    if (!block) {
        end();
    }
    return block;
}

static void *crypto_get(size_t size, const char *file, int line) {
    (void)file;
    (void)line;
    return size > 0 ? jk_spare_get(size) : NULL;
}

static void *crypto_grow(void *block, size_t size, const char *file, int line) {
    (void)file;
    (void)line;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return jk_spare_grow(block, size);
}

static void crypto_free(void *block, const char *file, int line) {
    (void)file;
    (void)line;
    free(block);
}

void jk_spare_set_up(void) {
    jk_spare_renew();
    json_set_alloc_funcs(json_get, free);
    (void)CRYPTO_set_mem_functions(crypto_get, crypto_grow, crypto_free);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Digests, against the examples of FIPS 180-4 (NIST's "SHA256.pdf" and "SHA2_Additional.pdf"), and
 * both ways of computing them against each other. */
#include "sha256.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void finish(jk_sha256 *hash, char hex[65]) {
    unsigned char digest[JK_SHA256_SIZE];
    jk_sha256_end(hash, digest);
    for (int i = 0; i < JK_SHA256_SIZE; i++) {
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
}

/* The digest of `count` times a text, by the processor's instructions if they are there or not. */
static void digest(const char *text, size_t count, bool is_fast, char hex[65]) {
    jk_sha256 hash;
    jk_sha256_begin(&hash);
    hash.is_fast = hash.is_fast && is_fast;
    for (size_t i = 0; i < count; i++) {
        jk_sha256_add(&hash, text, strlen(text));
    }
    finish(&hash, hex);
}

static void known_digests(void **state) {
    (void)state;
    const struct {
        const char *text;
        size_t count;
        const char *hex;
    } rows[] = {
        {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int is_fast = 0; is_fast < 2; is_fast++) {
            char hex[65];
            digest(rows[i].text, rows[i].count, is_fast, hex);
            assert_string_equal(hex, rows[i].hex);
        }
    }
}

/* Every length up to three blocks, cut in two at every place. */
static void cuts_change_nothing(void **state) {
    (void)state;
    char text[192];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)(i * 37 + 11);
    }
    for (size_t len = 0; len <= sizeof text; len++) {
        char whole[65], cut[65];
        jk_sha256 hash;
        jk_sha256_begin(&hash);
        hash.is_fast = false;
        jk_sha256_add(&hash, text, len);
        finish(&hash, whole);
        for (size_t at = 0; at <= len; at += 1 + len / 16) {
            jk_sha256_begin(&hash);
            jk_sha256_add(&hash, text, at);
            jk_sha256 copy = hash;
            jk_sha256_add(&copy, text + at, len - at);
            finish(&copy, cut);
            assert_string_equal(cut, whole);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_digests),
                                       cmocka_unit_test(cuts_change_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Signatures, against the vectors of RFC 4231. */
#include "hmac.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *scheme, jk_span key, const char *data, const char *hex) {
    char got[JK_HMAC_HEX];
    jk_hmac *hmac = jk_hmac_new(scheme, key, NULL);
    assert_non_null(hmac);
    for (size_t cut = 0; cut <= strlen(data); cut += 7) { /* any split gives the same */
        jk_span parts[2] = {jk_span_make(data, cut), jk_span_of(data + cut)};
        assert_true(jk_hmac_sign(hmac, parts, 2, got));
        assert_string_equal(got, hex);
    }
    jk_hmac_free(hmac);
}

static void known_vectors(void **state) {
    (void)state;
    char key[131];
    memset(key, 0x0b, 20);
    expect("hmac-sha256", jk_span_make(key, 20), "Hi There",
           "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    expect("hmac-sha512", jk_span_make(key, 20), "Hi There",
           "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
           "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
    expect("hmac-sha256", jk_span_of("Jefe"), "what do ya want for nothing?",
           "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, 131);
    expect("hmac-sha256", jk_span_make(key, 131),
           "Test Using Larger Than Block-Size Key - Hash Key First",
           "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void an_empty_key_signs_nothing(void **state) {
    (void)state;
    char hex[JK_HMAC_HEX] = "x";
    jk_hmac *hmac = jk_hmac_new("hmac-sha256", jk_span_of(NULL), NULL);
    assert_false(jk_hmac_is_on(hmac));
    assert_true(jk_hmac_sign(hmac, NULL, 0, hex));
    assert_string_equal(hex, "");
    jk_hmac_free(hmac);
    jk_hmac_free(NULL);
}

static void unknown_schemes_are_refused(void **state) {
    (void)state;
    const char *const schemes[] = {"", "sha256", "hmac-", "hmac-none", "HMAC-SHA256"};
    for (size_t i = 0; i < 5; i++) {
        jk_fault fault = {{0}};
        assert_null(jk_hmac_new(schemes[i], jk_span_of("k"), &fault));
        assert_true(fault.text[0]);
    }
}

static void comparing(void **state) {
    (void)state;
    assert_true(jk_hmac_equal(jk_span_of("abc"), jk_span_of("abc")));
    assert_false(jk_hmac_equal(jk_span_of("abc"), jk_span_of("abd")));
    assert_false(jk_hmac_equal(jk_span_of("ab"), jk_span_of("abc")));
    assert_false(jk_hmac_equal(jk_span_of(""), jk_span_of("abc")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_vectors), cmocka_unit_test(an_empty_key_signs_nothing),
        cmocka_unit_test(unknown_schemes_are_refused), cmocka_unit_test(comparing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

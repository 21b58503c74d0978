/* SPDX-License-Identifier: BSD-3-Clause */
/* The examples of RFC 4648, section 10, and every digit. */
#include "base/base64.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static void expect(const void *bytes, size_t size, const char *wanted) {
    char text[120];
    memset(text, '#', sizeof text);
    dw_base64_encode(text, bytes, size);
    assert_int_equal(DW_BASE64_LENGTH(size), strlen(wanted));
    assert_memory_equal(text, wanted, strlen(wanted));
    assert_int_equal(text[strlen(wanted)], '#'); /* not a byte more */
}

static void examples_of_the_standard(void **state) {
    (void)state;
    const char *const wanted[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    for (size_t i = 0; i < 7; i++) {
        expect("foobar", i, wanted[i]);
    }
}

static void every_digit(void **state) {
    (void)state;
    unsigned char bytes[48];
    for (unsigned i = 0, four = 0; i < 48; i += 3, four += 4) {
        bytes[i] = (unsigned char)(four << 2 | (four + 1) >> 4);
        bytes[i + 1] = (unsigned char)((four + 1) << 4 | (four + 2) >> 2);
        bytes[i + 2] = (unsigned char)((four + 2) << 6 | (four + 3));
    }
    expect(bytes, 48, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    expect("\xff\xff", 2, "//8=");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(examples_of_the_standard),
                                       cmocka_unit_test(every_digit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

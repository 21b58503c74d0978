/* SPDX-License-Identifier: BSD-3-Clause */
/* Pictures inside images. */
#include "plot/embed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef void put(dw_buf *out, const dw_embed *picture);

static void says(put *how, const char *svg, const char *alt, const char *words) {
    dw_mem mem = {0};
    dw_buf out;
    const dw_embed picture = {svg, strlen(svg), alt, 48, 36};
    dw_buf_init(&out, &mem);
    how(&out, &picture);
    assert_string_equal(out.data, words);
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

#define HEAD "<img alt=\"a\" width=\"48\" height=\"36\" src=\""

static void writes_base64(void **state) {
    (void)state;
    says(dw_embed_image, "", "a", HEAD "data:image/svg+xml;base64,\">");
    says(dw_embed_image, "f", "a", HEAD "data:image/svg+xml;base64,Zg==\">");
    says(dw_embed_image, "fo", "a", HEAD "data:image/svg+xml;base64,Zm8=\">");
    says(dw_embed_image, "foo", "a", HEAD "data:image/svg+xml;base64,Zm9v\">");
    says(dw_embed_image, "\xff\xfe\xfb", "a", HEAD "data:image/svg+xml;base64,//77\">");
}

static void keeps_the_words_apart(void **state) {
    (void)state;
    says(dw_embed_image, "f", "\"<&>\"",
         "<img alt=\"&quot;&lt;&amp;&gt;&quot;\" width=\"48\" height=\"36\" "
         "src=\"data:image/svg+xml;base64,Zg==\">");
}

static void leaves_a_raw_picture_as_it_is(void **state) {
    (void)state;
    says(dw_embed_raw, "<svg>\n</svg>\n", "a", HEAD "\n<svg>\n</svg>\n\">");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_base64),
        cmocka_unit_test(keeps_the_words_apart),
        cmocka_unit_test(leaves_a_raw_picture_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Cleaning gnuplot's SVG. */
#include "plot/svg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char raw[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"no\"?>\n"
    "<!DOCTYPE svg>\n<svg width=\"9\" height=\"9\" viewBox=\"0 0 9 9\">\n"
    "<title>Gnuplot</title>\n<desc>Produced by GNUPLOT 5.4 patchlevel 4 </desc>\n"
    "<g id=\"gnuplot_canvas\">\n<rect x=\"0\" y=\"0\" width=\"9\" height=\"9\" fill=\"#ffffff\"/>\n"
    "<defs>\n<circle id='gpDot' r='0.5'/>\n<path id='gpPt0' d='M-1,0 h2'/>\n"
    "<circle id='gpPt5' r='1'/>\n<use xlink:href='#gpPt5' id='gpPt6' fill='currentColor'/>\n"
    "<filter id='textbox' x='0'>\n<feFlood flood-color='#FFFFFF'/>\n</filter>\n</defs>\n"
    "<g fill=\"none\" color=\"black\" stroke=\"currentColor\" stroke-width=\"1.00\"></g>\n"
    "<g id=\"plot_1\" ><title>secret</title>\n"
    "<g fill=\"none\" color=\"black\" stroke=\"currentColor\" stroke-width=\"2.00\" "
    "stroke-linecap=\"butt\" onclick=\"x()\">\n"
    "<path stroke='rgb(148,   0, 211)' d='M1,1 L2,2  '/>"
    "<g transform=\"translate(1,1)\" stroke=\"none\" font-family=\"Helvetica\">"
    "<text> a &lt; b</text></g>\n"
    "<use xlink:href='#gpPt6' transform='translate(1,2)'/></g>\n</g>\n</g>\n</svg>\n\n";

static const dw_svg_head head = {"f12", "a \"t\" & <u>", "one & only", 480, 360};

static char *clean(const char *text, size_t size, dw_err *err) {
    static dw_mem mem;
    dw_buf out;
    dw_buf_init(&out, &mem);
    if (!dw_svg_clean(text, size, &head, &out, err)) {
        dw_buf_free(&out);
        return NULL;
    }
    char *copy = strdup(out.data);
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
    return copy;
}

static void what_draws_stays_and_the_rest_goes(void **state) {
    (void)state;
    dw_err err = {0};
    char *svg = clean(raw, strlen(raw), &err);
    assert_non_null(svg);
    const char *const gone[] = {"<?xml",  "DOCTYPE", "Gnuplot",       "GNUPLOT", "patchlevel",
                                "secret", "filter",  "gpDot",         "gpPt0",   "onclick",
                                "rgb(",   "plot_1",  "linecap=\"butt"};
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++)
        assert_null(strstr(svg, gone[i]));
    const char *const there[] = {"<svg xmlns=",
                                 "width=\"480\" height=\"360\"",
                                 "role=\"img\" aria-labelledby=\"f12-title f12-desc\"",
                                 "<title id=\"f12-title\">a &quot;t&quot; &amp; &lt;u&gt;</title>",
                                 "<desc id=\"f12-desc\">one &amp; only</desc>",
                                 "stroke=\"#9400d3\" d=\"M1,1 L2,2\"",
                                 "id=\"f12-gpPt5\"",
                                 "id=\"f12-gpPt6\"",
                                 "<use xlink:href=\"#f12-gpPt6\"",
                                 "a &lt; b</text>",
                                 "fill=\"#ffffff\" stroke=\"none\"/>"};
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++)
        if (strstr(svg, there[i]) == NULL)
            fail_msg("%s is not in %s", there[i], svg);
    free(svg);
}

static void half_a_picture_is_none(void **state) {
    (void)state;
    size_t whole = strlen(raw) - 3; /* the last bytes are line ends and the > of </svg> */
    for (size_t size = 0; size < whole; size++) {
        dw_err err = {0};
        char *copy = malloc(size + 1);
        assert_non_null(copy);
        memcpy(copy, raw, size);
        assert_null(clean(copy, size, &err));
        assert_int_equal(err.kind, DW_ERR_PLOT);
        free(copy);
    }
}

static void strangers_are_refused(void **state) {
    (void)state;
    const char *const texts[] = {"",
                                 "hello",
                                 "<html></html>",
                                 "<svg><script>alert(1)</script></svg>",
                                 "<svg><foreignObject/></svg>",
                                 "<svg><g></svg>",
                                 "<svg></g></svg>",
                                 "<svg><svg></svg></svg>",
                                 "<svg><text>a<b></text></svg>",
                                 "<svg><text>\xff</text></svg>",
                                 "<svg><text>a\a</text></svg>",
                                 "<svg><path d=\"a/></svg>",
                                 "<svg><path d/></svg>"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        dw_err err = {0};
        if (clean(texts[i], strlen(texts[i]), &err) != NULL)
            fail_msg("%s was taken for a picture", texts[i]);
        assert_int_equal(err.kind, DW_ERR_PLOT);
    }
    static const char nul[] = "<svg><path d=\"M1,1\0\"/></svg>";
    dw_err err = {0};
    assert_null(clean(nul, sizeof nul - 1, &err));
    assert_int_equal(err.kind, DW_ERR_PLOT);
}

/* What a changed gnuplot could send to harm a page or to keep us busy. */
static void traps_are_harmless(void **state) {
    (void)state;
    dw_err err = {0};
    static const char away[] =
        "<svg><defs><path id='' d='M0,0'/></defs><g><use xlink:href='http://a.b/c#d'/>"
        "<image href='javascript:x()' xlink:href='data:image/png;base64,AA=='/>"
        "<path d='M0,0' style='mask:url(//a.b)' onload='y' begin='0s' a:href='z'/></g></svg>";
    static const char *const refused[] = {"</svg>",
                                          "<svg></svg></svg>",
                                          "<svg><g></svg></g>",
                                          "<svg><rect a\"b='1'/></svg>",
                                          "<svg><rect <='1'/></svg>",
                                          "<svg><rect x='\xff'/></svg>"};
    char *svg = clean(away, strlen(away), &err);
    assert_non_null(svg);
    assert_null(strstr(svg, "a.b"));
    assert_null(strstr(svg, "javascript"));
    assert_non_null(strstr(svg, "data:image/png;base64,AA=="));
    assert_non_null(strstr(svg, "<path d=\"M0,0\" stroke=\"none\"/>"));
    free(svg);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        dw_err_clear(&err);
        assert_null(clean(refused[i], strlen(refused[i]), &err));
        assert_int_equal(err.kind, DW_ERR_PLOT);
    }
}

static void escapes_are_complete(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_svg_escape(&out, "a&b<c>\"d\"\x01 λ\xff]]>", 17);
    assert_string_equal(out.data, "a&amp;b&lt;c&gt;&quot;d&quot;\xEF\xBF\xBD λ\xEF\xBF\xBD]]&gt;");
    dw_buf_free(&out);
}

/* Ids of a second showing are others; texts that only look alike stay. */
static void ids_can_be_renamed(void **state) {
    (void)state;
    dw_err err = {0};
    char *svg = clean(raw, strlen(raw), &err), *again = strdup(svg);
    size_t size = strlen(svg), changed = 0;
    assert_non_null(strstr(svg, "f12-"));
    dw_svg_rename(again, size);
    assert_null(strstr(again, "f12-"));
    for (size_t i = 0; i < size; i++)
        if (svg[i] != again[i]) {
            changed++;
            assert_memory_equal(svg + i, "f12-", 4);
            assert_memory_equal(again + i, "g12-", 4);
        }
    assert_true(changed > 2);
    for (int i = 0; i < 25; i++)
        dw_svg_rename(again, size);
    assert_string_equal(svg, again);
    char others[][40] = {"", "<svg/>", "<desc id=\"", "<desc id=\"x", "<desc id=\"-a"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char before[40];
        strcpy(before, others[i]);
        dw_svg_rename(others[i], strlen(others[i]));
        assert_string_equal(before, others[i]);
    }
    free(svg);
    free(again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_draws_stays_and_the_rest_goes),
        cmocka_unit_test(half_a_picture_is_none),
        cmocka_unit_test(strangers_are_refused),
        cmocka_unit_test(traps_are_harmless),
        cmocka_unit_test(escapes_are_complete),
        cmocka_unit_test(ids_can_be_renamed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Dates in a PDF. */
#include "plot/pdf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void dates_and_versions_are_replaced_in_place(void **state) {
    (void)state;
    char a[] = "%PDF-1.5\n<< /Producer (cairo 1.16.0 (https://cairographics.org))\n"
               "/CreationDate (D:20261123131045+02'00)\n>>\nstartxref\n1\n%%EOF\n";
    char b[] = "%PDF-1.5\n<< /Producer (cairo 1.18.2 (https://cairographics.org))\n"
               "/CreationDate (D:20190101000000-05'30)\n>>\nstartxref\n1\n%%EOF\n";
    size_t size = sizeof a - 1;
    assert_true(dw_pdf_settle(a, size));
    assert_true(dw_pdf_settle(b, size));
    assert_non_null(strstr(a, "/CreationDate (D:20000101000000"));
    assert_non_null(strstr(a, "startxref\n1\n"));
    b[strcspn(b, "+-")] = a[strcspn(a, "+-")];
    assert_int_equal(strlen(a), size);
    assert_memory_equal(strstr(a, "/Producer"), strstr(b, "/Producer"), 30);
}

static void what_is_no_pdf_is_refused(void **state) {
    (void)state;
    char html[] = "<html>an error page instead of a picture</html>";
    char half[] = "%PDF-1.5\n<< /CreationDate (D:2026";
    char empty[] = "";
    assert_false(dw_pdf_settle(html, sizeof html - 1));
    assert_false(dw_pdf_settle(half, sizeof half - 1));
    assert_false(dw_pdf_settle(empty, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_and_versions_are_replaced_in_place),
        cmocka_unit_test(what_is_no_pdf_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* A test that must fail. `make test` runs it to see that a failure is noticed and counted; it is
 * the only test program whose success is a defect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void two_and_two_make_five(void **state) {
    (void)state;
    assert_int_equal(2 + 2, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(two_and_two_make_five)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

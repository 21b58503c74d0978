/* SPDX-License-Identifier: BSD-3-Clause */
/* Every epoch holds every sample once, in an order of its own. */
#include "nets/batches.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SAMPLES = 10, SIZE = 4, LANES = 2 };

static void batches_run_over_the_ends_of_epochs(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_batches b = {.samples = SAMPLES,
                    .size = SIZE,
                    .lanes = LANES,
                    .streams = {dw_rng_seed(1), dw_rng_seed(2)}};
    assert_true(dw_batches_begin(&mem, &b, &err));
    size_t drawn[LANES][5 * SIZE]; /* two epochs */
    for (size_t i = 0; i < 5; i++) {
        const size_t *chosen = dw_batches_next(&b);
        for (size_t l = 0; l < LANES; l++)
            memcpy(drawn[l] + i * SIZE, chosen + l * SIZE, SIZE * sizeof *chosen);
    }
    for (size_t l = 0; l < LANES; l++)
        for (size_t epoch = 0; epoch < 2; epoch++) {
            unsigned seen = 0;
            for (size_t i = 0; i < SAMPLES; i++)
                seen |= 1u << drawn[l][epoch * SAMPLES + i];
            assert_int_equal(seen, (1u << SAMPLES) - 1);
        }
    assert_memory_not_equal(drawn[0], drawn[0] + SAMPLES, SAMPLES * sizeof **drawn);
    assert_memory_not_equal(drawn[0], drawn[1], SAMPLES * sizeof **drawn);
    dw_batches_forget(&b);
    b = (dw_batches){
        .samples = SAMPLES, .size = SIZE, .lanes = 1, .streams = {dw_rng_seed(2)}}; /* the second */
    assert_true(dw_batches_begin(&mem, &b, &err));
    for (size_t i = 0; i < 5; i++)
        assert_memory_equal(dw_batches_next(&b), drawn[1] + i * SIZE, SIZE * sizeof **drawn);
    dw_batches_forget(&b);
    assert_int_equal(mem.used, 0);
}

static void running_out_of_memory_is_told(void **state) {
    (void)state;
    for (long n = 1; n <= 2; n++) {
        dw_mem mem = {.fail_at = n};
        dw_err err = {0};
        dw_batches b = {.samples = SAMPLES, .size = SIZE, .lanes = 1};
        assert_false(dw_batches_begin(&mem, &b, &err));
        assert_int_equal(err.kind, DW_ERR_MEMORY);
        assert_int_equal(mem.used, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_run_over_the_ends_of_epochs),
        cmocka_unit_test(running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

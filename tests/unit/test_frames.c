/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of frames. */
#include "frames.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

static void frames_survive_growth(void **state) {
    (void)state;
    jk_frames frames = {0};
    for (size_t i = 0; i < 500; i++) {
        char text[200] = {(char)i, (char)(i >> 8)};
        assert_true(jk_frames_add(&frames, jk_span_make(text, i % 200)));
    }
    for (size_t i = 0; i < 500; i++) {
        jk_span frame = jk_frames_at(&frames, i);
        assert_int_equal(frame.len, i % 200);
        assert_true(frame.len < 1 || frame.bytes[0] == (char)i);
        assert_true(frame.len < 2 || frame.bytes[1] == (char)(i >> 8));
    }
    jk_frames_clear(&frames);
    assert_int_equal(frames.count, 0);
    assert_true(jk_frames_add(&frames, jk_span_of("again")));
    assert_true(jk_span_is(jk_frames_at(&frames, 0), "again"));
    jk_frames_free(&frames);
    assert_null(frames.list);
}

static void shared_frames_outlive_the_first(void **state) {
    (void)state;
    jk_frames one = {0}, two = {0};
    char large[10000] = "large";
    assert_true(jk_frames_add(&one, jk_span_make(large, sizeof large)));
    assert_true(jk_frames_share(&two, &one.list[0]));
    jk_frames_free(&one);
    assert_int_equal(jk_frames_at(&two, 0).len, sizeof large);
    assert_string_equal(jk_frames_at(&two, 0).bytes, "large");
    jk_frames_free(&two);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(frames_survive_growth),
                                       cmocka_unit_test(shared_frames_outlive_the_first)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

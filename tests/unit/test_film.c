/* SPDX-License-Identifier: BSD-3-Clause */
/* Films as data, and in words. */
#include "plot/film.h"

#include "reel.h"

static void close(dw_film *film) {
    dw_mem *mem = film->mem;
    dw_film_free(film);
    assert_int_equal(mem->used, 0);
}

static void words_are(dw_film *film, const char *words) {
    dw_buf out;
    dw_buf_init(&out, film->mem);
    dw_film_words(film, &out);
    assert_string_equal(out.data, words);
    dw_buf_free(&out);
}

static void gathers_words_and_bundles(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_film film = {.mem = &mem};
    char text[] = "one\n";
    assert_true(dw_film_print(&mem, &film.start, text, 4));
    text[0] = 'x';
    assert_true(dw_film_print(&mem, &film.start, "two\n", 4));
    assert_true(reel_picture(&mem, &film.start, 7, 1));
    assert_true(dw_film_print(&mem, &film.start, "three\n", 6));
    assert_int_equal(film.start.count, 3);
    assert_string_equal(film.start.pieces[0].parts[0].data, "one\ntwo\n");
    assert_true(film.start.pieces[0].printed && !film.start.pieces[1].printed);
    assert_string_equal(film.start.pieces[1].alt, "Plot \"7\".");
    assert_int_equal(film.start.pieces[1].width, 480);
    assert_non_null(dw_film_form(&film.start.pieces[1], "image/svg+xml"));
    assert_null(dw_film_form(&film.start.pieces[1], "application/pdf"));
    assert_ptr_equal(dw_film_picture(&film), &film.start.pieces[1]);
    words_are(&film, "one\ntwo\nPlot \"7\".\nthree");
    assert_true(reel_picture(&mem, &film.start, 8, 1));
    assert_null(dw_film_picture(&film));
    close(&film);
}

static void tells_of_its_knobs(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_film film = {.mem = &mem};
    assert_true(reel_make(&film, 1, 5, 1));
    words_are(&film, "Plot \"-1\". Slider: a from 0 to 4, here 2.");
    film.plays = true;
    words_are(&film, "Plot \"-1\". Animation: a from 0 to 4, here 2.");
    close(&film);
    assert_true(reel_make(&film, 2, 3, -1));
    film.knobs[1].all = 100;
    words_are(&film, "start\nSliders: a from 0 to 2, here 1; b from 0 to 2, here 1 (3 of 100 "
                     "values).");
    close(&film);
}

static void keeps_start_and_last(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_film film = {.mem = &mem};
    assert_true(reel_make(&film, 1, 10, -1));
    assert_int_equal(dw_film_kept(&film, film.knobs), 10);
    film.step = 4;
    const bool kept[10] = {true, false, false, false, true, true, false, false, true, true};
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(dw_film_keeps(&film, film.knobs, i), kept[i]);
    film.knobs->states[8].drawn = false;
    assert_int_equal(dw_film_kept(&film, film.knobs), 4);
    close(&film);
}

static void survives_starving(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_mem mem = {.fail_at = n};
        dw_film film = {.mem = &mem};
        done = reel_make(&film, 2, 3, n % 2 == 0 ? -1 : 1) &&
               dw_film_print(&mem, &film.start, "more", 4) &&
               dw_film_print(&mem, &film.start, "more", 4);
        assert_true(done || mem.fail_at == 0);
        close(&film);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gathers_words_and_bundles),
        cmocka_unit_test(tells_of_its_knobs),
        cmocka_unit_test(keeps_start_and_last),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

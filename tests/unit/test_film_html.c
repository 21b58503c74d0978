/* SPDX-License-Identifier: BSD-3-Clause */
/* Films on a page. That the script moves them is seen in a browser: tests/notebooks. */
#include "plot/film_html.h"

#include "plot/film_script.h"

#include "reel.h"

static dw_mem mem;

static size_t count_of(const char *text, const char *part) {
    size_t found = 0;
    for (const char *c = text; (c = strstr(c, part)) != NULL; c += strlen(part))
        found++;
    return found;
}

/* The page of a reel; film and text are to be freed. */
static char *page_of(dw_film *film, size_t knobs, size_t count, int lines, size_t limit) {
    dw_err err = {0};
    dw_buf out;
    size_t size;
    mem = (dw_mem){0};
    *film = (dw_film){.mem = &mem};
    dw_buf_init(&out, &mem);
    assert_true(reel_make(film, knobs, count, lines));
    assert_true(dw_film_html_write(film, limit, &out, &err));
    char *text = dw_buf_take(&out, &size);
    assert_non_null(text);
    return text;
}

static void end(dw_film *film, char *text) {
    dw_mem_free(text);
    dw_film_free(film);
    assert_int_equal(mem.used, 0);
}

static void shares_lines(void **state) {
    (void)state;
    dw_film film;
    char *text = page_of(&film, 2, 9, 500, 1000000);
    assert_int_equal(count_of(text, "<div class=\"dw-film-now\"><img></div>"), 1);
    assert_int_equal(count_of(text, "<g>000123"), 1);
    assert_int_equal(count_of(text, "<text>3<\\/text><\\/svg>"), 1);
    assert_null(strstr(text, "<text>4<")); /* the start of both */
    assert_int_equal(count_of(text, "\"start\":4"), 2);
    assert_int_equal(count_of(text, "</script>"), 2);
    assert_null(strstr(text, "drawn ahead"));
    end(&film, text);
}

static void shows_a_strip(void **state) {
    (void)state;
    dw_film film;
    char *text = page_of(&film, 1, 15, 3, 1000000);
    assert_int_equal(count_of(text, "<br>a = "), 5);
    assert_int_equal(count_of(text, "width=\"136\" height=\"102\""), 5);
    assert_non_null(strstr(text, "<br>a = 0</span>"));
    assert_non_null(strstr(text, "<br>a = 14</span>"));
    end(&film, text);
    text = page_of(&film, 1, 15, 5000, 10000000);
    assert_int_equal(count_of(text, "<br>a = "), 3);
    end(&film, text);
    text = page_of(&film, 3, 9, 3, 1000000);
    assert_int_equal(count_of(text, "<br>a = ") + count_of(text, "<br>c = "), 4);
    assert_non_null(strstr(text, "<br>b = 8</span>"));
    end(&film, text);
    text = page_of(&film, 1, 2, 3, 1000000);
    assert_int_equal(count_of(text, "<br>a = "), 2);
    end(&film, text);
}

static void quotes_words(void **state) {
    (void)state;
    static const char nasty[] = "</pre>\"\\<!--\t\x01<script>\n\nlast";
    dw_mem account = {0};
    dw_film film = {.mem = &account};
    dw_err err = {0};
    dw_buf out;
    dw_buf_init(&out, &account);
    assert_true(reel_make(&film, 1, 2, -1));
    assert_true(dw_film_print(&account, &film.start, nasty, strlen(nasty)));
    assert_true(dw_film_print(&account, &film.knobs->states[0], nasty, strlen(nasty)));
    dw_mem_free(film.knobs->states[0].label);
    film.knobs->states[0].label = reel_text(&account, "</script><!--\n\"");
    assert_true(dw_film_html_write(&film, 100000, &out, &err));
    assert_null(strstr(out.data, "<!--"));
    assert_int_equal(count_of(out.data, "<script"), 2);
    assert_int_equal(count_of(out.data, "</script>"), 2);
    assert_non_null(strstr(out.data, "\"<\\/script>\\u003c!--\\u000a\\\"\""));
    assert_non_null(
        strstr(out.data, "&lt;/pre&gt;&quot;\\\\&lt;!--\\u0009\xEF\xBF\xBD&lt;script&gt;"));
    dw_buf_free(&out);
    dw_film_free(&film);
    assert_int_equal(account.used, 0);
}

static void leaves_states_out_to_save_room(void **state) {
    (void)state;
    dw_film film;
    char *text = page_of(&film, 1, 40, 3, 1000000);
    size_t limit = strlen(text) - 1;
    end(&film, text);
    text = page_of(&film, 1, 40, 3, limit);
    assert_true(strlen(text) <= limit);
    assert_int_equal(film.step, 2);
    size_t kept = dw_film_kept(&film, film.knobs);
    assert_true(kept > 2 && kept < 40);
    char words[60];
    snprintf(words, sizeof words, "<small>drawn ahead: %zu of 40 values of a</small>", kept);
    assert_non_null(strstr(text, words));
    assert_int_equal(count_of(text, "<text>"), kept - 1);
    end(&film, text);
}

static void shows_the_start_if_nothing_else_fits(void **state) {
    (void)state;
    dw_film film;
    char *text = page_of(&film, 2, 9, 3, 100);
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "dw-film-strip"));
    assert_non_null(strstr(text, "drawn ahead: 1 of 9 values of a, 1 of 9 values of b<"));
    end(&film, text);
}

static void stands_back_for_live_sliders_when_told(void **state) {
    (void)state;
    for (int fits = 0; fits < 2; fits++) {
        dw_mem account = {0};
        dw_film film = {.mem = &account, .live = true};
        dw_err err = {0};
        dw_buf out;
        dw_buf_init(&out, &account);
        assert_true(reel_make(&film, 1, 3, 3));
        assert_true(dw_film_html_write(&film, fits ? 100000 : 10, &out, &err));
        assert_int_equal(count_of(out.data, "<div class=\"dw-film dw-film-live\">"), 1);
        assert_int_equal(count_of(out.data, dw_film_script_live()), 1);
        assert_int_equal(count_of(out.data, dw_film_script_text()), fits);
        dw_buf_free(&out);
        dw_film_free(&film);
    }
}

static void survives_starving(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_mem account = {0};
        dw_film film = {.mem = &account};
        dw_err err = {0};
        dw_buf out;
        dw_buf_init(&out, &account);
        assert_true(reel_make(&film, 2, 3, 2));
        account.fail_at = n;
        bool fine = dw_film_html_write(&film, 100000, &out, &err);
        done = account.fail_at > 0;
        assert_true(fine || (!done && err.kind == DW_ERR_MEMORY));
        dw_buf_free(&out);
        dw_film_free(&film);
        assert_int_equal(account.used, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_lines),
        cmocka_unit_test(shows_a_strip),
        cmocka_unit_test(quotes_words),
        cmocka_unit_test(leaves_states_out_to_save_room),
        cmocka_unit_test(shows_the_start_if_nothing_else_fits),
        cmocka_unit_test(stands_back_for_live_sliders_when_told),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

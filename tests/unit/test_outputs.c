/* SPDX-License-Identifier: BSD-3-Clause */
/* What cells put out, and what comes when it is asked for again. */
#include "lang/outputs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The host outside: what came to it as one text. */
typedef struct {
    dw_mem mem, own;
    dw_buf out;
    dw_outputs *kept;
    const dw_host *host;
} desk;

static void write_text(void *context, const char *text, size_t size) {
    dw_buf_add(&((desk *)context)->out, text, size);
}

static void note(desk *d, const char *what, const dw_bundle *bundle) {
    dw_buf_print(&d->out, "<%s", what);
    for (size_t i = 0; i < bundle->count; i++)
        dw_buf_print(&d->out, " %s=%.*s", bundle->parts[i].mime, (int)bundle->parts[i].size,
                     bundle->parts[i].data);
    dw_buf_print(&d->out, " %s %s %u>", bundle->alt != NULL ? bundle->alt : "-",
                 bundle->id != NULL ? bundle->id : "-", bundle->width);
}

static void display(void *context, const dw_bundle *bundle) {
    note(context, "display", bundle);
}

static void result(void *context, const dw_bundle *bundle) {
    note(context, "result", bundle);
}

static void update(void *context, const dw_bundle *bundle) {
    note(context, "update", bundle);
}

static void clear(void *context, bool wait) {
    dw_buf_text(&((desk *)context)->out, wait ? "<clear later>" : "<clear>");
}

static void open_desk(desk *d, size_t room) {
    *d = (desk){.mem = {0}};
    dw_buf_init(&d->out, &d->own);
    const dw_host host = {.context = d,
                          .write = write_text,
                          .display = display,
                          .result = result,
                          .update = update,
                          .clear = clear};
    d->kept = dw_outputs_new(&d->mem, &host, room);
    assert_non_null(d->kept);
    d->host = dw_outputs_host(d->kept);
}

static void close_desk(desk *d) {
    dw_outputs_free(&d->kept);
    assert_null(d->kept);
    assert_int_equal(d->mem.used, 0);
    dw_buf_free(&d->out);
}

static void say(desk *d, const char *text) {
    d->host->write(d->host->context, text, strlen(text));
}

/* Shows a picture: words, and the numbers of a width. */
static void show(desk *d, void (*how)(void *, const dw_bundle *), const char *id,
                 const char *text) {
    const dw_part parts[] = {{"text/html", "<b>", 3}, {"text/plain", text, strlen(text)}};
    how(d->host->context,
        &(dw_bundle){.parts = parts, .count = 2, .alt = "seen", .id = id, .width = 9});
}

/* A whole cell that prints one line. */
static void line_cell(desk *d, const char *name, const char *text) {
    dw_outputs_begin(d->kept, name);
    say(d, text);
    dw_outputs_end(d->kept, NULL);
}

/* What comes again is exactly this. */
static void comes(desk *d, size_t number, const char *text) {
    dw_buf_clear(&d->out);
    assert_true(dw_outputs_again(d->kept, number, d->host));
    assert_string_equal(d->out.data, text);
}

static void kept(desk *d, const char *text) {
    dw_buf_clear(&d->out);
    dw_outputs_kept(d->kept, &d->out);
    assert_string_equal(d->out.data == NULL ? "" : d->out.data, text);
}

static void all_that_was_shown_comes_again(void **state) {
    (void)state;
    desk d;
    open_desk(&d, 1 << 20);
    dw_outputs_begin(d.kept, "cell 3");
    say(&d, "one ");
    say(&d, "line\n");
    show(&d, d.host->display, NULL, "figure");
    say(&d, "more\n");
    show(&d, d.host->result, NULL, "value");
    dw_outputs_end(d.kept, NULL);
    assert_string_equal(d.out.data, "one line\n"
                                    "<display text/html=<b> text/plain=figure seen - 9>more\n"
                                    "<result text/html=<b> text/plain=value seen - 9>");
    const char *again = "one line\n<display text/html=<b> text/plain=figure seen - 9>more\n"
                        "<display text/html=<b> text/plain=value seen - 9>";
    comes(&d, 3, again);
    comes(&d, 0, again);
    assert_false(dw_outputs_again(d.kept, 2, d.host));
    close_desk(&d);
}

static void only_the_last_state_is_kept(void **state) {
    (void)state;
    desk d;
    open_desk(&d, 1 << 20);
    dw_outputs_begin(d.kept, "cell 1");
    show(&d, d.host->display, "a", "0 %");
    show(&d, d.host->display, "b", "other");
    size_t bytes = dw_outputs_bytes(d.kept);
    for (int i = 0; i < 1000; i++)
        show(&d, d.host->update, "a", "9 %");
    assert_int_equal(dw_outputs_bytes(d.kept), bytes);
    show(&d, d.host->update, "nobody's", "x");
    dw_outputs_end(d.kept, NULL);
    comes(&d, 1,
          "<display text/html=<b> text/plain=9 % seen - 9>"
          "<display text/html=<b> text/plain=other seen - 9>");
    close_desk(&d);
}

static void what_is_cleared_does_not_come(void **state) {
    (void)state;
    desk d;
    open_desk(&d, 1 << 20);
    dw_outputs_begin(d.kept, "cell 1");
    say(&d, "first");
    d.host->clear(d.host->context, false);
    say(&d, "second");
    d.host->clear(d.host->context, true);
    dw_outputs_end(d.kept, NULL);
    comes(&d, 1, "second"); /* nothing came after */
    dw_outputs_begin(d.kept, "cell 2");
    say(&d, "third");
    d.host->clear(d.host->context, true);
    say(&d, "fourth");
    dw_outputs_end(d.kept, NULL);
    comes(&d, 2, "fourth");
    close_desk(&d);
}

/* A cell that only asks is not kept, nor is what comes then. */
static void asking_is_not_kept(void **state) {
    (void)state;
    desk d;
    open_desk(&d, 1 << 20);
    line_cell(&d, "cell 1", "words\n");
    size_t bytes = dw_outputs_bytes(d.kept);
    dw_outputs_begin(d.kept, "cell 2");
    comes(&d, 0, "words\n");
    comes(&d, 1, "words\n");
    assert_false(dw_outputs_again(d.kept, 2, d.host)); /* itself */
    dw_outputs_end(d.kept, "an error about asking");
    assert_int_equal(dw_outputs_bytes(d.kept), bytes);
    kept(&d, "1");
    dw_outputs_begin(d.kept, "cell 3");
    say(&d, "mine, then:\n");
    comes(&d, 0, "words\n");
    dw_outputs_end(d.kept, NULL);
    comes(&d, 0, "mine, then:\n");
    close_desk(&d);
}

static void failures_come_again(void **state) {
    (void)state;
    desk d;
    open_desk(&d, 1 << 20);
    dw_outputs_begin(d.kept, "cell 4");
    say(&d, "so far\n");
    dw_outputs_end(d.kept, "KeyboardInterrupt: stopped");
    comes(&d, 4, "so far\nKeyboardInterrupt: stopped\n");
    dw_outputs_begin(d.kept, "cell 5");
    dw_outputs_end(d.kept, "NameError: what");
    comes(&d, 0, "NameError: what\n");
    close_desk(&d);
}

static void cells_have_numbers(void **state) {
    (void)state;
    desk d;
    open_desk(&d, 1 << 20);
    kept(&d, "");
    comes(&d, 0, "no cell before this one has put out anything\n");
    line_cell(&d, "lesson.dw", "a"); /* the first of all */
    line_cell(&d, "lesson.dw", "b");
    kept(&d, "1 and 2");
    line_cell(&d, "cell 7", "c");
    line_cell(&d, "cell 8 of 9", "d"); /* the fourth */
    kept(&d, "1, 2, 7 and 4");
    line_cell(&d, "cell 2", "e");
    kept(&d, "1, 7, 4 and 2");
    comes(&d, 2, "e");
    dw_outputs_begin(d.kept, "cell 9"); /* silent ones leave nothing */
    dw_outputs_end(d.kept, NULL);
    comes(&d, 0, "e");
    say(&d, "between cells");
    comes(&d, 0, "e");
    for (int i = 0; i < 3 * DW_OUTPUTS_CELLS; i++)
        line_cell(&d, "again", "f");
    assert_false(dw_outputs_again(d.kept, 7, d.host));
    close_desk(&d);
}

/* Long texts keep both ends, in whole lines. */
static void floods_keep_their_ends(void **state) {
    (void)state;
    desk d;
    char line[32];
    open_desk(&d, 1 << 20);
    dw_outputs_begin(d.kept, "cell 1");
    for (int i = 1; i <= 100000; i++) {
        snprintf(line, sizeof line, "line %d\n", i);
        say(&d, line);
    }
    dw_outputs_end(d.kept, NULL);
    size_t all = d.out.size;
    assert_in_range(dw_outputs_bytes(d.kept), 1, 3 * DW_OUTPUTS_WORDS);
    dw_buf_clear(&d.out);
    assert_true(dw_outputs_again(d.kept, 1, d.host));
    assert_in_range(d.out.size, DW_OUTPUTS_WORDS / 4, DW_OUTPUTS_WORDS + 100);
    assert_memory_equal(d.out.data, "line 1\nline 2\n", 14);
    assert_string_equal(d.out.data + d.out.size - 12, "line 100000\n");
    char *gap = strstr(d.out.data, "\n… "), *behind = strstr(d.out.data, " bytes were too many");
    assert_non_null(gap);
    assert_non_null(behind);
    size_t left_out = strtoul(gap + strlen("\n… "), NULL, 10);
    size_t note_size = (size_t)(strstr(behind, "…\n") + strlen("…\n") - gap - 1);
    assert_int_equal(d.out.size - note_size + left_out, all);
    assert_memory_equal(strstr(behind, "…\n") + strlen("…\n"), "line ", 5);
    close_desk(&d);
}

/* One endless line is cut between letters. */
static void letters_stay_whole(void **state) {
    (void)state;
    desk d;
    open_desk(&d, 1 << 20);
    dw_outputs_begin(d.kept, "cell 1");
    say(&d, "x");
    for (int i = 0; i < DW_OUTPUTS_WORDS; i++)
        say(&d, "λ");
    dw_outputs_end(d.kept, NULL);
    dw_buf_clear(&d.out);
    assert_true(dw_outputs_again(d.kept, 1, d.host));
    for (size_t i = 1; i + 1 < d.out.size; i += 2)
        if (memcmp(d.out.data + i, "λ", 2) != 0) {
            assert_memory_equal(d.out.data + i, "… ", 4);
            break;
        }
    assert_memory_equal(d.out.data + d.out.size - 2, "λ", 2);
    close_desk(&d);
}

static void the_oldest_goes_first(void **state) {
    (void)state;
    desk d;
    char name[24], *large = malloc(5000);
    open_desk(&d, 50000);
    memset(large, 'x', 4999);
    large[4999] = '\0';
    for (int i = 1; i <= 30; i++) {
        snprintf(name, sizeof name, "cell %d", i);
        dw_outputs_begin(d.kept, name);
        show(&d, d.host->display, NULL, large);
        dw_outputs_end(d.kept, NULL);
        assert_in_range(dw_outputs_bytes(d.kept), 1, 50000);
    }
    assert_true(dw_outputs_again(d.kept, 30, d.host) && dw_outputs_again(d.kept, 24, d.host));
    assert_false(dw_outputs_again(d.kept, 10, d.host));
    /* a single cell loses what it showed first */
    dw_outputs_begin(d.kept, "cell 31");
    for (int i = 0; i < 30; i++)
        show(&d, d.host->display, NULL, large);
    say(&d, "end\n");
    dw_outputs_end(d.kept, NULL);
    assert_in_range(dw_outputs_bytes(d.kept), 1, 50000);
    kept(&d, "31");
    dw_buf_clear(&d.out);
    assert_true(dw_outputs_again(d.kept, 31, d.host));
    assert_memory_equal(d.out.data, "(what came before this was too much to keep)\n<", 46);
    assert_string_equal(d.out.data + d.out.size - 5, ">end\n");
    free(large);
    close_desk(&d);
}

static void something_too_large_is_not_kept(void **state) {
    (void)state;
    desk d;
    open_desk(&d, 100);
    line_cell(&d, "cell 1", "words");
    dw_outputs_begin(d.kept, "cell 2");
    show(&d, d.host->display, "a",
         "a figure that takes more than a hundred bytes with all its forms");
    show(&d, d.host->update, "a", "another");
    dw_outputs_end(d.kept, NULL);
    assert_int_equal(dw_outputs_bytes(d.kept), 0);
    kept(&d, "");
    close_desk(&d);
}

/* The ids of a picture are others each time. */
static void pictures_get_ids_of_their_own(void **state) {
    (void)state;
    desk d;
    static const char svg[] = "<svg aria-labelledby=\"f12-desc\"><desc id=\"f12-desc\">f12</desc>";
    const dw_part part = {"image/svg+xml", svg, sizeof svg - 1};
    open_desk(&d, 1 << 20);
    dw_outputs_begin(d.kept, "cell 1");
    d.host->display(d.host->context, &(dw_bundle){.parts = &part, .count = 1});
    dw_outputs_end(d.kept, NULL);
    comes(&d, 1,
          "<display image/svg+xml=<svg aria-labelledby=\"g12-desc\"><desc "
          "id=\"g12-desc\">f12</desc> - - 0>");
    comes(&d, 1,
          "<display image/svg+xml=<svg aria-labelledby=\"h12-desc\"><desc "
          "id=\"h12-desc\">f12</desc> - - 0>");
    close_desk(&d);
}

/* Memory that ends means only that less is kept. */
static void memory_may_end(void **state) {
    (void)state;
    for (long n = 1, reached = 1; reached; n++) {
        desk d;
        open_desk(&d, 1 << 20);
        line_cell(&d, "cell 1", "words");
        d.mem.fail_at = n;
        dw_outputs_begin(d.kept, "cell 2");
        say(&d, "printed\n");
        show(&d, d.host->display, "a", "figure");
        show(&d, d.host->update, "a", "changed");
        say(&d, "more\n");
        dw_outputs_end(d.kept, "a failure");
        reached = d.mem.fail_at == 0;
        d.mem.fail_at = 0;
        dw_buf_clear(&d.out);
        (void)dw_outputs_again(d.kept, 2, d.host);
        assert_true(dw_outputs_again(d.kept, 1, d.host));
        close_desk(&d);
    }
    dw_mem none = {.fail_at = 1};
    assert_null(dw_outputs_new(&none, &(dw_host){0}, 1));
}

static void begin_panel(void *context, const dw_panel *panel) {
    dw_buf_text(&((desk *)context)->out, panel != NULL ? "<panel>" : "<end>");
}

/* What a panel shows at first comes again as its film. */
static void panels_are_kept_as_films(void **state) {
    (void)state;
    desk d = {.mem = {0}};
    dw_buf_init(&d.out, &d.own);
    const dw_host host = {
        .context = &d, .write = write_text, .display = display, .panel = begin_panel};
    const dw_panel panel = {.number = 1};
    d.kept = dw_outputs_new(&d.mem, &host, 1 << 20);
    assert_non_null(d.kept);
    d.host = dw_outputs_host(d.kept);
    dw_outputs_begin(d.kept, "cell 1");
    d.host->panel(d.host->context, &panel);
    say(&d, "start");
    d.host->panel(d.host->context, NULL);
    show(&d, d.host->display, NULL, "film");
    dw_outputs_end(d.kept, NULL);
    assert_memory_equal(d.out.data, "<panel>start<end><display", 25);
    comes(&d, 1, "<display text/html=<b> text/plain=film seen - 9>");
    close_desk(&d);
}

/* What the host outside cannot do is not offered. */
static void an_empty_host_stays_empty(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_outputs *o = dw_outputs_new(&mem, &(dw_host){0}, 1 << 20);
    assert_non_null(o);
    const dw_host *host = dw_outputs_host(o);
    assert_true(host->update == NULL && host->clock == NULL && host->ask == NULL &&
                host->propose == NULL && host->wants_frames == NULL && host->wants_panels == NULL &&
                host->panel == NULL && host->hurries == NULL && host->wants_progress == NULL);
    dw_outputs_begin(o, "cell 1");
    host->write(host->context, "kept", 4);
    const dw_part part = {"text/plain", "x", 1};
    host->display(host->context, &(dw_bundle){.parts = &part, .count = 1});
    host->result(host->context, &(dw_bundle){.parts = &part, .count = 1});
    dw_outputs_end(o, NULL);
    assert_true(dw_outputs_again(o, 1, host));
    host->clear(host->context, false);
    dw_outputs_free(&o);
    assert_int_equal(mem.used, 0);
    dw_outputs_free(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_was_shown_comes_again),
        cmocka_unit_test(only_the_last_state_is_kept),
        cmocka_unit_test(what_is_cleared_does_not_come),
        cmocka_unit_test(asking_is_not_kept),
        cmocka_unit_test(failures_come_again),
        cmocka_unit_test(cells_have_numbers),
        cmocka_unit_test(floods_keep_their_ends),
        cmocka_unit_test(letters_stay_whole),
        cmocka_unit_test(the_oldest_goes_first),
        cmocka_unit_test(something_too_large_is_not_kept),
        cmocka_unit_test(pictures_get_ids_of_their_own),
        cmocka_unit_test(panels_are_kept_as_films),
        cmocka_unit_test(memory_may_end),
        cmocka_unit_test(an_empty_host_stays_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

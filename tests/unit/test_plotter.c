/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole pictures by the real gnuplot: well-formed, safe, the same on every run, each with ids of
 * its own. */
#include "figures.h"

#include "plot/plotter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char TRAP[] = "/tmp/dw_plotter_trap";

static dw_plotter *plotter_new(dw_mem *mem) {
    dw_err err = {0};
    dw_gnuplot_options options = {"gnuplot", "/usr/local/bin:/usr/bin:/bin", 0};
    dw_plotter *plotter = dw_plotter_new(mem, &options, &err);
    assert_non_null(plotter);
    return plotter;
}

static dw_picture draw(dw_plotter *plotter, const dw_figure *figure) {
    dw_err err = {0};
    dw_picture picture;
    if (!dw_plotter_draw(plotter, figure, true, NULL, &picture, &err))
        fail_msg("%s", err.text);
    return picture;
}

/* ---- a small checker of XML: tags balanced, attributes quoted, entities known ---- */

static const char *check_entity(const char *c) {
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (size_t i = 0; i < 5; i++)
        if (strncmp(c, known[i], strlen(known[i])) == 0)
            return c + strlen(known[i]);
    fail_msg("unknown entity at %.20s", c);
    return NULL;
}

static const char *check_attributes(const char *c) {
    while (*c == ' ') {
        c++;
        size_t name = strspn(c, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:-");
        assert_true(name > 0);
        c += name;
        assert_true(c[0] == '=' && c[1] == '"');
        for (c += 2; *c != '"';) {
            assert_true(*c != '<' && *c != '\0');
            c = *c == '&' ? check_entity(c) : c + 1;
        }
        c++;
    }
    return c;
}

static void check_xml(const char *xml) {
    char open[64][16];
    size_t depth = 0;
    bool any = false;
    for (const char *c = xml; *c != '\0';) {
        assert_true((unsigned char)*c >= 0x20 || *c == '\n');
        if (*c == '&') {
            c = check_entity(c);
        } else if (*c != '<') {
            assert_true(depth > 0 || *c == '\n');
            c++;
        } else {
            bool closing = c[1] == '/';
            c += closing ? 2 : 1;
            size_t size = strspn(c, "abcdefghijklmnopqrstuvwxyz");
            assert_in_range(size, 1, 15);
            if (closing) {
                assert_true(depth > 0 && strncmp(open[depth - 1], c, size) == 0);
                depth--;
                c += size;
                assert_true(*c++ == '>');
                continue;
            }
            assert_true(depth < 64 && (depth > 0 || !any));
            memset(open[depth], 0, sizeof open[depth]);
            memcpy(open[depth++], c, size);
            any = true;
            c = check_attributes(c + size);
            if (*c == '/') {
                c++;
                depth--;
            }
            assert_true(*c++ == '>');
        }
    }
    assert_true(any && depth == 0);
}

static void check_picture(const dw_picture *p) {
    check_xml(p->svg);
    assert_non_null(strstr(p->svg, "<path"));
    assert_int_equal(p->bundle.count, 4);
    assert_string_equal(p->parts[0].mime, "text/html");
    assert_string_equal(p->parts[1].mime, "image/svg+xml");
    assert_string_equal(p->parts[2].mime, "application/pdf");
    assert_string_equal(p->parts[3].mime, "text/plain");
    assert_memory_equal(p->parts[2].data, "%PDF-", 5);
    assert_string_equal(p->bundle.alt, p->parts[3].data);
    assert_memory_equal(p->parts[0].data, "<img alt=\"", 10);
    assert_null(strstr(p->svg, "nuplot"));
}

/* ---- the tests ---- */

static void every_mark_is_drawn(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_plotter *plotter = plotter_new(&mem);
    dw_figure *figures[] = {figures_line(&mem, "f", "a title"), figures_all(&mem, "it's <b> & 50%"),
                            figures_map(&mem, DW_MARK_CONTOUR, "L"),
                            figures_map(&mem, DW_MARK_SURFACE, "L"),
                            figures_map(&mem, DW_MARK_IMAGE, "L")};
    for (size_t i = 0; i < 5; i++) {
        dw_picture p = draw(plotter, figures[i]);
        if (i < 4)
            check_picture(&p);
        check_xml(p.svg);
        assert_true(p.parts[1].size < 300000);
        dw_plotter_drop(&p);
    }
    dw_err err = {0};
    dw_figure *page = dw_figure_page(&mem, figures, 1, 5, &err);
    dw_picture p = draw(plotter, page);
    check_picture(&p);
    assert_true(p.width == 950);
    dw_plotter_drop(&p);
    dw_figure_release(page);
    for (size_t i = 0; i < 5; i++)
        dw_figure_release(figures[i]);
    dw_plotter_free(plotter);
    assert_int_equal(mem.used, 0);
}

static void hostile_words_are_only_words(void **state) {
    (void)state;
    static const char *const words[] = {"x `touch /tmp/dw_plotter_trap` y",
                                        "'; system('touch /tmp/dw_plotter_trap'); '",
                                        "x''; system('touch /tmp/dw_plotter_trap'); ''",
                                        "''''",
                                        "a'''b''''c'",
                                        "'",
                                        "a\nsystem 'touch /tmp/dw_plotter_trap'\n",
                                        "'\n!touch /tmp/dw_plotter_trap\n",
                                        "' . system('touch /tmp/dw_plotter_trap') . '",
                                        "<touch /tmp/dw_plotter_trap",
                                        "|touch /tmp/dw_plotter_trap",
                                        "\"`touch /tmp/dw_plotter_trap`\"",
                                        "caf\xe9 \x01\x02",
                                        "]]> <script>alert(1)</script>",
                                        "w_in x^2 {/Symbol a} a@b",
                                        "%d %s %n %%",
                                        "\\n \\ \\'",
                                        "😀 ∇²λ",
                                        "\n=dw-svg=\n=dw-end-1= 0\n",
                                        "$d1 @m E DWEND"};
    dw_mem mem = {0};
    dw_err err = {0};
    dw_plotter *plotter = plotter_new(&mem);
    unlink(TRAP);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        dw_figure *figure = figures_all(&mem, words[i]);
        assert_true(dw_figure_text(figure, &figure->title, words[i], strlen(words[i]), &err));
        assert_true(dw_figure_text(figure, &figure->x.label, words[i], strlen(words[i]), &err));
        assert_true(dw_figure_text(figure, &figure->y.label, words[i], strlen(words[i]), &err));
        dw_picture p = draw(plotter, figure);
        check_picture(&p);
        assert_null(strstr(p.svg, "<script"));
        dw_plotter_drop(&p);
        dw_figure_release(figure);
        if (access(TRAP, F_OK) == 0)
            fail_msg("%s ran a command", words[i]);
    }
    dw_plotter_free(plotter);
    assert_int_equal(mem.used, 0);
}

static void words_appear_as_typed(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_plotter *plotter = plotter_new(&mem);
    dw_figure *figure = figures_line(&mem, "w_in^2 it's", "λ {x} @y 50%");
    dw_picture p = draw(plotter, figure);
    assert_non_null(strstr(p.svg, ">w_in^2 it's</text>"));
    assert_non_null(strstr(p.svg, ">λ {x} @y 50%</text>"));
    dw_plotter_drop(&p);
    dw_figure_release(figure);
    dw_plotter_free(plotter);
}

static void the_same_session_gives_the_same_bytes(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_picture first[3] = {{0}};
    dw_figure *figures[] = {figures_line(&mem, "f", "t"), figures_all(&mem, "n"),
                            figures_line(&mem, "f", "t")};
    for (int round = 0; round < 2; round++) {
        dw_plotter *plotter = plotter_new(&mem);
        for (size_t i = 0; i < 3; i++) {
            dw_picture p = draw(plotter, figures[i]);
            if (round == 0) {
                first[i] = p;
                continue;
            }
            for (size_t k = 0; k < 4; k++) {
                assert_int_equal(p.parts[k].size, first[i].parts[k].size);
                assert_memory_equal(p.parts[k].data, first[i].parts[k].data, p.parts[k].size);
            }
            dw_plotter_drop(&p);
            dw_plotter_drop(&first[i]);
        }
        dw_plotter_free(plotter);
    }
    for (size_t i = 0; i < 3; i++)
        dw_figure_release(figures[i]);
    assert_int_equal(mem.used, 0);
}

/* All values of attributes id, in order of appearance. */
static size_t collect_ids(const char *svg, char ids[][64], size_t room) {
    size_t count = 0;
    for (const char *c = svg; (c = strstr(c, " id=\"")) != NULL && count < room;) {
        c += 5;
        size_t size = strcspn(c, "\"");
        assert_in_range(size, 1, 63);
        memcpy(ids[count], c, size);
        ids[count++][size] = '\0';
    }
    return count;
}

static void equal_figures_share_no_id(void **state) {
    (void)state;
    static char ids[200][64];
    dw_mem mem = {0};
    dw_plotter *plotter = plotter_new(&mem);
    dw_figure *figure = figures_all(&mem, "n");
    size_t count = 0;
    for (int i = 0; i < 3; i++) {
        dw_picture p = draw(plotter, figure);
        count += collect_ids(p.svg, ids + count, 200 - count);
        dw_plotter_drop(&p);
    }
    assert_true(count >= 9);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(ids[i], ids[k]) == 0)
                fail_msg("the id %s stands twice", ids[i]);
    dw_figure_release(figure);
    dw_plotter_free(plotter);
}

static void extreme_numbers_are_drawn_or_refused(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_plotter *plotter = plotter_new(&mem);
    const double values[][3] = {
        {NAN, 1, 2}, {-1e308, 1e308, 0},       {9e299, -9e299, 1},         {1e-300, 2e-300, 0},
        {1, 1, 1},   {HUGE_VAL, 1, -HUGE_VAL}, {1e15, 1e15 + 1, 1e15 + 2}, {NAN, NAN, NAN}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        for (int log = 0; log < 2; log++) {
            dw_err err = {0};
            dw_picture p;
            dw_figure *figure = figures_new(&mem);
            figures_add(figure, (dw_series){.mark = DW_MARK_LINE,
                                            .count = 3,
                                            .column = {(const double[]){1, 2, 3}, values[i]}});
            figure->y.log = log == 1;
            bool drawn = dw_plotter_draw(plotter, figure, true, NULL, &p, &err);
            if (drawn)
                check_picture(&p);
            else
                assert_int_equal(err.kind, DW_ERR_PLOT);
            assert_true(drawn || i == 7 || log == 1);
            dw_plotter_drop(&p);
            dw_figure_release(figure);
        }
    dw_plotter_free(plotter);
    assert_int_equal(mem.used, 0);
}

static void a_million_points_stay_small(void **state) {
    (void)state;
    enum { MANY = 1000000 };
    dw_mem mem = {0};
    dw_plotter *plotter = plotter_new(&mem);
    double *x = malloc(2 * MANY * sizeof *x);
    assert_non_null(x);
    for (int i = 0; i < MANY; i++) {
        x[i] = i;
        x[MANY + i] = sin(i * 1e-5) + 0.3 * sin(i * 12.9898);
    }
    for (int k = 0; k < 2; k++) {
        dw_figure *figure = figures_new(&mem);
        figures_add(figure, (dw_series){.mark = k == 0 ? DW_MARK_LINE : DW_MARK_POINTS,
                                        .count = MANY,
                                        .column = {x, x + MANY}});
        dw_picture p = draw(plotter, figure);
        check_picture(&p);
        assert_in_range(p.parts[1].size, 5000, 300000);
        dw_plotter_drop(&p);
        dw_figure_release(figure);
    }
    free(x);
    dw_plotter_free(plotter);
}

static void many_series_share_the_size(void **state) {
    (void)state;
    enum { MANY = 3000, SERIES = 60 };
    static double x[MANY], y[MANY];
    dw_mem mem = {0};
    dw_plotter *plotter = plotter_new(&mem);
    for (int i = 0; i < MANY; i++) {
        x[i] = i;
        y[i] = sin(i * 0.01) + 0.3 * sin(i * 12.9898);
    }
    for (int k = 0; k < 2; k++) {
        dw_figure *figure = figures_new(&mem);
        for (int i = 0; i < SERIES; i++)
            figures_add(figure, (dw_series){.mark = k == 0 ? DW_MARK_LINE : DW_MARK_POINTS,
                                            .count = MANY,
                                            .column = {x, y}});
        dw_picture p = draw(plotter, figure);
        check_picture(&p);
        assert_in_range(p.parts[1].size, 5000, 400000);
        dw_plotter_drop(&p);
        dw_figure_release(figure);
    }
    dw_plotter_free(plotter);
    assert_int_equal(mem.used, 0);
}

static void surfaces_share_the_size(void **state) {
    (void)state;
    enum { SIDE = 31, MOST = 16 };
    static double x[SIDE], z[SIDE * SIDE];
    dw_mem mem = {0};
    dw_err err = {0};
    dw_plotter *plotter = plotter_new(&mem);
    for (int i = 0; i < SIDE * SIDE; i++) {
        x[i % SIDE] = i % SIDE;
        z[i] = sin(0.2 * (i % SIDE)) * cos(0.3 * (i / SIDE));
    }
    dw_figure *figure = figures_new(&mem);
    figures_add(
        figure,
        (dw_series){.mark = DW_MARK_SURFACE, .rows = SIDE, .columns = SIDE, .column = {x, x, z}});
    dw_figure *cells[MOST];
    for (size_t i = 0; i < MOST; i++)
        cells[i] = figure;
    for (size_t count = 1; count <= MOST; count *= 4) {
        dw_figure *page = dw_figure_page(&mem, cells, 1, count, &err);
        dw_picture p = draw(plotter, page);
        check_picture(&p);
        assert_in_range(p.parts[1].size, 30000, count == 1 ? 90000 : 300000);
        dw_plotter_drop(&p);
        dw_figure_release(page);
    }
    dw_figure_release(figure);
    dw_plotter_free(plotter);
    assert_int_equal(mem.used, 0);
}

static void lack_of_memory_is_told(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_figure *figure = figures_line(&mem, "f", "t");
    size_t held = mem.used;
    dw_plotter *plotter = plotter_new(&mem);
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_err err = {0};
        dw_picture p;
        mem.fail_at = n;
        done = dw_plotter_draw(plotter, figure, true, NULL, &p, &err);
        assert_true(done || err.kind == DW_ERR_MEMORY);
        dw_plotter_drop(&p);
    }
    mem.fail_at = 0;
    dw_plotter_free(plotter);
    assert_int_equal(mem.used, held);
    dw_figure_release(figure);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mark_is_drawn),
        cmocka_unit_test(hostile_words_are_only_words),
        cmocka_unit_test(words_appear_as_typed),
        cmocka_unit_test(the_same_session_gives_the_same_bytes),
        cmocka_unit_test(equal_figures_share_no_id),
        cmocka_unit_test(extreme_numbers_are_drawn_or_refused),
        cmocka_unit_test(a_million_points_stay_small),
        cmocka_unit_test(many_series_share_the_size),
        cmocka_unit_test(surfaces_share_the_size),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

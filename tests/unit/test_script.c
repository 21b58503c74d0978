/* SPDX-License-Identifier: BSD-3-Clause */
/* Scripts: whatever a figure says, nothing leaves its quotes. */
#include "figures.h"

#include "plot/script.h"

static const dw_script_way alone = {false, NULL}, with_pdf = {true, NULL};

static const char *const hostile[] = {"x `touch /tmp/dw_hostile` y",
                                      "'; system('touch /tmp/dw_hostile'); '",
                                      "a\nsystem 'touch /tmp/dw_hostile'\n",
                                      "' \n!touch /tmp/dw_hostile\n",
                                      "@m $d1 $(x) \\' \\",
                                      "\"`x`\"",
                                      "DWEND\nset print '|sh'"};

static char *script_of(dw_figure *figure, dw_buf *out) {
    dw_err err = {0};
    unsigned width, height;
    if (!dw_script_write(figure, with_pdf, out, &width, &height, &err))
        fail_msg("%s", err.text);
    return out->data;
}

/* Takes everything between single quotes out of a script. */
static void strip_quoted(char *script) {
    char *to = script;
    bool inside = false;
    for (const char *c = script; *c != '\0'; c++) {
        if (*c == '\'')
            inside = !inside;
        else if (inside)
            assert_true(*c != '\n');
        else
            *to++ = *c;
    }
    *to = '\0';
    assert_false(inside);
}

static void texts_stay_in_their_quotes(void **state) {
    (void)state;
    dw_err err = {0};
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        dw_mem mem = {0};
        dw_buf tame, wild;
        dw_buf_init(&tame, &mem);
        dw_buf_init(&wild, &mem);
        dw_figure *plain = figures_all(&mem, "n"), *bad = figures_all(&mem, hostile[i]);
        const char *text = hostile[i];
        for (int k = 0; k < 2; k++) {
            dw_figure *f = k == 0 ? plain : bad;
            const char *word = k == 0 ? "n" : text;
            f->legend = DW_LEGEND_TOP_LEFT; /* its place does not depend on lengths */
            assert_true(dw_figure_text(f, &f->title, word, strlen(word), &err));
            assert_true(dw_figure_text(f, &f->x.label, word, strlen(word), &err));
            assert_true(dw_figure_text(f, &f->y.label, word, strlen(word), &err));
        }
        char *a = script_of(plain, &tame), *b = script_of(bad, &wild);
        assert_non_null(strstr(b, "touch") != NULL || i >= 4 ? b : NULL);
        strip_quoted(a);
        strip_quoted(b);
        assert_string_equal(a, b);
        assert_null(strchr(b, '"'));
        assert_null(strchr(b, '`'));
        dw_buf_free(&tame);
        dw_buf_free(&wild);
        dw_figure_release(plain);
        dw_figure_release(bad);
        assert_int_equal(mem.used, 0);
    }
}

static void sizes_and_pages(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_buf out;
    unsigned width, height;
    dw_buf_init(&out, &mem);
    dw_figure *figure = figures_line(&mem, "f", NULL);
    assert_true(dw_script_write(figure, alone, &out, &width, &height, &err));
    assert_true(width == 480 && height == 360);
    assert_null(strstr(out.data, "pdfcairo"));
    assert_non_null(strstr(out.data, "size 480,360 fixed noenhanced"));
    figure->width = 200;
    figure->height = 150;
    assert_true(dw_script_write(figure, alone, &out, &width, &height, &err));
    assert_true(width == 200 && height == 150);
    dw_figure *cells[] = {figure, NULL, figure};
    dw_figure *page = dw_figure_page(&mem, cells, 1, 3, &err);
    dw_buf_clear(&out);
    assert_true(dw_script_write(page, with_pdf, &out, &width, &height, &err));
    assert_true(width == 840 && height == 240);
    assert_non_null(strstr(out.data, "set multiplot"));
    assert_non_null(strstr(out.data, "pdfcairo"));
    dw_figure_release(page);
    dw_figure_release(figure);
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

static void a_surface_is_drawn_from_its_far_corner(void **state) {
    (void)state;
    static const struct {
        double turn;
        const char *view, *first, *second;
    } cases[] = {
        {0, "set view 52,325,", "4 3 12\n3 3 9\n", "\n4 2 8\n"},
        {70, "set view 52,35,", "0 3 0\n1 3 3\n", "\n0 2 0\n"},
        {-360, "set view 52,325,", "4 3 12\n3 3 9\n", "\n4 2 8\n"},
        {180, "set view 52,145,", "0 0 0\n1 0 0\n", "\n0 1 0\n"},
        {-90, "set view 52,235,", "4 0 0\n3 0 0\n", "\n4 1 4\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_buf out;
        unsigned width, height;
        dw_buf_init(&out, &mem);
        dw_figure *figure = figures_map(&mem, DW_MARK_SURFACE, "L");
        figure->turn = cases[i].turn;
        assert_true(dw_script_write(figure, alone, &out, &width, &height, &err));
        assert_non_null(strstr(out.data, cases[i].view));
        const char *block = strstr(out.data, "$d1 <<");
        assert_non_null(block);
        block = strchr(block, '\n') + 1;
        assert_memory_equal(block, cases[i].first, strlen(cases[i].first));
        assert_non_null(strstr(block, cases[i].second));
        dw_buf_free(&out);
        dw_figure_release(figure);
        assert_int_equal(mem.used, 0);
    }
}

static void lines_on_a_map_have_a_light_edge(void **state) {
    (void)state;
    static const double x[] = {0, 4}, y[] = {0, 3};
    static const char edge[] = "lw 4 lc rgb '#ffffff' dt solid notitle, $d";
    for (int mapped = 0; mapped < 2; mapped++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_buf out;
        unsigned width, height;
        dw_buf_init(&out, &mem);
        dw_figure *figure =
            mapped ? figures_map(&mem, DW_MARK_CONTOUR, "L") : figures_line(&mem, "f", NULL);
        figures_add(figure, (dw_series){.mark = DW_MARK_LINE, .count = 2, .column = {x, y}});
        assert_true(dw_script_write(figure, alone, &out, &width, &height, &err));
        assert_true((strstr(out.data, edge) != NULL) == mapped);
        dw_buf_free(&out);
        dw_figure_release(figure);
        assert_int_equal(mem.used, 0);
    }
}

static void empty_figures_are_refused(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_buf out;
    unsigned width, height;
    dw_buf_init(&out, &mem);
    dw_figure *figure = figures_new(&mem);
    assert_false(dw_script_write(figure, with_pdf, &out, &width, &height, &err));
    assert_int_equal(err.kind, DW_ERR_PLOT);
    dw_figure_release(figure);
    dw_buf_free(&out);
}

static void lack_of_memory_is_told(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_buf out;
        unsigned width, height;
        dw_buf_init(&out, &mem);
        dw_figure *figure = figures_map(&mem, DW_MARK_CONTOUR, "L");
        mem.fail_at = n;
        done = dw_script_write(figure, with_pdf, &out, &width, &height, &err);
        assert_true(done || err.kind == DW_ERR_MEMORY);
        mem.fail_at = 0;
        dw_figure_release(figure);
        dw_buf_free(&out);
        assert_int_equal(mem.used, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_stay_in_their_quotes),
        cmocka_unit_test(sizes_and_pages),
        cmocka_unit_test(a_surface_is_drawn_from_its_far_corner),
        cmocka_unit_test(lines_on_a_map_have_a_light_edge),
        cmocka_unit_test(empty_figures_are_refused),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

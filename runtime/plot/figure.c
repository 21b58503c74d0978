/* SPDX-License-Identifier: BSD-3-Clause */
/* Building, sharing and freeing figures; texts made fit for drawing; words for colours. */
#include "plot/figure.h"

#include "base/buf.h"
#include "base/text.h"

#include <string.h>

static const struct {
    const char *word;
    dw_color color;
} color_words[] = {
    {"blue", DW_COLOR_BLUE},     {"orange", DW_COLOR_ORANGE}, {"green", DW_COLOR_GREEN},
    {"red", DW_COLOR_RED},       {"purple", DW_COLOR_PURPLE}, {"sky", DW_COLOR_SKY},
    {"black", DW_COLOR_BLACK},   {"grey", DW_COLOR_GREY},     {"gray", DW_COLOR_GREY},
    {"yellow", DW_COLOR_YELLOW}, {"brown", DW_COLOR_BROWN},   {"pink", DW_COLOR_PINK},
    {"white", DW_COLOR_WHITE},
};

static const char *const legend_words[DW_LEGENDS] = {
    "above", "none", "top left", "top right", "bottom left", "bottom right",
};

dw_figure *dw_figure_new(dw_mem *mem, dw_err *err) {
    dw_figure *figure = dw_mem_new(mem, sizeof *figure);
    if (figure == NULL) {
        dw_err_memory(err, "a figure");
        return NULL;
    }
    figure->refs = 1;
    figure->mem = mem;
    return figure;
}

dw_figure *dw_figure_page(dw_mem *mem, dw_figure *const *cells, size_t rows, size_t columns,
                          dw_err *err) {
    if (rows == 0 || columns == 0 || rows > DW_FIGURE_CELLS || columns > DW_FIGURE_CELLS ||
        rows * columns > DW_FIGURE_CELLS) {
        dw_err_set(
            err, DW_ERR_PLOT,
            "a page of %zu×%zu plots: a page holds 1 to %d plots. Show them in several lists", rows,
            columns, DW_FIGURE_CELLS);
        return NULL;
    }
    for (size_t i = 0; i < rows * columns; i++)
        if (cells[i] != NULL && cells[i]->rows > 0) {
            dw_err_set(err, DW_ERR_PLOT,
                       "a page of plots cannot stand on another page: write all "
                       "plots into one list, with ; between its rows");
            return NULL;
        }
    dw_figure *page = dw_figure_new(mem, err);
    if (page == NULL)
        return NULL;
    page->cells = dw_mem_array(mem, rows * columns, sizeof *page->cells);
    if (page->cells == NULL) {
        dw_err_memory(err, "a page of plots");
        dw_figure_release(page);
        return NULL;
    }
    page->rows = rows;
    page->columns = columns;
    for (size_t i = 0; i < rows * columns; i++)
        page->cells[i] = cells[i] == NULL ? NULL : dw_figure_retain(cells[i]);
    return page;
}

dw_figure *dw_figure_retain(dw_figure *figure) {
    figure->refs++;
    return figure;
}

static void free_series(dw_series *series) {
    dw_mem_free((void *)(uintptr_t)series->name);
    for (size_t i = 0; i < DW_FIGURE_COLUMNS; i++)
        dw_mem_free((void *)(uintptr_t)series->column[i]);
    if (series->labels != NULL)
        for (size_t i = 0; i < series->count; i++)
            dw_mem_free((void *)(uintptr_t)series->labels[i]);
    dw_mem_free((void *)(uintptr_t)series->labels);
}

void dw_figure_release(dw_figure *figure) {
    if (figure == NULL || --figure->refs > 0)
        return;
    for (size_t i = 0; i < figure->count; i++)
        free_series(&figure->series[i]);
    for (size_t i = 0; i < figure->rows * figure->columns; i++)
        dw_figure_release(figure->cells[i]);
    dw_mem_free(figure->series);
    dw_mem_free(figure->cells);
    dw_mem_free(figure->title);
    dw_mem_free(figure->x.label);
    dw_mem_free(figure->y.label);
    dw_mem_free(figure);
}

/* How many numbers column i of a series holds. */
static size_t column_size(const dw_series *series, size_t i) {
    if (series->rows == 0)
        return series->count;
    return i == 0 ? series->columns : i == 1 ? series->rows : series->rows * series->columns;
}

static bool copy_series(dw_mem *mem, const dw_series *from, dw_series *to) {
    *to = *from;
    to->name = NULL;
    to->labels = NULL;
    memset(to->column, 0, sizeof to->column);
    if (from->name != NULL && from->name[0] != '\0') {
        to->name = dw_figure_clean(mem, from->name, strlen(from->name));
        if (to->name == NULL)
            return false;
    }
    for (size_t i = 0; i < DW_FIGURE_COLUMNS; i++) {
        if (from->column[i] == NULL)
            continue;
        size_t size = column_size(from, i);
        double *column = dw_mem_array(mem, size + 1, sizeof *column);
        if (column == NULL)
            return false;
        if (size > 0)
            memcpy(column, from->column[i], size * sizeof *column);
        to->column[i] = column;
    }
    if (from->labels == NULL)
        return true;
    char **labels = dw_mem_array(mem, from->count + 1, sizeof *labels);
    to->labels = (const char *const *)labels;
    for (size_t i = 0; labels != NULL && i < from->count; i++) {
        labels[i] = dw_figure_clean(mem, from->labels[i], strlen(from->labels[i]));
        if (labels[i] == NULL)
            return false;
    }
    return labels != NULL;
}

bool dw_figure_add(dw_figure *figure, const dw_series *series, dw_err *err) {
    if (figure->count == figure->room) {
        size_t room = figure->room == 0 ? 4 : 2 * figure->room;
        dw_series *grown = dw_mem_grow(figure->mem, figure->series, room * sizeof *grown);
        if (grown == NULL)
            return dw_err_memory(err, "a figure");
        figure->series = grown;
        figure->room = room;
    }
    dw_series *copy = &figure->series[figure->count];
    if (!copy_series(figure->mem, series, copy)) {
        free_series(copy);
        return dw_err_memory(err, "a figure");
    }
    figure->count++;
    return true;
}

bool dw_figure_text(dw_figure *figure, char **place, const char *bytes, size_t size, dw_err *err) {
    char *clean = dw_figure_clean(figure->mem, bytes, size);
    if (clean == NULL)
        return dw_err_memory(err, "a figure");
    dw_mem_free(*place);
    *place = clean;
    return true;
}

/* Characters that XML forbids or that would break a line. */
static bool is_control(uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
           (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
}

char *dw_figure_clean(dw_mem *mem, const char *bytes, size_t size) {
    dw_buf out;
    dw_buf_init(&out, mem);
    size_t shown = 0;
    for (size_t i = 0; i < size; shown++) {
        if (shown == DW_FIGURE_TEXT) {
            dw_buf_text(&out, "…");
            break;
        }
        uint32_t code = 0;
        size_t step = dw_text_decode(bytes + i, size - i, &code);
        if (step == 0)
            dw_buf_text(&out, "\xEF\xBF\xBD");
        else if (is_control(code))
            dw_buf_byte(&out, ' ');
        else
            dw_buf_add(&out, bytes + i, step);
        i += step == 0 ? 1 : step;
    }
    char *text = dw_buf_take(&out, NULL);
    dw_buf_free(&out);
    return text;
}

static bool is_word(const char *word, const char *text, size_t size) {
    return strlen(word) == size && memcmp(word, text, size) == 0;
}

bool dw_figure_color(const char *word, size_t size, dw_color *out) {
    for (size_t i = 0; i < sizeof color_words / sizeof color_words[0]; i++)
        if (is_word(color_words[i].word, word, size)) {
            *out = color_words[i].color;
            return true;
        }
    return false;
}

const char *dw_figure_color_word(size_t i) {
    return i < sizeof color_words / sizeof color_words[0] ? color_words[i].word : NULL;
}

bool dw_figure_legend(const char *word, size_t size, dw_legend *out) {
    for (size_t i = 0; i < DW_LEGENDS; i++)
        if (is_word(legend_words[i], word, size)) {
            *out = (dw_legend)i;
            return true;
        }
    return false;
}

const char *dw_figure_legend_word(size_t i) {
    return i < DW_LEGENDS ? legend_words[i] : NULL;
}

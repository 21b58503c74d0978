/* SPDX-License-Identifier: BSD-3-Clause */
#include "lang/loss_curve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 480, HEIGHT = 260 };

/* Rows as columns of numbers: step, train, valid. */
typedef struct {
    dw_losses_row *rows;
    double *step, *train, *valid;
    size_t count;
} columns;

static bool read_columns(dw_mem *mem, const dw_losses *h, const dw_loss_curve_form *form,
                         columns *out, dw_err *err) {
    size_t room = h->count + 2;
    out->rows = dw_mem_array(mem, room, sizeof *out->rows);
    out->step = dw_mem_array(mem, 3 * room, sizeof *out->step);
    if (out->rows == NULL || out->step == NULL)
        return dw_err_memory(err, "the history of a training");
    out->train = out->step + room;
    out->valid = out->train + room;
    size_t count = dw_losses_rows(h, 0, out->rows);
    if (form->validated && count > 1 && isnan(out->rows[count - 1].valid))
        count--; /* between two validations */
    size_t stride = form->steps > 0 ? (count + DW_LOSS_CURVE_ROWS - 1) / DW_LOSS_CURVE_ROWS : 1;
    for (size_t i = 0; i < count; i++) {
        const dw_losses_row *row = &out->rows[i];
        if (i % stride != 0 && i + 1 < count)
            continue;
        out->step[out->count] = (double)row->step;
        out->train[out->count] = row->train;
        out->valid[out->count++] = row->valid;
    }
    return true;
}

/* Whether a logarithmic axis shows more. */
static bool wants_log(const columns *c, bool validated) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < c->count; i++) {
        low = fmin(low, c->train[i]);
        high = fmax(high, c->train[i]);
        if (validated) {
            low = fmin(low, c->valid[i]);
            high = fmax(high, c->valid[i]);
        }
    }
    return low > 0 && high >= 10 * low;
}

static bool add_line(dw_figure *figure, const columns *c, const double *y, const char *name,
                     dw_err *err) {
    const dw_series line = {
        .mark = DW_MARK_LINE, .name = name, .count = c->count, .column = {c->step, y}};
    return dw_figure_add(figure, &line, err);
}

static bool add_best(dw_figure *figure, const dw_losses_row *best, dw_err *err) {
    char name[48];
    double step = (double)best->step;
    snprintf(name, sizeof name, "best at %zu", best->step);
    const dw_series point = {.mark = DW_MARK_POINTS,
                             .color = DW_COLOR_RED,
                             .name = name,
                             .count = 1,
                             .column = {&step, &best->valid}};
    return dw_figure_add(figure, &point, err);
}

static bool put_text(dw_figure *figure, char **place, const char *text, dw_err *err) {
    return dw_figure_text(figure, place, text, strlen(text), err);
}

static bool fill(dw_figure *figure, const dw_losses *h, const dw_loss_curve_form *form,
                 const columns *c, dw_err *err) {
    size_t end = form->steps, reached = h->last[0].step;
    while (end / 2 >= reached && end > 2)
        end /= 2;
    figure->width = WIDTH;
    figure->height = HEIGHT;
    figure->x.fixed = form->steps > 0;
    figure->x.hi = (double)end;
    figure->y.log = wants_log(c, form->validated);
    figure->legend = DW_LEGEND_TOP_RIGHT; /* where a curve that falls leaves room */
    return put_text(figure, &figure->title, form->title, err) &&
           put_text(figure, &figure->x.label, "step", err) &&
           put_text(figure, &figure->y.label, "loss", err) &&
           add_line(figure, c, c->train, "train", err) &&
           (!form->validated ||
            (add_line(figure, c, c->valid, "valid", err) && add_best(figure, &h->best[0], err)));
}

dw_figure *dw_loss_curve_new(dw_mem *mem, const dw_losses *h, const dw_loss_curve_form *form,
                             dw_err *err) {
    columns c = {0};
    dw_figure *figure = NULL;
    bool fine = read_columns(mem, h, form, &c, err);
    if (fine && c.count < 2)
        fine = dw_err_set(err, DW_ERR_PLOT, "a curve needs two numbers");
    if (fine)
        figure = dw_figure_new(mem, err);
    if (figure != NULL && !fill(figure, h, form, &c, err)) {
        dw_figure_release(figure);
        figure = NULL;
    }
    dw_mem_free(c.rows);
    dw_mem_free(c.step);
    return figure;
}

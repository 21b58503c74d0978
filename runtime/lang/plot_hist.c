/* SPDX-License-Identifier: BSD-3-Clause */
/* Histograms with round bins, and images laid out side by side. */
#include "lang/plot_hist.h"

#include "base/math.h"
#include "lang/plot_build.h"
#include "tensor/reduce.h"

#include <math.h>
#include <stdlib.h>

enum {
    BINS = 7 /* parameter of hist */,
    BINS_MOST = 200,
    IMAGES_MOST = 400,
    PIXELS_MOST = 1 << 20
};

/* A row of equal bins: bin k covers lo + k*step … lo + (k + 1)*step. */
typedef struct {
    double lo, step;
    size_t count;
} bins;

static double round_up(double rough) {
    double power = dw_math_pow(10, floor(dw_math_log10(rough)));
    double lead = rough / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static bool all_whole(const double *sorted, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (sorted[i] != floor(sorted[i]))
            return false;
    return true;
}

/* Twice the interquartile range over the cube root of the count (Freedman and Diaconis), made a
 * round number; bins are centred on its multiples, so that values at -1 and 2 stand in the middle
 * of their bars. */
static bins choose_bins(const double *sorted, size_t count) {
    double lo = sorted[0], hi = sorted[count - 1], range = hi - lo;
    if (!(range > 1e-9 * fmax(fabs(lo), fabs(hi)))) {
        double step = lo == 0 ? 1 : round_up(fabs(lo) / 10);
        return (bins){lo - step / 2, step, 1};
    }
    double quarters = sorted[count - 1 - count / 4] - sorted[count / 4];
    double step = 2 * quarters / dw_math_pow((double)count, 1.0 / 3);
    step = fmin(fmax(step, range / 60), range / 5);
    step = round_up(step * 0.75);
    if (all_whole(sorted, count) && range <= 60)
        step = 1;
    double first = floor(lo / step + 0.5), last = floor(hi / step + 0.5);
    return (bins){(first - 0.5) * step, step, (size_t)(last - first) + 1};
}

/* Bins that are equal on a logarithmic axis: numbers below or at 0 do not show, the others become
 * their logarithms until the bars are made. Returns how many are left. */
static size_t take_logs(double *sorted, size_t count) {
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        if (sorted[i] > 0)
            sorted[left++] = dw_math_log10(sorted[i]);
    return left;
}

static bool no_logs(dw_call *call) {
    return dw_call_fail(call, 0, DW_ERR_PLOT,
                        "a logarithmic x-axis shows numbers above 0, and there are none. Leave out "
                        "log = \"x\"");
}

static void give_logs_back(dw_thing *thing) {
    for (size_t k = 0; k < thing->count; k++) {
        double half = thing->column[2][k] / 2;
        double lo = dw_math_pow(10, thing->column[0][k] - half);
        double hi = dw_math_pow(10, thing->column[0][k] + half);
        thing->column[0][k] = (lo + hi) / 2;
        thing->column[2][k] = hi - lo;
    }
}

static bool fill(dw_call *call, const double *sorted, size_t count, const bins *b,
                 dw_thing *thing) {
    if (!dw_thing_columns(call, thing, 3, b->count))
        return false;
    thing->mark = DW_MARK_BARS;
    for (size_t k = 0; k < b->count; k++) {
        thing->column[0][k] = b->lo + ((double)k + 0.5) * b->step;
        thing->column[1][k] = 0;
        thing->column[2][k] = b->step;
    }
    for (size_t i = 0; i < count; i++) {
        double place = floor((sorted[i] - b->lo) / b->step);
        size_t k = place <= 0 ? 0 : (size_t)place;
        thing->column[1][k < b->count ? k : b->count - 1] += 1;
    }
    return true;
}

/* The finite numbers of argument 0 in order; NULL with an error when there are none. */
static double *sorted_numbers(dw_call *call, size_t *count) {
    dw_tensor *t;
    if (!dw_call_tensor(call, 0, &t))
        return NULL;
    double *sorted = dw_mem_array(call->mem, t->size + 1, sizeof *sorted);
    *count = 0;
    for (size_t i = 0; sorted != NULL && i < t->size; i++)
        if (isfinite(t->data[i]) && fabs(t->data[i]) < 1e300)
            sorted[(*count)++] = t->data[i];
    dw_tensor_release(t);
    if (sorted == NULL) {
        dw_err_memory(call->err, "a histogram");
        return NULL;
    }
    if (*count == 0) {
        dw_mem_free(sorted);
        dw_call_fail(call, 0, DW_ERR_PLOT, "a histogram needs at least one finite number");
        return NULL;
    }
    if (dw_reduce_sort(sorted, *count, call->cancel) || dw_call_poll(call))
        return sorted;
    dw_mem_free(sorted);
    return NULL;
}

static bool find_bins(dw_call *call, const double *sorted, size_t count, bins *out) {
    *out = choose_bins(sorted, count);
    if (!dw_call_given(call, BINS))
        return true;
    size_t wanted;
    if (!dw_call_whole(call, BINS, 1, BINS_MOST, &wanted))
        return false;
    double lo = sorted[0], hi = sorted[count - 1];
    if (lo < hi)
        *out = (bins){lo, (hi - lo) / (double)wanted, wanted};
    return true;
}

bool dw_plot_hist_run(dw_call *call, dw_value *out) {
    dw_plot_options options;
    size_t count;
    bins b;
    if (!dw_plot_build_options(call, &options))
        return false;
    double *sorted = sorted_numbers(call, &count);
    if (sorted == NULL)
        return false;
    dw_thing_list list;
    dw_thing_list_init(&list, call->mem);
    dw_thing *thing = dw_thing_add(&list, call, 0);
    if (options.xlog)
        count = take_logs(sorted, count);
    bool ok = thing != NULL && (count > 0 || no_logs(call)) && find_bins(call, sorted, count, &b) &&
              fill(call, sorted, count, &b, thing);
    if (ok && options.xlog)
        give_logs_back(thing);
    dw_mem_free(sorted);
    size_t size = 0;
    const char *source = dw_call_source(call, 0, &size);
    if (ok && size > 0 && size <= DW_THING_NAME && source[0] != '[') {
        list.xlabel = dw_mem_text(call->mem, source, size);
        ok = list.xlabel != NULL || dw_err_memory(call->err, "a plot");
    }
    dw_figure *figure = ok ? dw_plot_build_plain(call, &list, &options) : NULL;
    if (figure != NULL && options.ylabel == NULL &&
        !dw_figure_text(figure, &figure->y.label, "how many", 8, call->err)) {
        dw_figure_release(figure);
        figure = NULL;
    }
    dw_thing_list_free(&list);
    return figure != NULL && dw_thing_figure_value(call, figure, out);
}

/* ---- show ---- */

/* Images of one size, each `rows` × `columns` numbers, row by row. */
typedef struct {
    size_t count, rows, columns;
    const double *first[IMAGES_MOST];
    size_t stride; /* from one number of an image to the next */
} images;

static size_t square_root(size_t n) {
    size_t r = (size_t)(sqrt((double)n) + 0.5);
    return r * r == n ? r : 0;
}

static bool too_many(dw_call *call, size_t count) {
    return dw_call_fail(call, 0, DW_ERR_LIMIT, "show draws 1 to %d images, these are %zu",
                        IMAGES_MOST, count);
}

/* An image itself, or a matrix whose columns are square images (64 numbers: 8×8). */
static bool from_array(dw_call *call, const dw_tensor *t, images *out) {
    size_t rows = t->dim[0], columns = t->dim[1], side = square_root(rows);
    bool row = rows == 1 && square_root(columns) > 1;
    if ((side >= 3 && rows != columns) || row) {
        out->count = row ? 1 : columns;
        out->rows = out->columns = row ? square_root(columns) : side;
        out->stride = row ? 1 : columns;
        if (out->count > IMAGES_MOST || out->count == 0)
            return too_many(call, out->count);
        for (size_t i = 0; i < out->count; i++)
            out->first[i] = t->data + i;
        return true;
    }
    *out = (images){.count = 1, .rows = rows, .columns = columns, .stride = 1};
    out->first[0] = t->data;
    return true;
}

static bool from_list(dw_call *call, const dw_list *list, images *out) {
    if (list->count == 0 || list->count > IMAGES_MOST)
        return too_many(call, list->count);
    out->count = list->count;
    out->stride = 1;
    for (size_t i = 0; i < list->count; i++) {
        dw_value v = list->items[i];
        bool same =
            v.kind == DW_ARRAY &&
            (i == 0 || (v.as.array->dim[0] == out->rows && v.as.array->dim[1] == out->columns));
        if (!same)
            return dw_call_fail(call, 0, DW_ERR_SHAPE,
                                "show needs images of one size, and number %zu differs", i + 1);
        out->rows = v.as.array->dim[0];
        out->columns = v.as.array->dim[1];
        out->first[i] = v.as.array->data;
    }
    size_t side = square_root(out->rows * out->columns);
    if ((out->rows == 1 || out->columns == 1) && side > 1)
        out->rows = out->columns = side;
    return true;
}

/* One grid with a gap of one cell between images; row 0 is on top. */
static bool lay_out(dw_call *call, const images *in, dw_thing *thing, size_t *across) {
    *across = in->count < 10 ? in->count : in->count < 40 ? 10 : 20;
    size_t down = (in->count + *across - 1) / *across;
    size_t columns = *across * (in->columns + 1) - 1, rows = down * (in->rows + 1) - 1;
    if (rows * columns > PIXELS_MOST)
        return dw_call_fail(call, 0, DW_ERR_LIMIT,
                            "these images have %zu×%zu cells together; "
                            "show draws at most a million",
                            rows, columns);
    thing->mark = DW_MARK_IMAGE;
    thing->rows = rows;
    thing->columns = columns;
    thing->column[0] = dw_mem_array(call->mem, columns, sizeof(double));
    thing->column[1] = dw_mem_array(call->mem, rows, sizeof(double));
    thing->column[2] = dw_mem_array(call->mem, rows * columns, sizeof(double));
    if (thing->column[0] == NULL || thing->column[1] == NULL || thing->column[2] == NULL)
        return dw_err_memory(call->err, "a picture");
    for (size_t i = 0; i < columns; i++)
        thing->column[0][i] = (double)i;
    for (size_t i = 0; i < rows; i++)
        thing->column[1][i] = (double)i;
    for (size_t i = 0; i < rows * columns; i++)
        thing->column[2][i] = NAN;
    for (size_t n = 0; n < in->count; n++)
        for (size_t r = 0; r < in->rows; r++)
            for (size_t c = 0; c < in->columns; c++)
                thing->column[2][((n / *across) * (in->rows + 1) + r) * columns +
                                 (n % *across) * (in->columns + 1) + c] =
                    in->first[n][(r * in->columns + c) * in->stride];
    return true;
}

/* A strip is low, a single image is square. */
static void choose_size(const dw_thing *thing, dw_plot_options *options) {
    if (options->width > 0)
        return;
    double shape = (double)thing->rows / (double)thing->columns;
    options->width = shape > 0.6 ? 280 : 640;
    double height = options->width * shape + (options->title != NULL ? 40 : 20);
    options->height = height < 100 ? 100 : height > 1600 ? 1600 : (unsigned)height;
}

static bool draw(dw_call *call, const images *in, dw_plot_options *options, dw_value *out) {
    dw_thing_list list;
    size_t across;
    dw_thing_list_init(&list, call->mem);
    dw_thing *thing = dw_thing_add(&list, call, 0);
    bool ok = thing != NULL && lay_out(call, in, thing, &across);
    if (ok)
        choose_size(thing, options);
    dw_figure *figure = ok ? dw_plot_build_plain(call, &list, options) : NULL;
    dw_thing_list_free(&list);
    return figure != NULL && dw_thing_figure_value(call, figure, out);
}

bool dw_plot_hist_show(dw_call *call, dw_value *out) {
    dw_plot_options options;
    images in = {.count = 0};
    dw_value v = call->args[0];
    char words[DW_VALUE_WORDS];
    if (!dw_plot_build_options(call, &options))
        return false;
    if (v.kind != DW_ARRAY && v.kind != DW_LIST)
        return dw_call_fail(call, 0, DW_ERR_TYPE,
                            "show draws images: a matrix, a matrix of columns, or a list of them; "
                            "this is %s",
                            dw_value_words(v, words));
    if (!(v.kind == DW_ARRAY ? from_array(call, v.as.array, &in) : from_list(call, v.as.list, &in)))
        return false;
    return draw(call, &in, &options, out);
}

bool dw_plot_hist_image(dw_call *call, dw_value *out) {
    dw_plot_options options = {.names = NULL};
    images in = {.count = 0};
    dw_tensor *t;
    if ((dw_call_given(call, 1) && !dw_call_text(call, 1, &options.title)) ||
        !dw_call_tensor(call, 0, &t))
        return false;
    bool vector = dw_tensor_is_vector(t);
    size_t side = vector ? square_root(t->size) : 0;
    bool ok = side > 0 || (!vector && t->size > 0) ||
              dw_call_fail(call, 0, DW_ERR_SHAPE,
                           "an image is a matrix, or a row or column of a square number of pixels, "
                           "such as 64 for 8×8; this has %zu",
                           t->size);
    if (ok) {
        in = (images){.count = 1, .rows = t->dim[0], .columns = t->dim[1], .stride = 1};
        if (vector)
            in.rows = in.columns = side;
        in.first[0] = t->data;
        ok = draw(call, &in, &options, out);
    }
    dw_tensor_release(t);
    return ok;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Images as numbers: moved, and drawn. */
#include "lang/builtin.h"
#include "lang/plot_hist.h"

#include <math.h>

/* An image, or several as the columns of a matrix: pixel (row, column) of image k is
 * data[(row*columns + column)*count + k]. */
typedef struct {
    size_t rows, columns, count;
} sheet;

static size_t root_of(size_t n) {
    size_t r = (size_t)(sqrt((double)n) + 0.5);
    return r * r == n ? r : 0;
}

/* A row or column of a square number of pixels, a matrix of such columns, or a matrix that is an
 * image itself. */
static bool read_sheet(dw_call *call, const dw_tensor *t, sheet *out) {
    char words[DW_TENSOR_WORDS];
    size_t side = root_of(dw_tensor_is_vector(t) ? t->size : t->dim[0]);
    bool columns = side >= 3 && t->dim[0] != t->dim[1];
    if (dw_tensor_is_vector(t) && side == 0)
        return dw_call_fail(call, 0, DW_ERR_SHAPE,
                            "%s needs a square image, such as a column of 64 for 8×8; this is %s",
                            call->builtin->name, dw_tensor_words(t, words));
    if (dw_tensor_is_vector(t))
        *out = (sheet){side, side, 1};
    else if (columns)
        *out = (sheet){side, side, t->dim[1]};
    else
        *out = (sheet){t->dim[0], t->dim[1], 1};
    return true;
}

/* Pixel (row, column) of the moved image k comes from (row - down, column - right), or is 0. */
static void move(const sheet *s, const double *from, ptrdiff_t right, ptrdiff_t down, double *to) {
    for (size_t r = 0; r < s->rows; r++)
        for (size_t c = 0; c < s->columns; c++) {
            ptrdiff_t row = (ptrdiff_t)r - down, column = (ptrdiff_t)c - right;
            bool inside = row >= 0 && column >= 0 && row < (ptrdiff_t)s->rows &&
                          column < (ptrdiff_t)s->columns;
            size_t source = inside ? (size_t)row * s->columns + (size_t)column : 0;
            for (size_t k = 0; k < s->count; k++)
                to[(r * s->columns + c) * s->count + k] =
                    inside ? from[source * s->count + k] : 0.0;
        }
}

enum { SHIFT_MOST = 1 << 20 };

static bool read_step(dw_call *call, size_t i, ptrdiff_t *out) {
    double x;
    if (!dw_call_number(call, i, &x))
        return false;
    if (x != floor(x) || !(fabs(x) <= SHIFT_MOST))
        return dw_call_fail(call, i, DW_ERR_VALUE,
                            "shift moves by whole pixels, such as 1 or -2; this is %.6g", x);
    *out = (ptrdiff_t)x;
    return true;
}

static bool run_shift(dw_call *call, dw_value *out) {
    ptrdiff_t right, down;
    dw_tensor *t;
    sheet s = {.count = 0};
    if (!read_step(call, 1, &right) || !read_step(call, 2, &down) || !dw_call_tensor(call, 0, &t))
        return false;
    dw_tensor *moved = NULL;
    if (read_sheet(call, t, &s))
        moved = dw_tensor_raw(call->mem, t->dim[0], t->dim[1], call->err);
    if (moved != NULL)
        move(&s, t->data, right, down, moved->data);
    dw_tensor_release(t);
    if (moved == NULL)
        return false;
    *out = dw_value_array(moved);
    return true;
}

const dw_builtin dw_lib_image[] = {
    {.name = "image",
     .group = "Plots",
     .signature = "image(pixels, title = \"\")",
     .help = "One image in shades of grey: a matrix, or a row or column of a square number of "
             "pixels, the first in the top left corner. A list of images is a page.\n"
             "title: words above it",
     .example = "image([0, 1, 0; 1, 1, 1; 0, 1, 0], title = \"plus\")  # → a plot",
     .see = "show shift",
     .run = dw_plot_hist_image},
    {.name = "shift",
     .group = "Data",
     .signature = "shift(pixels, right, down)",
     .help =
         "A square image, given as a column of its pixels, moved to the right and down by whole "
         "pixels (negative: left and up); what comes in at the edge is 0. Also a matrix that is "
         "an image, or whose columns are square images.",
     .example = "shift([1, 2, 3; 4, 5, 6; 7, 8, 9], 1, 0)[1, :]  # → [0, 1, 2]",
     .see = "image show",
     .run = run_shift},
    {.name = NULL},
};

/* SPDX-License-Identifier: BSD-3-Clause */
/* The layers of images: which pixel goes where is worked out once, the rest is picking elements,
 * products and comparisons of whole arrays. */
#include "lang/layer_image.h"

#include "lang/either.h"

#include <math.h>
#include <string.h>

/* Places of options in the table of layer.c. */
enum { CHANNELS, WIDTH, LINE, PAD, STEP, INPUTS };
enum { POOL_WIDTH, POOL_LINE };

static dw_operate operate_of(dw_eval *e) {
    return (dw_operate){.mem = e->mem, .cancel = &e->cancel, .err = e->err};
}

/* An image and the windows over it. */
typedef struct {
    size_t channels;
    size_t width, height; /* of the image; a line has height 1 */
    size_t window, tall;  /* size of a window; tall is 1 for a line */
    size_t step, pad;     /* from window to window; zeros around the image */
    size_t across, down;  /* how many windows */
} frame;

/* The whole root of n, or 0. */
static size_t side_of(size_t n) {
    size_t side = (size_t)sqrt((double)n);
    return side * side == n ? side : 0;
}

static bool no_square(dw_eval *e, const char *word, size_t pixels) {
    return dw_err_set(e->err, DW_ERR_SHAPE,
                      "%s takes images whose pixels form a square, such as 64 = 8×8; here come "
                      "%zu: for a line of numbers write line = true",
                      word, pixels);
}

/* Lays the windows over an image of a shape; option numbers differ by layer. */
static bool lay(dw_eval *e, const dw_function *f, dw_layer_shape in, frame *out) {
    const double *options = f->net->options;
    bool conv = f->net->layer->parameters > 0;
    size_t inputs = conv ? (size_t)options[INPUTS] : 1;
    const char *word = f->net->layer->word;
    bool line = options[conv ? LINE : POOL_LINE] != 0;
    bool column = in.columns == 1;
    size_t pixels = column ? in.rows / inputs : in.columns;
    out->channels = column ? inputs : in.rows;
    if (column && in.rows % inputs != 0)
        return dw_err_set(e->err, DW_ERR_SHAPE, "%zu numbers are no image of %zu channels", in.rows,
                          inputs);
    out->width = line ? pixels : side_of(pixels);
    out->height = line ? 1 : out->width;
    if (out->width == 0)
        return no_square(e, word, pixels);
    out->window = (size_t)options[conv ? WIDTH : POOL_WIDTH];
    out->tall = line ? 1 : out->window;
    out->step = conv ? (size_t)options[STEP] : out->window;
    out->pad = conv ? (size_t)options[PAD] : 0;
    size_t wide = out->width + 2 * out->pad, high = line ? 1 : wide;
    if (out->window > wide || out->tall > high)
        return dw_err_set(e->err, DW_ERR_SHAPE,
                          "%s looks through a window of %zu, but the image is only %zu wide%s",
                          word, out->window, out->width,
                          conv ? ": take a smaller window, or pad = 1 for a rim of zeros" : "");
    out->across = (wide - out->window) / out->step + 1;
    out->down = (high - out->tall) / out->step + 1;
    return true;
}

/* The image as channels×pixels with its rim of zeros; width and height then count the rim too. */
static bool framed(const dw_operate *o, dw_value x, frame *at, dw_value *out) {
    size_t pixels = at->width * at->height;
    if (at->pad == 0)
        return dw_either_reshape(o, x, at->channels, pixels, out);
    size_t rim = at->height == 1 && at->tall == 1 ? 0 : at->pad;
    size_t wide = at->width + 2 * at->pad, high = at->height + 2 * rim;
    size_t *places = dw_mem_array(o->mem, at->channels * pixels + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(o->err, "an image");
    for (size_t i = 0; i < at->channels * pixels; i++) {
        size_t channel = i / pixels, row = i % pixels / at->width, column = i % at->width;
        places[i] = channel * wide * high + (row + rim) * wide + column + at->pad;
    }
    bool fine = dw_either_place(o, x, places, at->channels, wide * high, out);
    dw_mem_free(places);
    at->width = wide;
    at->height = high;
    return fine;
}

/* Where place `inner` (row by row) of window number `window` lies in a channel. */
static size_t pixel_of(const frame *at, size_t window, size_t inner) {
    size_t row = window / at->across * at->step + inner / at->window;
    size_t column = window % at->across * at->step + inner % at->window;
    return row * at->width + column;
}

bool dw_layer_image_conv_fit(dw_eval *e, const dw_function *f, dw_layer_shape in,
                             dw_layer_shape *values, dw_layer_shape *out) {
    frame at;
    size_t channels = (size_t)f->net->options[CHANNELS];
    if (!lay(e, f, in, &at))
        return false;
    values[0] = (dw_layer_shape){channels, at.channels * at.window * at.tall};
    values[1] = (dw_layer_shape){channels, 1};
    *out = (dw_layer_shape){channels, at.across * at.down};
    return true;
}

/* All windows as columns: one row for each place in a window of each channel. */
static bool unfold(const dw_operate *o, dw_value image, const frame *at, dw_value *out) {
    size_t inner = at->window * at->tall, windows = at->across * at->down;
    size_t rows = at->channels * inner, pixels = at->width * at->height;
    size_t *places = dw_mem_array(o->mem, rows * windows + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(o->err, "an image");
    for (size_t r = 0; r < rows; r++)
        for (size_t w = 0; w < windows; w++)
            places[r * windows + w] = r / inner * pixels + pixel_of(at, w, r % inner);
    bool fine = dw_either_gather(o, image, places, rows, windows, out);
    dw_mem_free(places);
    return fine;
}

/* y + b with b, one number per channel, spread over the pixels; takes over y. */
static bool add_bias(const dw_operate *o, dw_value y, dw_value b, dw_value *out) {
    dw_value spread;
    size_t rows, columns;
    bool fine = dw_either_shape(y, &rows, &columns);
    size_t *places = fine ? dw_mem_array(o->mem, rows * columns + 1, sizeof *places) : NULL;
    fine = places != NULL || dw_err_memory(o->err, "an image");
    for (size_t i = 0; fine && i < rows * columns; i++)
        places[i] = i / columns;
    fine = fine && dw_either_gather(o, b, places, rows, columns, &spread);
    dw_mem_free(places);
    if (fine) {
        fine = dw_operate_pair(o, DW_ELEM_ADD, y, spread, out);
        dw_value_release(spread);
    }
    dw_value_release(y);
    return fine;
}

bool dw_layer_image_conv(dw_eval *e, const dw_function *f, dw_value x, dw_value *out) {
    dw_operate o = operate_of(e);
    dw_layer_shape in, shape;
    frame at;
    dw_value image, windows, product;
    if (!dw_either_shape(x, &in.rows, &in.columns))
        return dw_err_set(e->err, DW_ERR_TYPE, "conv takes images, columns of numbers");
    if (!dw_layer_output(e, f, in, &shape) || !lay(e, f, in, &at) || !framed(&o, x, &at, &image))
        return false;
    bool fine = unfold(&o, image, &at, &windows);
    dw_value_release(image);
    if (!fine)
        return false;
    fine = dw_operate_binary(&o, DW_SIGN_TIMES, f->values[0], windows, &product);
    dw_value_release(windows);
    return fine && add_bias(&o, product, f->values[1], out);
}

bool dw_layer_image_pool_fit(dw_eval *e, const dw_function *f, dw_layer_shape in,
                             dw_layer_shape *values, dw_layer_shape *out) {
    frame at;
    (void)values;
    if (!lay(e, f, in, &at))
        return false;
    *out = (dw_layer_shape){at.channels, at.across * at.down};
    return true;
}

/* Place `inner` of every window of every channel. */
static bool pick(const dw_operate *o, dw_value x, const frame *at, size_t inner, size_t *places,
                 dw_value *out) {
    size_t windows = at->across * at->down, pixels = at->width * at->height;
    for (size_t i = 0; i < at->channels * windows; i++)
        places[i] = i / windows * pixels + pixel_of(at, i % windows, inner);
    return dw_either_gather(o, x, places, at->channels, windows, out);
}

/* Folds the places of the windows with an operation. */
static bool fold(dw_eval *e, const dw_function *f, dw_value x, dw_elem_binary op, dw_value *out,
                 double *count) {
    dw_operate o = operate_of(e);
    dw_layer_shape in;
    frame at;
    if (!dw_either_shape(x, &in.rows, &in.columns))
        return dw_err_set(e->err, DW_ERR_TYPE, "%s takes images, columns of numbers",
                          f->net->layer->word);
    if (!lay(e, f, in, &at))
        return false;
    size_t inner = at.window * at.tall;
    size_t *places = dw_mem_array(e->mem, at.channels * at.across * at.down + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(e->err, "an image");
    bool fine = pick(&o, x, &at, 0, places, out);
    for (size_t i = 1; fine && i < inner; i++) {
        dw_value next, so_far = *out;
        fine = pick(&o, x, &at, i, places, &next);
        if (fine) {
            fine = dw_operate_pair(&o, op, so_far, next, out);
            dw_value_release(next);
        }
        dw_value_release(so_far);
    }
    dw_mem_free(places);
    *count = (double)inner;
    return fine;
}

bool dw_layer_image_pool(dw_eval *e, const dw_function *f, dw_value x, dw_value *out) {
    double count;
    return fold(e, f, x, DW_ELEM_MAX, out, &count);
}

bool dw_layer_image_meanpool(dw_eval *e, const dw_function *f, dw_value x, dw_value *out) {
    dw_operate o = operate_of(e);
    double count;
    dw_value sum;
    if (!fold(e, f, x, DW_ELEM_ADD, &sum, &count))
        return false;
    bool fine = dw_operate_pair(&o, DW_ELEM_DIVIDE, sum, dw_value_number(count), out);
    dw_value_release(sum);
    return fine;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The layers of images. An image is a channels×pixels matrix, each row the pixels of a channel row
 * by row; a column of pixels is an image of one channel (of `inputs` channels for conv). Pixels
 * form a square, or with line = true a line. See layer.h for the two shapes of function. */
#ifndef DW_LAYER_IMAGE_H
#define DW_LAYER_IMAGE_H

#include "lang/layer.h"

/* Every output channel is a weighted sum over a window of all input channels, plus b. */
bool dw_layer_image_conv_fit(dw_eval *eval, const dw_function *layer, dw_layer_shape in,
                             dw_layer_shape *values, dw_layer_shape *out) DW_CHECK;
bool dw_layer_image_conv(dw_eval *eval, const dw_function *layer, dw_value x,
                         dw_value *out) DW_CHECK;

/* The largest pixel, or the mean, of windows that lie side by side. */
bool dw_layer_image_pool_fit(dw_eval *eval, const dw_function *layer, dw_layer_shape in,
                             dw_layer_shape *values, dw_layer_shape *out) DW_CHECK;
bool dw_layer_image_pool(dw_eval *eval, const dw_function *layer, dw_value x,
                         dw_value *out) DW_CHECK;
bool dw_layer_image_meanpool(dw_eval *eval, const dw_function *layer, dw_value x,
                             dw_value *out) DW_CHECK;

#endif

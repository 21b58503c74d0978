/* SPDX-License-Identifier: BSD-3-Clause */
/* The layers of columns: what each needs and what it does. See layer.h for the two shapes of
 * function; x is a number, an array or traced. */
#ifndef DW_LAYER_INNER_H
#define DW_LAYER_INNER_H

#include "lang/layer.h"

/* W*x + b: a column in, a column out. */
bool dw_layer_inner_dense_fit(dw_eval *eval, const dw_function *layer, dw_layer_shape in,
                              dw_layer_shape *values, dw_layer_shape *out) DW_CHECK;
bool dw_layer_inner_dense(dw_eval *eval, const dw_function *layer, dw_value x,
                          dw_value *out) DW_CHECK;

/* Class numbers (from 1) or texts in, the columns of E they stand for below one another out. */
bool dw_layer_inner_embed_fit(dw_eval *eval, const dw_function *layer, dw_layer_shape in,
                              dw_layer_shape *values, dw_layer_shape *out) DW_CHECK;
bool dw_layer_inner_embed(dw_eval *eval, const dw_function *layer, dw_value x,
                          dw_value *out) DW_CHECK;

/* Moves and scales one sample to mean 0 and variance 1, then by gain and shift (Ba, Kiros and
 * Hinton 2016). */
bool dw_layer_inner_layernorm_fit(dw_eval *eval, const dw_function *layer, dw_layer_shape in,
                                  dw_layer_shape *values, dw_layer_shape *out) DW_CHECK;
bool dw_layer_inner_layernorm(dw_eval *eval, const dw_function *layer, dw_value x,
                              dw_value *out) DW_CHECK;

/* The same with the mean and variance of each row (number or channel) over the samples of a step
 * while training, over the training data afterwards (Ioffe and Szegedy 2015). */
bool dw_layer_inner_batchnorm_fit(dw_eval *eval, const dw_function *layer, dw_layer_shape in,
                                  dw_layer_shape *values, dw_layer_shape *out) DW_CHECK;
bool dw_layer_inner_batchnorm(dw_eval *eval, const dw_function *layer, dw_value x,
                              dw_value *out) DW_CHECK;

/* While training sets a share of the numbers to 0 and enlarges the others to make up for it
 * (Srivastava et al. 2014); else nothing. */
bool dw_layer_inner_dropout_fit(dw_eval *eval, const dw_function *layer, dw_layer_shape in,
                                dw_layer_shape *values, dw_layer_shape *out) DW_CHECK;
bool dw_layer_inner_dropout(dw_eval *eval, const dw_function *layer, dw_value x,
                            dw_value *out) DW_CHECK;

#endif

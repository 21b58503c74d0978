/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters of a net as named arrays, with the shapes other programs give them, and arrays of
 * a file as the parameters of a net. What layers measure (the mean and variance of batchnorm) goes
 * along. */
#ifndef DW_NET_WEIGHTS_H
#define DW_NET_WEIGHTS_H

#include "data/arrays.h"
#include "lang/net.h"

typedef enum {
    DW_NET_WEIGHTS_OWN,  /* W1, b1, batchnorm1.mean */
    DW_NET_WEIGHTS_TORCH /* those of a torch.nn.Sequential of the same stages: 0.weight, 0.bias */
} dw_net_weights_names;

/* Adds the arrays of a net to an empty list: first its parameters in their order, then what is
 * measured. Weights have two axes (those of conv three or four: channels, inputs, window), biases
 * one; of PyTorch's embedding the words count the rows. VALUE error for a net without parameters
 * yet. */
bool dw_net_weights_gather(dw_eval *eval, dw_value f, dw_net_weights_names names,
                           dw_arrays *list) DW_CHECK;

/* The net with the arrays of a list in place of its own. Their names are those of the net, or
 * PyTorch's for the same stages, or 0.weight, 0.bias, 2.weight … of as many layers in the order of
 * the numbers (with the same letters in front). `file` is for errors: DATA when an array is missing
 * or has no place, SHAPE. */
bool dw_net_weights_put(dw_eval *eval, dw_value f, const dw_arrays *list, const char *file,
                        dw_value *out) DW_CHECK;

#endif

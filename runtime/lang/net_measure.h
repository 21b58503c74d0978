/* SPDX-License-Identifier: BSD-3-Clause */
/* What layers know of the training data besides their parameters: batchnorm the mean and variance
 * of its inputs. */
#ifndef DW_NET_MEASURE_H
#define DW_NET_MEASURE_H

#include "lang/net.h"

/* The net with what its layers measure over samples, the columns of `inputs` (rows as the net's
 * input has elements; at most the first DW_NET_MEASURE_MOST of them): for the end of a training. A
 * net without such layers comes back as it is. */
enum { DW_NET_MEASURE_MOST = 4096 };
bool dw_net_measure_inputs(dw_eval *eval, dw_value f, const dw_tensor *inputs,
                           dw_value *out) DW_CHECK;

/* Whether there is such a layer in a net. */
bool dw_net_measure_is_needed(dw_value f);

#endif

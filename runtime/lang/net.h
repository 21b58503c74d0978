/* SPDX-License-Identifier: BSD-3-Clause */
/* Nets: functions with parameters. An arrow net 1 → 32 → relu → 1, a layer alone, a chain with nets
 * in it, and a function written with parameters after a semicolon are all nets; what follows treats
 * them alike.
 *
 * A parameter is an array (or number, or traced value). The parameters of a net have an order, the
 * one of params(f), and names: W1, b1, W2 in a chain, as written in a function, g1.W1 inside a
 * parameter that is itself a net.
 *
 * Nets are values: every function below that changes something gives a new net. */
#ifndef DW_NET_H
#define DW_NET_H

#include "lang/eval.h"

/* Whether a value is a net; whether it is a chain f → g (net or not); and whether some parameters
 * are still to be made because the size of the input is not known (net_make.h makes them). */
bool dw_net_is(dw_value f);
bool dw_net_is_chain(dw_value f);
bool dw_net_is_open(dw_value f);

/* How many parameter arrays and how many numbers in all (those not made yet count 0). */
size_t dw_net_arrays(dw_value f);
size_t dw_net_size(dw_value f);

/* Parameter array i (from 0) with a reference; its name is appended to *name (may be NULL). False
 * with a MEMORY error. */
bool dw_net_array(dw_eval *eval, dw_value f, size_t i, dw_buf *name, dw_value *value) DW_CHECK;

/* The parameter, inner net or fact of training of that name, with a reference. False without an
 * error when there is none, or with a MEMORY error. */
bool dw_net_field(dw_eval *eval, dw_value f, const char *name, dw_value *out);

/* The same net with other parameters: one value per array, in order, each of as many elements as
 * the old one (it takes the old one's shape). False with a SHAPE or MEMORY error. */
bool dw_net_with(dw_eval *eval, dw_value f, const dw_value *values, dw_value *out) DW_CHECK;

/* All parameters in one n×1 column, and back. The column may be a number, array or traced value;
 * with another size it is a SHAPE error in words. dw_net_flat needs plain parameters. */
bool dw_net_flat(dw_eval *eval, dw_value f, dw_tensor **out) DW_CHECK;
bool dw_net_with_flat(dw_eval *eval, dw_value f, dw_value column, dw_value *out) DW_CHECK;

/* The parameters as one value: a column, a number, or traced when some are. */
bool dw_net_column(dw_eval *eval, dw_value f, dw_value *out) DW_CHECK;

/* Whether the last stage is softmax; the labels of its classes (a list or row with one entry per
 * class, borrowed; NOTHING when there are none), which make its answers labelled columns; and the
 * chain without that last stage (for a loss that takes the logarithm itself). */
bool dw_net_is_classifier(dw_value f);
dw_value dw_net_labels(dw_value f);
bool dw_net_with_labels(dw_eval *eval, dw_value f, dw_value labels, dw_value *out) DW_CHECK;
bool dw_net_logits(dw_eval *eval, dw_value f, dw_value *out) DW_CHECK;

/* The texts an embed layer knows: class k (from 1) is text k of the list. NOTHING when there is no
 * embed layer or it knows none; with_words gives them to the first embed layer (TYPE error when
 * there is none). A call then takes texts; class numbers count from 1 in calls and in traces. */
bool dw_net_has_embed(dw_value f);
dw_value dw_net_words(dw_value f);
bool dw_net_with_words(dw_eval *eval, dw_value f, dw_value words, dw_value *out) DW_CHECK;

/* What training left, a record (loss, steps, best, history): read as f.loss. NOTHING takes it
 * away. */
dw_value dw_net_facts(dw_value f);
bool dw_net_with_facts(dw_eval *eval, dw_value f, dw_value record, dw_value *out) DW_CHECK;

/* Rows and columns an input must have; false when any may come or it is not known yet. */
bool dw_net_input(dw_value f, size_t *rows, size_t *columns);

/* Makes *f, a function, the caller's own (copies it when shared) so that it can be changed, and
 * forgets what was kept about it. False with a MEMORY error. */
bool dw_net_own(dw_eval *eval, dw_value *f) DW_CHECK;

/* The place of a parameter or inner net of that name, everything on the way made the caller's own
 * and marked as changed. *out is NULL when there is none. False with a MEMORY error. */
bool dw_net_place(dw_eval *eval, dw_value *f, const char *name, dw_value **out) DW_CHECK;

/* A value in the shape of another with as many elements; false without an error when the numbers of
 * elements differ or v is not made of numbers, or with a MEMORY error. */
bool dw_net_shaped(dw_eval *eval, dw_value old, dw_value v, dw_value *out);

#endif

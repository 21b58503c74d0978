/* SPDX-License-Identifier: BSD-3-Clause */
/* Decision trees: a box of inputs is cut in two where that separates the answers best, each part
 * again, and so on. CART: Breiman, Friedman, Olshen, Stone, "Classification and regression trees"
 * (1984). */
#ifndef DW_TREE_H
#define DW_TREE_H

#include "base/cancel.h"
#include "base/mem.h"

/* Samples: count×width finite inputs, sample after sample, and one answer each: a number, or one of
 * the classes 0 … classes-1. */
typedef struct {
    const double *x, *y;
    size_t count, width;
    size_t classes; /* 0: the answers are numbers */
} dw_tree_data;

/* A node is five numbers, so that a tree is a plain matrix: which input decides (from 0; -1 in a
 * leaf), below what it goes to the first child, the numbers of both children (a node stands before
 * its children), and the answer of a leaf. */
enum {
    DW_TREE_INPUT,
    DW_TREE_BELOW,
    DW_TREE_FIRST,
    DW_TREE_SECOND,
    DW_TREE_ANSWER,
    DW_TREE_FIELDS
};
typedef struct {
    double *nodes; /* count × DW_TREE_FIELDS; dw_mem_free */
    size_t count, leaves;
    size_t depth; /* cuts above the deepest leaf */
} dw_tree;

/* Grows a tree of at most `depth` cuts above each other. Cuts lie in the middle between neighbours;
 * the best one leaves the smallest sum of squared distances from the two means or, of classes, the
 * smallest Gini impurity; of equals the first. A part whose answers or inputs are all the same
 * becomes a leaf with the mean, or with the most frequent class (of equals the first). The work
 * grows with width·count for each level, after one sorting. Errors: MEMORY, INTERRUPT. */
bool dw_tree_grow(dw_mem *mem, const dw_tree_data *data, size_t depth, const dw_cancel *cancel,
                  dw_tree *out, dw_err *err) DW_CHECK;

/* The answer of the leaf that the inputs x fall into. */
double dw_tree_answer(const double *nodes, const double *x);

#endif

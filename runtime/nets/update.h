/* SPDX-License-Identifier: BSD-3-Clause */
/* One step of an optimiser: a single pass over the flat arrays of parameters, their gradient and
 * what the optimiser remembers, in vectors, with the same bits on every processor.
 *
 * The formulas are those of PyTorch's optimisers in their plain form, so that trained values can be
 * compared digit by digit: sgd with momentum 0.9 and no dampening, Nesterov's variant (Sutskever et
 * al. 2013); RMSprop (Tieleman and Hinton 2012) with 0.99; Adam (Kingma and Ba 2015) with 0.9,
 * 0.999, 1e-8; AdamW (Loshchilov and Hutter 2019). */
#ifndef DW_UPDATE_H
#define DW_UPDATE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
#define DW_OPTIMIZER(name, word, rate, arrays, what) DW_OPTIMIZER_##name,
#include "nets/optimizer.def"
    DW_OPTIMIZERS
} dw_optimizer;

/* The optimiser of a word, or DW_OPTIMIZERS when there is none; and what its line says. */
dw_optimizer dw_update_named(const char *word);
const char *dw_update_word(dw_optimizer optimizer);
double dw_update_rate(dw_optimizer optimizer);
size_t dw_update_arrays(dw_optimizer optimizer);

/* Parameters from … from + count - 1. */
typedef struct {
    size_t from, count;
} dw_update_range;

enum { DW_UPDATE_STATES = 2, DW_UPDATE_LANES = 8 };

/* Where things lie: each [parameters][lanes] numbers, floats or doubles. state[i] is NULL beyond
 * the arrays the optimiser has; all zeros before the first step. */
typedef struct {
    void *x;
    const void *g;
    void *state[DW_UPDATE_STATES];
} dw_update_room;

typedef struct {
    dw_optimizer optimizer;        /* not lbfgs, which is no single pass */
    bool single;                   /* floats */
    double rate, decay;            /* of this step */
    size_t step;                   /* from 1 */
    size_t lanes;                  /* runs side by side: 1, 2, 4 or DW_UPDATE_LANES */
    const bool *stopped;           /* lanes whose x stays as it is; NULL: none */
    const dw_update_range *ranges; /* the parameters that may move */
    size_t range_count;
} dw_update;

/* Takes the step; or, for threads that share it, that of one of `parts` stretches of the
 * parameters.
 */
void dw_update_step(const dw_update *update, const dw_update_room *room);
void dw_update_part(const dw_update *update, const dw_update_room *room, size_t part, size_t parts);

/* What the kernels of update_simd.c are given: constants worked out once, and for the numbers of a
 * 64-byte vector whether they move (all bits set or none). */
typedef struct {
    dw_optimizer optimizer;
    bool masked;
    double rate;   /* step size, negative */
    double shrink; /* adamw: 1 - rate*decay */
    double decay;  /* others */
    double unbias; /* adam: 1/√(1 - 0.999^t) */
    unsigned char mask[64];
} dw_update_kernel;

/* count numbers from each place on. */
typedef struct {
    double *x;
    const double *g;
    double *a, *b;
    size_t count;
} dw_update_doubles;
typedef struct {
    float *x;
    const float *g;
    float *a, *b;
    size_t count;
} dw_update_singles;

#define DW_UPDATE_KERNELS(level)                                                          \
    void dw_update_double_##level(const dw_update_kernel *k, const dw_update_doubles *n); \
    void dw_update_single_##level(const dw_update_kernel *k, const dw_update_singles *n);
DW_UPDATE_KERNELS(base)
DW_UPDATE_KERNELS(avx2)
DW_UPDATE_KERNELS(avx512)
#undef DW_UPDATE_KERNELS

#endif

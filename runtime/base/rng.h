/* SPDX-License-Identifier: BSD-3-Clause */
/* The counter-based random generator: a stream is a key and a counter, a draw is a pure function
 * of both. So element i of a comprehension can have a stream of its own and results do not depend
 * on the order or the number of threads.
 *
 * Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
 */
#ifndef DW_RNG_H
#define DW_RNG_H

#include <stddef.h>
#include <stdint.h>

typedef struct dw_rng {
    uint64_t key;     /* which stream */
    uint64_t counter; /* how many draws were taken */
} dw_rng;

/* The stream of a seed. */
dw_rng dw_rng_seed(uint64_t seed);

/* The stream of element `index` under draw number `draw` of `parent`: independent of all others. */
dw_rng dw_rng_split(const dw_rng *parent, uint64_t draw, uint64_t index);

/* 64 random bits; takes one draw. */
uint64_t dw_rng_bits(dw_rng *rng);

/* A number in [0, 1) with 53 random bits; takes one draw. */
double dw_rng_uniform(dw_rng *rng);

/* Writes n numbers as dw_rng_uniform would draw them one after the other, only faster; takes n
 * draws. */
void dw_rng_uniforms(dw_rng *rng, double *out, size_t n);

/* A standard normal number; takes one draw (by the inverse of the normal distribution). */
double dw_rng_normal(dw_rng *rng);

/* A whole number in 0 … n-1 without bias (n >= 1); takes one draw or, rarely, more. */
uint64_t dw_rng_below(dw_rng *rng, uint64_t n);

#endif

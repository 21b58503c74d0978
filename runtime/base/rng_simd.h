/* SPDX-License-Identifier: BSD-3-Clause */
/* Many draws at once, for rng.c, once for each instruction set: the same blocks of Philox, a
 * counter in each lane. */
#ifndef DW_RNG_SIMD_H
#define DW_RNG_SIMD_H

#include <stddef.h>
#include <stdint.h>

/* out[i] is the number in [0, 1) of draw first + i with this key, for i < n. */
typedef void dw_rng_simd(uint64_t key, uint64_t first, double *out, size_t n);

dw_rng_simd dw_rng_simd_base, dw_rng_simd_avx2, dw_rng_simd_avx512;

#endif

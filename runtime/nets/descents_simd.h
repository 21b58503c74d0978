/* SPDX-License-Identifier: BSD-3-Clause */
/* The steps of descents.h for one instruction set. */
#ifndef DW_DESCENTS_SIMD_H
#define DW_DESCENTS_SIMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One step: `count` numbers, a multiple of 8, all arrays aligned to 64 bytes. m and v are what the
 * methods remember, `first` and `second` what adam divides them by. */
typedef struct {
    double *x, *m, *v;
    const double *g;
    size_t count;
    double rate, first, second;
} dw_descents_step;

typedef struct {
    void (*gradient)(const dw_descents_step *s);
    void (*momentum)(const dw_descents_step *s);
    void (*adam)(const dw_descents_step *s);
    /* whether a value whose mask is set (all bits) is not above `until`, infinite or NaN */
    bool (*look)(const double *value, const int64_t *mask, size_t count, double until);
} dw_descents_kernels;

extern const dw_descents_kernels dw_descents_simd_base, dw_descents_simd_avx2,
    dw_descents_simd_avx512;

#endif

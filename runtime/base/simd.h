/* SPDX-License-Identifier: BSD-3-Clause */
/* Which vector instructions the kernels use. Every file whose name ends in _simd.c is compiled once
 * for each level, with DW_SIMD_NAME giving its symbols names of their own; whoever calls it picks
 * by dw_simd_level(). All levels compute the same bits, so the choice changes nothing but the time.
 */
#ifndef DW_SIMD_H
#define DW_SIMD_H

#include <stdbool.h>

typedef enum {
    DW_SIMD_BASE, /* what every processor of this architecture has */
    DW_SIMD_AVX2, /* x86-64 with AVX2 and FMA */
    DW_SIMD_AVX512,
    DW_SIMD_LEVELS
} dw_simd;

/* The level in use: the best this processor has, unless dw_simd_use said otherwise. */
dw_simd dw_simd_level(void);

/* Uses a level from now on, in the whole process; for tests, before any work. False, changing
 * nothing, when this processor or this build lacks it. */
bool dw_simd_use(dw_simd level);

/* "base", "avx2", "avx512"; and the level of such a word, DW_SIMD_LEVELS when there is none. */
const char *dw_simd_word(dw_simd level);
dw_simd dw_simd_named(const char *word);

/* DW_SIMD_NAME(dw_product_simd) is dw_product_simd_avx2 and so on; DW_SIMD_PICK makes a row of all.
 */
#define DW_SIMD_PASTE2(name, level) name##_##level
#define DW_SIMD_PASTE(name, level) DW_SIMD_PASTE2(name, level)
#ifdef DW_SIMD_HERE
#define DW_SIMD_NAME(name) DW_SIMD_PASTE(name, DW_SIMD_HERE)
#endif
#if defined(__x86_64__)
#define DW_SIMD_ROW(name) \
    { name##_base, name##_avx2, name##_avx512 }
#else
#define DW_SIMD_ROW(name) \
    { name##_base, name##_base, name##_base }
#endif

#endif

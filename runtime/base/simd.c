/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/simd.h"

#include <stdatomic.h>
#include <string.h>

/* 0 until the level is known; then the level + 1. */
static atomic_int chosen;

static bool has(dw_simd level) {
#if defined(__x86_64__)
    if (level == DW_SIMD_AVX2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (level == DW_SIMD_AVX512)
        return has(DW_SIMD_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl");
#endif
    return level == DW_SIMD_BASE;
}

dw_simd dw_simd_level(void) {
    int known = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (known > 0)
        return (dw_simd)(known - 1);
    dw_simd level = DW_SIMD_LEVELS - 1;
    while (!has(level))
        level--;
    atomic_store_explicit(&chosen, (int)level + 1, memory_order_relaxed);
    return level;
}

bool dw_simd_use(dw_simd level) {
    if (level >= DW_SIMD_LEVELS || !has(level))
        return false;
    atomic_store_explicit(&chosen, (int)level + 1, memory_order_relaxed);
    return true;
}

static const char *const words[DW_SIMD_LEVELS] = {"base", "avx2", "avx512"};

const char *dw_simd_word(dw_simd level) {
    return words[level];
}

dw_simd dw_simd_named(const char *word) {
    size_t i = 0;
    while (i < DW_SIMD_LEVELS && strcmp(words[i], word) != 0)
        i++;
    return (dw_simd)i;
}

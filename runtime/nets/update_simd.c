/* SPDX-License-Identifier: BSD-3-Clause */
/* One step of an optimiser over flat arrays, in vectors. No product is contracted with a sum, so
 * that every instruction set gives the same bits. */
#include "nets/update.h"

#include "base/simd.h"
#include "nets/faint.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* A vector is as wide as a register: numbers do not meet each other here, so the width changes no
 * bits, and gcc keeps wider ones in memory. */
#if defined(__AVX512F__)
enum { BYTES = 64 };
#define ROOT_DOUBLE(v) (double_vector) _mm512_sqrt_pd((__m512d)(v))
#define ROOT_SINGLE(v) (single_vector) _mm512_sqrt_ps((__m512)(v))
#elif defined(__AVX__)
enum { BYTES = 32 };
#define ROOT_DOUBLE(v) (double_vector) _mm256_sqrt_pd((__m256d)(v))
#define ROOT_SINGLE(v) (single_vector) _mm256_sqrt_ps((__m256)(v))
#elif defined(__x86_64__)
enum { BYTES = 16 };
#define ROOT_DOUBLE(v) (double_vector) _mm_sqrt_pd((__m128d)(v))
#define ROOT_SINGLE(v) (single_vector) _mm_sqrt_ps((__m128)(v))
#else
enum { BYTES = 16 };
#define ROOT_DOUBLE(v)             \
    (double_vector) {              \
        sqrt((v)[0]), sqrt((v)[1]) \
    }
#define ROOT_SINGLE(v)                                             \
    (single_vector) {                                              \
        sqrtf((v)[0]), sqrtf((v)[1]), sqrtf((v)[2]), sqrtf((v)[3]) \
    }
#endif
typedef double double_vector __attribute__((vector_size(BYTES)));
typedef int64_t double_mask __attribute__((vector_size(BYTES)));
typedef float single_vector __attribute__((vector_size(BYTES)));
typedef int32_t single_mask __attribute__((vector_size(BYTES)));

#define INLINE static inline __attribute__((always_inline))

#define NUMBER double
#define NUMBERS dw_update_doubles
#define NAME(name) double_##name
#define ROOT ROOT_DOUBLE
#define FAINT DW_FAINT_DOUBLE
#include "nets/update_body.def"

#define NUMBER float
#define NUMBERS dw_update_singles
#define NAME(name) single_##name
#define ROOT ROOT_SINGLE
#define FAINT DW_FAINT_SINGLE
#include "nets/update_body.def"

#define PASSES(pass)                       \
    switch (k->optimizer) {                \
    case DW_OPTIMIZER_MOMENTUM:            \
        pass(DW_OPTIMIZER_MOMENTUM, k, n); \
        break;                             \
    case DW_OPTIMIZER_NESTEROV:            \
        pass(DW_OPTIMIZER_NESTEROV, k, n); \
        break;                             \
    case DW_OPTIMIZER_RMSPROP:             \
        pass(DW_OPTIMIZER_RMSPROP, k, n);  \
        break;                             \
    case DW_OPTIMIZER_ADAM:                \
        pass(DW_OPTIMIZER_ADAM, k, n);     \
        break;                             \
    case DW_OPTIMIZER_ADAMW:               \
        pass(DW_OPTIMIZER_ADAMW, k, n);    \
        break;                             \
    default:                               \
        pass(DW_OPTIMIZER_SGD, k, n);      \
    }

void DW_SIMD_NAME(dw_update_double)(const dw_update_kernel *k, const dw_update_doubles *n) {
    PASSES(double_pass)
}

void DW_SIMD_NAME(dw_update_single)(const dw_update_kernel *k, const dw_update_singles *n) {
    PASSES(single_pass)
}

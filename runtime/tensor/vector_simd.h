/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables of vector.h, one row for each type of number, at each level. */
#ifndef DW_VECTOR_SIMD_H
#define DW_VECTOR_SIMD_H

#include "tensor/vector.h"

extern const dw_vector_kernels dw_vector_simd_base[DW_VECTOR_TYPES];
extern const dw_vector_kernels dw_vector_simd_avx2[DW_VECTOR_TYPES];
extern const dw_vector_kernels dw_vector_simd_avx512[DW_VECTOR_TYPES];

#endif

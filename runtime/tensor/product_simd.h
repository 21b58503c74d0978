/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels behind product.h, one row for each type of number, at each level. */
#ifndef DW_PRODUCT_SIMD_H
#define DW_PRODUCT_SIMD_H

#include "tensor/product.h"

typedef struct {
    size_t (*room)(const dw_product_call *call);
    bool (*run)(const dw_product_call *call, void *room, const dw_cancel *cancel);
    void (*each)(const dw_product_each *call);
} dw_product_kernels;

extern const dw_product_kernels dw_product_simd_base[DW_VECTOR_TYPES];
extern const dw_product_kernels dw_product_simd_avx2[DW_VECTOR_TYPES];
extern const dw_product_kernels dw_product_simd_avx512[DW_VECTOR_TYPES];

#endif

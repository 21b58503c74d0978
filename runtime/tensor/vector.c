/* SPDX-License-Identifier: BSD-3-Clause */
#include "tensor/vector.h"

const dw_vector_kernels *dw_vector_at(dw_vector_type type) {
    static const dw_vector_kernels *const tables[] = DW_SIMD_ROW(dw_vector_simd);
    return &tables[dw_simd_level()][type];
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "tensor/product.h"

#include "tensor/product_simd.h"

static const dw_product_kernels *kernels(dw_vector_type type) {
    static const dw_product_kernels *const tables[] = DW_SIMD_ROW(dw_product_simd);
    return &tables[dw_simd_level()][type];
}

size_t dw_product_room(dw_vector_type type, const dw_product_call *call) {
    return kernels(type)->room(call);
}

bool dw_product_run(dw_vector_type type, const dw_product_call *call, void *room,
                    const dw_cancel *cancel) {
    return kernels(type)->run(call, room, cancel);
}

void dw_product_run_each(dw_vector_type type, const dw_product_each *call) {
    kernels(type)->each(call);
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "tensor/product.h"

static const dw_product_kernels *kernels(dw_vector_type type) {
    static const dw_product_kernels *const tables[] = DW_SIMD_ROW(dw_product_simd);
    return &tables[dw_simd_level()][type];
}

size_t dw_product_room(dw_vector_type type, const dw_product_call *call) {
    return kernels(type)->room(call);
}

/* Where a part of `count` begins, at a multiple of `step`. */
static size_t begin(size_t count, size_t step, unsigned part, unsigned parts) {
    size_t steps = (count + step - 1) / step, at = steps * part / parts * step;
    return at < count ? at : count;
}

dw_product_call dw_product_part(dw_vector_type type, const dw_product_call *call, unsigned part,
                                unsigned parts) {
    enum { ROWS = 24, COLUMNS = 32 }; /* whole tiles, and vectors, of every type */
    dw_product_call p = *call;
    size_t bytes = dw_vector_type_bytes(type);
    bool rows = call->rows >= call->columns;
    size_t count = rows ? call->rows : call->columns, step = rows ? ROWS : COLUMNS;
    size_t from = begin(count, step, part, parts), to = begin(count, step, part + 1, parts);
    if (rows) {
        p.rows = to - from;
        p.a = (const char *)p.a + from * p.a_row * bytes;
        p.c = (char *)p.c + from * p.c_row * bytes;
        p.bias = p.bias ? (const char *)p.bias + from * bytes : NULL;
    } else {
        p.columns = to - from;
        p.b = (const char *)p.b + from * p.b_column * bytes;
        p.c = (char *)p.c + from * bytes;
    }
    return p;
}

bool dw_product_run(dw_vector_type type, const dw_product_call *call, void *room,
                    const dw_cancel *cancel) {
    return kernels(type)->run(call, room, cancel);
}

void dw_product_run_each(dw_vector_type type, const dw_product_each *call) {
    kernels(type)->each(call);
}

size_t dw_product_prepare(dw_vector_type type, const dw_product_call *call, void *room,
                          dw_product_tile *tiles, size_t most) {
    return kernels(type)->prepare(call, room, tiles, most);
}

bool dw_product_packs(dw_vector_type type, const dw_product_call *call) {
    return kernels(type)->packs(call);
}

void dw_product_pack(dw_vector_type type, const dw_product_call *call, void *room) {
    kernels(type)->pack(call, room);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The types of number that kernels work on. */
#ifndef DW_VECTOR_TYPE_H
#define DW_VECTOR_TYPE_H

#include <stddef.h>

/* A PACK is eight doubles that belong to eight independent runs. */
typedef enum { DW_VECTOR_DOUBLE, DW_VECTOR_SINGLE, DW_VECTOR_PACK, DW_VECTOR_TYPES } dw_vector_type;

enum { DW_VECTOR_BYTES = 64 }; /* of a vector */

/* Bytes of one number. */
static inline size_t dw_vector_type_bytes(dw_vector_type type) {
    static const size_t bytes[] = {sizeof(double), sizeof(float), DW_VECTOR_BYTES};
    return bytes[type];
}

#endif

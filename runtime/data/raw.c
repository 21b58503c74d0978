/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes are put together by shifting, so neither alignment nor the machine's own order matters. */
#include "data/raw.h"

#include <string.h>

bool dw_raw_known(dw_raw_type t) {
    switch (t.kind) {
    case DW_RAW_FLOAT:
        return t.width == 2 || t.width == 4 || t.width == 8;
    case DW_RAW_BRAIN:
        return t.width == 2;
    case DW_RAW_SIGNED:
    case DW_RAW_UNSIGNED:
        return t.width == 1 || t.width == 2 || t.width == 4 || t.width == 8;
    case DW_RAW_TRUTH:
        return t.width == 1;
    }
    return false;
}

uint64_t dw_raw_whole(const char *bytes, size_t width, bool big) {
    uint64_t value = 0;
    for (size_t i = 0; i < width; i++)
        value = value << 8 | (unsigned char)bytes[big ? i : width - 1 - i];
    return value;
}

static double single(uint32_t raw) {
    float x;
    memcpy(&x, &raw, sizeof x);
    return (double)x;
}

/* 1 sign, 5 exponent and 10 fraction bits: the bits move to where a float of 4 bytes has them. */
static double half(uint32_t raw) {
    uint32_t sign = (raw & 0x8000u) << 16, exponent = raw >> 10 & 31, fraction = raw & 0x3FFu;
    if (exponent == 31)
        return single(sign | 0x7F800000u | fraction << 13);
    if (exponent == 0)
        return (double)fraction * (sign != 0 ? -0x1p-24 : 0x1p-24);
    return single(sign | (exponent + 112) << 23 | fraction << 13);
}

static double number(dw_raw_type t, uint64_t raw) {
    double x;
    switch (t.kind) {
    case DW_RAW_FLOAT:
        if (t.width == 2)
            return half((uint32_t)raw);
        if (t.width == 4)
            return single((uint32_t)raw);
        memcpy(&x, &raw, sizeof x);
        return x;
    case DW_RAW_BRAIN:
        return single((uint32_t)raw << 16);
    case DW_RAW_SIGNED: {
        uint64_t sign = 1ull << (8 * t.width - 1);
        if ((raw & sign) != 0) /* two's complement without leaving unsigned */
            return -(double)((~raw & (sign - 1)) + 1);
        return (double)raw;
    }
    case DW_RAW_UNSIGNED:
        return (double)raw;
    case DW_RAW_TRUTH:
        break;
    }
    return raw != 0;
}

double dw_raw_number(dw_raw_type type, const char *bytes) {
    return number(type, dw_raw_whole(bytes, type.width, type.big));
}

bool dw_raw_read(dw_raw_type type, const char *bytes, size_t count, double *out,
                 const dw_cancel *cancel, dw_err *err) {
    for (size_t i = 0; i < count; i++) {
        if (!dw_cancel_goes_on(cancel, i, err))
            return false;
        out[i] = dw_raw_number(type, bytes + i * type.width);
    }
    return true;
}

void dw_raw_add_whole(dw_buf *out, uint64_t value, size_t width) {
    char bytes[8];
    for (size_t i = 0; i < width; i++)
        bytes[i] = (char)(value >> (8 * i) & 0xFF);
    dw_buf_add(out, bytes, width);
}

void dw_raw_add(dw_buf *out, dw_raw_type type, const double *numbers, size_t count) {
    for (size_t i = 0; i < count && !out->failed && dw_cancel_goes_on(out->mem->cancel, i, NULL);
         i++) {
        uint64_t raw = numbers[i] != 0;
        if (type.kind == DW_RAW_FLOAT && type.width == 8) {
            memcpy(&raw, &numbers[i], sizeof raw);
        } else if (type.kind == DW_RAW_FLOAT) {
            float x = (float)numbers[i];
            uint32_t four;
            memcpy(&four, &x, sizeof four);
            raw = four;
        }
        dw_raw_add_whole(out, raw, type.width);
    }
}

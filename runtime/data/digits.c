/* SPDX-License-Identifier: BSD-3-Clause */
/* Three values from 0 to 16 lie in two letters of an alphabet of 71: see scripts/make-digits. */
#include "data/digits.h"

enum { BASE = 17, ALPHABET = 71, LETTERS = 44 };

static const char scans[DW_DIGITS_COUNT][LETTERS + 1] = {
#include "data/digits.inc"
};

/* The letters are those from # on without the question mark and the backslash. */
static unsigned place_of(char letter) {
    return (unsigned)(letter - '#') - (letter > '?') - (letter > '\\');
}

bool dw_digits_read(dw_mem *mem, dw_tensor **pixels, dw_tensor **labels, dw_err *err) {
    dw_tensor *x = dw_tensor_raw(mem, DW_DIGITS_PIXELS, DW_DIGITS_COUNT, err);
    dw_tensor *y = x != NULL ? dw_tensor_raw(mem, 1, DW_DIGITS_COUNT, err) : NULL;
    if (y == NULL) {
        dw_tensor_release(x);
        return false;
    }
    for (size_t scan = 0; scan < DW_DIGITS_COUNT; scan++) {
        for (size_t k = 0; k <= DW_DIGITS_PIXELS; k++) {
            const char *pair = scans[scan] + k / 3 * 2;
            unsigned three = place_of(pair[0]) * ALPHABET + place_of(pair[1]);
            unsigned value = k % 3 == 0   ? three / (BASE * BASE)
                             : k % 3 == 1 ? three / BASE % BASE
                                          : three % BASE;
            if (k < DW_DIGITS_PIXELS)
                x->data[k * DW_DIGITS_COUNT + scan] = value / 16.0;
            else
                y->data[scan] = value;
        }
    }
    *pixels = x;
    *labels = y;
    return true;
}

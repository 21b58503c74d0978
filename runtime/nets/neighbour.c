/* SPDX-License-Identifier: BSD-3-Clause */
/* The samples nearest to a place. */
#include "nets/neighbour.h"

static double square_between(const double *a, const double *b, size_t width) {
    double sum = 0;
    for (size_t i = 0; i < width; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

void dw_neighbour_find(const double *x, size_t count, size_t width, const double *at, size_t k,
                       dw_neighbour *out) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        double square = square_between(x + i * width, at, width);
        if (found == k && !(square < out[k - 1].square))
            continue;
        size_t place = found < k ? found++ : k - 1;
        for (; place > 0 && square < out[place - 1].square; place--)
            out[place] = out[place - 1];
        out[place] = (dw_neighbour){i, square};
    }
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums over a fixed tree, places of extremes, order statistics. */
#include "tensor/reduce.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 64, LANES = 8, LONG = 1 << 15 /* from here on there is time to look around */ };

/* Two numbers side by side, the vector every 64-bit machine has; each lane is a sum of its own, so
 * vectors change no bit. */
typedef double twin __attribute__((vector_size(2 * sizeof(double))));

static inline twin twin_load(const double *x) {
    twin t;
    memcpy(&t, x, sizeof t);
    return t;
}

/* A block of one kind of sum; `term` speaks of a = x[i], b = y[i] and c. Fewer than LANES terms are
 * added left to right, so that a short sum is what one gets by writing it out. */
#define SUM_BLOCK(name, term)                                                          \
    static inline double name##_term(double a, double b, double c) {                   \
        (void)b, (void)c;                                                              \
        return (term);                                                                 \
    }                                                                                  \
    static inline twin name##_twin(const double *x, const double *y, double c) {       \
        twin a = twin_load(x), b = twin_load(y);                                       \
        (void)b, (void)c;                                                              \
        return (term);                                                                 \
    }                                                                                  \
    static double name##_block(const double *x, const double *y, double c, size_t n) { \
        twin s0 = {0, 0}, s1 = s0, s2 = s0, s3 = s0;                                   \
        double sum = 0;                                                                \
        if (n < LANES) {                                                               \
            for (size_t k = 0; k < n; k++)                                             \
                sum += name##_term(x[k], y[k], c);                                     \
            return sum;                                                                \
        }                                                                              \
        for (; n >= LANES; n -= LANES, x += LANES, y += LANES) {                       \
            s0 += name##_twin(x, y, c);                                                \
            s1 += name##_twin(x + 2, y + 2, c);                                        \
            s2 += name##_twin(x + 4, y + 4, c);                                        \
            s3 += name##_twin(x + 6, y + 6, c);                                        \
        }                                                                              \
        double s[LANES] = {s0[0], s0[1], s1[0], s1[1], s2[0], s2[1], s3[0], s3[1]};    \
        for (size_t k = 0; k < n; k++)                                                 \
            s[k] += name##_term(x[k], y[k], c);                                        \
        return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));      \
    }

SUM_BLOCK(plain, a)
SUM_BLOCK(shifted, a - c)
SUM_BLOCK(pairs, (a) * (b))
SUM_BLOCK(squares, (a - c) * (a - c))
SUM_BLOCK(scaled, (a * c) * (a * c))

typedef double (*sum_block)(const double *x, const double *y, double c, size_t n);

/* What is added up: terms of a block, from where, with which constant; and who may stop it. */
typedef struct {
    sum_block block;
    double c;
    const dw_cancel *cancel;
} sum_kind;

static double sum_tree(const sum_kind *kind, const double *x, const double *y, size_t n) {
    if (n <= BLOCK)
        return kind->block(x, y, kind->c, n);
    if (n > LONG && dw_cancel_stops(kind->cancel, 0))
        return 0;
    size_t half = (n / 2 + BLOCK - 1) / BLOCK * BLOCK;
    return sum_tree(kind, x, y, half) + sum_tree(kind, x + half, y + half, n - half);
}

double dw_reduce_sum(const double *x, size_t n, const dw_cancel *cancel) {
    return sum_tree(&(sum_kind){plain_block, 0, cancel}, x, x, n);
}

double dw_reduce_dot(const double *x, const double *y, size_t n) {
    return sum_tree(&(sum_kind){pairs_block, 0, NULL}, x, y, n);
}

double dw_reduce_product(const double *x, size_t n, const dw_cancel *cancel) {
    double product = 1;
    for (size_t i = 0; i < n && !dw_cancel_stops(cancel, i); i++)
        product *= x[i];
    return product;
}

double dw_reduce_norm(const double *x, size_t n, const dw_cancel *cancel) {
    double largest = 0;
    for (size_t i = 0; i < n && !dw_cancel_stops(cancel, i); i++) {
        if (isnan(x[i]))
            return x[i];
        if (fabs(x[i]) > largest)
            largest = fabs(x[i]);
    }
    if (largest == 0 || isinf(largest))
        return largest;
    if (largest > 1e-140 && largest < 1e140)
        return sqrt(sum_tree(&(sum_kind){pairs_block, 0, cancel}, x, x, n));
    /* Powers of two scale without rounding; 2^1000 is enough for the smallest doubles. */
    int exponent;
    frexp(largest, &exponent);
    exponent = exponent < -1000 ? -1000 : exponent;
    sum_kind squares = {scaled_block, ldexp(1, -exponent), cancel};
    return ldexp(sqrt(sum_tree(&squares, x, x, n)), exponent);
}

size_t dw_reduce_argmin(const double *x, size_t n, const dw_cancel *cancel) {
    size_t best = 0;
    for (size_t i = 0; i < n && !dw_cancel_stops(cancel, i); i++) {
        if (isnan(x[i]))
            return i;
        if (x[i] < x[best])
            best = i;
    }
    return best;
}

size_t dw_reduce_argmax(const double *x, size_t n, const dw_cancel *cancel) {
    size_t best = 0;
    for (size_t i = 0; i < n && !dw_cancel_stops(cancel, i); i++) {
        if (isnan(x[i]))
            return i;
        if (x[i] > x[best])
            best = i;
    }
    return best;
}

double dw_reduce_variance(const double *x, size_t n, const dw_cancel *cancel) {
    if (n < 2)
        return 0;
    /* Shifting by the first value keeps digits when all are large and near each other, and makes
     * the variance of equal values exactly 0. */
    sum_kind shifted = {shifted_block, x[0], cancel};
    double mean = x[0] + sum_tree(&shifted, x, x, n) / (double)n;
    return sum_tree(&(sum_kind){squares_block, mean, cancel}, x, x, n) / (double)(n - 1);
}

double dw_reduce_quantile(const double *sorted, size_t n, double q) {
    if (isnan(sorted[n - 1]))
        return sorted[n - 1];
    double place = (double)(n - 1) * q, below = floor(place), t = place - below;
    size_t i = (size_t)below;
    if (i + 1 >= n)
        return sorted[n - 1];
    double a = sorted[i], b = sorted[i + 1];
    if (t == 0 || a == b)
        return a;
    return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

static void swap(double *a, double *b) {
    double keep = *a;
    *a = *b;
    *b = keep;
}

static void sift_down(double *x, size_t n, size_t root) {
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && x[child] < x[child + 1])
            child++;
        if (x[root] >= x[child])
            return;
        swap(&x[root], &x[child]);
    }
}

static void sort_by_heap(double *x, size_t n) {
    for (size_t i = n / 2; i-- > 0;)
        sift_down(x, n, i);
    for (size_t end = n; end-- > 1;) {
        swap(&x[0], &x[end]);
        sift_down(x, end, 0);
    }
}

static void sort_by_insertion(double *x, size_t n) {
    for (size_t i = 1; i < n; i++) {
        double value = x[i];
        size_t j = i;
        for (; j > 0 && x[j - 1] > value; j--)
            x[j] = x[j - 1];
        x[j] = value;
    }
}

/* Splits x around the middle of three samples; both parts come out shorter than n. Returns the
 * length of the lower part. n >= 3. */
static size_t split_at_pivot(double *x, size_t n) {
    size_t middle = n / 2;
    if (x[middle] < x[0])
        swap(&x[middle], &x[0]);
    if (x[n - 1] < x[0])
        swap(&x[n - 1], &x[0]);
    if (x[n - 1] < x[middle])
        swap(&x[n - 1], &x[middle]);
    double pivot = x[middle];
    size_t low = 0, high = n - 1;
    for (;;) {
        while (x[low] < pivot)
            low++;
        while (x[high] > pivot)
            high--;
        if (low >= high)
            return high + 1;
        swap(&x[low++], &x[high--]);
    }
}

/* Quicksort that turns to the heap when the pivots are unlucky `depth` times. False when it was
 * told to stop; then x holds the same numbers in some order. */
static bool sort_numbers(double *x, size_t n, int depth, const dw_cancel *cancel) {
    enum { SHORT = 24 };
    while (n > SHORT) {
        if (n > LONG && cancel && dw_cancel_pending(cancel))
            return false;
        if (depth-- == 0) {
            sort_by_heap(x, n);
            return true;
        }
        size_t low = split_at_pivot(x, n);
        if (!sort_numbers(x, low, depth, cancel))
            return false;
        x += low;
        n -= low;
    }
    sort_by_insertion(x, n);
    return true;
}

bool dw_reduce_sort(double *x, size_t n, const dw_cancel *cancel) {
    size_t numbers = 0;
    for (size_t i = 0; i < n; i++) {
        if (dw_cancel_stops(cancel, i))
            return false;
        if (!isnan(x[i]))
            swap(&x[numbers++], &x[i]);
    }
    return sort_numbers(x, numbers, 100, cancel);
}

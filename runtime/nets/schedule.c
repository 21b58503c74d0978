/* SPDX-License-Identifier: BSD-3-Clause */
/* How the rate of a training changes from step to step. */
#include "nets/schedule.h"

#include "base/math.h"

#include <string.h>

static const char *const words[DW_SCHEDULES] = {
#define DW_SCHEDULE(name, word, what) word,
#include "nets/schedule.def"
};

dw_schedule dw_schedule_named(const char *word) {
    size_t i = 0;
    while (i < DW_SCHEDULES && strcmp(words[i], word) != 0)
        i++;
    return (dw_schedule)i;
}

const char *dw_schedule_word(dw_schedule schedule) {
    return words[schedule];
}

static double cosine(double p) {
    const double pi = 3.14159265358979323846;
    return (1 + dw_math_cos(pi * p)) / 2;
}

double dw_schedule_rate(dw_schedule schedule, double rate, size_t step, size_t steps) {
    double at = (double)step, p = steps > 0 ? at / (double)steps : 0;
    size_t warm = steps / 10;
    switch (schedule) {
    case DW_SCHEDULE_COSINE:
        return rate * cosine(p);
    case DW_SCHEDULE_LINEAR:
        return rate * (1 - p);
    case DW_SCHEDULE_STEP: /* thirds in whole steps, so that rounding cannot move an edge */
        return rate / (step < (steps + 2) / 3 ? 1 : step < (2 * steps + 2) / 3 ? 10 : 100);
    case DW_SCHEDULE_EXPONENTIAL:
        return rate * dw_math_pow(0.01, p);
    case DW_SCHEDULE_WARM_UP:
        if (step < warm)
            return rate * (at + 1) / (double)(warm + 1);
        return rate * cosine((double)(step - warm) / (double)(steps - warm));
    default:
        return rate;
    }
}

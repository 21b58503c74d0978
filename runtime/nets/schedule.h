/* SPDX-License-Identifier: BSD-3-Clause */
/* How the rate of a training changes from step to step. */
#ifndef DW_SCHEDULE_H
#define DW_SCHEDULE_H

#include <stddef.h>

typedef enum {
#define DW_SCHEDULE(name, word, what) DW_SCHEDULE_##name,
#include "nets/schedule.def"
    DW_SCHEDULES
} dw_schedule;

/* The schedule of a word, or DW_SCHEDULES when there is none; and the word of a schedule. */
dw_schedule dw_schedule_named(const char *word);
const char *dw_schedule_word(dw_schedule schedule);

/* The rate of step `step` (from 0) of `steps`, for a training that begins with `rate` (warm-up:
 * reaches it). */
double dw_schedule_rate(dw_schedule schedule, double rate, size_t step, size_t steps);

#endif

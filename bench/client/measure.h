/* SPDX-License-Identifier: BSD-3-Clause */
/* What is measured of one kernel at a time. Every function starts its own and returns the raw
 * samples, seconds and kB, as a JSON object (owned by the caller); bench/README.md says what each
 * one is, bench/kernel.py makes medians of them. NULL: the kernel did not do its part. */
#ifndef CL_MEASURE_H
#define CL_MEASURE_H

#include "kernel.h"

/* What one measurement is about; `row` has its fields: code, setup, count, type, seconds … */
typedef struct cl_task {
    void *context;
    const json_t *argv;
    const json_t *row;
} cl_task;

/* A text, or a number, of the row; "" and 0 when absent. */
const char *cl_measure_text(const cl_task *task, const char *name);
long cl_measure_count(const cl_task *task);

/* Starts the kernel of the task, waits until its published messages arrive, runs `setup`. */
bool cl_measure_open(const cl_task *task, cl_kernel *kernel);
void cl_measure_close(cl_kernel *kernel);

/* `result`, or NULL (result freed) when the kernel did not do its part. */
json_t *cl_measure_result(bool is_done, json_t *result);

/* {"times": [...]}: from the start of the process to the reply of its first cell. */
json_t *cl_measure_start(const cl_task *task);

/* {"times", "idle"}: from a request (`type`, by default a cell with `code`) to its reply, and to
 * its idle status, after a tenth as many for warming up. */
json_t *cl_measure_trip(const cl_task *task);

/* {"times": [seconds], "lines": n, "last": the last line, "peak": kB}: a cell that prints much. */
json_t *cl_measure_flood(const cl_task *task);

/* {"times": [...]}: from an interrupt to the reply of a cell that would never end. */
json_t *cl_measure_interrupt(const cl_task *task);

/* {"before", "after"}: {"rss", "pss"} half a second after the first cell, and after `count` more.
 */
json_t *cl_measure_memory(const cl_task *task);

#endif

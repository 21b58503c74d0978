/* SPDX-License-Identifier: BSD-3-Clause */
/* One fault, on purpose: tests/run sees that the sanitizers and valgrind, which watch the other
 * programs, report it. */
#include "base/mem.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL = 40, LARGE = 1000 };

static dw_mem account;
static volatile int sink;
static int shared; /* two threads write it */

static int read_at(size_t size, size_t place) {
    unsigned char *block = dw_mem_new(&account, size);
    sink = block == NULL ? 0 : *(volatile unsigned char *)(block + place);
    dw_mem_free(block);
    return 0;
}

static int past_small(void) {
    return read_at(SMALL, SMALL);
}

/* Up to 48 bytes behind a large block are left over from its alignment. */
static int past_large(void) {
    return read_at(LARGE, LARGE);
}

static int after_free(void) {
    unsigned char *block = dw_mem_new(&account, LARGE);
    volatile unsigned char *first = block;
    dw_mem_free(block);
    sink = *first;
    return 0;
}

static int unset(void) {
    unsigned char *block = dw_mem_raw(&account, LARGE);
    if (block != NULL && *(volatile unsigned char *)(block + LARGE / 2) == 'x')
        sink = 1;
    dw_mem_free(block);
    return 0;
}

static int leak(void) {
    void *volatile block = dw_mem_new(&account, LARGE);
    block = NULL;
    sink = block != NULL;
    return 0;
}

static int overflow(void) {
    volatile int large = 0x7FFFFFFF;
    sink = large + 1;
    return 0;
}

static int convert(void) {
    volatile double large = 1e300;
    sink = (int)large;
    return 0;
}

static void *count(void *unused) {
    (void)unused;
    for (int i = 0; i < 1000; i++)
        shared++;
    return NULL;
}

static int race(void) {
    pthread_t other;
    if (pthread_create(&other, NULL, count, NULL) != 0)
        return 2;
    count(NULL);
    pthread_join(other, NULL);
    sink = shared;
    return 0;
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        int (*commit)(void);
    } faults[] = {{"past-small", past_small},
                  {"past-large", past_large},
                  {"after-free", after_free},
                  {"unset", unset},
                  {"leak", leak},
                  {"overflow", overflow},
                  {"convert", convert},
                  {"race", race}};
    for (size_t i = 0; argc == 2 && i < sizeof faults / sizeof *faults; i++)
        if (strcmp(argv[1], faults[i].name) == 0)
            return faults[i].commit();
    fprintf(stderr, "planted: no such fault\n");
    return 2;
}

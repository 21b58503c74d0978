/* SPDX-License-Identifier: BSD-3-Clause */
/* UUIDs from the system's random bytes (not from libcrypto, whose generator costs memory at
 * start), ISO 8601 times, and the monotonic clock. */
#define _DEFAULT_SOURCE /* getentropy */
#include "id.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

bool jk_id_uuid(char uuid[JK_ID_UUID]) {
    unsigned char raw[16];
    if (getentropy(raw, sizeof raw) != 0) {
        return false;
    }
    raw[6] = (unsigned char)((raw[6] & 0x0F) | 0x40);
    raw[8] = (unsigned char)((raw[8] & 0x3F) | 0x80);
    char *to = uuid;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *to++ = '-';
        }
        *to++ = "0123456789abcdef"[raw[i] >> 4];
        *to++ = "0123456789abcdef"[raw[i] & 15];
    }
    *to = '\0';
    return true;
}

void jk_id_time(char text[JK_ID_TIME]) {
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t len = strftime(text, JK_ID_TIME, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + len, JK_ID_TIME - len, ".%06uZ", (unsigned)(now.tv_nsec / 1000) % 1000000u);
}

long long jk_id_clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

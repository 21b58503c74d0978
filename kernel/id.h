/* SPDX-License-Identifier: BSD-3-Clause */
/* Ids that never repeat, and times as Jupyter writes them. */
#ifndef JK_ID_H
#define JK_ID_H

#include <stdbool.h>
#include <stddef.h>

#define JK_ID_UUID 37 /* 36 characters and a NUL */
#define JK_ID_TIME 28 /* 2026-02-05T10:11:12.345678Z and a NUL */

/* A random (version 4) UUID. False when the system gives no random bytes. */
bool jk_id_uuid(char uuid[JK_ID_UUID]);

/* The time now, UTC, six digits of fraction. */
void jk_id_time(char text[JK_ID_TIME]);

/* Milliseconds of a clock that never goes back. */
long long jk_id_clock_ms(void);

#endif

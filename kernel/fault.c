/* SPDX-License-Identifier: BSD-3-Clause */
/* Wording of the kernel's own faults. */
#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

bool jk_fault_set(jk_fault *fault, const char *format, ...) {
    if (fault && fault->text[0] == '\0') {
        va_list args;
        va_start(args, format);
        vsnprintf(fault->text, sizeof fault->text, format, args);
        va_end(args);
    }
    return false;
}

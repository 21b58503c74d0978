/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests about the kernel itself: kernel_info, connect, usage. */
#ifndef JK_KINFO_H
#define JK_KINFO_H

#include "request.h"

void jk_kinfo_kernel(jk_request *request);
void jk_kinfo_connect(jk_request *request);

/* CPU time and memory of the process, for the resource display of Jupyter servers. */
void jk_kinfo_usage(jk_request *request);

#endif

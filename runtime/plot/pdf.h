/* SPDX-License-Identifier: BSD-3-Clause */
/* The PDF of a figure made the same on every run. */
#ifndef DW_PDF_H
#define DW_PDF_H

#include <stdbool.h>
#include <stddef.h>

/* Sets the digits of every creation and modification date in place to a fixed day, and every
 * digit of the producer's version to 0. False when the bytes are no whole PDF. */
bool dw_pdf_settle(char *bytes, size_t size);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* Outputs of the engine as the JSON of Jupyter messages. */
#ifndef JK_BUNDLE_H
#define JK_BUNDLE_H

#include "engine.h"

#include <jansson.h>

#define JK_BUNDLE_LIMIT ((size_t)100 << 20) /* bytes in one output */

/* Text as a JSON string, broken UTF-8 repaired. NULL: out of memory. */
json_t *jk_bundle_string(jk_span text);

/* The data object: mime type to value (base64, text or JSON). An output beyond JK_BUNDLE_LIMIT
 * becomes a sentence that says so. NULL: out of memory. */
json_t *jk_bundle_data(const jk_part *parts, size_t count);

/* {data, metadata, transient} of a display; the alt text goes into the metadata of the whole and
 * of each picture, the display_id into transient. NULL: out of memory. */
json_t *jk_bundle_content(const jk_display *display);

/* The text/plain part; bytes NULL when there is none. Borrowed from the display. */
jk_span jk_bundle_plain(const jk_display *display);

/* {ename, evalue, traceback} of a failure. NULL: out of memory. */
json_t *jk_bundle_failure(const jk_failure *failure);

#endif

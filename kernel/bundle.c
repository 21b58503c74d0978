/* SPDX-License-Identifier: BSD-3-Clause */
/* Displays and failures to JSON. */
#include "bundle.h"

#include "bytes.h"
#include "repair.h"
#include "spare.h"

#include <openssl/evp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

json_t *jk_bundle_string(jk_span text) {
    if (jk_repair_is_clean(text.bytes, text.len)) {
        return json_stringn_nocheck(text.bytes ? text.bytes : "", text.len);
    }
    jk_bytes clean = {0};
    json_t *string = NULL;
    if (jk_repair_add(&clean, text.bytes, text.len)) {
        string = json_stringn_nocheck(clean.data, clean.len);
    }
    jk_bytes_free(&clean);
    return string;
}

static bool ends_with(const char *text, const char *end) {
    size_t len = strlen(text), tail = strlen(end);
    return len >= tail && strcmp(text + len - tail, end) == 0;
}

static bool is_json(const char *mime) {
    return strcmp(mime, "application/json") == 0 || ends_with(mime, "+json");
}

/* Types that are no text: pictures but SVG, PDF, sound, film, plain bytes. */
static bool is_binary(const char *mime) {
    if (ends_with(mime, "+xml")) {
        return false;
    }
    return strncmp(mime, "image/", 6) == 0 || strncmp(mime, "audio/", 6) == 0 ||
           strncmp(mime, "video/", 6) == 0 || strcmp(mime, "application/pdf") == 0 ||
           strcmp(mime, "application/octet-stream") == 0;
}

static json_t *base64(const jk_part *part) {
    if (part->len > INT_MAX / 2) {
        return NULL;
    }
    size_t len = (part->len + 2) / 3 * 4;
    char *text = jk_spare_get(len + 1);
    if (!text) {
        return NULL;
    }
    EVP_EncodeBlock((unsigned char *)text, part->bytes, (int)part->len);
    json_t *string = json_stringn_nocheck(text, len);
    free(text);
    return string;
}

static json_t *value_of(const jk_part *part) {
    if (is_json(part->mime)) {
        json_t *value = json_loadb(part->bytes, part->len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        return value ? value : json_null();
    }
    return is_binary(part->mime) ? base64(part)
                                 : jk_bundle_string(jk_span_make(part->bytes, part->len));
}

static json_t *too_large(size_t size) {
    return json_pack("{s:o}", "text/plain",
                     json_sprintf("this output has %zu MB, more than a page can hold (the limit "
                                  "is %zu MB): show less of it",
                                  size >> 20, JK_BUNDLE_LIMIT >> 20));
}

json_t *jk_bundle_data(const jk_part *parts, size_t count) {
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size = parts[i].len > SIZE_MAX - size ? SIZE_MAX : size + parts[i].len;
    }
    if (size > JK_BUNDLE_LIMIT) {
        return too_large(size);
    }
    json_t *data = json_object();
    for (size_t i = 0; data && i < count; i++) {
        if (json_object_set_new(data, parts[i].mime, value_of(&parts[i])) != 0) {
            json_decref(data);
            data = NULL;
        }
    }
    return data;
}

static json_t *metadata_of(const jk_display *display) {
    json_t *metadata = json_object();
    if (!metadata || !display->alt) {
        return metadata;
    }
    jk_span alt = jk_span_of(display->alt);
    bool ok = json_object_set_new(metadata, "alt", jk_bundle_string(alt)) == 0;
    for (size_t i = 0; ok && i < display->count; i++) {
        const char *mime = display->parts[i].mime;
        if (strncmp(mime, "image/", 6) == 0 || strcmp(mime, "application/pdf") == 0) {
            json_t *inner = json_pack("{s:o}", "alt", jk_bundle_string(alt));
            ok = json_object_set_new(metadata, mime, inner) == 0;
        }
    }
    if (!ok) {
        json_decref(metadata);
        return NULL;
    }
    return metadata;
}

json_t *jk_bundle_content(const jk_display *display) {
    json_t *transient = json_object();
    if (transient && display->display_id) {
        json_object_set_new(transient, "display_id",
                            jk_bundle_string(jk_span_of(display->display_id)));
    }
    return json_pack("{s:o,s:o,s:o}", "data", jk_bundle_data(display->parts, display->count),
                     "metadata", metadata_of(display), "transient", transient);
}

jk_span jk_bundle_plain(const jk_display *display) {
    for (size_t i = 0; i < display->count; i++) {
        if (strcmp(display->parts[i].mime, "text/plain") == 0) {
            return jk_span_make(display->parts[i].bytes, display->parts[i].len);
        }
    }
    return jk_span_make(NULL, 0);
}

json_t *jk_bundle_failure(const jk_failure *failure) {
    json_t *traceback = json_array();
    for (size_t i = 0; traceback && i < failure->traceback_count; i++) {
        json_array_append_new(traceback, jk_bundle_string(failure->traceback[i]));
    }
    return json_pack("{s:o,s:o,s:o}", "ename", jk_bundle_string(failure->ename), "evalue",
                     jk_bundle_string(failure->evalue), "traceback", traceback);
}

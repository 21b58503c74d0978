/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as what gnuplot drew: an error, or one <svg> whose every id has the prefix, that is
 * text and carries no script; renaming its ids keeps its length. */
#include "plot/svg.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static bool is(const char *name, size_t size, const char *word) {
    return strlen(word) == size && memcmp(name, word, size) == 0;
}

/* Ids have the prefix, links stay in the picture, and no attribute is a script. */
static void check_attribute(const char *name, size_t size, const char *value) {
    must(size > 0 && strncmp(name, "on", 2) != 0);
    if (is(name, size, "id"))
        must(strncmp(value, "p1", 2) == 0);
    if (size >= 4 && memcmp(name + size - 4, "href", 4) == 0)
        must(*value == '#' || strncmp(value, "data:image/", 11) == 0);
}

/* A tag after its `<`, taken apart to the letter: <name a="…" b="…">, <name/> or </name>. */
static const char *check_tag(const char *at) {
    const char *name = at += *at == '/';
    at += strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    must(at > name && !is(name, (size_t)(at - name), "script"));
    while (*at == ' ') {
        size_t size = strcspn(++at, "=\"<> ");
        must(at[size] == '=' && at[size + 1] == '"');
        const char *value = at + size + 2, *end = strchr(value, '"');
        must(end != NULL);
        check_attribute(at, size, value);
        at = end + 1;
    }
    at += *at == '/';
    must(*at == '>');
    return at;
}

static void check(const dw_buf *out) {
    must(out->size > 0 && strlen(out->data) == out->size);
    must(dw_text_valid(out->data, out->size) == out->size);
    must(strncmp(out->data, "<svg ", 5) == 0 && strstr(out->data, "</svg>") != NULL);
    for (const char *at = out->data; (at = strchr(at, '<')) != NULL;)
        at = check_tag(at + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    dw_mem mem = {.limit = 64 << 20};
    dw_err err = {0};
    dw_buf out;
    const dw_svg_head head = {
        .prefix = "p1", .title = "a & b", .alt = "one <sentence>", .width = 600, .height = 400};
    dw_buf_init(&out, &mem);
    bool fine = dw_svg_clean((const char *)data, size, &head, &out, &err);
    must(fine == (err.kind == DW_ERR_NONE));
    if (fine) {
        size_t before = out.size;
        check(&out);
        dw_svg_rename(out.data, out.size);
        must(strlen(out.data) == before);
    }
    dw_buf_free(&out);
    must(mem.used == 0);
    return 0;
}

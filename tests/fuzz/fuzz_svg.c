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

static void check(const dw_buf *out) {
    static const char id[] = " id=\"p1";
    must(out->size > 0 && strlen(out->data) == out->size);
    must(dw_text_valid(out->data, out->size) == out->size);
    must(strncmp(out->data, "<svg", 4) == 0 && strstr(out->data, "</svg>") != NULL);
    must(strstr(out->data, "<script") == NULL && strstr(out->data, "<!") == NULL);
    for (const char *at = out->data; (at = strstr(at, "href=\"")) != NULL; at += 6)
        must(at[6] == '#' || strncmp(at + 6, "data:image/", 11) == 0);
    for (const char *at = strstr(out->data, " id=\""); at != NULL; at = strstr(at + 1, " id=\""))
        must(strncmp(at, id, strlen(id)) == 0);
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

/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as an idx file and as a packed one: an array of the size the header promises, or one
 * error; what unpacks can be packed again; and nothing is left behind. */
#include "data/deflate.h"
#include "data/idx.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static void check_idx(dw_mem *mem, const char *bytes, size_t size) {
    dw_err err = {0};
    dw_tensor *t = dw_idx_read(mem, bytes, size, "f-idx", &err);
    must((t == NULL) == (err.kind != DW_ERR_NONE));
    must(t == NULL || (t->size == t->dim[0] * t->dim[1] && t->size < size));
    dw_tensor_release(t);
}

static void check_gzip(dw_mem *mem, const char *bytes, size_t size) {
    dw_err err = {0};
    char *out, *back;
    size_t length, again;
    dw_buf packed;
    if (!dw_deflate_gunzip(mem, (dw_deflate_source){bytes, size, "f.gz"}, &out, &length, &err)) {
        must(err.kind != DW_ERR_NONE);
        return;
    }
    must(out[length] == '\0');
    check_idx(mem, out, length);
    dw_buf_init(&packed, mem);
    must(dw_deflate_gzip(&packed, out, length, &err));
    must(dw_deflate_gunzip(mem, (dw_deflate_source){packed.data, packed.size, "g.gz"}, &back,
                           &again, &err));
    must(again == length && memcmp(back, out, length) == 0);
    dw_buf_free(&packed);
    dw_mem_free(back);
    dw_mem_free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    dw_mem mem = {.limit = 64 << 20};
    check_idx(&mem, (const char *)data, size);
    check_gzip(&mem, (const char *)data, size);
    must(mem.used == 0);
    return 0;
}

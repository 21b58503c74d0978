/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a safetensors file: arrays that fill it, that write and read again as the same, or
 * one error; and nothing is left behind. */
#include "data/safetensors.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static void again(const dw_arrays *list) {
    dw_err err = {0};
    dw_buf out;
    dw_arrays second;
    dw_buf_init(&out, list->mem);
    dw_arrays_init(&second, list->mem);
    must(dw_safetensors_write(&out, list, false, NULL, &err));
    must(dw_safetensors_read(&second, out.data, out.size, "again", &err));
    must(second.count == list->count);
    size_t at = 0;
    /* numbers come before truth values */
    for (int truth = 0; truth <= 1; truth++) {
        for (size_t i = 0; i < list->count; i++) {
            const dw_tensor *a = list->items[i].tensor;
            if (a->truth != (truth == 1) || a->size == 0)
                continue;
            while (second.items[at].tensor->size == 0)
                at++;
            const dw_tensor *b = second.items[at].tensor;
            must(a->size == b->size && a->truth == b->truth);
            must(memcmp(a->data, b->data, a->size * sizeof *a->data) == 0);
            must(strcmp(second.items[at++].name, list->items[i].name) == 0);
        }
    }
    dw_arrays_free(&second);
    dw_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    dw_mem mem = {.limit = 64 << 20};
    dw_err err = {0};
    dw_arrays list;
    dw_arrays_init(&list, &mem);
    bool fine = dw_safetensors_read(&list, (const char *)data, size, "f", &err);
    must(fine == (err.kind == DW_ERR_NONE));
    if (fine)
        again(&list);
    dw_arrays_free(&list);
    must(mem.used == 0);
    return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as an npz and as an npy file: arrays whose numbers are all there and that write and
 * read again as the same, or one error; and nothing is left behind. */
#include "data/npz.h"

#include "data/npy.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static void must_be_same(const dw_tensor *a, const dw_tensor *b) {
    must(a->size == b->size && a->truth == b->truth);
    must(a->size == 0 || memcmp(a->data, b->data, a->size * sizeof *a->data) == 0);
}

static void check_npy(dw_mem *mem, const char *bytes, size_t size) {
    dw_err err = {0};
    dw_buf out;
    dw_tensor *t = dw_npy_read(mem, bytes, size, "f.npy", &err);
    must((t == NULL) == (err.kind != DW_ERR_NONE));
    if (t == NULL)
        return;
    must(t->size == t->dim[0] * t->dim[1] && t->size <= size);
    dw_buf_init(&out, mem);
    dw_npy_write(&out, t);
    dw_tensor *again = dw_npy_read(mem, out.data, out.size, "again.npy", &err);
    must(again != NULL);
    must_be_same(t, again);
    dw_tensor_release(again);
    dw_buf_free(&out);
    dw_tensor_release(t);
}

static void again(const dw_arrays *list) {
    dw_err err = {0};
    dw_buf out;
    dw_arrays second;
    dw_buf_init(&out, list->mem);
    dw_arrays_init(&second, list->mem);
    must(dw_npz_write(&out, list, &err) &&
         dw_npz_read(&second, out.data, out.size, "again.npz", &err));
    must(second.count == list->count);
    for (size_t i = 0; i < list->count; i++) {
        must(strcmp(second.items[i].name, list->items[i].name) == 0);
        must_be_same(second.items[i].tensor, list->items[i].tensor);
    }
    dw_arrays_free(&second);
    dw_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    dw_mem mem = {.limit = 64 << 20};
    dw_err err = {0};
    dw_arrays list;
    check_npy(&mem, (const char *)data, size);
    dw_arrays_init(&list, &mem);
    bool fine = dw_npz_read(&list, (const char *)data, size, "f.npz", &err);
    must(fine == (err.kind == DW_ERR_NONE));
    if (fine)
        again(&list);
    dw_arrays_free(&list);
    must(mem.used == 0);
    return 0;
}

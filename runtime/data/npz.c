/* SPDX-License-Identifier: BSD-3-Clause */
/* A member NAME.npy is the array NAME. */
#include "data/npz.h"

#include "data/npy.h"
#include "data/zip.h"

#include <stdio.h>
#include <string.h>

static bool add_member(dw_arrays *list, const dw_zip *zip, size_t i, dw_err *err) {
    const dw_zip_member *m = &zip->member[i];
    char words[160], *owned;
    const char *contents;
    if (m->name_size < 4 || memcmp(m->name + m->name_size - 4, ".npy", 4) != 0)
        return dw_err_set(err, DW_ERR_DATA,
                          "%.200s: member %zu is no array, its name does not end in .npy",
                          zip->name, i + 1);
    snprintf(words, sizeof words, "member %zu of %.100s", i + 1, zip->name);
    if (!dw_zip_read(list->mem, zip, i, &contents, &owned, err))
        return false;
    dw_tensor *t = dw_npy_read(list->mem, contents, m->size, words, err);
    dw_mem_free(owned);
    if (t == NULL)
        return false;
    dw_arrays_shape shape = {2, {t->dim[0], t->dim[1]}};
    return dw_arrays_add(list, m->name, m->name_size - 4, t, &shape, err);
}

bool dw_npz_read(dw_arrays *list, const char *bytes, size_t size, const char *name, dw_err *err) {
    dw_zip *zip = dw_zip_open(list->mem, bytes, size, name, err);
    bool fine = zip != NULL;
    for (size_t i = 0; fine && i < zip->count; i++)
        fine = add_member(list, zip, i, err);
    dw_mem_free(zip);
    return fine;
}

bool dw_npz_write(dw_buf *out, const dw_arrays *list, dw_err *err) {
    dw_zip_writer zip;
    dw_buf name, contents;
    bool fine = true;
    dw_zip_begin(&zip, out);
    dw_buf_init(&name, out->mem);
    dw_buf_init(&contents, out->mem);
    for (size_t i = 0; fine && i < list->count; i++) {
        dw_buf_clear(&name);
        dw_buf_clear(&contents);
        dw_buf_print(&name, "%s.npy", list->items[i].name);
        dw_npy_write(&contents, list->items[i].tensor);
        fine = !name.failed && !contents.failed
                   ? dw_zip_add(&zip, name.data, contents.data, contents.size, err)
                   : dw_err_memory(err, "a file of arrays");
    }
    fine = fine && dw_zip_finish(&zip, err);
    dw_zip_free(&zip);
    dw_buf_free(&name);
    dw_buf_free(&contents);
    return fine;
}

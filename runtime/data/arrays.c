/* SPDX-License-Identifier: BSD-3-Clause */
/* A list of named arrays. */
#include "data/arrays.h"

#include "base/text.h"

#include <string.h>

/* An axis of an array without elements, which costs nothing in the file but time later on. */
enum { MOST_EMPTY = 1 << 24 };

void dw_arrays_init(dw_arrays *list, dw_mem *mem) {
    *list = (dw_arrays){.mem = mem};
}

void dw_arrays_free(dw_arrays *list) {
    for (size_t i = 0; i < list->count; i++) {
        dw_mem_free(list->items[i].name);
        dw_tensor_release(list->items[i].tensor);
    }
    dw_mem_free(list->items);
    dw_arrays_init(list, list->mem);
}

bool dw_arrays_size(const dw_arrays_shape *shape, size_t *size) {
    size_t product = 1;
    bool empty = false, over = false, long_axis = false;
    for (size_t i = 0; i < shape->axes; i++) {
        empty = empty || shape->dim[i] == 0;
        over = over || __builtin_mul_overflow(product, shape->dim[i], &product);
        long_axis = long_axis || shape->dim[i] > MOST_EMPTY;
    }
    *size = empty ? 0 : product;
    return empty ? !long_axis : !over;
}

void dw_arrays_flat(const dw_arrays_shape *shape, bool column, size_t *rows, size_t *columns) {
    size_t size;
    *rows = *columns = 1;
    if (shape->axes == 0 || !dw_arrays_size(shape, &size))
        return;
    if (shape->axes == 1) {
        *(column ? rows : columns) = size;
        return;
    }
    *rows = shape->dim[0];
    *columns = size == 0 ? shape->axes == 2 ? shape->dim[1] : 0 : size / *rows;
}

/* Room for one more. */
static bool make_room(dw_arrays *list) {
    if (list->count < list->room)
        return true;
    size_t room = list->room == 0 ? 8 : 2 * list->room;
    dw_arrays_item *items = dw_mem_grow(list->mem, list->items, room * sizeof *items);
    if (items == NULL)
        return false;
    list->items = items;
    list->room = room;
    return true;
}

static bool check_name(const dw_arrays *list, const char *name, size_t size, dw_err *err) {
    if (dw_text_valid(name, size) < size || memchr(name, '\0', size) != NULL)
        return dw_err_set(err, DW_ERR_DATA, "the name of array %zu in the file is no text",
                          list->count + 1);
    if (list->count >= DW_ARRAYS_MOST)
        return dw_err_set(err, DW_ERR_LIMIT, "there are more than %d arrays in one file",
                          DW_ARRAYS_MOST);
    return true;
}

bool dw_arrays_add(dw_arrays *list, const char *name, size_t size, dw_tensor *tensor,
                   const dw_arrays_shape *shape, dw_err *err) {
    char *copy = NULL;
    bool fine = check_name(list, name, size, err);
    if (fine) {
        copy = dw_mem_text(list->mem, name, size);
        fine = (copy != NULL && make_room(list)) || dw_err_memory(err, "the arrays of a file");
    }
    if (!fine) {
        dw_mem_free(copy);
        dw_tensor_release(tensor);
        return false;
    }
    list->items[list->count++] = (dw_arrays_item){copy, tensor, *shape};
    return true;
}

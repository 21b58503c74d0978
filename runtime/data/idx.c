/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes 0 and 1 are zero, byte 2 is the kind of numbers, byte 3 the count of axes; then each axis
 * as a whole number of four bytes and the numbers, all with the most significant byte first. */
#include "data/idx.h"

#include "data/arrays.h"
#include "data/raw.h"

enum { START = 4, AXIS = 4 };

static bool type_of(unsigned code, dw_raw_type *type) {
    static const dw_raw_type types[] = {
        {DW_RAW_UNSIGNED, 1, true}, {DW_RAW_SIGNED, 1, true}, {0},
        {DW_RAW_SIGNED, 2, true},   {DW_RAW_SIGNED, 4, true}, {DW_RAW_FLOAT, 4, true},
        {DW_RAW_FLOAT, 8, true}};
    if (code < 8 || code - 8 >= sizeof types / sizeof *types)
        return false;
    *type = types[code - 8];
    return type->width > 0;
}

static bool read_head(const char *bytes, size_t size, const char *name, dw_raw_type *type,
                      dw_arrays_shape *shape, dw_err *err) {
    if (size < START || bytes[0] != 0 || bytes[1] != 0 || !type_of((unsigned char)bytes[2], type))
        return dw_err_set(err, DW_ERR_DATA,
                          "%.200s is no idx file: such a file begins with two zero bytes and the "
                          "kind of its numbers",
                          name);
    unsigned axes = (unsigned char)bytes[3];
    if (axes == 0 || axes > DW_ARRAYS_AXES)
        return dw_err_set(err, DW_ERR_DATA, "%.200s has %u axes, from 1 to %d can be read", name,
                          axes, DW_ARRAYS_AXES);
    if ((size - START) / AXIS < axes)
        return dw_err_set(err, DW_ERR_DATA, "%.200s ends after byte %zu, in its header", name,
                          size);
    shape->axes = axes;
    for (size_t i = 0; i < axes; i++)
        shape->dim[i] = (size_t)dw_raw_whole(bytes + START + AXIS * i, AXIS, true);
    return true;
}

/* Whether the file holds just the numbers its header promises: `there` bytes. */
static bool check_size(const dw_arrays_shape *shape, size_t width, size_t there, const char *name,
                       dw_err *err) {
    size_t needed;
    if (!dw_arrays_size(shape, &needed) || __builtin_mul_overflow(needed, width, &needed))
        return dw_err_set(err, DW_ERR_DATA, "%.200s is damaged: its shape is too large", name);
    if (needed > there)
        return dw_err_set(err, DW_ERR_DATA, "%.200s ends after %zu of %zu bytes of numbers", name,
                          there, needed);
    return needed == there ||
           dw_err_set(err, DW_ERR_DATA, "%.200s goes on after its %zu bytes of numbers", name,
                      needed);
}

dw_tensor *dw_idx_read(dw_mem *mem, const char *bytes, size_t size, const char *name, dw_err *err) {
    dw_raw_type type;
    dw_arrays_shape shape;
    size_t samples, each;
    if (!read_head(bytes, size, name, &type, &shape, err))
        return NULL;
    size_t start = START + AXIS * shape.axes;
    if (!check_size(&shape, type.width, size - start, name, err))
        return NULL;
    dw_arrays_flat(&shape, true, &samples, &each);
    dw_tensor *t = dw_tensor_raw(mem, each, samples, err);
    for (size_t k = 0; t != NULL && k < each; k++)
        for (size_t i = 0; i < samples; i++) {
            if (!dw_cancel_goes_on(mem->cancel, i, err)) {
                dw_tensor_release(t);
                return NULL;
            }
            t->data[k * samples + i] =
                dw_raw_number(type, bytes + start + (i * each + k) * type.width);
        }
    return t;
}

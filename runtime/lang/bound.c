/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions that builtins make. */
#include "lang/bound.h"

bool dw_bound_new(dw_mem *mem, const dw_builtin *row, const dw_value *values, size_t count,
                  dw_value *out, dw_err *err) {
    dw_function *made = dw_mem_new(mem, sizeof *made + count * sizeof *values);
    if (made == NULL)
        return dw_err_memory(err, "a function");
    made->refs = 1;
    made->builtin = row;
    made->count = (uint32_t)count;
    dw_builtin_count(made);
    for (size_t i = 0; i < count; i++)
        made->values[i] = dw_value_retain(values[i]);
    *out = (dw_value){.kind = DW_FUNCTION, .as.function = made};
    return true;
}

const dw_value *dw_bound_values(dw_value f, const dw_builtin *row) {
    bool made = f.kind == DW_FUNCTION && f.as.function->builtin == row;
    return made ? f.as.function->values : NULL;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of builtins. */
#include "lang/builtin.h"

#include <string.h>

/* The libraries in the order of the reference. */
static const dw_builtin *const libraries[] = {
    dw_lib_core,   dw_lib_ask,      dw_lib_math,       dw_lib_stats,    dw_lib_linear,
    dw_lib_chance, dw_lib_calculus, dw_lib_derivative, dw_lib_minimize, dw_lib_train,
    dw_lib_net,    dw_lib_data,     dw_lib_files,      dw_lib_table,    dw_lib_class,
    dw_lib_learn,  dw_lib_kinks,    dw_lib_plot,       dw_lib_image,
};

const dw_builtin *dw_builtin_at(size_t i) {
    for (size_t l = 0; l < sizeof libraries / sizeof *libraries; l++)
        for (const dw_builtin *row = libraries[l]; row->name != NULL; row++)
            if (i-- == 0)
                return row;
    return NULL;
}

const dw_builtin *dw_builtin_find(const char *name) {
    const dw_builtin *row;
    for (size_t i = 0; (row = dw_builtin_at(i)) != NULL; i++)
        if (strcmp(row->name, name) == 0 || (row->alias != NULL && strcmp(row->alias, name) == 0))
            return row;
    return NULL;
}

/* The end of a parameter that begins at `text`: the comma or bracket outside inner brackets and
 * texts that closes it. */
static const char *parameter_end(const char *text) {
    int depth = 0;
    bool quoted = false;
    for (; *text != '\0'; text++) {
        if (*text == '"')
            quoted = !quoted;
        else if (!quoted && (*text == '(' || *text == '['))
            depth++;
        else if (!quoted && (*text == ')' || *text == ']') && depth-- == 0)
            break;
        else if (!quoted && *text == ',' && depth == 0)
            break;
    }
    return text;
}

/* Whether the parameter that begins at `text` has this name. */
static bool is_called(const char *text, const char *name, size_t length) {
    if (strncmp(text, name, length) != 0)
        return false;
    text += length;
    while (*text == ' ')
        text++;
    return *text == '=' || *text == ',' || *text == ')';
}

bool dw_builtin_option(const dw_builtin *builtin, const char *name, size_t *index) {
    const char *text = strchr(builtin->signature, '(');
    size_t length = strlen(name);
    *index = 0;
    while (text != NULL && (*text == '(' || *text == ',')) {
        for (text++; *text == ' ';)
            text++;
        if (length > 0 && is_called(text, name, length))
            return true;
        text = parameter_end(text);
        ++*index;
    }
    return false;
}

bool dw_builtin_parameter(const dw_builtin *builtin, size_t i, const char **start, size_t *size,
                          bool *optional, bool *rest) {
    const char *text = strchr(builtin->signature, '(');
    if (text == NULL || text[1] == ')')
        return false;
    text++;
    for (;; i--) {
        while (*text == ' ')
            text++;
        const char *end = parameter_end(text);
        if (i == 0) {
            const char *equals = memchr(text, '=', (size_t)(end - text));
            *optional = equals != NULL;
            end = equals != NULL ? equals : end;
            while (end > text && end[-1] == ' ')
                end--;
            *rest = end - text > 3 && memcmp(end - 3, "…", 3) == 0;
            *start = text;
            *size = (size_t)(end - text) - (*rest ? 3 : 0);
            return *size > 0;
        }
        if (*end != ',')
            return false;
        text = end + 1;
    }
}

void dw_builtin_count(dw_function *f) {
    const char *start;
    size_t size;
    bool optional, rest;
    for (size_t i = 0; dw_builtin_parameter(f->builtin, i, &start, &size, &optional, &rest); i++) {
        f->parameters++;
        f->rest = f->rest || rest;
        if (!optional)
            f->required = f->parameters;
    }
}

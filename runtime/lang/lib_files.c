/* SPDX-License-Identifier: BSD-3-Clause */
/* Data from files, and the data that come with the program. */
#include "lang/builtin.h"

#include "data/digits.h"
#include "lang/files.h"

#include <string.h>

static bool file_name(dw_call *call, size_t i, const char **name) {
    const dw_text *text;
    if (!dw_call_text(call, i, &text))
        return false;
    *name = text->bytes;
    return strlen(text->bytes) == text->size ||
           dw_call_fail(call, i, DW_ERR_FILE, "the name of a file cannot hold a zero byte");
}

static bool run_load(dw_call *call, dw_value *out) {
    const char *name;
    bool header;
    dw_files_options options = {.first = DW_CSV_GUESS};
    if (!file_name(call, 0, &name))
        return false;
    if (dw_call_given(call, 1)) {
        if (!dw_call_truth(call, 1, &header))
            return false;
        options.first = header ? DW_CSV_HEADER : DW_CSV_NO_HEADER;
    }
    return dw_files_load(call->mem, dw_call_folder(call), name, options, out, call->err);
}

/* Reads precision = "single" or "double". */
static bool precision(dw_call *call, size_t i, bool *single) {
    const dw_text *text;
    if (!dw_call_given(call, i))
        return true;
    if (!dw_call_text(call, i, &text))
        return false;
    *single = strcmp(text->bytes, "single") == 0;
    return *single || strcmp(text->bytes, "double") == 0 ||
           dw_call_fail(call, i, DW_ERR_VALUE,
                        "precision is \"single\" or \"double\", this is \"%.60s\"", text->bytes);
}

static bool run_save(dw_call *call, dw_value *out) {
    const char *name;
    dw_files_options options = {.single = false};
    (void)out;
    return file_name(call, 1, &name) && precision(call, 2, &options.single) &&
           dw_files_save(call->mem, dw_call_folder(call), name, options, call->args[0], call->err);
}

static bool run_digits(dw_call *call, dw_value *out) {
    static const char *const names[] = {"x", "y"};
    dw_tensor *x, *y;
    if (!dw_value_record(call->mem, DW_TABLE, names, 2, DW_DIGITS_COUNT, out, call->err))
        return false;
    if (!dw_digits_read(call->mem, &x, &y, call->err))
        return dw_value_drop(out);
    out->as.record->fields[0].value = dw_value_array(x);
    out->as.record->fields[1].value = dw_value_array(y);
    return true;
}

#define ROW(word, parameters, text, sample, others, function)                      \
    {                                                                              \
        .name = word, .group = "Data", .signature = word parameters, .help = text, \
        .example = sample, .see = others, .run = function                          \
    }

const dw_builtin dw_lib_files[] = {
    ROW("load", "(file, header = true)",
        "What is in a file: a table (.csv), an array (.npy, or MNIST's idx-ubyte), a record of "
        "arrays (.npz, .safetensors) or a text (.txt); each also packed (.csv.gz).\n"
        "header: whether the first line of a csv holds names; when not given it does unless it is "
        "all numbers. A csv of numbers without names gives a matrix.",
        "save(table(x = 1..3, y = [4, 5, 6]), \"example.csv\")\nload(\"example.csv\").y  # → [4, "
        "5, "
        "6]",
        "save table digits", run_load),
    ROW("save", "(value, file, precision = \"double\")",
        "Writes a table or numbers (.csv), numbers (.npy), a record or table of numbers (.npz, "
        ".safetensors) or a text (.txt) to a file in the notebook's folder; packed when .gz "
        "follows.\n"
        "precision: \"single\" halves a safetensors file, keeping seven digits of each number.",
        "save([1, 2; 3, 4], \"example.npy\")\nload(\"example.npy\")[2, :]  # → [3, 4]", "load",
        run_save),
    ROW("digits", "()",
        "1797 scans of handwritten digits as a table: x a column of 64 pixels, 8×8 row by row from "
        "0 (paper) to 1 (ink), y the digit. By E. Alpaydin and C. Kaynak, UCI Machine Learning "
        "Repository, CC BY 4.0.",
        "data = digits()\ncount(data)  # → 1797", "split load", run_digits),
    {.name = NULL},
};

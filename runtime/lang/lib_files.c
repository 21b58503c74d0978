/* SPDX-License-Identifier: BSD-3-Clause */
/* Data from files, and the data that come with the program. */
#include "lang/builtin.h"

#include "data/digits.h"
#include "lang/files.h"
#include "lang/net_file.h"
#include "lang/net_show.h"
#include "lang/net_weights.h"

#include <string.h>

static bool file_name(dw_call *call, size_t i, const char **name) {
    const dw_text *text;
    if (!dw_call_text(call, i, &text))
        return false;
    *name = text->bytes;
    return strlen(text->bytes) == text->size ||
           dw_call_fail(call, i, DW_ERR_FILE, "the name of a file cannot hold a zero byte");
}

/* The net of argument i. */
static bool needs_net(dw_call *call, size_t i) {
    char words[DW_VALUE_WORDS];
    return dw_net_is(call->args[i]) ||
           dw_call_fail(call, i, DW_ERR_TYPE,
                        "parameters are loaded into a net such as 1 → 8 → relu → 1, this is %s",
                        dw_value_words(call->args[i], words));
}

static bool load_into(dw_call *call, const char *name, dw_value *out) {
    dw_arrays list;
    if (!needs_net(call, 2))
        return false;
    dw_arrays_init(&list, call->mem);
    bool fine = dw_files_load_arrays(dw_call_folder(call), name, &list, call->err) &&
                dw_net_weights_put(call->eval, call->args[2], &list, name, out);
    dw_arrays_free(&list);
    return fine;
}

static bool load_net(dw_call *call, const char *name, dw_value *out) {
    char *bytes;
    size_t size;
    if (!dw_files_read(call->mem, dw_call_folder(call), name, &bytes, &size, call->err))
        return false;
    bool fine = dw_net_file_read(call->eval, bytes, size, name, out);
    dw_mem_free(bytes);
    return fine;
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
    if (dw_call_given(call, 2))
        return load_into(call, name, out);
    if (dw_files_is(name, "net"))
        return load_net(call, name, out);
    return dw_files_load(call->mem, dw_call_folder(call), name, options, out, call->err);
}

/* Reads an option of two words; *second is whether it is the second. */
static bool either_word(dw_call *call, size_t i, const char *const words[2], bool *second) {
    const dw_text *text;
    if (!dw_call_given(call, i))
        return true;
    if (!dw_call_text(call, i, &text))
        return false;
    *second = strcmp(text->bytes, words[1]) == 0;
    return *second || strcmp(text->bytes, words[0]) == 0 ||
           dw_call_fail(call, i, DW_ERR_VALUE, "this is \"%s\" or \"%s\", not \"%.60s\"", words[0],
                        words[1], text->bytes);
}

static bool save_net(dw_call *call, const char *name) {
    dw_buf out;
    dw_buf_init(&out, call->mem);
    bool fine = dw_net_file_write(call->eval, call->args[0], &out) &&
                dw_files_write(dw_call_folder(call), name, &out, call->err);
    dw_buf_free(&out);
    return fine;
}

/* The parameters of a net as arrays, with its chain as a note. */
static bool save_weights(dw_call *call, const char *name, bool torch, dw_files_options options) {
    dw_arrays list;
    dw_buf note;
    dw_arrays_init(&list, call->mem);
    dw_buf_init(&note, call->mem);
    if (dw_net_is_chain(call->args[0]))
        dw_net_show_chain(&note, call->args[0]);
    options.note = note.data;
    bool fine = dw_buf_whole(&note, "this file", call->err) &&
                dw_net_weights_gather(call->eval, call->args[0],
                                      torch ? DW_NET_WEIGHTS_TORCH : DW_NET_WEIGHTS_OWN, &list) &&
                dw_files_save_arrays(dw_call_folder(call), name, options, &list, call->err);
    dw_buf_free(&note);
    dw_arrays_free(&list);
    return fine;
}

static bool run_save(dw_call *call, dw_value *out) {
    static const char *const precisions[] = {"double", "single"}, *const names[] = {"own",
                                                                                    "pytorch"};
    const char *name;
    bool torch = false;
    dw_files_options options = {0};
    (void)out;
    if (!file_name(call, 1, &name) || !either_word(call, 2, precisions, &options.single) ||
        !either_word(call, 3, names, &torch))
        return false;
    bool safetensors = dw_files_is(name, "safetensors"), net = dw_net_is(call->args[0]);
    if (options.single && !safetensors)
        return dw_call_fail(call, 2, DW_ERR_VALUE,
                            "only .safetensors files come in single precision");
    if (torch && !(net && (safetensors || dw_files_is(name, "npz"))))
        return dw_call_fail(call, 3, DW_ERR_VALUE,
                            "only the parameters of a net in a .safetensors or .npz file have "
                            "PyTorch's names");
    if (!dw_call_leaves_traces(call))
        return true;
    if (dw_files_is(name, "net"))
        return save_net(call, name);
    if (net && (safetensors || dw_files_is(name, "npz")))
        return save_weights(call, name, torch, options);
    return dw_files_save(call->mem, dw_call_folder(call), name, options, call->args[0], call->err);
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
    ROW("load", "(file, header = true, into = net)",
        "What is in a file: a table (.csv), an array (.npy, or MNIST's idx-ubyte), a record of "
        "arrays (.npz, .safetensors), a net (.net) or a text (.txt); each also packed (.csv.gz).\n"
        "header: whether the first line of a csv holds names; when not given it does unless it is "
        "all numbers. A csv of numbers without names gives a matrix.\n"
        "into: gives this net with the parameters from a .safetensors or .npz file, by the net's "
        "names or by PyTorch's.",
        "save(table(x = 1..3, y = [4, 5, 6]), \"example.csv\")\nload(\"example.csv\").y  # → [4, "
        "5, "
        "6]",
        "save table digits", run_load),
    ROW("save", "(value, file, precision = \"double\", names = \"own\")",
        "Writes a table or numbers (.csv), numbers (.npy), a record or table of numbers or the "
        "parameters of a net (.npz, .safetensors), a net (.net) or a text (.txt) to a file in the "
        "notebook's folder; packed when .gz follows.\n"
        "precision: \"single\" halves a safetensors file, keeping seven digits of each number.\n"
        "names: \"pytorch\" calls the parameters of a net what torch.nn.Sequential calls them.",
        "f = 1 → 8 → relu → 1\nsave(f, \"example.net\")\nall(params(load(\"example.net\")) == "
        "params(f))  # → true",
        "load", run_save),
    ROW("digits", "()",
        "1797 scans of handwritten digits as a table: x a column of 64 pixels, 8×8 row by row from "
        "0 (paper) to 1 (ink), y the digit. By E. Alpaydin and C. Kaynak, UCI Machine Learning "
        "Repository, CC BY 4.0.",
        "data = digits()\ncount(data)  # → 1797", "split load", run_digits),
    {.name = NULL},
};

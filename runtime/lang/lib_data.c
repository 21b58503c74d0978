/* SPDX-License-Identifier: BSD-3-Clause */
/* Data: tables, splitting, and words in a row. */
#include "lang/builtin.h"

#include "base/map.h"
#include "base/text.h"
#include "lang/subset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- table ---- */

/* Entries of a table's column, which is never a column vector: see value.h. */
static size_t entries_of(dw_value column) {
    return column.kind == DW_LIST    ? column.as.list->count
           : column.kind == DW_ARRAY ? column.as.array->dim[1]
                                     : 1;
}

/* Unnamed argument i as a column: arrays of one row or column as a row. */
static bool make_column(dw_call *call, size_t i, dw_value *out) {
    char words[DW_VALUE_WORDS];
    dw_value v = call->rest[i];
    dw_tensor *t;
    if (v.kind == DW_LIST || v.kind == DW_NUMBER || v.kind == DW_TRUTH || v.kind == DW_ESTIMATE) {
        *out = dw_value_retain(v);
        return true;
    }
    if (v.kind == DW_TEXT) {
        if (!dw_value_list(call->mem, 1, 1, out, call->err))
            return false;
        out->as.list->items[0] = dw_value_retain(v);
        return true;
    }
    if (v.kind != DW_ARRAY && v.kind != DW_INTERVAL)
        return dw_call_fail_rest(call, i, DW_ERR_TYPE,
                                 "a column of a table is an array, a list, or a function of the "
                                 "first column; %s is %s",
                                 call->rest_names[i], dw_value_words(v, words));
    if (!dw_value_as_tensor(call->mem, v, &t, call->err))
        return false;
    if (dw_tensor_is_column(t) && t->dim[0] != 1) {
        dw_tensor *row = dw_tensor_transpose(call->mem, t, call->err);
        dw_tensor_release(t);
        if (row == NULL)
            return false;
        t = row;
    }
    *out = dw_value_array(t);
    return true;
}

static void release_all(dw_value *values, size_t count) {
    for (size_t i = 0; i < count; i++)
        dw_value_release(values[i]);
    dw_mem_free(values);
}

/* Joins what a function said about each entry: numbers to a row, columns to a matrix, texts and
 * others to a list. */
static bool join_answers(dw_call *call, size_t i, dw_value *answers, size_t count, dw_value *out) {
    char words[DW_VALUE_WORDS];
    bool list = false;
    for (size_t k = 0; k < count; k++) {
        dw_value v = answers[k];
        if (v.kind == DW_ARRAY && !dw_tensor_is_column(v.as.array))
            return dw_call_fail_rest(call, i, DW_ERR_SHAPE,
                                     "%s gives %s for one row of the table; it must give a number, "
                                     "a column or a text",
                                     call->rest_names[i], dw_value_words(v, words));
        list = list || v.kind == DW_TEXT || v.kind > DW_LIST;
    }
    if (!list)
        return dw_value_join(call->mem, answers, count, false, out, call->err);
    if (!dw_value_list(call->mem, 1, count, out, call->err))
        return false;
    for (size_t k = 0; k < count; k++)
        out->as.list->items[k] = dw_value_retain(answers[k]);
    return true;
}

/* Unnamed argument i is a function: its values at the entries of the first column, one by one. */
static bool apply_column(dw_call *call, size_t i, dw_value first, dw_value *out) {
    size_t count = entries_of(first), done = 0;
    dw_value *answers = dw_mem_array(call->mem, count + 1, sizeof *answers);
    if (answers == NULL)
        return dw_err_memory(call->err, "a table");
    bool fine = true;
    while (fine && done < count) {
        dw_value entry;
        fine = dw_call_poll(call) && dw_value_element(call->mem, first, done, &entry, call->err);
        if (!fine)
            break;
        fine = dw_call_invoke(call, call->rest[i], &entry, 1, &answers[done]);
        dw_value_release(entry);
        done += fine;
    }
    fine = fine && join_answers(call, i, answers, count, out);
    release_all(answers, done);
    return fine;
}

static bool check_names(dw_call *call) {
    if (call->rest_count == 0)
        return dw_err_set(call->err, DW_ERR_TYPE,
                          "table needs at least one column, such as table(x = 1..3)");
    for (size_t i = 0; i < call->rest_count; i++) {
        if (call->rest_names[i] == NULL)
            return dw_call_fail_rest(
                call, i, DW_ERR_TYPE,
                "every column of a table needs a name, such as table(x = …, y = …)%s",
                call->rest[i].kind == DW_TEXT ? "; load reads a table from a file" : "");
        for (size_t k = 0; k < i; k++)
            if (strcmp(call->rest_names[i], call->rest_names[k]) == 0)
                return dw_call_fail_rest(call, i, DW_ERR_NAME, "%s is given twice",
                                         call->rest_names[i]);
    }
    if (call->rest[0].kind == DW_FUNCTION)
        return dw_call_fail_rest(call, 0, DW_ERR_TYPE,
                                 "the first column must be values, this is a function; later ones "
                                 "may be functions of it");
    return true;
}

/* Fills the columns of *table; its number of rows is that of the first. */
static bool fill_table(dw_call *call, dw_record *table) {
    for (size_t i = 0; i < table->count; i++) {
        dw_value *column = &table->fields[i].value;
        bool function = call->rest[i].kind == DW_FUNCTION;
        if (!(function ? apply_column(call, i, table->fields[0].value, column)
                       : make_column(call, i, column)))
            return false;
        if (i == 0)
            table->rows = entries_of(*column);
        if (entries_of(*column) != table->rows)
            return dw_call_fail_rest(call, i, DW_ERR_SHAPE, "%s has %zu entr%s, but %s has %zu",
                                     call->rest_names[i], entries_of(*column),
                                     entries_of(*column) == 1 ? "y" : "ies", call->rest_names[0],
                                     table->rows);
    }
    return true;
}

static bool run_table(dw_call *call, dw_value *out) {
    if (!check_names(call) || !dw_value_record(call->mem, DW_TABLE, call->rest_names,
                                               call->rest_count, 0, out, call->err))
        return false;
    bool fine = fill_table(call, out->as.record);
    if (!fine)
        dw_value_drop(out);
    return fine;
}

/* ---- parts of data ---- */

static bool run_split(dw_call *call, dw_value *out) {
    char words[DW_VALUE_WORDS];
    dw_value v = call->args[0];
    double share;
    size_t count;
    bool shuffle = true;
    if (v.kind != DW_ARRAY && v.kind != DW_LIST && v.kind != DW_TABLE && v.kind != DW_INTERVAL)
        return dw_call_fail(call, 0, DW_ERR_TYPE,
                            "split needs a table, a list or an array, this is "
                            "%s",
                            dw_value_words(v, words));
    if (!dw_value_length(v, &count, call->err) || !dw_call_number(call, 1, &share) ||
        (dw_call_given(call, 2) && !dw_call_truth(call, 2, &shuffle)))
        return false;
    if (!(share >= 0 && share <= 1))
        return dw_call_fail(call, 1, DW_ERR_VALUE,
                            "split needs a share from 0 to 1, such as 0.8; this is %.6g", share);
    size_t *places = dw_subset_shuffle(call, dw_call_rng(call), count);
    if (places == NULL)
        return false;
    for (size_t i = 0; !shuffle && i < count; i++)
        places[i] = i;
    size_t part = (size_t)round(share * (double)count);
    bool fine = dw_value_list(call->mem, 1, 2, out, call->err);
    if (fine) {
        dw_value *items = out->as.list->items;
        fine = dw_subset_take(call, v, places, part, &items[0]) &&
               dw_subset_take(call, v, places + part, count - part, &items[1]);
        if (!fine)
            dw_value_drop(out);
    }
    dw_mem_free(places);
    return fine;
}

/* A key that is the same for the same texts and numbers; false for other kinds. */
static bool key_of(dw_value v, dw_buf *key) {
    double x;
    dw_buf_clear(key);
    if (v.kind == DW_TEXT) {
        dw_buf_byte(key, '"');
        dw_buf_add(key, v.as.text->bytes, strlen(v.as.text->bytes));
        return true;
    }
    if (!dw_value_as_number(v, &x))
        return false;
    dw_buf_print(key, "%a", x == 0 ? 0.0 : x != x ? NAN : x);
    return true;
}

/* The places of first appearances; how many go to *kept. */
static bool first_places(dw_call *call, dw_value v, size_t count, size_t *places, size_t *kept) {
    dw_map seen;
    dw_buf key;
    bool fine = true;
    dw_map_init(&seen, call->mem);
    dw_buf_init(&key, call->mem);
    *kept = 0;
    for (size_t i = 0; fine && i < count; i++) {
        dw_value item;
        uint32_t index, before = seen.count;
        fine = dw_call_poll(call) && dw_value_element(call->mem, v, i, &item, call->err);
        if (!fine)
            break;
        if (!key_of(item, &key))
            fine = dw_call_fail(call, 0, DW_ERR_TYPE, "distinct needs texts or numbers");
        else if (key.failed || !dw_map_add(&seen, key.data, &index))
            fine = dw_err_memory(call->err, "the distinct values");
        dw_value_release(item);
        if (seen.count > before)
            places[(*kept)++] = i;
    }
    dw_map_free(&seen);
    dw_buf_free(&key);
    return fine;
}

static bool run_distinct(dw_call *call, dw_value *out) {
    dw_value v = call->args[0];
    size_t count, kept;
    if (!dw_value_length(v, &count, call->err))
        return false;
    size_t *places = dw_mem_array(call->mem, count + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(call->err, "the distinct values");
    bool fine =
        first_places(call, v, count, places, &kept) && dw_subset_take(call, v, places, kept, out);
    dw_mem_free(places);
    return fine;
}

/* ---- windows ---- */

/* Windows of numbers: a matrix whose columns are the windows. */
static bool number_windows(dw_call *call, dw_value v, size_t n, size_t rows, dw_value *out) {
    dw_tensor *t;
    if (!dw_value_as_tensor(call->mem, v, &t, call->err))
        return false;
    dw_tensor *made = dw_tensor_raw(call->mem, n, rows, call->err);
    bool fine = made != NULL;
    for (size_t i = 0; fine && i < n * rows; i++) {
        fine = dw_cancel_goes_on(call->cancel, i, call->err);
        made->data[i] = t->data[i / rows + i % rows];
    }
    dw_tensor_release(t);
    if (made == NULL)
        return false;
    *out = dw_value_array(made);
    return fine || dw_value_drop(out);
}

/* Windows of anything else: a list of lists. */
static bool list_windows(dw_call *call, dw_value v, size_t n, size_t rows, dw_value *out) {
    const dw_list *list = v.as.list;
    if (!dw_value_list(call->mem, 1, rows, out, call->err))
        return false;
    for (size_t r = 0; r < rows; r++) {
        dw_value *window = &out->as.list->items[r];
        if (!dw_cancel_goes_on(call->cancel, r, call->err) ||
            !dw_value_list(call->mem, 1, n, window, call->err))
            return dw_value_drop(out);
        for (size_t k = 0; k < n; k++)
            window->as.list->items[k] = dw_value_retain(list->items[r + k]);
    }
    return true;
}

static bool fill_windows(dw_call *call, size_t n, dw_record *table) {
    dw_value v = call->args[0];
    size_t rows = table->rows;
    size_t *places = dw_mem_array(call->mem, rows, sizeof *places);
    if (places == NULL)
        return dw_err_memory(call->err, "windows");
    for (size_t i = 0; i < rows; i++)
        places[i] = i + n;
    bool fine = (v.kind == DW_LIST ? list_windows(call, v, n, rows, &table->fields[0].value)
                                   : number_windows(call, v, n, rows, &table->fields[0].value)) &&
                dw_subset_take(call, v, places, rows, &table->fields[1].value);
    dw_mem_free(places);
    if (!fine || v.kind != DW_ARRAY || !dw_tensor_is_column(v.as.array) || rows == 1)
        return fine;
    dw_value column = table->fields[1].value; /* the columns of a table lie */
    dw_tensor *row = dw_tensor_transpose(call->mem, column.as.array, call->err);
    if (row == NULL)
        return false;
    table->fields[1].value = dw_value_array(row);
    dw_value_release(column);
    return true;
}

static bool run_windows(dw_call *call, dw_value *out) {
    static const char *const names[] = {"x", "y"};
    dw_value v = call->args[0];
    size_t count, n;
    bool vector = v.kind == DW_ARRAY && dw_tensor_is_vector(v.as.array);
    if (v.kind != DW_LIST && v.kind != DW_INTERVAL && !vector)
        return dw_call_fail(call, 0, DW_ERR_TYPE, "windows needs a list, a row or a column");
    if (!dw_value_length(v, &count, call->err))
        return false;
    if (count < 2)
        return dw_call_fail(call, 0, DW_ERR_VALUE, "windows needs at least two values in a row");
    if (!dw_call_whole(call, 1, 1, (double)(count - 1), &n) ||
        !dw_value_record(call->mem, DW_TABLE, names, 2, count - n, out, call->err))
        return false;
    bool fine = fill_windows(call, n, out->as.record);
    if (!fine)
        dw_value_drop(out);
    return fine;
}

/* ---- words ---- */

/* Letters and digits, and an apostrophe between two of them. */
static size_t word_length(const char *text, size_t size) {
    size_t at = 0, end = 0;
    uint32_t code;
    while (at < size) {
        size_t length = dw_text_decode(text + at, size - at, &code);
        bool part = length > 0 && code != '_' && dw_text_is_name_part(code);
        bool apostrophe = length > 0 && end > 0 && at == end && (code == '\'' || code == 0x2019);
        if (!part && !apostrophe)
            break;
        at += length;
        if (part)
            end = at;
    }
    return end;
}

/* Finds the next word from *at on; 0 when there is none. */
static size_t next_word(const dw_text *text, size_t *at) {
    while (*at < text->size) {
        size_t length = word_length(text->bytes + *at, text->size - *at);
        if (length > 0)
            return length;
        ++*at;
    }
    return 0;
}

/* A word in small letters: The and the are one word. */
static bool small_word(dw_call *call, const char *word, size_t size, dw_value *out) {
    dw_buf small;
    dw_buf_init(&small, call->mem);
    dw_text_lower(word, size, &small);
    bool fine = (!small.failed && small.data != NULL)
                    ? dw_value_text(call->mem, small.data, small.size, out, call->err)
                    : dw_err_memory(call->err, "a word");
    dw_buf_free(&small);
    return fine;
}

static bool run_words(dw_call *call, dw_value *out) {
    const dw_text *text;
    size_t count = 0, at = 0, length, i = 0;
    if (!dw_call_text(call, 0, &text))
        return false;
    for (; (length = next_word(text, &at)) > 0; at += length)
        count++;
    if (!dw_value_list(call->mem, 1, count, out, call->err))
        return false;
    for (at = 0; (length = next_word(text, &at)) > 0; at += length)
        if (!small_word(call, text->bytes + at, length, &out->as.list->items[i++]))
            return dw_value_drop(out);
    return true;
}

static bool run_join(dw_call *call, dw_value *out) {
    const dw_text *between = NULL;
    dw_value v = call->args[0];
    size_t count;
    dw_buf text;
    if (dw_call_given(call, 1) && !dw_call_text(call, 1, &between))
        return false;
    if (v.kind == DW_TEXT || !dw_value_length(v, &count, call->err))
        return dw_call_fail(call, 0, DW_ERR_TYPE, "join needs a list of texts");
    dw_buf_init(&text, call->mem);
    bool fine = true;
    for (size_t i = 0; fine && i < count; i++) {
        dw_value item;
        if (i > 0)
            dw_buf_add(&text, between != NULL ? between->bytes : " ",
                       between != NULL ? between->size : 1);
        fine = dw_value_element(call->mem, v, i, &item, call->err);
        if (fine) {
            dw_value_insert(&text, item, 0);
            dw_value_release(item);
        }
    }
    if (fine && text.failed)
        fine = dw_err_memory(call->err, "the joined text");
    fine = fine &&
           dw_value_text(call->mem, text.data != NULL ? text.data : "", text.size, out, call->err);
    dw_buf_free(&text);
    return fine;
}

#define ROW(word, parameters, text, sample, others, function)                      \
    {                                                                              \
        .name = word, .group = "Data", .signature = word parameters, .help = text, \
        .example = sample, .see = others, .run = function                          \
    }

const dw_builtin dw_lib_data[] = {
    {
        .name = "table",
        .group = "Data",
        .signature = "table(columns…)",
        .help =
            "A table of columns with names of your choice: table(x = …, y = …). A function as a "
            "column is applied to the first column, one row at a time.",
        .example = "t = table(x = 1..3, y = x ↦ x²)\nt.y  # → [1, 4, 9]",
        .see = "load split shuffle",
        .run = run_table,
        .named_rest = true,
    },
    ROW("split", "(data, share, shuffle = true)",
        "Two parts of a table, list or array at random: the given share of it, and the rest.\n"
        "shuffle: false keeps the order.",
        "learn, test = split(table(x = 1..10), 0.8)\ncount(learn)  # → 8", "shuffle table",
        run_split),
    ROW("distinct", "(values)",
        "The texts or numbers of a list or array without repetitions, in order of appearance.",
        "distinct([3, 1, 3, 2, 1])  # → [3, 1, 2]", "words count sort", run_distinct),
    ROW("windows", "(values, n)",
        "A table of every n neighbours (column x) and the value that follows them (column y).",
        "windows([1, 2, 3, 4], 2).y  # → [3, 4]", "words table", run_windows),
    ROW("words", "(text)",
        "The words of a text as a list in small letters, without blanks and punctuation.",
        "count(words(\"The quick, brown fox.\"))  # → 4", "join distinct windows", run_words),
    ROW("join", "(list, between = \" \")", "The texts of a list as one text.",
        "join([\"a\", \"b\", \"c\"], \"-\")  # → \"a-b-c\"", "words text", run_join),
    {.name = NULL},
};

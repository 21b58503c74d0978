/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables as numbers to train with. */
#include "lang/dataset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void dw_dataset_free(dw_dataset *data) {
    for (size_t i = 0; i < data->inputs; i++)
        dw_mem_free(data->input[i].numbers);
    dw_mem_free(data->target.numbers);
    *data = (dw_dataset){0};
}

/* ---- one entry as numbers ---- */

/* What is being read. */
typedef struct {
    dw_call *call;
    const dw_dataset_form *form;
    dw_dataset_part *part;
    const dw_samples *samples; /* of the table */
    size_t row, count;         /* the sample, from 0, of so many */
} reader;

static bool fail_here(const reader *r, dw_err_kind kind, const char *what, const char *advice) {
    return dw_call_fail(r->call, r->form->table, kind, "row %zu%s%s %s. %s", r->row + 1,
                        r->part->name[0] != '\0' ? ", column " : "", r->part->name, what, advice);
}

/* The order of dw_samples_labels, for two texts or two numbers. */
static int compare(dw_value a, dw_value b) {
    double x, y;
    if (a.kind != DW_TEXT || b.kind != DW_TEXT)
        return dw_value_as_number(a, &x) && dw_value_as_number(b, &y) ? (x > y) - (x < y) : 0;
    size_t size = a.as.text->size < b.as.text->size ? a.as.text->size : b.as.text->size;
    int first = memcmp(a.as.text->bytes, b.as.text->bytes, size);
    return first != 0 ? first : (a.as.text->size > size) - (b.as.text->size > size);
}

/* The number of a label in a list, from 1; 0 when it is not there. Lists made here are sorted; of
 * others all labels are looked at. */
static size_t find_label(const dw_list *list, dw_value v) {
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dw_value_same(list->items[middle], v))
            return middle + 1;
        if (compare(list->items[middle], v) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = 0; i < list->count; i++)
        if (dw_value_same(list->items[i], v))
            return i + 1;
    return 0;
}

/* Texts become their numbers among the words: a text one number, a list of texts a column. */
static bool texts_as_numbers(const reader *r, dw_value v, dw_tensor **out) {
    const dw_value *items = v.kind == DW_LIST ? v.as.list->items : &v;
    size_t count = v.kind == DW_LIST ? v.as.list->count : 1;
    char what[160];
    *out = dw_tensor_raw(r->call->mem, count, 1, r->call->err);
    if (*out == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t number = find_label(r->form->words.as.list, items[i]);
        (*out)->data[i] = (double)number;
        if (number > 0)
            continue;
        snprintf(what, sizeof what, "has the word %.60s, which the net does not know",
                 items[i].kind == DW_TEXT ? items[i].as.text->bytes : "of another kind");
        dw_tensor_release(*out);
        return fail_here(r, DW_ERR_VALUE, what,
                         "Train with a table that holds it, or give it to validate");
    }
    return true;
}

static bool holds_text(dw_value v) {
    return v.kind == DW_TEXT ||
           (v.kind == DW_LIST && v.as.list->count > 0 && v.as.list->items[0].kind == DW_TEXT);
}

static bool entry_numbers(const reader *r, dw_value v, dw_tensor **out) {
    char words[DW_VALUE_WORDS], what[DW_VALUE_WORDS + 16];
    dw_err why = {0};
    if (holds_text(v) && r->form->words.kind == DW_LIST)
        return texts_as_numbers(r, v, out);
    if (dw_value_as_tensor(r->call->mem, v, out, &why))
        return true;
    if (why.kind != DW_ERR_TYPE)
        return dw_err_memory(r->call->err, "the samples");
    snprintf(what, sizeof what, "is %s", dw_value_words(v, words));
    return fail_here(r, DW_ERR_TYPE, what,
                     holds_text(v) ? "A net for words begins with embed, such as embed(8) → 16 → "
                                     "tanh"
                                   : "A net needs numbers");
}

/* The column a number of a sample comes from, where several columns are joined. */
static const char *column_of(const reader *r, size_t at) {
    const dw_samples *s = r->samples;
    if (s->x != NULL || r->part->name[0] != '\0')
        return r->part->name;
    for (size_t c = 0; c < s->table->count; c++) {
        const dw_value *v = &s->table->fields[c].value;
        size_t height = v->kind == DW_ARRAY ? v->as.array->dim[0] : 1;
        if (v == s->y || (v->kind != DW_ARRAY && v->kind != DW_NUMBER))
            continue;
        if (at < height)
            return s->table->fields[c].name->bytes;
        at -= height;
    }
    return "";
}

/* Makes the room of a part when its first sample is seen. */
static bool make_room(const reader *r, size_t rows, size_t columns) {
    size_t each, all;
    r->part->rows = rows;
    r->part->columns = columns;
    if (!__builtin_mul_overflow(rows, columns, &each) &&
        !__builtin_mul_overflow(each, r->count, &all))
        r->part->numbers = dw_mem_array(r->call->mem, all + 1, sizeof *r->part->numbers);
    return r->part->numbers != NULL || dw_err_memory(r->call->err, "the samples");
}

static bool put_numbers(const reader *r, const dw_tensor *t) {
    dw_dataset_part *part = r->part;
    char what[120];
    if (part->numbers == NULL && !make_room(r, t->dim[0], t->dim[1]))
        return false;
    if (t->dim[0] != part->rows || t->dim[1] != part->columns) {
        snprintf(what, sizeof what, "has %zu numbers, the first row has %zu", t->size,
                 part->rows * part->columns);
        return fail_here(r, DW_ERR_SHAPE, what, "All samples need the same shape");
    }
    for (size_t k = 0; k < t->size; k++)
        if (!isfinite(t->data[k])) {
            part->name = column_of(r, k);
            return fail_here(r, DW_ERR_DATA,
                             isnan(t->data[k]) ? "is no number (NaN)" : "is infinite",
                             "Leave such rows out, or fill the gap");
        }
    memcpy(part->numbers + r->row * t->size, t->data, t->size * sizeof *t->data);
    return true;
}

/* ---- inputs ---- */

/* Input `at` of the running sample: an entry of the column of that name, or with one input what
 * dw_samples says. */
static bool input_entry(const reader *r, size_t at, dw_value *out) {
    if (r->form->inputs <= 1)
        return dw_samples_x(r->call, r->samples, r->row, out);
    const dw_value *column = dw_value_field(r->samples->table, r->form->names[at]);
    if (column == NULL)
        return dw_call_fail(r->call, r->form->table, DW_ERR_NAME,
                            "the net takes %zu inputs, so the table needs a column for each: "
                            "there is no column %.60s",
                            r->form->inputs, r->form->names[at]);
    return dw_value_element(r->call->mem, *column, r->row, out, r->call->err);
}

static bool read_input(reader *r, size_t at) {
    for (r->row = 0; r->row < r->count; r->row++) {
        dw_value v;
        dw_tensor *t;
        if (!input_entry(r, at, &v))
            return false;
        bool fine = entry_numbers(r, v, &t);
        dw_value_release(v);
        if (!fine)
            return false;
        fine = put_numbers(r, t);
        dw_tensor_release(t);
        if (!fine || !dw_cancel_goes_on(r->call->cancel, r->row, r->call->err))
            return false;
    }
    return true;
}

/* With several inputs only the answers must be found by dw_samples. */
static bool open_table(dw_call *call, const dw_dataset_form *form, dw_samples *samples) {
    return dw_samples_open(call, form->table, form->column, samples);
}

bool dw_dataset_inputs(dw_call *call, const dw_dataset_form *form, dw_dataset *out) {
    dw_samples samples;
    *out = (dw_dataset){.inputs = form->inputs > 1 ? form->inputs : 1};
    if (!open_table(call, form, &samples))
        return false;
    bool fine = true;
    out->count = samples.count;
    for (size_t i = 0; fine && i < out->inputs; i++) {
        dw_dataset_part *part = &out->input[i];
        part->name = form->inputs > 1 ? form->names[i] : samples.x != NULL ? "x" : "";
        fine = read_input(&(reader){.call = call,
                                    .form = form,
                                    .part = part,
                                    .samples = &samples,
                                    .count = samples.count},
                          i);
    }
    dw_samples_close(&samples);
    if (!fine)
        dw_dataset_free(out);
    return fine;
}

/* ---- answers ---- */

static const char *target_name(dw_call *call, const dw_dataset_form *form) {
    return dw_call_given(call, form->column) ? call->args[form->column].as.text->bytes : "y";
}

/* A class as a column with a 1 in it. */
static bool put_class(const reader *r, dw_value v) {
    const dw_list *labels = r->form->labels.as.list;
    char words[DW_VALUE_WORDS], what[DW_VALUE_WORDS + 64];
    size_t class = find_label(labels, v);
    double number;
    if (r->part->numbers == NULL && !make_room(r, labels->count, 1))
        return false;
    if (class > 0) {
        r->part->numbers[r->row * labels->count + class - 1] = 1;
        return true;
    }
    if (v.kind == DW_TEXT)
        snprintf(what, sizeof what, "is %.60s, which is none of the %zu labels of the net",
                 v.as.text->bytes, labels->count);
    else if (dw_value_as_number(v, &number))
        snprintf(what, sizeof what, "is %.6g, which is none of the %zu labels of the net", number,
                 labels->count);
    else
        snprintf(what, sizeof what, "is %s, not a label", dw_value_words(v, words));
    return fail_here(r, DW_ERR_VALUE, what,
                     "All samples of a training have their class among the labels");
}

static bool put_answer(const reader *r, dw_value v) {
    char what[DW_VALUE_WORDS + 32];
    char words[DW_VALUE_WORDS];
    dw_err why = {0};
    dw_tensor *t;
    if (r->form->labels.kind == DW_LIST)
        return put_class(r, v);
    if (v.kind == DW_TEXT) {
        snprintf(what, sizeof what, "is the text %.60s", v.as.text->bytes);
        return fail_here(r, DW_ERR_TYPE, what,
                         "Texts are classes: end the net with their number and softmax, such as "
                         "8 → relu → 3 → softmax");
    }
    if (!dw_value_as_tensor(r->call->mem, v, &t, &why)) {
        if (why.kind != DW_ERR_TYPE)
            return dw_err_memory(r->call->err, "the samples");
        snprintf(what, sizeof what, "is %s", dw_value_words(v, words));
        return fail_here(r, DW_ERR_TYPE, what, "A net answers with numbers");
    }
    bool fine = put_numbers(r, t);
    dw_tensor_release(t);
    return fine;
}

bool dw_dataset_targets(dw_call *call, const dw_dataset_form *form, dw_dataset *data) {
    dw_samples samples;
    if (!open_table(call, form, &samples))
        return false;
    data->target.name = target_name(call, form);
    reader r = {.call = call,
                .form = form,
                .part = &data->target,
                .samples = &samples,
                .count = samples.count};
    bool fine = true;
    for (r.row = 0; fine && r.row < r.count; r.row++) {
        dw_value v;
        fine = dw_cancel_goes_on(call->cancel, r.row, call->err) &&
               dw_samples_y(call, &samples, r.row, &v);
        if (!fine)
            break;
        fine = put_answer(&r, v);
        dw_value_release(v);
    }
    dw_samples_close(&samples);
    return fine;
}

/* ---- words and labels ---- */

/* A growing row of values. */
typedef struct {
    dw_mem *mem;
    dw_value *items;
    size_t count, room;
} heap;

static bool add(heap *h, dw_value v) {
    if (h->count == h->room) {
        size_t room = h->room == 0 ? 64 : 2 * h->room;
        dw_value *items = dw_mem_grow(h->mem, h->items, room * sizeof *items);
        if (items == NULL)
            return false;
        h->items = items;
        h->room = room;
    }
    h->items[h->count++] = dw_value_retain(v);
    return true;
}

static bool add_texts(heap *h, dw_value v) {
    if (v.kind == DW_TEXT)
        return add(h, v);
    bool fine = true;
    for (size_t i = 0; fine && v.kind == DW_LIST && i < v.as.list->count; i++)
        fine = v.as.list->items[i].kind != DW_TEXT || add(h, v.as.list->items[i]);
    return fine;
}

static void drop(heap *h) {
    for (size_t i = 0; i < h->count; i++)
        dw_value_release(h->items[i]);
    dw_mem_free(h->items);
}

/* The distinct values of a heap as a sorted list. */
static bool distinct(dw_call *call, size_t table, const heap *h, dw_value *out) {
    size_t *places = dw_mem_array(call->mem, h->count + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(call->err, "labels");
    bool fine = dw_samples_labels(call, table, h->items, h->count, places, out);
    dw_mem_free(places);
    return fine;
}

bool dw_dataset_words(dw_call *call, const dw_dataset_form *form, dw_value *words) {
    dw_samples samples;
    heap h = {.mem = call->mem};
    reader r = {.call = call, .form = form, .samples = &samples};
    if (!open_table(call, form, &samples))
        return false;
    bool fine = words->kind != DW_LIST || add_texts(&h, *words);
    for (; fine && r.row < samples.count; r.row++) {
        dw_value v = dw_value_nothing();
        if (!(fine = dw_cancel_goes_on(call->cancel, r.row, call->err)))
            break;
        for (size_t i = 0; fine && i < (form->inputs > 1 ? form->inputs : 1); i++) {
            fine = input_entry(&r, i, &v) && add_texts(&h, v);
            (void)dw_value_drop(&v);
        }
        fine = fine && dw_samples_y(call, &samples, r.row, &v) && add_texts(&h, v);
        (void)dw_value_drop(&v);
    }
    dw_samples_close(&samples);
    if (!fine && call->err->kind == DW_ERR_NONE)
        dw_err_memory(call->err, "the words of a table");
    dw_value all;
    fine = fine && distinct(call, form->table, &h, &all);
    drop(&h);
    if (!fine)
        return false;
    dw_value_release(*words);
    *words = all;
    return true;
}

/* Whole numbers that all lie in from … from + classes - 1. */
static bool count_on(const dw_list *found, double from, size_t classes) {
    double x;
    for (size_t i = 0; i < found->count; i++)
        if (!dw_value_as_number(found->items[i], &x) || x != floor(x) || x < from ||
            x > from + (double)classes - 1)
            return false;
    return true;
}

static bool numbered(dw_call *call, double from, size_t classes, dw_value *out) {
    if (!dw_value_list(call->mem, 1, classes, out, call->err))
        return false;
    for (size_t i = 0; i < classes; i++)
        out->as.list->items[i] = dw_value_number(from + (double)i);
    return true;
}

/* The distinct answers, or others that stand for as many classes as the net has. */
static bool settle(dw_call *call, const dw_dataset_form *form, dw_value found, dw_value *out) {
    const dw_list *list = found.as.list;
    size_t classes = form->outputs;
    if (list->count == classes) {
        *out = dw_value_retain(found);
        return true;
    }
    if (form->words.kind == DW_LIST && form->words.as.list->count == classes) {
        *out = dw_value_retain(form->words);
        return true;
    }
    if (count_on(list, 1, classes))
        return numbered(call, 1, classes, out);
    if (count_on(list, 0, classes))
        return numbered(call, 0, classes, out);
    return dw_call_fail(call, form->table, DW_ERR_SHAPE,
                        "column %s has %zu different label%s, but the net ends with %zu "
                        "class%s. Try … → %zu → softmax",
                        target_name(call, form), list->count, list->count == 1 ? "" : "s", classes,
                        classes == 1 ? "" : "es", list->count);
}

bool dw_dataset_labels(dw_call *call, const dw_dataset_form *form, dw_value *labels) {
    dw_samples samples;
    heap h = {.mem = call->mem};
    *labels = dw_value_nothing();
    if (!open_table(call, form, &samples))
        return false;
    bool fine = true, columns = false;
    for (size_t i = 0; fine && !columns && i < samples.count; i++) {
        dw_value v;
        fine = dw_cancel_goes_on(call->cancel, i, call->err) && dw_samples_y(call, &samples, i, &v);
        if (!fine)
            break;
        columns = v.kind == DW_ARRAY;
        if (v.kind == DW_NUMBER && isnan(v.as.number)) {
            dw_dataset_part y = {.name = target_name(call, form)};
            fine =
                fail_here(&(reader){.call = call, .form = form, .part = &y, .row = i}, DW_ERR_DATA,
                          "is no number (NaN)", "Leave such rows out, or fill the gap");
        }
        fine = fine && (columns || add(&h, v) || dw_err_memory(call->err, "labels"));
        dw_value_release(v);
    }
    dw_samples_close(&samples);
    dw_value found;
    if (fine && !columns) {
        fine = distinct(call, form->table, &h, &found);
        if (fine) {
            fine = settle(call, form, found, labels);
            dw_value_release(found);
        }
    }
    drop(&h);
    return fine;
}

/* ---- parts ---- */

static bool take_part(dw_mem *mem, const dw_dataset_part *from, const size_t *places, size_t count,
                      dw_dataset_part *out) {
    size_t each = from->rows * from->columns;
    *out = *from;
    out->numbers = dw_mem_array(mem, each * count + 1, sizeof *out->numbers);
    for (size_t i = 0; out->numbers != NULL && i < count; i++)
        memcpy(out->numbers + i * each, from->numbers + places[i] * each,
               each * sizeof *out->numbers);
    return out->numbers != NULL;
}

bool dw_dataset_take(dw_mem *mem, const dw_dataset *from, const size_t *places, size_t count,
                     dw_dataset *out, dw_err *err) {
    *out = (dw_dataset){.count = count, .inputs = from->inputs};
    bool fine = take_part(mem, &from->target, places, count, &out->target);
    for (size_t i = 0; fine && i < from->inputs; i++)
        fine = take_part(mem, &from->input[i], places, count, &out->input[i]);
    if (fine)
        return true;
    dw_dataset_free(out);
    return dw_err_memory(err, "the samples");
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* line, points, region, vline, hline, note, bars: values that wait for a plot around them. */
#include "lang/plot_marks.h"

#include <string.h>

/* Finishes a builtin that fills a list: the value takes the list over. */
static bool finish(dw_call *call, bool ok, dw_thing_list *list, dw_value *out) {
    if (ok)
        return dw_thing_list_value(call, list, out);
    dw_thing_list_free(list);
    return false;
}

/* The options color and name, parameters `first` and `first` + 1, for every thing of the list. */
static bool read_looks(dw_call *call, size_t first, dw_thing_list *list) {
    const dw_text *word;
    dw_color color = DW_COLOR_AUTO;
    if (dw_call_given(call, first)) {
        if (!dw_call_text(call, first, &word) ||
            !dw_thing_color(call, call->spans[first], word, &color))
            return false;
        for (size_t i = 0; i < list->count; i++)
            list->things[i].color = color;
    }
    if (!dw_call_given(call, first + 1))
        return true;
    if (!dw_call_text(call, first + 1, &word))
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (!dw_thing_name(call, &list->things[i], word->bytes, word->size))
            return false;
    return true;
}

static bool nothing_given(dw_call *call, const char *example) {
    return dw_err_set(call->err, DW_ERR_VALUE, "%s needs something to draw: %s",
                      call->builtin->name, example);
}

static bool run_mark(dw_call *call, dw_mark mark, const char *example, dw_value *out) {
    dw_thing_list list;
    dw_thing_list_init(&list, call->mem);
    bool ok = dw_thing_read(call, mark, &list) && read_looks(call, 1, &list) &&
              (list.count > 0 || nothing_given(call, example));
    return finish(call, ok, &list, out);
}

bool dw_plot_marks_line(dw_call *call, dw_value *out) {
    return run_mark(call, DW_MARK_LINE, "line(sin, \"orange\")", out);
}

bool dw_plot_marks_points(dw_call *call, dw_value *out) {
    return run_mark(call, DW_MARK_POINTS, "points([1, 2], [3, 4])", out);
}

bool dw_plot_marks_region(dw_call *call, dw_value *out) {
    dw_thing_list list;
    dw_thing_list_init(&list, call->mem);
    bool ok = dw_thing_read(call, DW_MARK_BORDER, &list) && read_looks(call, 1, &list);
    ok = ok && (list.count > 0 || nothing_given(call, "region((x, y) ↦ x² + y² < 1)"));
    for (size_t i = 0; ok && i < list.count; i++)
        if (list.things[i].function.kind != DW_FUNCTION)
            ok = dw_call_fail_rest(call, i < call->rest_count ? i : 0, DW_ERR_TYPE,
                                   "region draws the border of where a test is true; it needs a "
                                   "function: region((x, y) ↦ x² + y² < 1)");
    return finish(call, ok, &list, out);
}

/* A thing that comes from parameter 0, a number or numbers. */
static dw_thing *add_numbers(dw_call *call, dw_thing_list *list, dw_mark mark) {
    dw_tensor *numbers;
    dw_thing *thing = dw_thing_add(list, call, 0);
    if (thing == NULL || !dw_call_tensor(call, 0, &numbers))
        return NULL;
    thing->mark = mark;
    thing->span = call->spans[0];
    bool ok = dw_thing_columns(call, thing, 1, numbers->size);
    if (ok && numbers->size > 0)
        memcpy(thing->column[0], numbers->data, numbers->size * sizeof(double));
    dw_tensor_release(numbers);
    return ok ? thing : NULL;
}

static bool run_across(dw_call *call, dw_mark mark, dw_value *out) {
    dw_thing_list list;
    dw_thing_list_init(&list, call->mem);
    bool ok = add_numbers(call, &list, mark) != NULL && read_looks(call, 1, &list);
    return finish(call, ok, &list, out);
}

bool dw_plot_marks_vline(dw_call *call, dw_value *out) {
    return run_across(call, DW_MARK_VLINE, out);
}

bool dw_plot_marks_hline(dw_call *call, dw_value *out) {
    return run_across(call, DW_MARK_HLINE, out);
}

bool dw_plot_marks_note(dw_call *call, dw_value *out) {
    double x, y;
    const dw_text *text, *word;
    dw_thing_list list;
    dw_thing_list_init(&list, call->mem);
    if (!dw_call_number(call, 0, &x) || !dw_call_number(call, 1, &y) ||
        !dw_call_text(call, 2, &text))
        return false;
    dw_thing *thing = dw_thing_add(&list, call, 0);
    bool ok = thing != NULL && dw_thing_columns(call, thing, 2, 1) &&
              dw_thing_name(call, thing, text->bytes, text->size);
    if (ok) {
        thing->mark = DW_MARK_NOTE;
        thing->column[0][0] = x;
        thing->column[1][0] = y;
    }
    if (ok && dw_call_given(call, 3))
        ok = dw_call_text(call, 3, &word) &&
             dw_thing_color(call, call->spans[3], word, &thing->color);
    return finish(call, ok, &list, out);
}

/* The words below the bars and their heights, from whatever bars was given. */
typedef struct {
    size_t count;
    const dw_list *words;    /* or NULL */
    const dw_record *record; /* its field names are the words, its fields the heights */
    dw_value heights;        /* numbers, or NOTHING for a record */
} bar_data;

static bool bar_table(dw_call *call, const dw_record *t, bar_data *data) {
    for (size_t i = 0; i < t->count; i++) {
        dw_value v = t->fields[i].value;
        if (v.kind == DW_LIST && data->words == NULL && v.as.list->count > 0 &&
            v.as.list->items[0].kind == DW_TEXT)
            data->words = v.as.list;
        else if (v.kind == DW_ARRAY && data->heights.kind == DW_NOTHING)
            data->heights = v;
    }
    return data->heights.kind != DW_NOTHING ||
           dw_call_fail_rest(call, 0, DW_ERR_DATA, "bars needs a table with a column of numbers");
}

static bool bar_argument(dw_call *call, size_t i, bar_data *data) {
    dw_value v = call->rest[i];
    char words[DW_VALUE_WORDS];
    switch (v.kind) {
    case DW_RECORD:
        data->record = v.as.record;
        return true;
    case DW_TABLE:
        return bar_table(call, v.as.record, data);
    case DW_ARRAY:
    case DW_NUMBER:
        data->heights = v;
        return true;
    case DW_LIST: {
        bool texts = true;
        for (size_t k = 0; k < v.as.list->count; k++)
            texts = texts && v.as.list->items[k].kind == DW_TEXT;
        if (texts && v.as.list->count > 0)
            data->words = v.as.list;
        else
            data->heights = v;
        return true;
    }
    default:
        return dw_call_fail_rest(call, i, DW_ERR_TYPE,
                                 "bars draws numbers, or a list of texts and numbers; this is %s",
                                 dw_value_words(v, words));
    }
}

static size_t bar_count(const bar_data *data) {
    if (data->record != NULL)
        return data->record->count;
    if (data->heights.kind == DW_ARRAY)
        return data->heights.as.array->size;
    return data->heights.kind == DW_LIST ? data->heights.as.list->count : 1;
}

static bool bar_height(const bar_data *data, size_t i, double *height) {
    if (data->record != NULL)
        return dw_value_as_number(data->record->fields[i].value, height);
    if (data->heights.kind == DW_ARRAY)
        *height = data->heights.as.array->data[i];
    else if (data->heights.kind == DW_LIST)
        return dw_value_as_number(data->heights.as.list->items[i], height);
    else
        return dw_value_as_number(data->heights, height);
    return true;
}

static bool label_bars(dw_call *call, const bar_data *data, dw_thing *thing) {
    if (data->words == NULL && data->record == NULL)
        return true;
    thing->labels = dw_mem_array(call->mem, thing->count + 1, sizeof *thing->labels);
    for (size_t i = 0; thing->labels != NULL && i < thing->count; i++) {
        const dw_text *word =
            data->record != NULL ? data->record->fields[i].name : data->words->items[i].as.text;
        thing->labels[i] = dw_figure_clean(call->mem, word->bytes, word->size);
        if (thing->labels[i] == NULL)
            return dw_err_memory(call->err, "a plot");
    }
    return thing->labels != NULL || dw_err_memory(call->err, "a plot");
}

static bool add_bars(dw_call *call, const bar_data *data, dw_thing_list *list) {
    size_t count = bar_count(data);
    if (count == 0)
        return nothing_given(call, "bars([3, 1, 2])");
    if (data->words != NULL && data->words->count != count)
        return dw_call_fail_rest(call, 0, DW_ERR_SHAPE,
                                 "there are %zu words for %zu bars: both need the same number",
                                 data->words->count, count);
    dw_thing *thing = dw_thing_add(list, call, 0);
    if (thing == NULL || !dw_thing_columns(call, thing, 3, count))
        return false;
    thing->mark = DW_MARK_BARS;
    for (size_t i = 0; i < count; i++) {
        thing->column[0][i] = (double)(i + 1);
        thing->column[2][i] = 0.7;
        if (!bar_height(data, i, &thing->column[1][i]))
            return dw_call_fail_rest(call, 0, DW_ERR_TYPE, "bar %zu has no number for its height",
                                     i + 1);
    }
    return label_bars(call, data, thing);
}

bool dw_plot_marks_bars(dw_call *call, dw_value *out) {
    bar_data data = {.heights = dw_value_nothing()};
    dw_thing_list list;
    dw_thing_list_init(&list, call->mem);
    bool ok = true;
    dw_color color = DW_COLOR_AUTO;
    for (size_t i = 0; ok && i < call->rest_count; i++)
        ok = call->rest[i].kind == DW_TEXT
                 ? dw_thing_color(call, call->rest_spans[i], call->rest[i].as.text, &color)
                 : bar_argument(call, i, &data);
    if (ok && data.record == NULL && data.heights.kind == DW_NOTHING)
        ok = nothing_given(call, "bars([3, 1, 2])");
    ok = ok && add_bars(call, &data, &list);
    if (ok)
        list.things[0].color = color;
    return finish(call, ok && read_looks(call, 1, &list), &list, out);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of things to draw, their columns and names, and PLOT values that hold them. */
#include "lang/thing.h"

#include "base/text.h"

#include <string.h>

void dw_thing_list_init(dw_thing_list *list, dw_mem *mem) {
    memset(list, 0, sizeof *list);
    list->mem = mem;
}

static void free_thing(dw_thing *thing) {
    dw_mem_free(thing->name);
    dw_value_release(thing->function);
    for (size_t i = 0; i < DW_FIGURE_COLUMNS; i++)
        dw_mem_free(thing->column[i]);
    if (thing->labels != NULL)
        for (size_t i = 0; i < thing->count; i++)
            dw_mem_free(thing->labels[i]);
    dw_mem_free(thing->labels);
}

void dw_thing_list_free(dw_thing_list *list) {
    for (size_t i = 0; i < list->count; i++)
        free_thing(&list->things[i]);
    dw_mem_free(list->things);
    dw_mem_free(list->xlabel);
    dw_thing_list_init(list, list->mem);
}

dw_thing *dw_thing_add(dw_thing_list *list, dw_call *call, size_t i) {
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 4 : 2 * list->room;
        dw_thing *grown = dw_mem_grow(list->mem, list->things, room * sizeof *grown);
        if (grown == NULL) {
            dw_err_memory(call->err, "a plot");
            return NULL;
        }
        list->things = grown;
        list->room = room;
    }
    dw_thing *thing = &list->things[list->count++];
    memset(thing, 0, sizeof *thing);
    thing->function = dw_value_nothing();
    thing->unit = call->unit;
    if (i < call->rest_count)
        thing->span = call->rest_spans[i];
    return thing;
}

bool dw_thing_columns(dw_call *call, dw_thing *thing, size_t columns, size_t count) {
    thing->count = count;
    for (size_t i = 0; i < columns; i++) {
        thing->column[i] = dw_mem_array(call->mem, count + 1, sizeof(double));
        if (thing->column[i] == NULL)
            return dw_err_memory(call->err, "the numbers of a plot");
    }
    return true;
}

bool dw_thing_name(dw_call *call, dw_thing *thing, const char *text, size_t size) {
    dw_mem_free(thing->name);
    thing->name = NULL;
    if (size == 0)
        return true;
    thing->name = dw_figure_clean(call->mem, text, size);
    return thing->name != NULL || dw_err_memory(call->err, "the legend of a plot");
}

bool dw_thing_source_name(dw_call *call, dw_thing *thing, size_t i) {
    size_t size = 0;
    const char *source = dw_call_source_rest(call, i, &size);
    if (size == 0 || source[0] == '[')
        return true; /* numbers written out are no name */
    dw_buf name;
    dw_buf_init(&name, call->mem);
    /* Runs of blanks and line ends become one blank. */
    for (size_t k = 0; k < size; k++) {
        bool blank = source[k] == ' ' || source[k] == '\n' || source[k] == '\t';
        if (blank && name.size > 0 && name.data[name.size - 1] != ' ')
            dw_buf_byte(&name, ' ');
        else if (!blank)
            dw_buf_byte(&name, source[k]);
    }
    if (name.data != NULL && dw_text_count(name.data, name.size) > DW_THING_NAME) {
        name.size = dw_text_offset(name.data, name.size, DW_THING_NAME - 1);
        dw_buf_text(&name, "…");
    }
    bool ok = name.failed ? dw_err_memory(call->err, "the legend of a plot")
                          : dw_thing_name(call, thing, name.data, name.size);
    dw_buf_free(&name);
    return ok;
}

bool dw_thing_draw(dw_call *call, const dw_thing *thing, dw_figure *figure) {
    dw_series series = {.mark = thing->mark,
                        .color = thing->color,
                        .name = thing->name,
                        .count = thing->count,
                        .rows = thing->rows,
                        .columns = thing->columns,
                        .labels = (const char *const *)thing->labels};
    for (size_t i = 0; i < DW_FIGURE_COLUMNS; i++)
        series.column[i] = thing->column[i];
    return dw_figure_add(figure, &series, call->err);
}

static void free_plot(void *content) {
    dw_thing_plot *plot = content;
    dw_figure_release(plot->figure);
    dw_thing_list_free(&plot->list);
    dw_mem_free(plot);
}

/* A new content; takes over figure and list even when it fails. */
static bool plot_value(dw_call *call, dw_figure *figure, dw_thing_list *list, dw_value *out) {
    dw_thing_plot *plot = dw_mem_new(call->mem, sizeof *plot);
    if (plot == NULL) {
        dw_figure_release(figure);
        if (list != NULL)
            dw_thing_list_free(list);
        return dw_err_memory(call->err, "a plot");
    }
    plot->figure = figure;
    dw_thing_list_init(&plot->list, call->mem);
    if (list != NULL) {
        plot->list = *list;
        dw_thing_list_init(list, call->mem);
    }
    return dw_value_plot(call->mem, plot, free_plot, out, call->err);
}

bool dw_thing_figure_value(dw_call *call, dw_figure *figure, dw_value *out) {
    return plot_value(call, figure, NULL, out);
}

bool dw_thing_list_value(dw_call *call, dw_thing_list *list, dw_value *out) {
    return plot_value(call, NULL, list, out);
}

const dw_thing_plot *dw_thing_content(dw_value plot) {
    return plot.as.plot->content;
}

bool dw_thing_color(dw_call *call, dw_span place, const dw_text *word, dw_color *out) {
    if (dw_figure_color(word->bytes, word->size, out))
        return true;
    const char *near = NULL;
    size_t best = 3;
    dw_buf all;
    dw_buf_init(&all, call->mem);
    for (size_t k = 0; dw_figure_color_word(k) != NULL; k++) {
        const char *known = dw_figure_color_word(k);
        dw_buf_print(&all, "%s%s", k == 0 ? "" : ", ", known);
        if (dw_text_distance(known, word->bytes) < best) {
            best = dw_text_distance(known, word->bytes);
            near = known;
        }
    }
    if (dw_builtin_find(word->bytes) != NULL)
        dw_err_set(call->err, DW_ERR_VALUE,
                   "a text is a colour here, and %s is none; a function stands without quotes: %s",
                   word->bytes, word->bytes);
    else if (near != NULL)
        dw_err_set(call->err, DW_ERR_VALUE, "there is no colour %.40s; did you mean %s?",
                   word->bytes, near);
    else if (dw_buf_whole(&all, "the names of the colours", call->err))
        dw_err_set(call->err, DW_ERR_VALUE, "there is no colour %.40s. The colours are %s",
                   word->bytes, all.data);
    dw_buf_free(&all);
    return dw_err_place(call->err, call->unit, place);
}

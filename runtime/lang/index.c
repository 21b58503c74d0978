/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading parts of values: x[2], x[-1], x[2..4], A[2, :], x[x > 0], t[3], t.loss. */
#include "lang/index.h"

#include "lang/express.h"

#include "base/map.h"
#include "base/text.h"
#include "lang/builtin.h"
#include "lang/net_make.h"
#include "lang/net_show.h"
#include "lang/named.h"
#include "lang/pick.h"
#include "lang/trace.h"

#include <string.h>

/* The elements of an array at `places` as a rows×columns array. */
static bool gather(dw_eval *e, dw_value v, const size_t *places, size_t rows, size_t columns,
                   dw_value *out) {
    if (v.kind == DW_TRACED)
        return dw_trace_gather(v, places, rows, columns, out, e->err);
    dw_tensor *part = dw_tensor_gather(e->mem, v.as.array, places, rows, columns, e->err);
    if (part == NULL)
        return false;
    *out = dw_value_array(part);
    return true;
}

/* The part of a matrix that two picks name. */
static bool get_array2(dw_eval *e, dw_value v, const dw_pick *rows, const dw_pick *columns,
                       dw_value *out) {
    size_t count = rows->count * columns->count, height, width;
    size_t *places = dw_mem_array(e->mem, count + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(e->err, "an array");
    dw_value_shape(v, &height, &width);
    for (size_t r = 0; r < rows->count; r++)
        for (size_t c = 0; c < columns->count; c++)
            places[r * columns->count + c] = rows->places[r] * width + columns->places[c];
    bool fine = gather(e, v, places, rows->count, columns->count, out);
    dw_mem_free(places);
    return fine;
}

/* One pick of a vector keeps its orientation; of a matrix it picks columns. */
static bool get_array1(dw_eval *e, dw_value v, const dw_pick *pick, dw_value *out) {
    size_t height, width;
    dw_value_shape(v, &height, &width);
    if (height != 1 && width != 1 && !pick->all_elements) {
        dw_pick rows;
        if (!dw_pick_all(e->mem, height, &rows, e->err))
            return false;
        bool fine = get_array2(e, v, &rows, pick, out);
        dw_pick_free(&rows);
        return fine;
    }
    return gather(e, v, pick->places, width == 1 ? pick->count : 1, width == 1 ? 1 : pick->count,
                  out);
}

static bool get_list(dw_eval *e, const dw_list *list, const dw_pick *pick, dw_value *out) {
    if (pick->single) {
        *out = dw_value_retain(list->items[pick->places[0]]);
        return true;
    }
    if (!dw_value_list(e->mem, 1, pick->count, out, e->err))
        return false;
    for (size_t i = 0; i < pick->count; i++)
        out->as.list->items[i] = dw_value_retain(list->items[pick->places[i]]);
    return true;
}

/* Rows of a table: one is a record, several are a table. */
static bool get_table(dw_eval *e, dw_value table, const dw_pick *pick, dw_value *out) {
    if (pick->single)
        return dw_value_element(e->mem, table, pick->places[0], out, e->err);
    const dw_record *t = table.as.record;
    const char **names = dw_mem_array(e->mem, t->count + 1, sizeof *names);
    if (names == NULL)
        return dw_err_memory(e->err, "a table");
    for (size_t c = 0; c < t->count; c++)
        names[c] = t->fields[c].name->bytes;
    bool fine = dw_value_record(e->mem, DW_TABLE, names, t->count, pick->count, out, e->err);
    dw_mem_free(names);
    for (size_t c = 0; fine && c < t->count; c++) {
        dw_value column = t->fields[c].value, *part = &out->as.record->fields[c].value;
        if (column.kind == DW_ARRAY)
            fine = get_array1(e, column, pick, part);
        else if (column.kind == DW_LIST)
            fine = get_list(e, column.as.list, pick, part);
        else
            *part = dw_value_retain(column);
        if (!fine)
            dw_value_drop(out);
    }
    return fine;
}

/* "there is no column y; the columns are a, b, c" */
static bool list_fields(dw_eval *e, const dw_frame *frame, const dw_node *node, dw_value v) {
    const dw_record *record = v.as.record;
    const char *what = v.kind == DW_TABLE ? "column" : "field";
    dw_buf all;
    dw_buf_init(&all, e->mem);
    for (size_t i = 0; i < record->count; i++)
        dw_buf_print(&all, "%s%s", i > 0 ? ", " : "", record->fields[i].name->bytes);
    if (dw_buf_whole(&all, "the names of this record", e->err) && record->count == 1)
        dw_eval_fail(e, frame, node->mark, DW_ERR_NAME, "there is no %s %s; the only one is %s",
                     what, node->u.text, all.data);
    else
        dw_eval_fail(e, frame, node->mark, DW_ERR_NAME, "there is no %s %s; the %ss are %s", what,
                     node->u.text, what, all.size == 0 ? "none" : all.data);
    dw_buf_free(&all);
    return false;
}

static DW_EVAL_APART bool no_field(dw_eval *e, const dw_frame *frame, const dw_node *node,
                                   dw_value v) {
    char words[DW_VALUE_WORDS];
    const char *name = node->u.text, *near = NULL;
    if (v.kind != DW_RECORD && v.kind != DW_TABLE) {
        bool known = dw_builtin_find(name) != NULL; /* x.mean() of other languages */
        return dw_eval_fail(e, frame, node->mark, DW_ERR_NAME, "%s has no field %s%s%s%s",
                            dw_value_words(v, words), name, known ? ": write " : "",
                            known ? name : "", known ? "( … )" : "");
    }
    const dw_record *record = v.as.record;
    size_t least = dw_text_width(name, strlen(name)) < 3 ? 1 : 3;
    for (size_t i = 0; i < record->count; i++) {
        size_t distance = dw_text_distance(record->fields[i].name->bytes, name);
        if (distance < least) {
            least = distance;
            near = record->fields[i].name->bytes;
        }
    }
    if (near == NULL)
        return list_fields(e, frame, node, v);
    return dw_eval_fail(e, frame, node->mark, DW_ERR_NAME, "there is no %s %s; did you mean %s?",
                        v.kind == DW_TABLE ? "column" : "field", name, near);
}

static DW_EVAL_APART bool no_elements(dw_eval *e, const dw_frame *frame, const dw_node *node,
                                      dw_value v) {
    char words[DW_VALUE_WORDS];
    const char *advice = v.kind == DW_RECORD     ? ": a field is read as r.name or r[\"name\"]"
                         : v.kind == DW_FUNCTION ? ": call it with ( )"
                         : v.kind == DW_TEXT     ? ": words(text) takes a text apart"
                                                 : "";
    return dw_eval_fail(e, frame, node->mark, DW_ERR_TYPE, "%s has no elements to pick with [ ]%s",
                        dw_value_words(v, words), advice);
}

static DW_EVAL_APART bool get_two(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value v,
                                  dw_value *out) {
    char words[DW_VALUE_WORDS];
    dw_value as_array = v;
    dw_tensor *made = NULL;
    if (v.kind == DW_NUMBER || v.kind == DW_TRUTH) {
        if (!dw_value_as_tensor(e->mem, v, &made, e->err))
            return false;
        as_array = (dw_value){.kind = DW_ARRAY, .as.array = made};
    }
    if (as_array.kind != DW_ARRAY && as_array.kind != DW_TRACED)
        return dw_eval_fail(e, frame, node->mark, DW_ERR_TYPE,
                            "only arrays have a row and a column, this is %s",
                            dw_value_words(v, words));
    dw_pick rows, columns;
    bool fine = dw_pick_node(e, frame, node->child[1], as_array, 0, &rows);
    if (fine) {
        fine = dw_pick_node(e, frame, node->child[2], as_array, 1, &columns);
        if (fine) {
            fine = get_array2(e, as_array, &rows, &columns, out);
            dw_pick_free(&columns);
        }
        dw_pick_free(&rows);
    }
    dw_tensor_release(made);
    return fine;
}

static DW_EVAL_APART bool get_picked(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value v,
                                     const dw_pick *pick, dw_value *out) {
    if (v.kind == DW_ARRAY || v.kind == DW_TRACED)
        return get_array1(e, v, pick, out);
    if (v.kind == DW_LIST)
        return get_list(e, v.as.list, pick, out);
    if (v.kind == DW_TABLE)
        return get_table(e, v, pick, out);
    if (v.kind == DW_FUNCTION)
        return dw_net_make_part(e, v, pick->places, pick->count, out);
    if (pick->single)
        return dw_value_element(e->mem, v, pick->places[0], out, e->err);
    dw_tensor *row;
    if (!dw_value_as_tensor(e->mem, v, &row, e->err))
        return dw_eval_place(e, frame, node->mark);
    bool fine = get_array1(e, (dw_value){.kind = DW_ARRAY, .as.array = row}, pick, out);
    dw_tensor_release(row);
    return fine;
}

/* x[i] of a row or column and a number, the most frequent case, without the machinery. */
static bool get_fast(dw_value v, dw_value item, dw_value *out) {
    size_t place;
    if (v.kind != DW_ARRAY || !dw_tensor_is_vector(v.as.array) ||
        !dw_pick_place(item, v.as.array->size, &place))
        return false;
    double x = v.as.array->data[place];
    *out = v.as.array->truth ? dw_value_truth(x != 0) : dw_value_number(x);
    return true;
}

/* r["name"], also with a name that is no word of the language; r["a.b"] is r.a.b. */
static DW_EVAL_APART bool get_named(dw_eval *e, const dw_frame *frame, const dw_node *node,
                                    dw_value v, dw_value item, dw_value *out) {
    if (item.kind != DW_TEXT)
        return no_elements(e, frame, node, v);
    const dw_value *found = dw_named_find(v.as.record, item.as.text->bytes);
    if (found != NULL) {
        *out = dw_value_retain(*found);
        return true;
    }
    dw_node named = *node;
    named.u.text = item.as.text->bytes;
    return no_field(e, frame, &named, v);
}

/* Whether an item is a list of nothing but names. */
static bool is_names(dw_value item) {
    if (item.kind != DW_LIST || item.as.list->count == 0)
        return false;
    for (size_t i = 0; i < item.as.list->count; i++)
        if (item.as.list->items[i].kind != DW_TEXT)
            return false;
    return true;
}

static bool named_once(dw_eval *e, const dw_frame *frame, const dw_node *node,
                       const dw_list *names) {
    dw_map seen;
    bool fine = true;
    dw_map_init(&seen, e->mem);
    for (size_t i = 0; fine && i < names->count; i++) {
        uint32_t number;
        const char *name = names->items[i].as.text->bytes;
        fine = dw_map_add(&seen, name, &number) || dw_err_memory(e->err, "these columns");
        if (fine && number != i)
            fine = dw_eval_fail(e, frame, node->child[1]->span, DW_ERR_VALUE,
                                "%.60s is named twice", name);
    }
    dw_map_free(&seen);
    return fine;
}

/* A record or table of these values, in the order of the names. */
static bool make_record(dw_eval *e, dw_value from, const dw_list *names, const dw_value *values,
                        dw_value *out) {
    const char **words = dw_mem_array(e->mem, names->count, sizeof *words);
    if (words == NULL)
        return dw_err_memory(e->err, "these columns");
    for (size_t i = 0; i < names->count; i++)
        words[i] = names->items[i].as.text->bytes;
    bool fine =
        dw_value_record(e->mem, from.kind, words, names->count, from.as.record->rows, out, e->err);
    dw_mem_free(words);
    for (size_t i = 0; fine && i < names->count; i++)
        out->as.record->fields[i].value = dw_value_retain(values[i]);
    return fine;
}

/* t[["x", "y"]]: of a table or record these columns or fields; of an answer with labels a column
 * of their numbers. */
static DW_EVAL_APART bool get_names(dw_eval *e, const dw_frame *frame, const dw_node *node,
                                    dw_value v, const dw_list *names, dw_value *out) {
    bool labelled = v.kind == DW_RECORD && dw_value_is_labelled(v), fine = true;
    if (!labelled && !named_once(e, frame, node, names))
        return false;
    dw_value *values = dw_mem_array(e->mem, names->count, sizeof *values);
    size_t count = 0;
    if (values == NULL)
        return dw_err_memory(e->err, "these columns");
    while (fine && count < names->count) {
        /* each name may be looked for among many */
        fine = dw_cancel_goes_on(&e->cancel, 0, e->err) &&
               get_named(e, frame, node, v, names->items[count], &values[count]);
        count += fine;
    }
    if (fine && labelled)
        fine = dw_value_join(e->mem, values, count, true, out, e->err);
    else if (fine)
        fine = make_record(e, v, names, values, out);
    while (count > 0)
        dw_value_release(values[--count]);
    dw_mem_free(values);
    return fine;
}

static bool get_one(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value v, dw_value *out) {
    dw_pick pick;
    dw_value item;
    const dw_node *inside = node->child[1];
    if (inside->kind == DW_NODE_ALL) {
        if (v.kind == DW_RECORD)
            return no_elements(e, frame, node, v);
        if (!dw_pick_node(e, frame, inside, v, DW_PICK_ONLY, &pick))
            return false;
    } else {
        if (!dw_express_node(e, frame, inside, &item))
            return false;
        if (get_fast(v, item, out))
            return true;
        if ((v.kind == DW_RECORD || v.kind == DW_TABLE) && is_names(item)) {
            bool found = get_names(e, frame, node, v, item.as.list, out);
            dw_value_release(item);
            return found;
        }
        if ((v.kind == DW_RECORD && (item.kind == DW_TEXT || !dw_value_is_labelled(v))) ||
            (v.kind == DW_TABLE && item.kind == DW_TEXT)) {
            bool found = get_named(e, frame, node, v, item, out);
            dw_value_release(item);
            return found;
        }
        if (dw_trace_can_pick(v, item)) {
            bool found = dw_trace_pick(v, item, out, e->err);
            dw_value_release(item);
            return found;
        }
        bool picked =
            dw_pick_value(e, item, v, DW_PICK_ONLY, &pick) || dw_eval_place(e, frame, inside->span);
        dw_value_release(item);
        if (!picked)
            return false;
    }
    bool fine = get_picked(e, frame, node, v, &pick, out);
    dw_pick_free(&pick);
    return fine;
}

static bool get(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value v, dw_value *out) {
    bool can = v.kind == DW_ARRAY || v.kind == DW_LIST || v.kind == DW_TABLE ||
               v.kind == DW_INTERVAL || v.kind == DW_NUMBER || v.kind == DW_TRUTH ||
               v.kind == DW_TRACED || v.kind == DW_RECORD || dw_net_is_chain(v);
    if (!can)
        return no_elements(e, frame, node, v);
    if (node->count == 2)
        return get_one(e, frame, node, v, out);
    if (node->count == 3)
        return get_two(e, frame, node, v, out);
    return dw_eval_fail(e, frame, node->mark, DW_ERR_TYPE,
                        "[ ] picks by one number, or by row and column; here are %u",
                        node->count - 1);
}

bool dw_index_get(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value v;
    if (!dw_express_node(e, frame, node->child[0], &v))
        return false;
    bool fine = get(e, frame, node, v, out) || dw_eval_place(e, frame, node->mark);
    dw_value_release(v);
    return fine;
}

/* ---- fields ---- */

static bool estimate_field(dw_eval *e, const dw_estimate *estimate, const char *name,
                           dw_value *out) {
    if (strcmp(name, "value") == 0)
        *out = dw_value_number(estimate->value);
    else if (strcmp(name, "low") == 0)
        *out = dw_value_number(estimate->low);
    else if (strcmp(name, "high") == 0)
        *out = dw_value_number(estimate->high);
    else if (strcmp(name, "n") == 0)
        *out = dw_value_number(estimate->n);
    else if (strcmp(name, "interval") == 0)
        return dw_value_interval(e->mem, estimate->low, estimate->high, out, e->err);
    else
        return false;
    return true;
}

/* "the net has no W3; it has W1, b1, W2, b2" */
static DW_EVAL_APART bool no_parameter(dw_eval *e, const dw_frame *frame, const dw_node *node,
                                       dw_value v) {
    if (!dw_net_is(v))
        return no_field(e, frame, node, v);
    dw_buf names;
    dw_buf_init(&names, e->mem);
    dw_net_show_names(&names, v);
    if (dw_net_is_open(v))
        dw_eval_fail(e, frame, node->mark, DW_ERR_VALUE,
                     "%s has no numbers yet: the net gets the size of its input from the data; "
                     "begin it with a number, as in 64 → 32 → 1",
                     node->u.text);
    else if (dw_buf_whole(&names, "the names of this net", e->err))
        dw_eval_fail(e, frame, node->mark, DW_ERR_NAME, "the net has no %s; it has %s",
                     node->u.text, names.size == 0 ? "no parameters" : names.data);
    dw_buf_free(&names);
    return false;
}

bool dw_index_field(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value v;
    if (!dw_express_node(e, frame, node->child[0], &v))
        return false;
    bool fine = true;
    const dw_value *found = NULL;
    if (v.kind == DW_RECORD || v.kind == DW_TABLE)
        found = dw_value_field(v.as.record, node->u.text);
    if (found != NULL)
        *out = dw_value_retain(*found);
    else if (v.kind == DW_FUNCTION)
        fine = dw_net_field(e, v, node->u.text, out) || no_parameter(e, frame, node, v);
    else if (v.kind != DW_ESTIMATE || !estimate_field(e, v.as.estimate, node->u.text, out))
        fine = no_field(e, frame, node, v);
    dw_value_release(v);
    return fine;
}

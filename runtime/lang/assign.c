/* SPDX-License-Identifier: BSD-3-Clause */
/* Giving names, fields and elements new values. A value that is shared is copied before it changes,
 * so nothing changes under another name. */
#include "lang/assign.h"

#include "lang/express.h"

#include "lang/builtin.h"
#include "lang/invoke.h"
#include "lang/net.h"
#include "lang/net_show.h"
#include "lang/pick.h"

#include <stdio.h>
#include <string.h>

static dw_value *slot_of(dw_eval *e, dw_frame *frame, dw_place place, uint32_t slot) {
    return place == DW_PLACE_LOCAL ? &frame->slots[slot] : &e->globals[slot];
}

void dw_assign_place(dw_eval *e, dw_frame *frame, dw_place place, uint32_t slot, dw_value taken) {
    dw_value *target = slot_of(e, frame, place, slot), old = *target;
    *target = taken;
    dw_value_release(old);
}

/* Says once that a word of the language has become a name of the notebook. */
static DW_EVAL_APART void note(dw_eval *e, const dw_node *target) {
    const dw_value *old = &e->globals[target->slot];
    const dw_builtin *builtin = old->as.function->builtin;
    bool word = strcmp(builtin->name, target->u.text) == 0;
    if (!word && (builtin->alias == NULL || strcmp(builtin->alias, target->u.text) != 0))
        return; /* a name of the notebook that stood for a builtin */
    const char *other = word ? builtin->alias : builtin->name;
    char text[256];
    if (other != NULL)
        snprintf(text, sizeof text, "note: %.60s was the function %.60s; the word %.60s still is\n",
                 target->u.text, builtin->name, other);
    else
        snprintf(text, sizeof text,
                 "note: %.60s was a function of the language; from here on it is yours\n",
                 target->u.text);
    dw_eval_tell(e, text, strlen(text));
}

static void note_builtin(dw_eval *e, const dw_node *target) {
    const dw_value *old = &e->globals[target->slot];
    const dw_builtin *builtin = old->kind == DW_FUNCTION ? old->as.function->builtin : NULL;
    if (builtin != NULL && builtin->show == NULL)
        note(e, target);
}

/* ---- making a value the caller's own before it changes ---- */

static bool own_record(dw_eval *e, dw_value *v, size_t extra) {
    dw_record *old = v->as.record;
    if (old->refs == 1 && extra == 0) {
        dw_value_drop(&old->labels); /* what is changed is no longer the answer of a net */
        return true;
    }
    size_t count = old->count + extra;
    dw_record *copy = dw_mem_new(e->mem, sizeof *copy + count * sizeof(dw_field));
    if (copy == NULL)
        return dw_err_memory(e->err, "a record");
    copy->refs = 1;
    copy->rows = old->rows;
    copy->count = old->count;
    for (size_t i = 0; i < old->count; i++) {
        copy->fields[i].name = old->fields[i].name;
        copy->fields[i].name->refs++;
        copy->fields[i].value = dw_value_retain(old->fields[i].value);
    }
    dw_kind kind = v->kind;
    dw_value_release(*v);
    *v = (dw_value){.kind = kind, .as.record = copy};
    return true;
}

static bool own_list(dw_eval *e, dw_value *v) {
    const dw_list *old = v->as.list;
    if (old->refs == 1)
        return true;
    dw_value copy;
    if (!dw_value_list(e->mem, old->rows, old->columns, &copy, e->err))
        return false;
    for (size_t i = 0; i < old->count; i++)
        copy.as.list->items[i] = dw_value_retain(old->items[i]);
    dw_value_release(*v);
    *v = copy;
    return true;
}

/* On failure the array stays as it is. */
static dw_tensor *own_array(dw_eval *e, dw_value *v) {
    dw_tensor *kept = v->as.array;
    if (kept->refs == 1)
        return kept;
    dw_tensor *own = dw_tensor_own(e->mem, dw_tensor_retain(kept), e->err);
    if (own == NULL)
        return NULL;
    dw_tensor_release(kept);
    v->as.array = own;
    return own;
}

/* ---- fields ---- */

static bool add_field(dw_eval *e, dw_value *container, const char *name, dw_value **out) {
    dw_value text;
    if (!dw_value_text(e->mem, name, strlen(name), &text, e->err))
        return false;
    if (!own_record(e, container, 1)) {
        dw_value_release(text);
        return false;
    }
    dw_field *field = &container->as.record->fields[container->as.record->count++];
    field->name = text.as.text;
    *out = &field->value;
    return true;
}

/* The place of a record's or table's field; the last one on the way may be new. */
static bool record_field(dw_eval *e, dw_frame *frame, const dw_node *target, bool last,
                         dw_value *container, dw_value **out) {
    if (!own_record(e, container, 0))
        return false;
    for (size_t i = 0; i < container->as.record->count; i++)
        if (strcmp(container->as.record->fields[i].name->bytes, target->u.text) == 0) {
            *out = &container->as.record->fields[i].value;
            return true;
        }
    if (!last)
        return dw_eval_fail(e, frame, target->mark, DW_ERR_NAME,
                            "there is no %s %s to change a part of",
                            container->kind == DW_TABLE ? "column" : "field", target->u.text);
    return add_field(e, container, target->u.text, out);
}

static bool function_parameter(dw_eval *e, dw_frame *frame, const dw_node *target,
                               dw_value *container, dw_value **out) {
    if (!dw_net_place(e, container, target->u.text, out))
        return false;
    if (*out == NULL)
        return dw_eval_fail(e, frame, target->mark, DW_ERR_NAME,
                            "this function has no parameter %s to set", target->u.text);
    if ((*out)->kind == DW_NOTHING)
        return dw_eval_fail(e, frame, target->mark, DW_ERR_VALUE,
                            "%s has no numbers yet: the net gets the size of its input from the "
                            "data; begin it with a number, as in 64 → 32 → 1",
                            target->u.text);
    return true;
}

static bool path(dw_eval *e, dw_frame *frame, const dw_node *target, dw_value **out);

/* Where the value of a FIELD target is kept, its containers made the caller's own. */
static bool field_path(dw_eval *e, dw_frame *frame, const dw_node *target, bool last,
                       dw_value **out) {
    dw_value *container;
    char words[DW_VALUE_WORDS];
    if (!path(e, frame, target->child[0], &container))
        return false;
    if (container->kind == DW_RECORD || container->kind == DW_TABLE)
        return record_field(e, frame, target, last, container, out);
    if (container->kind == DW_FUNCTION)
        return function_parameter(e, frame, target, container, out);
    return dw_eval_fail(e, frame, target->mark, DW_ERR_TYPE,
                        "%s has no fields to set: a record has, as in r = (n = 8)",
                        dw_value_words(*container, words));
}

static bool path(dw_eval *e, dw_frame *frame, const dw_node *target, dw_value **out) {
    if (target->kind == DW_NODE_FIELD)
        return field_path(e, frame, target, false, out);
    if (target->kind != DW_NODE_NAME)
        return dw_eval_fail(e, frame, target->span, DW_ERR_SYNTAX,
                            "only a name, a field of it or elements of these can be given a value: "
                            "do it in two steps");
    if (target->place != DW_PLACE_LOCAL && target->place != DW_PLACE_GLOBAL)
        return dw_eval_fail(
            e, frame, target->span, DW_ERR_NAME,
            "%s belongs to the function around this one; return the new value instead",
            target->u.text);
    *out = slot_of(e, frame, target->place, target->slot);
    if ((*out)->kind != DW_NOTHING)
        return true;
    dw_value ignored;
    return dw_express_node(e, frame, target, &ignored); /* tells what is wrong with the name */
}

/* A column of a table must have as many entries as the table has rows. */
static bool fits_table(dw_eval *e, dw_frame *frame, const dw_node *target, dw_value table,
                       dw_value v) {
    size_t length, rows = table.as.record->rows;
    if (!dw_value_length(v, &length, e->err))
        return dw_eval_place(e, frame, target->mark);
    return length == rows ||
           dw_eval_fail(e, frame, target->mark, DW_ERR_SHAPE,
                        "the table has %zu row%s, this column would have %zu: give one entry for "
                        "each row",
                        rows, rows == 1 ? "" : "s", length);
}

/* The shape of a parameter as nets print it: "32×1"; of what is no array in words. */
static const char *shape_of(dw_value v, char out[DW_VALUE_WORDS]) {
    if (v.kind != DW_ARRAY)
        return dw_value_words(v, out);
    snprintf(out, DW_VALUE_WORDS, "%zu×%zu", dw_tensor_rows(v.as.array),
             dw_tensor_columns(v.as.array));
    return out;
}

/* "W1 of 1 → 32 → relu → 1 is 32×1, this value is a row of 3" */
static bool unfit_parameter(dw_eval *e, dw_frame *frame, const dw_node *target, dw_value f,
                            dw_value old, dw_value v) {
    char words[DW_VALUE_WORDS], given[DW_VALUE_WORDS];
    const dw_node *node = f.as.function->node;
    dw_buf name;
    dw_buf_init(&name, e->mem);
    if (node == NULL)
        dw_net_show_chain(&name, f);
    else
        dw_buf_text(&name,
                    node->u.function->name != NULL ? node->u.function->name : "this function");
    if (dw_buf_whole(&name, "this net", e->err))
        dw_eval_fail(e, frame, target->mark, DW_ERR_SHAPE, "%s of %s is %s, this value is %s",
                     target->u.text, name.data, shape_of(old, words), dw_value_words(v, given));
    dw_buf_free(&name);
    return false;
}

/* A parameter keeps its shape: a row goes for a column of as many, nothing else. */
static bool set_parameter(dw_eval *e, dw_frame *frame, const dw_node *target, dw_value f,
                          dw_value *place, dw_value v) {
    dw_value old = *place, shaped;
    if (dw_net_shaped(e, old, v, &shaped))
        *place = shaped;
    else if (v.kind == old.kind && v.kind != DW_ARRAY && v.kind != DW_TRACED)
        *place = dw_value_retain(v); /* a net for a net, a text for a text */
    else
        return unfit_parameter(e, frame, target, f, old, v);
    dw_value_release(old);
    return true;
}

static DW_EVAL_APART bool assign_field(dw_eval *e, dw_frame *frame, const dw_node *target,
                                       dw_value v) {
    dw_value *place, *container;
    if (!path(e, frame, target->child[0], &container))
        return false;
    if (container->kind == DW_TABLE && !fits_table(e, frame, target, *container, v))
        return false;
    bool parameter = container->kind == DW_FUNCTION;
    if (!field_path(e, frame, target, true, &place))
        return false;
    if (parameter)
        return set_parameter(e, frame, target, *container, place, v);
    dw_value old = *place;
    *place = dw_value_retain(v);
    dw_value_release(old);
    return true;
}

/* ---- elements ---- */

/* The places in the data of an array that one or two picks name. */
static bool flat_places(dw_eval *e, dw_frame *frame, const dw_node *target, dw_value array,
                        dw_pick *out) {
    const dw_tensor *t = array.as.array;
    dw_pick rows, columns;
    bool two = target->count == 3, matrix = !dw_tensor_is_vector(t);
    if (!two && (!matrix))
        return dw_pick_node(e, frame, target->child[1], array, DW_PICK_ONLY, out);
    if (!dw_pick_node(e, frame, target->child[two ? 2 : 1], array, two ? 1 : DW_PICK_ONLY,
                      &columns))
        return false;
    if (columns.all_elements) {
        *out = columns;
        return true;
    }
    bool fine = two ? dw_pick_node(e, frame, target->child[1], array, 0, &rows)
                    : dw_pick_all(e->mem, t->dim[0], &rows, e->err);
    if (fine) {
        *out = (dw_pick){.count = rows.count * columns.count};
        out->places = dw_mem_array(e->mem, out->count + 1, sizeof *out->places);
        fine = out->places != NULL || dw_err_memory(e->err, "an array");
        for (size_t r = 0; fine && r < rows.count; r++)
            for (size_t c = 0; c < columns.count; c++)
                out->places[r * columns.count + c] = rows.places[r] * t->dim[1] + columns.places[c];
        dw_pick_free(&rows);
    }
    dw_pick_free(&columns);
    return fine;
}

static bool set_elements(dw_eval *e, dw_frame *frame, const dw_node *target, dw_tensor *t,
                         const dw_pick *pick, dw_value v) {
    double number = 0;
    char words[DW_VALUE_WORDS];
    bool one = dw_value_as_number(v, &number);
    if (!one && v.kind != DW_ARRAY)
        return dw_eval_fail(e, frame, target->mark, DW_ERR_TYPE,
                            "elements of an array are numbers, this is %s",
                            dw_value_words(v, words));
    if (!one && v.as.array->size != pick->count)
        return dw_eval_fail(e, frame, target->mark, DW_ERR_SHAPE,
                            "%zu elements are chosen, this value is %s", pick->count,
                            dw_value_words(v, words));
    for (size_t i = 0; i < pick->count; i++)
        t->data[pick->places[i]] = one ? number : v.as.array->data[i];
    t->truth = t->truth && (v.kind == DW_TRUTH || (v.kind == DW_ARRAY && v.as.array->truth));
    return true;
}

static bool assign_array(dw_eval *e, dw_frame *frame, const dw_node *target, dw_value v) {
    dw_pick pick;
    dw_value *container;
    if (!path(e, frame, target->child[0], &container))
        return false;
    dw_value array = dw_value_retain(*container); /* a do block inside [ ] may change the name */
    bool fine = flat_places(e, frame, target, array, &pick);
    dw_value_release(array);
    if (!fine)
        return false;
    fine = container->kind == DW_ARRAY && container->as.array == array.as.array;
    if (!fine)
        dw_eval_fail(e, frame, target->mark, DW_ERR_VALUE,
                     "what stands in [ ] changes the array itself: do it in two steps");
    dw_tensor *own = fine ? own_array(e, container) : NULL;
    fine = own != NULL && set_elements(e, frame, target, own, &pick, v);
    dw_pick_free(&pick);
    return fine;
}

static bool assign_list(dw_eval *e, dw_frame *frame, const dw_node *target, dw_value v) {
    dw_pick pick;
    dw_value *container;
    if (!path(e, frame, target->child[0], &container))
        return false;
    dw_value list = dw_value_retain(*container);
    bool fine = dw_pick_node(e, frame, target->child[1], list, DW_PICK_ONLY, &pick);
    dw_value_release(list);
    if (!fine)
        return false;
    if (!pick.single)
        fine = dw_eval_fail(e, frame, target->mark, DW_ERR_TYPE,
                            "things of a list are set one at a time, as in list[2] = …");
    else if (container->kind != DW_LIST || container->as.list != list.as.list)
        fine = dw_eval_fail(e, frame, target->mark, DW_ERR_VALUE,
                            "what stands in [ ] changes the list itself: do it in two steps");
    else
        fine = own_list(e, container);
    if (fine) {
        dw_value *item = &container->as.list->items[pick.places[0]], old = *item;
        *item = dw_value_retain(v);
        dw_value_release(old);
    }
    dw_pick_free(&pick);
    return fine;
}

/* x[i] = number for a row or column nobody else holds, the most frequent case. */
static bool set_fast(const dw_node *target, dw_value *container, dw_value item, dw_value v) {
    size_t place;
    if (target->count != 2 || v.kind != DW_NUMBER || container->kind != DW_ARRAY ||
        container->as.array->refs != 1 || container->as.array->truth ||
        !dw_tensor_is_vector(container->as.array) ||
        !dw_pick_place(item, container->as.array->size, &place))
        return false;
    container->as.array->data[place] = v.as.number;
    return true;
}

static DW_EVAL_APART bool assign_elements(dw_eval *e, dw_frame *frame, const dw_node *target,
                                          dw_value v) {
    dw_value *container;
    char words[DW_VALUE_WORDS];
    if (target->count > 3)
        return dw_eval_fail(e, frame, target->mark, DW_ERR_TYPE,
                            "[ ] picks by one number, or by row and column; here are %u",
                            target->count - 1);
    if (!path(e, frame, target->child[0], &container))
        return false;
    const dw_node *item = target->child[1];
    if (item->kind == DW_NODE_NUMBER || item->kind == DW_NODE_NAME) {
        dw_value place;
        if (!dw_express_node(e, frame, item, &place))
            return false;
        bool done = set_fast(target, container, place, v);
        dw_value_release(place);
        if (done)
            return true;
    }
    if (container->kind == DW_ARRAY)
        return assign_array(e, frame, target, v);
    if (container->kind == DW_LIST && target->count == 2)
        return assign_list(e, frame, target, v);
    return dw_eval_fail(e, frame, target->mark, DW_ERR_TYPE, "%s has no elements to set: %s",
                        dw_value_words(*container, words),
                        container->kind == DW_TABLE ? "set a column, as in t.x = [1, 2, 3]"
                                                    : "an array has, as in x = [1, 2, 3]");
}

/* ---- statements ---- */

static bool assign(dw_eval *e, dw_frame *frame, const dw_node *target, dw_value v) {
    if (target->kind == DW_NODE_FIELD)
        return assign_field(e, frame, target, v) || dw_eval_place(e, frame, target->mark);
    if (target->kind == DW_NODE_INDEX)
        return assign_elements(e, frame, target, v) || dw_eval_place(e, frame, target->mark);
    if (target->place == DW_PLACE_GLOBAL)
        note_builtin(e, target);
    dw_assign_place(e, frame, target->place, target->slot, dw_value_retain(v));
    return true;
}

static DW_EVAL_APART bool take_apart(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value v) {
    size_t length;
    char words[DW_VALUE_WORDS];
    if (!dw_value_length(v, &length, e->err))
        return dw_eval_place(e, frame, node->mark);
    if (length != node->count - 1)
        return dw_eval_fail(e, frame, node->mark, DW_ERR_SHAPE, "%u names, but %s on the right",
                            node->count - 1, dw_value_words(v, words));
    for (size_t i = 0; i < length; i++) {
        dw_value part;
        if (!dw_value_element(e->mem, v, i, &part, e->err))
            return false;
        bool fine = assign(e, frame, node->child[i + 1], part);
        dw_value_release(part);
        if (!fine)
            return false;
    }
    return true;
}

bool dw_assign_statement(dw_eval *e, dw_frame *frame, const dw_node *node) {
    dw_value v;
    if (!dw_express_node(e, frame, node->child[0], &v))
        return false;
    if (v.kind == DW_NOTHING)
        return dw_eval_fail(e, frame, node->child[0]->span, DW_ERR_TYPE,
                            "this gives no value that could get a name");
    if (node->count == 2 && node->child[1]->kind == DW_NODE_NAME) {
        if (node->child[1]->place == DW_PLACE_GLOBAL)
            note_builtin(e, node->child[1]);
        dw_assign_place(e, frame, node->child[1]->place, node->child[1]->slot, v);
        return true;
    }
    bool fine =
        node->count == 2 ? assign(e, frame, node->child[1], v) : take_apart(e, frame, node, v);
    dw_value_release(v);
    return fine;
}

bool dw_assign_define(dw_eval *e, dw_frame *frame, const dw_node *node) {
    dw_value function;
    if (!dw_invoke_closure(e, frame, node->child[0], &function))
        return dw_eval_place(e, frame, node->mark);
    if (node->place == DW_PLACE_GLOBAL)
        note_builtin(e, node);
    dw_assign_place(e, frame, node->place, node->slot, function);
    return true;
}

/* ---- loops ---- */

static bool all_fields(const dw_record *record, const dw_node *loop) {
    for (uint32_t i = 0; i < loop->first_extra; i++)
        if (dw_value_field(record, loop->u.loop->names[i]) == NULL)
            return false;
    return true;
}

static DW_EVAL_APART bool wrong_parts(dw_eval *e, const dw_frame *frame, const dw_node *loop,
                                      dw_value v) {
    char words[DW_VALUE_WORDS];
    if (v.kind == DW_RECORD)
        return dw_eval_fail(e, frame, loop->u.loop->name_spans[0], DW_ERR_SHAPE,
                            "%u names for the %zu columns of this table: use as many names, or the "
                            "names of columns",
                            loop->first_extra, v.as.record->count);
    return dw_eval_fail(e, frame, loop->u.loop->name_spans[0], DW_ERR_SHAPE,
                        "%u names, but each element is %s", loop->first_extra,
                        dw_value_words(v, words));
}

static bool part_of(dw_eval *e, const dw_node *loop, dw_value v, uint32_t i, bool by_name,
                    dw_value *out) {
    if (v.kind != DW_RECORD)
        return dw_value_element(e->mem, v, i, out, e->err);
    *out = dw_value_retain(by_name ? *dw_value_field(v.as.record, loop->u.loop->names[i])
                                   : v.as.record->fields[i].value);
    return true;
}

bool dw_assign_names(dw_eval *e, dw_frame *frame, const dw_node *loop, dw_value taken) {
    if (loop->first_extra == 1) {
        dw_assign_place(e, frame, loop->u.loop->places[0], loop->u.loop->slots[0], taken);
        return true;
    }
    size_t parts = 1;
    bool by_name = taken.kind == DW_RECORD && all_fields(taken.as.record, loop);
    bool fine = true;
    if (taken.kind == DW_RECORD)
        parts = taken.as.record->count;
    else
        fine = dw_value_length(taken, &parts, e->err) ||
               dw_eval_place(e, frame, loop->u.loop->name_spans[0]);
    if (fine && parts != loop->first_extra && !by_name)
        fine = wrong_parts(e, frame, loop, taken);
    for (uint32_t i = 0; fine && i < loop->first_extra; i++) {
        dw_value part;
        fine = part_of(e, loop, taken, i, by_name, &part);
        if (fine)
            dw_assign_place(e, frame, loop->u.loop->places[i], loop->u.loop->slots[i], part);
    }
    dw_value_release(taken);
    return fine;
}

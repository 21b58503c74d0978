/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds out what every name of a unit means, once, before it runs. */
#include "lang/scope.h"

#include <string.h>

typedef struct {
    const char *name;
    uint32_t slot;
} binding;

/* A growing list of bindings or captures. */
typedef struct {
    void *items;
    uint32_t count, room;
} growing;

/* The function (or the cell, with function NULL) whose names are being looked up. */
typedef struct context {
    struct context *outer;
    dw_function_node *function;
    const char *self; /* the name under which the function can call itself, or NULL */
    growing bindings; /* of binding: innermost last */
    growing captures; /* of dw_capture */
    uint32_t slots;   /* handed out so far */
} context;

typedef struct {
    dw_eval *eval;
    dw_unit *unit;
    dw_err *err;
} resolver;

static bool resolve(resolver *r, context *c, dw_node *node);

static bool out_of_memory(resolver *r) {
    dw_err_memory(r->err, "the names of this cell");
    return dw_err_place(r->err, r->unit->number, r->unit->root->span);
}

static bool grow(resolver *r, growing *list, size_t item) {
    if (list->count < list->room)
        return true;
    uint32_t room = list->room == 0 ? 16 : 2 * list->room;
    void *items = dw_mem_grow(r->eval->mem, list->items, room * item);
    if (items == NULL)
        return out_of_memory(r);
    list->items = items;
    list->room = room;
    return true;
}

static bool bind(resolver *r, context *c, const char *name, uint32_t *slot) {
    if (!grow(r, &c->bindings, sizeof(binding)))
        return false;
    *slot = c->slots++;
    ((binding *)c->bindings.items)[c->bindings.count++] = (binding){name, *slot};
    return true;
}

static bool find_local(const context *c, const char *name, uint32_t *slot) {
    const binding *bindings = c->bindings.items;
    for (uint32_t i = c->bindings.count; i-- > 0;)
        if (strcmp(bindings[i].name, name) == 0) {
            *slot = bindings[i].slot;
            return true;
        }
    return false;
}

static bool capture(resolver *r, context *c, dw_place from, uint32_t from_slot, uint32_t *slot) {
    dw_capture *captures = c->captures.items;
    for (uint32_t i = 0; i < c->captures.count; i++)
        if (captures[i].from == from && captures[i].slot == from_slot) {
            *slot = i;
            return true;
        }
    if (!grow(r, &c->captures, sizeof(dw_capture)))
        return false;
    *slot = c->captures.count;
    ((dw_capture *)c->captures.items)[c->captures.count++] = (dw_capture){from, from_slot};
    return true;
}

/* Looks a name up from the inside out. */
static bool look_up(resolver *r, context *c, const char *name, dw_place *place, uint32_t *slot) {
    if (find_local(c, name, slot)) {
        *place = DW_PLACE_LOCAL;
        return true;
    }
    if (c->self != NULL && strcmp(c->self, name) == 0) {
        *place = DW_PLACE_SELF;
        *slot = 0;
        return true;
    }
    if (c->outer == NULL) {
        *place = DW_PLACE_GLOBAL;
        return dw_eval_slot(r->eval, name, slot, r->err) ||
               dw_err_place(r->err, r->unit->number, r->unit->root->span);
    }
    dw_place outer;
    uint32_t outer_slot;
    if (!look_up(r, c->outer, name, &outer, &outer_slot))
        return false;
    if (outer == DW_PLACE_GLOBAL) {
        *place = outer;
        *slot = outer_slot;
        return true;
    }
    *place = DW_PLACE_CAPTURE;
    return capture(r, c, outer, outer_slot, slot);
}

/* Binds every name a body assigns, except inside inner functions and comprehensions. Names bound
 * since `first` are not bound twice. */
static bool bind_assigned(resolver *r, context *c, const dw_node *node, uint32_t first);

static bool bind_new(resolver *r, context *c, const char *name, uint32_t first) {
    const binding *bindings = c->bindings.items;
    for (uint32_t i = first; i < c->bindings.count; i++)
        if (strcmp(bindings[i].name, name) == 0)
            return true;
    uint32_t slot;
    return bind(r, c, name, &slot);
}

static bool bind_targets(resolver *r, context *c, const dw_node *node, uint32_t first) {
    for (uint32_t i = 1; i < node->count; i++) {
        const dw_node *target = node->child[i];
        while (target->kind == DW_NODE_FIELD || target->kind == DW_NODE_INDEX)
            target = target->child[0];
        if (target->kind == DW_NODE_NAME && !bind_new(r, c, target->u.text, first))
            return false;
    }
    return true;
}

static bool bind_assigned(resolver *r, context *c, const dw_node *node, uint32_t first) {
    if (node == NULL || node->kind == DW_NODE_FUNCTION || node->kind == DW_NODE_COMPREHENSION)
        return true;
    bool fine = true;
    if (node->kind == DW_NODE_ASSIGN)
        fine = bind_targets(r, c, node, first);
    else if (node->kind == DW_NODE_DEFINE || node->kind == DW_NODE_KNOB)
        fine = bind_new(r, c, node->u.text, first);
    else if (node->kind == DW_NODE_FOR)
        for (uint32_t i = 0; fine && i < node->first_extra; i++)
            fine = bind_new(r, c, node->u.loop->names[i], first);
    for (uint32_t i = 0; fine && i < node->count; i++)
        fine = bind_assigned(r, c, node->child[i], first);
    return fine;
}

static bool bind_parameters(resolver *r, context *c, dw_function_node *f) {
    for (uint32_t i = 0; i < f->count; i++) {
        if (!bind(r, c, f->parameters[i].name, &f->parameters[i].slot))
            return false;
    }
    return true;
}

static bool keep_captures(resolver *r, context *c) {
    size_t bytes = c->captures.count * sizeof(dw_capture);
    c->function->capture_count = c->captures.count;
    c->function->slots = c->slots;
    if (bytes == 0)
        return true;
    c->function->captures = dw_arena_new(&r->unit->arena, bytes);
    if (c->function->captures == NULL)
        return out_of_memory(r);
    memcpy(c->function->captures, c->captures.items, bytes);
    return true;
}

/* Trainable parameters get their starts where the function is made; defaults of inputs are worked
 * out when it is called and may mention the inputs before them. */
static bool resolve_function(resolver *r, context *outer, dw_node *node, const char *self) {
    dw_function_node *f = node->u.function;
    context c = {.outer = outer, .function = f, .self = self};
    bool fine = true;
    for (uint32_t i = f->inputs; fine && i < f->count; i++)
        fine = resolve(r, outer, f->parameters[i].fallback);
    fine = fine && bind_parameters(r, &c, f);
    for (uint32_t i = 0; fine && i < f->inputs; i++)
        fine = resolve(r, &c, f->parameters[i].fallback);
    fine = fine && bind_assigned(r, &c, node->child[0], 0);
    fine = fine && resolve(r, &c, node->child[0]);
    fine = fine && keep_captures(r, &c);
    dw_mem_free(c.bindings.items);
    dw_mem_free(c.captures.items);
    return fine;
}

static bool resolve_define(resolver *r, context *c, dw_node *node) {
    dw_place place;
    if (!look_up(r, c, node->u.text, &place, &node->slot))
        return false;
    node->place = (uint8_t)place;
    return resolve_function(r, c, node->child[0], place == DW_PLACE_LOCAL ? node->u.text : NULL);
}

static bool resolve_for(resolver *r, context *c, dw_node *node) {
    if (!resolve(r, c, node->child[0]))
        return false;
    for (uint32_t i = 0; i < node->first_extra; i++) {
        dw_place place;
        if (!look_up(r, c, node->u.loop->names[i], &place, &node->u.loop->slots[i]))
            return false;
        node->u.loop->places[i] = (uint8_t)place;
    }
    return resolve(r, c, node->child[1]);
}

static bool resolve_comprehension(resolver *r, context *c, dw_node *node) {
    if (!resolve(r, c, node->child[1]))
        return false;
    uint32_t before = c->bindings.count, first = c->slots;
    for (uint32_t i = 0; i < node->first_extra; i++) {
        if (!bind(r, c, node->u.loop->names[i], &node->u.loop->slots[i]))
            return false;
        node->u.loop->places[i] = DW_PLACE_LOCAL;
    }
    bool fine = bind_assigned(r, c, node->child[0], before);
    if (node->count > 2)
        fine = fine && bind_assigned(r, c, node->child[2], before);
    fine = fine && resolve(r, c, node->child[0]);
    if (node->count > 2)
        fine = fine && resolve(r, c, node->child[2]);
    c->bindings.count = before;
    node->slot = c->slots - first;
    return fine;
}

static bool resolve_knobs(resolver *r, context *c, dw_node *node) {
    if (c->outer != NULL || c->function != NULL) {
        dw_err_set(r->err, DW_ERR_SYNTAX,
                   "%s belongs to the notebook, not into a function: put it on a line of its own",
                   node->kind == DW_NODE_INTERACT ? "interact" : "animate");
        return dw_err_place(r->err, r->unit->number, node->mark);
    }
    for (uint32_t i = 0; i < node->count; i++)
        if (!resolve(r, c, node->child[i]))
            return false;
    return true;
}

static bool resolve_name(resolver *r, context *c, dw_node *node) {
    dw_place place;
    if (!look_up(r, c, node->u.text, &place, &node->slot))
        return false;
    node->place = (uint8_t)place;
    return true;
}

static bool resolve_children(resolver *r, context *c, dw_node *node) {
    for (uint32_t i = 0; i < node->count; i++)
        if (!resolve(r, c, node->child[i]))
            return false;
    return true;
}

static bool resolve_kind(resolver *r, context *c, dw_node *node) {
    switch (node->kind) {
    case DW_NODE_NAME:
        return resolve_name(r, c, node);
    case DW_NODE_FUNCTION:
        return resolve_function(r, c, node, NULL);
    case DW_NODE_DEFINE:
        return resolve_define(r, c, node);
    case DW_NODE_FOR:
        return resolve_for(r, c, node);
    case DW_NODE_COMPREHENSION:
        return resolve_comprehension(r, c, node);
    case DW_NODE_INTERACT:
    case DW_NODE_ANIMATE:
        return resolve_knobs(r, c, node);
    case DW_NODE_KNOB:
        return resolve_name(r, c, node) && resolve_children(r, c, node);
    default:
        return resolve_children(r, c, node);
    }
}

static bool resolve(resolver *r, context *c, dw_node *node) {
    return node == NULL || resolve_kind(r, c, node);
}

bool dw_scope_resolve(dw_eval *eval, dw_unit *unit, dw_err *err) {
    resolver r = {.eval = eval, .unit = unit, .err = err};
    context cell = {0};
    bool fine = resolve(&r, &cell, unit->root);
    unit->slots = cell.slots;
    dw_mem_free(cell.bindings.items);
    dw_mem_free(cell.captures.items);
    return fine;
}

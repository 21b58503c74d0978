/* SPDX-License-Identifier: BSD-3-Clause */
/* Completion. Proposals are collected in an arena that the caller frees with one call. */
#include "lang/assist.h"

#include "lang/assist_scan.h"
#include "lang/builtin.h"
#include "lang/net.h"
#include "lang/net_show.h"
#include "syntax/lex.h"
#include <stdlib.h>
#include <string.h>

/* The proposals so far, and how they must begin. */
typedef struct {
    const dw_eval *eval;
    const char *source;
    dw_arena *arena;
    dw_match *list; /* dw_mem */
    size_t count, room;
    dw_buf prefix; /* folded */
    bool failed;
} collection;

static bool begins(const collection *c, const char *text) {
    return c->prefix.size == 0 || strncmp(text, c->prefix.data, c->prefix.size) == 0;
}

/* Adds a proposal whose texts live at least as long as the session's tables, or are copied. */
static void add(collection *c, const char *text, const char *kind, const char *signature) {
    if (c->failed)
        return;
    if (c->count == c->room) {
        size_t room = c->room == 0 ? 32 : 2 * c->room;
        dw_match *list = dw_mem_grow(c->eval->mem, c->list, room * sizeof *list);
        c->failed = list == NULL;
        if (c->failed)
            return;
        c->list = list;
        c->room = room;
    }
    char *own = dw_arena_text(c->arena, text, strlen(text));
    char *head = dw_arena_text(c->arena, signature, strlen(signature));
    c->failed = own == NULL || head == NULL;
    if (!c->failed)
        c->list[c->count++] = (dw_match){.text = own, .kind = kind, .signature = head};
}

static int by_text(const void *a, const void *b) {
    return strcmp(((const dw_match *)a)->text, ((const dw_match *)b)->text);
}

/* Puts the proposals since `from` in order and drops those that are there already. */
static void settle(collection *c, size_t from) {
    if (c->count > from)
        qsort(c->list + from, c->count - from, sizeof *c->list, by_text);
    size_t kept = from;
    for (size_t i = from; i < c->count; i++) {
        bool twice = false;
        for (size_t j = i == from || kept == from ? 0 : kept - 1; j < kept && !twice; j++)
            twice = strcmp(c->list[j].text, c->list[i].text) == 0;
        for (size_t j = 0; j < from && !twice; j++)
            twice = strcmp(c->list[j].text, c->list[i].text) == 0;
        if (!twice)
            c->list[kept++] = c->list[i];
    }
    c->count = kept;
}

/* ---- values ------------------------------------------------------------------------------- */

/* The value of a name written at a span, borrowed; NULL when it has none. */
static const dw_value *value_of(const collection *c, dw_span span) {
    dw_buf name;
    dw_buf_init(&name, c->eval->mem);
    dw_lex_name(c->source + span.start, span.end - span.start, &name);
    const dw_value *value = name.failed || name.size == 0 ? NULL : dw_eval_name(c->eval, name.data);
    dw_buf_free(&name);
    return value;
}

static const dw_value *field_of(const collection *c, const dw_value *value, dw_span span) {
    if (value->kind != DW_RECORD && value->kind != DW_TABLE)
        return NULL;
    dw_buf name;
    dw_buf_init(&name, c->eval->mem);
    dw_lex_name(c->source + span.start, span.end - span.start, &name);
    const dw_value *field =
        name.failed || name.size == 0 ? NULL : dw_value_field(value->as.record, name.data);
    dw_buf_free(&name);
    return field;
}

/* What an element of a value is: a table's rows have its fields, a list's items are alike. */
static const dw_value *element_of(const dw_value *value) {
    if (value->kind == DW_TABLE)
        return value;
    bool list = value->kind == DW_LIST && value->as.list->count > 0;
    return list ? &value->as.list->items[0] : NULL;
}

/* Follows name.name[…].name; nothing is computed. */
static const dw_value *follow(const collection *c, dw_span path) {
    const dw_value *value = NULL;
    uint32_t at = path.start;
    while (at < path.end) {
        uint32_t start = at;
        if (c->source[at] == '[') {
            uint32_t depth = 0;
            do {
                depth += c->source[at] == '[';
                depth -= c->source[at] == ']';
                at++;
            } while (at < path.end && depth > 0);
            value = value == NULL ? NULL : element_of(value);
        } else {
            while (at < path.end && c->source[at] != '.' && c->source[at] != '[')
                at++;
            dw_span name = {start, at};
            value = start == path.start ? value_of(c, name)
                    : value != NULL     ? field_of(c, value, name)
                                        : NULL;
        }
        if (value == NULL)
            return NULL;
        at += at < path.end && c->source[at] == '.';
    }
    return value;
}

/* ---- what there is to propose ------------------------------------------------------------- */

/* The parameters of a net and what training left. */
static void add_parameters(collection *c, dw_value net) {
    dw_buf names;
    dw_buf_init(&names, c->eval->mem);
    dw_net_show_names(&names, net);
    c->failed = c->failed || names.failed;
    for (char *at = names.data; !names.failed && at != NULL && *at != '\0';) {
        size_t size = strcspn(at, ",");
        bool last = at[size] == '\0';
        at[size] = '\0';
        if (begins(c, at))
            add(c, at, "field", "");
        at += last ? size : size + 2;
    }
    dw_buf_free(&names);
}

static void add_fields(collection *c, const dw_value *value) {
    static const char *const of_estimate[] = {"value", "low", "high", "n", "interval"};
    if (value->kind == DW_RECORD || value->kind == DW_TABLE) {
        for (size_t i = 0; i < value->as.record->count; i++)
            if (begins(c, value->as.record->fields[i].name->bytes))
                add(c, value->as.record->fields[i].name->bytes, "field", "");
    } else if (value->kind == DW_ESTIMATE) {
        for (size_t i = 0; i < sizeof of_estimate / sizeof *of_estimate; i++)
            if (begins(c, of_estimate[i]))
                add(c, of_estimate[i], "field", "");
    } else if (dw_net_is(*value)) {
        add_parameters(c, *value);
    }
}

static bool is_given(const collection *c, const dw_assist_scan *scan, const char *name) {
    size_t size = strlen(name);
    for (uint32_t i = 0; i < scan->given_count; i++) {
        dw_span span = scan->given[i];
        if (span.end - span.start == size && memcmp(c->source + span.start, name, size) == 0)
            return true;
    }
    return false;
}

static void add_option(collection *c, const dw_assist_scan *scan, const char *name, size_t size) {
    dw_buf text;
    dw_buf_init(&text, c->eval->mem);
    dw_buf_add(&text, name, size);
    bool wanted = !text.failed && begins(c, text.data) && !is_given(c, scan, text.data);
    dw_buf_text(&text, " = ");
    if (text.failed)
        c->failed = true;
    else if (wanted)
        add(c, text.data, "option", "");
    dw_buf_free(&text);
}

/* Parameters that have a value of their own, of the function whose brackets the cursor is in. */
static void add_options(collection *c, const dw_assist_scan *scan) {
    const dw_value *value = value_of(c, scan->function);
    if (value == NULL || value->kind != DW_FUNCTION)
        return;
    const dw_function *f = value->as.function;
    const char *name;
    size_t size;
    bool optional, rest;
    for (size_t i = 0;
         f->builtin != NULL && dw_builtin_parameter(f->builtin, i, &name, &size, &optional, &rest);
         i++)
        if (optional)
            add_option(c, scan, name, size);
    for (uint32_t i = 0; f->node != NULL && i < f->node->u.function->count; i++) {
        const dw_parameter *parameter = &f->node->u.function->parameters[i];
        if (parameter->fallback != NULL)
            add_option(c, scan, parameter->name, strlen(parameter->name));
    }
}

/* "f(x; w)" of a function of the notebook, the chain of a net. */
static void add_function(collection *c, const char *name, dw_value v) {
    const dw_function *f = v.as.function;
    dw_buf text;
    dw_buf_init(&text, c->eval->mem);
    if (f->node != NULL && f->unit != NULL) {
        dw_span head = f->node->u.function->head;
        dw_buf_add(&text, f->unit->source + head.start, head.end - head.start);
    } else {
        dw_value_insert(&text, v, 0);
    }
    char *signature = text.failed ? NULL : dw_arena_text(c->arena, text.data, text.size);
    dw_buf_free(&text);
    if (signature == NULL)
        c->failed = true;
    else
        add(c, name, "function", signature);
}

/* Names that have a value; those of builtins only when the notebook gave them a new one. */
static void add_values(collection *c) {
    for (uint32_t i = 0; i < c->eval->names.count; i++) {
        const char *name = c->eval->names.keys[i];
        const dw_value *value = begins(c, name) ? dw_eval_name(c->eval, name) : NULL;
        if (value == NULL || value->kind == DW_NOTHING)
            continue;
        bool function = value->kind == DW_FUNCTION;
        const dw_builtin *builtin = function ? value->as.function->builtin : NULL;
        if (builtin == NULL && !function)
            builtin = dw_builtin_find(name);
        if (builtin != NULL && builtin->run == NULL && builtin->elem == 0)
            add(c, name, "constant", "");
        else if (function && builtin != NULL)
            add(c, name, "function", builtin->signature);
        else if (function)
            add_function(c, name, *value);
        else
            add(c, name, "value", "");
    }
}

/* Names that the lines before the cursor will give a value when they run. */
static void add_written(collection *c, const dw_assist_scan *scan) {
    dw_buf name;
    dw_buf_init(&name, c->eval->mem);
    for (uint32_t i = 0; i < scan->name_count && i < DW_ASSIST_SCAN_NAMES; i++) {
        dw_span span = scan->names[i];
        dw_buf_clear(&name);
        dw_lex_name(c->source + span.start, span.end - span.start, &name);
        if (name.failed || name.size == 0) {
            c->failed = c->failed || name.failed;
            continue;
        }
        const dw_value *value = dw_eval_name(c->eval, name.data);
        if (begins(c, name.data) && (value == NULL || value->kind == DW_NOTHING))
            add(c, name.data, "value", "");
    }
    dw_buf_free(&name);
}

static void add_words(collection *c) {
    for (int kind = DW_TOKEN_IF; kind < DW_TOKEN_KINDS; kind++)
        if (begins(c, dw_lex_spelling((dw_token_kind)kind)))
            add(c, dw_lex_spelling((dw_token_kind)kind), "keyword", "");
}

static const struct {
    const char *name, *symbol;
} symbols[] = {
#define DW_SYMBOL(name, symbol) {"\\" name, symbol},
#include "syntax/symbols.def"
#undef DW_SYMBOL
};

/* \lambda proposes λ, and so does \lam, as no other name begins with it; \e proposes names. */
static void add_symbols(collection *c, dw_span span) {
    size_t size = span.end - span.start, found = 0, last = 0;
    const char *written = c->source + span.start;
    size_t count = sizeof symbols / sizeof *symbols;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(symbols[i].name, written, size) != 0)
            continue;
        found++;
        last = i;
        if (strlen(symbols[i].name) == size) {
            found = 1;
            break;
        }
    }
    if (found == 1) {
        add(c, symbols[last].symbol, "symbol", symbols[last].name);
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (strncmp(symbols[i].name, written, size) == 0)
            add(c, symbols[i].name, "symbol", symbols[i].symbol);
}

static void collect(collection *c, const dw_assist_scan *scan, dw_matches *out) {
    out->start = scan->word.start;
    out->end = scan->word.end;
    if (scan->symbol.end > scan->symbol.start) {
        out->start = scan->symbol.start;
        add_symbols(c, scan->symbol);
        return;
    }
    if (scan->quiet)
        return;
    if (scan->field) {
        const dw_value *value = scan->path.end > scan->path.start ? follow(c, scan->path) : NULL;
        if (value != NULL)
            add_fields(c, value);
        return;
    }
    if (scan->has_call && scan->fresh)
        add_options(c, scan);
    if (c->prefix.size == 0)
        return;
    size_t options = c->count;
    add_values(c);
    add_written(c, scan);
    add_words(c);
    settle(c, options);
}

/* Moves the list into the arena. */
static bool finish(collection *c, dw_matches *out) {
    size_t bytes = c->count * sizeof *c->list;
    if (c->failed || c->prefix.failed)
        return false;
    if (c->count > 0) {
        out->matches = dw_arena_new(c->arena, bytes);
        if (out->matches == NULL)
            return false;
        memcpy(out->matches, c->list, bytes);
    }
    out->count = c->count;
    out->owned = c->arena;
    return true;
}

bool dw_assist_complete(const dw_eval *eval, const char *source, size_t size, size_t cursor,
                        dw_matches *out, dw_err *err) {
    dw_assist_scan scan;
    *out = (dw_matches){.matches = NULL};
    dw_arena *arena = dw_mem_new(eval->mem, sizeof *arena);
    if (arena == NULL)
        return dw_err_memory(err, "completion");
    dw_arena_init(arena, eval->mem);
    collection c = {.eval = eval, .source = source, .arena = arena};
    dw_buf_init(&c.prefix, eval->mem);
    dw_assist_scan_read(source, size, cursor, &scan);
    dw_lex_name(source + scan.word.start, scan.word.end - scan.word.start, &c.prefix);
    collect(&c, &scan, out);
    bool good = finish(&c, out);
    dw_mem_free(c.list);
    dw_buf_free(&c.prefix);
    if (good)
        return true;
    out->owned = arena;
    dw_assist_free(out);
    return dw_err_memory(err, "completion");
}

void dw_assist_free(dw_matches *matches) {
    if (matches->owned != NULL)
        dw_arena_free(matches->owned);
    dw_mem_free(matches->owned);
    *matches = (dw_matches){.matches = NULL};
}

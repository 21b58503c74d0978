/* SPDX-License-Identifier: BSD-3-Clause */
/* The parser's state: reading on, opening and closing, making nodes, and what a console asks. */
#include "syntax/parse.h"

#include "base/map.h"
#include "base/text.h"
#include "syntax/parse_rules.h"
#include <stdarg.h>
#include <string.h>

enum { FEW_NAMES = 24, STEP = 2, LET_GO = 4096 };

void dw_parse_advance(dw_parser *p) {
    p->last = p->tok;
    p->tok = dw_lex_next(&p->lex);
}

/* Spaces at the begin of the line that holds a place; a tab counts as one. */
static uint32_t line_indent(const dw_parser *p, uint32_t at) {
    const char *s = p->lex.source;
    uint32_t start = at;
    while (start > 0 && s[start - 1] != '\n' && s[start - 1] != '\r')
        start--;
    uint32_t end = start;
    while (end < p->lex.size && (s[end] == ' ' || s[end] == '\t'))
        end++;
    return end - start;
}

static bool same_line(const dw_parser *p, uint32_t a, uint32_t b) {
    for (uint32_t i = a; i < b; i++)
        if (p->lex.source[i] == '\n' || p->lex.source[i] == '\r')
            return false;
    return true;
}

void dw_parse_ends_early(dw_parser *p) {
    if (p->tok.kind != DW_TOKEN_END || p->lex.failed)
        return;
    for (const dw_opener *o = p->opener; o != NULL; o = o->outer)
        if (o->kind == DW_TOKEN_TEXT)
            return; /* a text ends on its line, whatever follows */
    p->incomplete = true;
    uint32_t last = p->last.span.start;
    bool deeper = p->opener == NULL || same_line(p, p->opener->latest, last);
    p->indent = line_indent(p, last) + (deeper ? STEP : 0);
}

static void stop(dw_parser *p) {
    p->tok = (dw_token){.kind = DW_TOKEN_END, .line = true};
}

void dw_parse_fail(dw_parser *p, dw_span span, const char *format, ...) {
    va_list args;
    va_start(args, format);
    dw_lex_vfail(&p->lex, span, format, args);
    va_end(args);
    stop(p);
}

static void fail_otherwise(dw_parser *p) {
    p->lex.failed = true;
    p->lex.at = p->lex.size;
    stop(p);
}

void dw_parse_limit(dw_parser *p, dw_span span, const char *what, int limit) {
    if (!p->lex.failed) {
        dw_err_set(p->err, DW_ERR_LIMIT, "%s more than %d deep; give a part of it a name first",
                   what, limit);
        dw_err_place(p->err, p->unit->number, span);
    }
    fail_otherwise(p);
}

void dw_parse_memory(dw_parser *p) {
    if (!p->lex.failed)
        dw_err_memory(p->err, "this cell");
    fail_otherwise(p);
}

bool dw_parse_at_line_end(const dw_parser *p) {
    return p->tok.kind == DW_TOKEN_END || (p->lines && p->tok.line);
}

void dw_parse_open(dw_parser *p, dw_opener *opener, bool lines) {
    *opener = (dw_opener){.kind = p->tok.kind,
                          .span = p->tok.span,
                          .latest = p->tok.span.start,
                          .outer_lines = p->lines,
                          .outer = p->opener};
    p->opener = opener;
    p->lines = lines;
    if (++p->nesting > DW_PARSE_DEPTH)
        dw_parse_limit(p, opener->span, "brackets and blocks stand", DW_PARSE_DEPTH);
    else
        dw_parse_advance(p);
}

void dw_parse_close(dw_parser *p, dw_opener *opener, dw_token_kind closing) {
    if (p->tok.kind != closing) {
        dw_parse_slip_unclosed(p, opener);
    } else if (closing == DW_TOKEN_BLOCK_END && !p->has_suspect &&
               line_indent(p, p->tok.span.start) < line_indent(p, opener->span.start)) {
        p->has_suspect = true;
        p->suspect = *opener;
    }
    p->lines = opener->outer_lines;
    p->opener = opener->outer;
    p->nesting--;
    if (!p->lex.failed)
        dw_parse_advance(p);
}

void dw_parse_push(dw_parser *p, dw_node *node) {
    if (p->used == p->room) {
        uint32_t room = p->room < 64 ? 64 : p->room * 2;
        dw_node **grown = dw_mem_grow(p->arena->mem, p->stack, room * sizeof *grown);
        if (grown == NULL) {
            dw_parse_memory(p);
            return;
        }
        p->stack = grown;
        p->room = room;
    }
    p->stack[p->used++] = node;
}

dw_node *dw_parse_make(dw_parser *p, dw_node_kind kind, uint32_t base, uint32_t start,
                       dw_span mark) {
    uint32_t count = p->used > base ? p->used - base : 0;
    p->used = base < p->used ? base : p->used;
    if (p->lex.failed)
        return NULL;
    dw_span span = {start, p->last.span.end > start ? p->last.span.end : start};
    dw_node *node = dw_ast_node(p->arena, kind, span, count);
    if (node == NULL) {
        dw_parse_memory(p);
        return NULL;
    }
    node->mark = mark;
    unsigned height = 0;
    for (uint32_t i = 0; i < count; i++) {
        node->child[i] = p->stack[base + i];
        if (node->child[i] != NULL && node->child[i]->height > height)
            height = node->child[i]->height;
    }
    node->height = (uint16_t)(height + 1);
    if (node->height > DW_PARSE_HEIGHT)
        dw_parse_limit(p, mark, "operations build on each other", DW_PARSE_HEIGHT);
    return p->lex.failed ? NULL : node;
}

void *dw_parse_room(dw_parser *p, size_t count, size_t size) {
    void *room = p->lex.failed ? NULL : dw_arena_new(p->arena, count * size);
    if (room == NULL)
        dw_parse_memory(p);
    return room;
}

/* The place among the known names for these bytes; also finds out whether they are all ASCII. */
static dw_parse_known *known_place(dw_parser *p, const char *bytes, size_t size, bool *ascii) {
    uint32_t hash = 2166136261u;
    unsigned char all = 0;
    for (size_t i = 0; i < size; i++) {
        all |= (unsigned char)bytes[i];
        hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
    }
    *ascii = all < 0x80;
    return &p->known[(hash ^ hash >> 16) % DW_PARSE_KNOWN];
}

const char *dw_parse_name(dw_parser *p, dw_span span) {
    const char *bytes = p->lex.source + span.start;
    size_t size = span.end - span.start;
    bool ascii;
    dw_parse_known *known = known_place(p, bytes, size, &ascii);
    if (known->text != NULL && known->span.end - known->span.start == size &&
        memcmp(p->lex.source + known->span.start, bytes, size) == 0)
        return known->text;
    dw_buf_clear(&p->name);
    if (!ascii) {
        dw_lex_name(bytes, size, &p->name);
        bytes = p->name.data;
        size = p->name.size;
    }
    const char *name = p->name.failed || p->lex.failed || bytes == NULL
                           ? NULL
                           : dw_arena_text(p->arena, bytes, size);
    if (name == NULL) {
        dw_parse_memory(p);
        return "";
    }
    *known = (dw_parse_known){.span = span, .text = name};
    return name;
}

static bool twice(dw_parser *p, const char *name, dw_span span) {
    dw_parse_fail(p, span, "%.80s stands here twice: each needs a name of its own", name);
    return false;
}

bool dw_parse_distinct(dw_parser *p, const char *const *names, const dw_span *spans,
                       uint32_t count) {
    if (p->lex.failed)
        return false;
    if (count <= FEW_NAMES) {
        for (uint32_t i = 1; i < count; i++)
            for (uint32_t j = 0; j < i; j++)
                if (strcmp(names[i], names[j]) == 0)
                    return twice(p, names[i], spans[i]);
        return true;
    }
    dw_map map;
    dw_map_init(&map, p->arena->mem);
    bool good = true;
    for (uint32_t i = 0; good && i < count; i++) {
        uint32_t index;
        if (!dw_map_add(&map, names[i], &index)) {
            dw_parse_memory(p);
            good = false;
        } else if (index != i) {
            good = twice(p, names[i], spans[i]);
        }
    }
    dw_map_free(&map);
    return good;
}

void dw_parse_let_go(dw_parser *p) {
    if (!p->passing || p->opener != NULL || p->tok.span.start - p->passed < LET_GO || p->lex.failed)
        return;
    p->passed = p->tok.span.start;
    p->used = 0;
    dw_arena_free(p->arena);
    memset(p->known, 0, sizeof p->known);
}

/* Reads the whole source into `arena`. The parser's own memory is freed again; its findings stay
 * readable. */
static dw_node *run(dw_parser *p, dw_unit *unit, dw_arena *arena, dw_err *err) {
    *p = (dw_parser){
        .unit = unit, .arena = arena, .passing = arena != &unit->arena, .err = err, .lines = true};
    dw_buf_init(&p->name, arena->mem);
    dw_lex_begin(&p->lex, unit->source, unit->size, unit->number, err);
    dw_parse_advance(p);
    p->last = (dw_token){.kind = DW_TOKEN_END};
    dw_parse_stmt_block(p);
    if (p->tok.kind == DW_TOKEN_BLOCK_END)
        dw_parse_fail(p, p->tok.span,
                      "this end has nothing to close: delete it, or look above for "
                      "a block that ends too early");
    else if (p->tok.kind == DW_TOKEN_ELSE)
        dw_parse_fail(p, p->tok.span,
                      "this else belongs to no if: look above for an end that comes "
                      "too early");
    dw_node *root = dw_parse_make(p, DW_NODE_BLOCK, 0, 0, (dw_span){0, 0});
    dw_mem_free(p->stack);
    dw_buf_free(&p->name);
    return root;
}

bool dw_parse_unit(dw_unit *unit, dw_err *err) {
    dw_parser parser;
    unit->root = run(&parser, unit, &unit->arena, err);
    return unit->root != NULL;
}

dw_parse_state dw_parse_check(dw_mem *mem, const char *source, size_t size, uint32_t *indent) {
    dw_err err = {0};
    dw_parser parser;
    dw_arena arena;
    dw_arena_init(&arena, mem);
    *indent = 0;
    dw_unit *unit = dw_unit_new(mem, 0, "", 1, source, size);
    if (unit == NULL)
        return DW_PARSE_COMPLETE; /* running it will say that memory ran out */
    bool good = run(&parser, unit, &arena, &err) != NULL;
    dw_arena_free(&arena);
    dw_unit_release(unit);
    if (!good && parser.incomplete)
        *indent = parser.indent;
    return good || err.kind == DW_ERR_MEMORY ? DW_PARSE_COMPLETE
           : parser.incomplete               ? DW_PARSE_INCOMPLETE
                                             : DW_PARSE_INVALID;
}

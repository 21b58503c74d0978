/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the parser share: its state, and the functions they call in each other. Private
 * to parse*.c. After the first error every word reads as the end, node functions give NULL, and
 * nobody has to look: only code that follows a pointer into a node asks whether it is there. */
#ifndef DW_PARSE_RULES_H
#define DW_PARSE_RULES_H

#include "syntax/ast.h"
#include "syntax/lex.h"

/* A bracket or block that is open; lives on the stack of the function that reads it. */
typedef struct dw_opener {
    dw_token_kind kind; /* OPEN, OPEN_SQUARE, TEXT (the { in one), or the word of a block */
    dw_span span;       /* where it stands */
    uint32_t latest;    /* where its last header stands: if, or its latest else */
    bool index;         /* [ ] behind a value */
    bool outer_lines;   /* `lines` outside of it */
    struct dw_opener *outer;
} dw_opener;

/* Names seen lately, so that one that occurs often is kept once; by a hash of their bytes. */
enum { DW_PARSE_KNOWN = 256 };
typedef struct {
    dw_span span;
    const char *text; /* NULL: an empty place */
} dw_parse_known;

typedef struct dw_parser {
    dw_lex lex;
    dw_token tok;  /* the word to be read next */
    dw_token last; /* the word read last */
    dw_unit *unit;
    dw_arena *arena; /* what the tree lives in: the unit's, or a passing one */
    bool passing;    /* only whether it reads is asked: trees of whole statements are let go */
    uint32_t passed; /* up to where they were let go */
    dw_err *err;
    dw_node **stack; /* children of the nodes under construction */
    uint32_t used, room;
    dw_buf name;
    dw_parse_known known[DW_PARSE_KNOWN];
    dw_opener *opener; /* innermost, or NULL */
    uint32_t nesting;  /* how many there are */
    uint32_t depth;    /* expressions inside each other */
    bool lines;        /* a line end ends a statement: not so inside brackets */
    bool incomplete;   /* the error was that the source ended */
    uint32_t indent;   /* for a console, then */
    bool has_suspect;  /* an `end` stood further left than the line it closed … */
    dw_opener suspect; /* … which was this one: the likely one without its `end` */
} dw_parser;

/* Where a value ended and something follows that cannot follow. */
typedef enum {
    DW_SLIP_STATEMENT,
    DW_SLIP_ASSIGN, /* behind the value of name = value */
    DW_SLIP_HEADER, /* behind if, while, repeat, for …, before their block */
    DW_SLIP_CLAIM,  /* behind check */
    DW_SLIP_LIST,
    DW_SLIP_CALL,
    DW_SLIP_INDEX,
    DW_SLIP_GROUP,
    DW_SLIP_INSERT
} dw_slip;

/* parse.c: the state and the nodes. Fail and limit set the error; limit says how deep is too deep.
 */
void dw_parse_advance(dw_parser *p);
void dw_parse_fail(dw_parser *p, dw_span span, const char *format, ...) DW_PRINTF(3, 4);
/* Before a fail: when the source ended here, more of it could have helped (so a console waits). */
void dw_parse_ends_early(dw_parser *p);
void dw_parse_limit(dw_parser *p, dw_span span, const char *what, int limit);
void dw_parse_memory(dw_parser *p);
/* Whether the word to be read cannot belong to the value before it because its line ended. */
bool dw_parse_at_line_end(const dw_parser *p);
/* Enters the bracket or block that begins with the word to be read, and reads that word. */
void dw_parse_open(dw_parser *p, dw_opener *opener, bool lines);
/* Leaves it by a closing word, or explains why that is not there. */
void dw_parse_close(dw_parser *p, dw_opener *opener, dw_token_kind closing);
void dw_parse_push(dw_parser *p, dw_node *node);
/* A node whose children are all pushed since `base`; covers the source from `start` to the last
 * word. */
dw_node *dw_parse_make(dw_parser *p, dw_node_kind kind, uint32_t base, uint32_t start,
                       dw_span mark);
/* The folded name of a word, kept by the unit. */
const char *dw_parse_name(dw_parser *p, dw_span span);
/* Between top-level statements, when nobody keeps the tree: lets go of it from time to time. */
void dw_parse_let_go(dw_parser *p);
/* Zeroed memory kept by the unit. */
void *dw_parse_room(dw_parser *p, size_t count, size_t size);
/* False, with an error, when two of the names are the same. */
bool dw_parse_distinct(dw_parser *p, const char *const *names, const dw_span *spans,
                       uint32_t count);

/* parse_expr.c: values. */
dw_node *dw_parse_expr_read(dw_parser *p, int power);
/* Reads `names in` and appends the span of each name; the caller frees the buffer. */
void dw_parse_expr_names(dw_parser *p, dw_buf *spans);
/* Gives these names to a FOR or COMPREHENSION node. */
void dw_parse_expr_keep(dw_parser *p, dw_node *into, const dw_buf *spans);
/* A function without a name or the value of a definition. */
dw_node *dw_parse_expr_function(dw_parser *p, dw_function_node *function, dw_node *body,
                                uint32_t start, dw_span mark);

/* parse_list.c: what stands in brackets. */
dw_node *dw_parse_list_read(dw_parser *p);
dw_node *dw_parse_list_group(dw_parser *p, int power);
dw_node *dw_parse_list_call(dw_parser *p, dw_node *function, uint32_t start);
dw_node *dw_parse_list_index(dw_parser *p, dw_node *value, uint32_t start);
/* An error when two children of this kind have one name: named values of a call or record, knobs.
 */
void dw_parse_list_distinct(dw_parser *p, const dw_node *node, dw_node_kind kind);

/* parse_text.c: texts with values inside. */
dw_node *dw_parse_text_read(dw_parser *p);

/* parse_stmt.c: statements. The statements up to end, else or the end of the source are pushed. */
void dw_parse_stmt_block(dw_parser *p);
/* do … end */
dw_node *dw_parse_stmt_do(dw_parser *p);

/* parse_slip.c: the explanations. */
void dw_parse_slip_operand(dw_parser *p);
void dw_parse_slip_after(dw_parser *p, const dw_node *left, dw_slip where);
void dw_parse_slip_unclosed(dw_parser *p, const dw_opener *opener);
void dw_parse_slip_names(dw_parser *p);
/* Something that cannot stand left of =. */
void dw_parse_slip_target(dw_parser *p, const dw_node *target);
/* Whether the word to be read is a keyword used as a name (`end = 3`); then explains that. */
bool dw_parse_slip_keyword(dw_parser *p);

#endif

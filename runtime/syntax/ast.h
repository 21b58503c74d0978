/* SPDX-License-Identifier: BSD-3-Clause */
/* The syntax tree. Nodes live in the arena of their unit (a cell or a script) together with its
 * source text; functions keep their unit alive. The parser fills everything except the fields that
 * scope.c sets when it finds out what each name means. */
#ifndef DW_AST_H
#define DW_AST_H

#include "base/arena.h"
#include "base/buf.h"

typedef enum {
#define DW_NODE_KIND(name, children) DW_NODE_##name,
#include "syntax/node.def"
#undef DW_NODE_KIND
    DW_NODE_KINDS
} dw_node_kind;

/* Signs of BINARY nodes, and of the gaps of a COMPARE chain. */
typedef enum {
    DW_SIGN_NONE,
    DW_SIGN_ADD,         /* + */
    DW_SIGN_SUBTRACT,    /* - */
    DW_SIGN_TIMES,       /* * : matrix product of two arrays */
    DW_SIGN_ELEMENTWISE, /* .* */
    DW_SIGN_DOT,         /* · */
    DW_SIGN_DIVIDE,      /* / */
    DW_SIGN_POWER,       /* ^ and superscripts */
    DW_SIGN_EQUAL,
    DW_SIGN_UNEQUAL,
    DW_SIGN_LESS,
    DW_SIGN_LESS_EQUAL,
    DW_SIGN_GREATER,
    DW_SIGN_GREATER_EQUAL,
    DW_SIGN_ABOUT, /* ≈ */
    DW_SIGN_IN,
    DW_SIGNS
} dw_sign;

/* Where a name lives, found by scope.c. */
typedef enum {
    DW_PLACE_NONE,
    DW_PLACE_GLOBAL,  /* slot: number in the session's table of names */
    DW_PLACE_LOCAL,   /* slot: in the frame of the running function or cell */
    DW_PLACE_CAPTURE, /* slot: among the values a closure brought along */
    DW_PLACE_SELF     /* the function that is running */
} dw_place;

typedef struct dw_node dw_node;

/* A parameter of a function: its name, and what stands after = (or NULL). */
typedef struct {
    const char *name;
    dw_span span;
    dw_node *fallback;
    uint32_t slot; /* frame slot, by scope.c */
} dw_parameter;

/* One value a closure brings along from where it is written. */
typedef struct {
    dw_place from; /* LOCAL, CAPTURE or SELF of the enclosing function */
    uint32_t slot;
} dw_capture;

/* What a FUNCTION node is besides its body. */
typedef struct {
    const char *name;         /* "f" of f(x) = …, or NULL for x ↦ … */
    dw_parameter *parameters; /* inputs, then trainable parameters */
    uint32_t inputs;          /* how many stand before the semicolon */
    uint32_t count;           /* of all */
    dw_span head;             /* f(x; w) or the (x, y) before ↦ */
    uint32_t slots;           /* frame size, by scope.c */
    dw_capture *captures;     /* by scope.c */
    uint32_t capture_count;
} dw_function_node;

/* The names before `in`, as many as first_extra says. */
typedef struct {
    const char **names;
    dw_span *name_spans;
    uint32_t *slots; /* by scope.c */
    uint8_t *places; /* by scope.c: FOR at top level sets globals */
} dw_loop_names;

struct dw_node {
    uint16_t kind;        /* dw_node_kind */
    uint8_t op;           /* dw_sign of BINARY */
    uint8_t place;        /* dw_place of NAME, DEFINE, KNOB; by scope.c */
    bool parenthesised;   /* written inside ( ) of its own */
    uint8_t digits;       /* INSERT */
    uint16_t height;      /* 1 for a leaf, else one more than the highest child */
    uint32_t slot;        /* by scope.c */
    dw_span span;         /* everything the node covers, its own parentheses left out */
    dw_span mark;         /* where a caret belongs: the sign, the name, the opening bracket */
    uint32_t count;       /* children */
    uint32_t first_extra; /* CALL: number of the first child after a `;` (count if there is none);
                             FOR, COMPREHENSION: how many names */
    uint32_t text_size;   /* TEXT: bytes, NULs included */
    union {
        double number;    /* NUMBER, TRUTH */
        const char *text; /* TEXT, NAME, ARGUMENT, FIELD, DEFINE, KNOB, HELP; folded: W₁ is W1.
                             CALL: the field that is read from its value at once, or NULL */
        dw_function_node *function; /* FUNCTION */
        uint8_t *ops;               /* COMPARE: dw_sign each */
        dw_loop_names *loop;        /* FOR, COMPREHENSION */
    } u;
    dw_node *child[]; /* `count` of them */
};

/* A source text and its tree. */
typedef struct dw_unit {
    uint32_t refs;
    uint32_t number;     /* unique in a session; what dw_err.unit means */
    char *name;          /* "cell 3", "steps.dw" */
    uint32_t first_line; /* the number of its first line */
    char *source;        /* UTF-8, NUL-terminated */
    size_t size;
    dw_node *root;  /* BLOCK; NULL when parsing failed */
    uint32_t slots; /* frame size of the top level, by scope.c */
    dw_arena arena; /* owns all above except the unit itself */
} dw_unit;

/* A node of a kind with `count` child pointers (all NULL); NULL when there is no memory. */
dw_node *dw_ast_node(dw_arena *arena, dw_node_kind kind, dw_span span, uint32_t count) DW_CHECK;

/* The name of a kind ("BINARY") and the sign as the language writes it ("≤"). */
const char *dw_ast_kind(dw_node_kind kind);
const char *dw_ast_sign(dw_sign sign);

/* Writes the tree as source text again, fully parenthesised where needed, one statement a line:
 * parsing that text gives an equal tree. */
void dw_ast_print(const dw_node *node, dw_buf *out);

/* Whether two trees say the same: kinds, signs, names, numbers and texts; not where they stand. */
bool dw_ast_equal(const dw_node *a, const dw_node *b);

/* A new unit with one reference that owns copies of name and source; NULL when there is no memory.
 * Retain and release count; the last release frees tree and source. */
dw_unit *dw_unit_new(dw_mem *mem, uint32_t number, const char *name, uint32_t first_line,
                     const char *source, size_t size) DW_CHECK;
dw_unit *dw_unit_retain(dw_unit *unit);
void dw_unit_release(dw_unit *unit);

#endif

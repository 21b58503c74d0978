/* SPDX-License-Identifier: BSD-3-Clause */
/* The pages of help: builtins from their rows, words from token.def, topics from topic.def, names
 * of the notebook from their values. */
#include "lang/assist.h"

#include "base/text.h"
#include "lang/assist_scan.h"
#include "lang/builtin.h"
#include "syntax/lex.h"
#include <math.h>
#include <string.h>

static const struct {
    const char *name, *text;
} topics[] = {
#define DW_TOPIC(name, text) {name, text},
#include "lang/topic.def"
#undef DW_TOPIC
};

static const char *const word_help[] = {
#define DW_TOKEN_SIGN(name, spelling, power, help) help,
#define DW_TOKEN_WORD(name, spelling, power, help) help,
#include "syntax/token.def"
#undef DW_TOKEN_SIGN
#undef DW_TOKEN_WORD
};

static const struct {
    const char *name, *symbol;
} symbols[] = {
#define DW_SYMBOL(name, symbol) {name, symbol},
#include "syntax/symbols.def"
#undef DW_SYMBOL
};

/* Appends text with two blanks before each line. */
static void indented(dw_buf *out, const char *text) {
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        dw_buf_text(out, "  ");
        dw_buf_add(out, text, size);
        dw_buf_byte(out, '\n');
        text += size + (text[size] == '\n');
    }
}

/* The words of "slope sum" as "?slope, ?sum". */
static void listed(dw_buf *out, const char *words) {
    bool first = true;
    while (*words != '\0') {
        size_t size = strcspn(words, " ");
        if (size > 0) {
            dw_buf_text(out, first ? "?" : ", ?");
            dw_buf_add(out, words, size);
            first = false;
        }
        words += size + (words[size] == ' ');
    }
}

static void builtin_page(const dw_builtin *row, dw_buf *out) {
    dw_buf_text(out,
                row->signature != NULL && row->signature[0] != '\0' ? row->signature : row->name);
    if (row->alias != NULL)
        dw_buf_print(out, "    also %s", row->alias);
    dw_buf_print(out, "\n\n%s\n", row->help);
    if (row->example != NULL && row->example[0] != '\0') {
        dw_buf_text(out, "\nExample\n");
        indented(out, row->example);
    }
    if (row->see != NULL && row->see[0] != '\0') {
        dw_buf_text(out, "\nSee also: ");
        listed(out, row->see);
        dw_buf_byte(out, '\n');
    }
}

static void symbols_page(dw_buf *out) {
    dw_buf_text(out, "Symbols: type the name and press Tab\n\n");
    size_t count = sizeof symbols / sizeof *symbols;
    for (size_t i = 0; i < count; i++) {
        bool last = i % 4 == 3 || i + 1 == count;
        size_t wide = dw_text_width(symbols[i].symbol, strlen(symbols[i].symbol));
        int gap = last ? 0 : wide < 8 ? (int)(8 - wide) : 1;
        dw_buf_print(out, "  \\%-12s%s%*s%s", symbols[i].name, symbols[i].symbol, gap, "",
                     last ? "\n" : "");
    }
}

/* Every builtin, one group a paragraph. Groups appear in the order of their first row. */
static void words_page(dw_buf *out) {
    const dw_builtin *row, *other;
    dw_buf_text(out, "Functions, constants and words: ?sum explains sum\n");
    for (size_t i = 0; (row = dw_builtin_at(i)) != NULL; i++) {
        bool seen = false;
        for (size_t j = 0; j < i && !seen; j++)
            seen = strcmp(dw_builtin_at(j)->group, row->group) == 0;
        if (seen)
            continue;
        dw_buf_print(out, "\n%s\n ", row->group);
        size_t width = 1;
        for (size_t j = i; (other = dw_builtin_at(j)) != NULL; j++) {
            if (strcmp(other->group, row->group) != 0)
                continue;
            size_t size = strlen(other->name) + 1;
            if (width + size > 92) {
                dw_buf_text(out, "\n ");
                width = 1;
            }
            dw_buf_print(out, " %s", other->name);
            width += size;
        }
        dw_buf_byte(out, '\n');
    }
    dw_buf_text(out, "\nLanguage\n ");
    for (int kind = DW_TOKEN_IF; kind < DW_TOKEN_KINDS; kind++)
        dw_buf_print(out, " %s", dw_lex_spelling((dw_token_kind)kind));
    dw_buf_byte(out, '\n');
}

/* A name of the notebook: what it is, its definition when it is a function. */
static void value_page(const char *name, const dw_value *value, bool source, dw_buf *out) {
    char words[DW_VALUE_WORDS];
    const dw_function *f = value->kind == DW_FUNCTION ? value->as.function : NULL;
    if (f != NULL && f->node != NULL && f->unit != NULL) {
        dw_span head = f->node->u.function->head, all = f->node->span;
        bool named = f->node->u.function->name != NULL;
        dw_buf_print(out, "%s%s", named ? "" : name, named ? "" : " = ");
        dw_buf_add(out, f->unit->source + head.start, head.end - head.start);
        dw_buf_print(out, "\n\nA function of the notebook (%s).\n", f->unit->name);
        if (source) {
            dw_buf_text(out, "\nDefinition\n  ");
            dw_buf_add(out, f->unit->source + all.start, all.end - all.start);
            dw_buf_byte(out, '\n');
        }
        return;
    }
    dw_buf_print(out, "%s is %s\n\n", name, dw_value_words(*value, words));
    dw_value_show(out, *value);
    dw_buf_byte(out, '\n');
}

static bool word_page(const char *topic, dw_buf *out) {
    for (int kind = 0; kind < DW_TOKEN_KINDS; kind++) {
        const char *spelling = dw_lex_spelling((dw_token_kind)kind);
        if (word_help[kind][0] == '\0' || strcmp(spelling, topic) != 0)
            continue;
        dw_buf_print(out, "%s\n\n%s\n", spelling, word_help[kind]);
        return true;
    }
    return false;
}

static bool topic_page(const char *topic, dw_buf *out) {
    if (strcmp(topic, "symbols") == 0) {
        symbols_page(out);
        return true;
    }
    if (strcmp(topic, "functions") == 0) {
        words_page(out);
        return true;
    }
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        if (strcmp(topics[i].name, topic) == 0) {
            dw_buf_text(out, topics[i].text);
            return true;
        }
    return false;
}

/* Whether a name of the notebook still has the value it began with. */
static bool is_builtin(const dw_builtin *row, const dw_value *value) {
    if (value == NULL || value->kind == DW_NOTHING)
        return true;
    if (value->kind == DW_FUNCTION)
        return value->as.function->builtin == row;
    double number = 0;
    bool constant = row->run == NULL && row->elem == 0 && dw_value_as_number(*value, &number);
    bool same =
        isnan(row->constant) ? isnan(number) : number >= row->constant && number <= row->constant;
    return constant && same;
}

static bool page(const dw_eval *eval, const char *name, bool source, dw_buf *out) {
    const dw_value *value = dw_eval_name(eval, name);
    const dw_builtin *row = dw_builtin_find(name);
    if (row != NULL && is_builtin(row, value)) {
        builtin_page(row, out);
        return true;
    }
    if (value != NULL && value->kind != DW_NOTHING) {
        const dw_builtin *builtin = value->kind == DW_FUNCTION ? value->as.function->builtin : NULL;
        if (builtin != NULL && builtin->show == NULL)
            builtin_page(builtin, out);
        else
            value_page(name, value, source, out);
        return true;
    }
    return word_page(name, out) || (name[0] != '\0' && topic_page(name, out));
}

bool dw_assist_help(const dw_eval *eval, const char *topic, dw_buf *out) {
    return topic == NULL ? topic_page("", out) : page(eval, topic, true, out);
}

/* The page on a piece of the source. */
static bool page_at(const dw_eval *eval, const char *source, dw_span span, int detail,
                    dw_buf *out) {
    dw_buf name;
    dw_buf_init(&name, eval->mem);
    dw_lex_name(source + span.start, span.end - span.start, &name);
    bool found = name.size > 0 && !name.failed && page(eval, name.data, detail > 0, out);
    dw_buf_free(&name);
    return found;
}

bool dw_assist_inspect(const dw_eval *eval, const char *source, size_t size, size_t cursor,
                       int detail, dw_buf *out) {
    dw_assist_scan scan;
    dw_assist_scan_read(source, size, cursor, &scan);
    if (scan.quiet)
        return false;
    bool found = scan.whole.end > scan.whole.start && !scan.field &&
                 page_at(eval, source, scan.whole, detail, out);
    if (!found && scan.has_call)
        found = page_at(eval, source, scan.function, detail, out);
    return found && !out->failed;
}

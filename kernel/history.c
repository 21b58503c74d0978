/* SPDX-License-Identifier: BSD-3-Clause */
/* In-memory history: range, tail and search.
 *
 * Texts lie one behind the other in pages. Each in a block of its own would stay for hours between
 * the large blocks of the figures of its time, and keep those holes from growing together. */
#include "history.h"

#include "repair.h"
#include "spare.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#define JK_HISTORY_PAGE ((size_t)64 << 10) /* bytes of a page; a longer text has one of its own */

typedef struct page {
    struct page *next; /* the younger one */
    size_t entries;    /* that are still kept */
    size_t used, room;
    char text[];
} page;

typedef struct entry {
    long line;
    char *text; /* input, then output; in a page */
    size_t input_len;
    size_t output_len;
    bool has_output;
} entry;

struct jk_history {
    entry *list; /* oldest first */
    size_t count, capacity;
    page *oldest, *newest; /* entries come and go in order, so the first is in the oldest page */
    size_t bytes, limit;
};

jk_history *jk_history_new(size_t limit) {
    jk_history *history = jk_spare_zero(1, sizeof *history);
    if (history) {
        history->limit = limit;
    }
    return history;
}

/* What an entry counts, so that many short ones are bounded too. */
static size_t weight(const entry *item) {
    return item->input_len + item->output_len + sizeof *item;
}

static void drop_page(jk_history *history) {
    page *old = history->oldest;
    history->oldest = old->next;
    if (!history->oldest) {
        history->newest = NULL;
    }
    free(old);
}

static void drop_oldest(jk_history *history, size_t count) {
    if (count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        history->bytes -= weight(&history->list[i]);
        if (--history->oldest->entries == 0) {
            drop_page(history);
        }
    }
    history->count -= count;
    memmove(history->list, history->list + count, history->count * sizeof *history->list);
}

static bool make_room(jk_history *history, size_t extra) {
    size_t excess = 0;
    size_t bytes = history->bytes;
    while (excess < history->count && bytes + extra > history->limit) {
        bytes -= weight(&history->list[excess]);
        excess++;
    }
    drop_oldest(history, excess);
    if (history->count < history->capacity) {
        return true;
    }
    size_t capacity = history->capacity ? history->capacity * 2 : 16;
    entry *list = jk_spare_grow(history->list, capacity * sizeof *list);
    if (!list) {
        return false;
    }
    history->list = list;
    history->capacity = capacity;
    return true;
}

/* Room for the text of one more entry; NULL without memory. */
static char *place(jk_history *history, size_t size) {
    page *last = history->newest;
    if (!last || last->room - last->used < size) {
        size_t room = size > JK_HISTORY_PAGE ? size : JK_HISTORY_PAGE;
        page *new = jk_spare_get(sizeof *new + room);
        if (!new) {
            return NULL;
        }
        *new = (page){.room = room};
        *(last ? &last->next : &history->oldest) = new;
        last = history->newest = new;
    }
    char *text = last->text + last->used;
    last->used += size;
    last->entries++;
    return text;
}

bool jk_history_add(jk_history *history, long line, jk_span input, jk_span output) {
    size_t extra = input.len + output.len;
    if (!make_room(history, extra + sizeof(entry))) {
        return false;
    }
    entry item = {line, place(history, extra), input.len, output.len, output.bytes != NULL};
    if (!item.text) {
        return false;
    }
    if (input.len > 0) {
        memcpy(item.text, input.bytes, input.len);
    }
    if (output.len > 0) {
        memcpy(item.text + input.len, output.bytes, output.len);
    }
    history->list[history->count++] = item;
    history->bytes += weight(&item);
    return true;
}

static jk_span input_of(const entry *item) {
    return jk_span_make(item->text, item->input_len);
}

/* One row of the answer: [session, line, input] or [session, line, [input, output]]. */
static json_t *row_of(const entry *item, bool with_output) {
    json_t *input = json_stringn(item->text, item->input_len);
    if (!with_output) {
        return json_pack("[i,I,o]", JK_HISTORY_SESSION, (json_int_t)item->line, input);
    }
    json_t *output = item->has_output ? json_stringn(item->text + item->input_len, item->output_len)
                                      : json_null();
    return json_pack("[i,I,[o,o]]", JK_HISTORY_SESSION, (json_int_t)item->line, input, output);
}

/* Step over one character of well-formed text. */
static size_t next_char(jk_span text, size_t at) {
    size_t step = jk_repair_char(text.bytes + at, text.len - at);
    return at + (step ? step : 1);
}

/* On a mismatch the last * takes one character more: linear memory, no recursion. */
bool jk_history_matches(jk_span pattern, jk_span text) {
    size_t p = 0, t = 0;
    size_t star = SIZE_MAX, star_text = 0;
    while (t < text.len) {
        if (p < pattern.len && pattern.bytes[p] == '*') {
            star = p++;
            star_text = t;
        } else if (p < pattern.len && pattern.bytes[p] == '?') {
            p++;
            t = next_char(text, t);
        } else if (p < pattern.len && pattern.bytes[p] == text.bytes[t]) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = star_text = next_char(text, star_text);
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.bytes[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

/* A whole number field; JavaScript and some clients send reals. */
static long long number(const json_t *content, const char *name, long long fallback) {
    const json_t *value = json_object_get(content, name);
    if (json_is_integer(value)) {
        return json_integer_value(value);
    }
    if (json_is_real(value)) {
        double real = json_real_value(value);
        return real >= 9e15 ? LLONG_MAX : real <= -9e15 ? LLONG_MIN : (long long)real;
    }
    return fallback;
}

static bool flag(const json_t *content, const char *name) {
    const json_t *value = json_object_get(content, name);
    return json_is_true(value) || (json_is_number(value) && json_number_value(value) != 0);
}

static void mark_range(const jk_history *history, const json_t *content, bool *chosen) {
    long long session = number(content, "session", 0);
    long long start = number(content, "start", 1);
    long long stop = number(content, "stop", LLONG_MAX);
    bool is_here = session == 0 || session == JK_HISTORY_SESSION;
    for (size_t i = 0; is_here && i < history->count; i++) {
        chosen[i] = history->list[i].line >= start && history->list[i].line < stop;
    }
}

/* Whether the same input was chosen already, among the newer ones. */
static bool is_repeated(const jk_history *history, const bool *chosen, size_t at) {
    jk_span input = input_of(&history->list[at]);
    for (size_t i = at + 1; i < history->count; i++) {
        jk_span other = input_of(&history->list[i]);
        if (chosen[i] && other.len == input.len &&
            (input.len == 0 || memcmp(other.bytes, input.bytes, input.len) == 0)) {
            return true;
        }
    }
    return false;
}

static void mark_newest(const jk_history *history, const json_t *content, bool is_search,
                        bool *chosen) {
    const json_t *text = json_object_get(content, "pattern");
    jk_span pattern = json_is_string(text)
                          ? jk_span_make(json_string_value(text), json_string_length(text))
                          : jk_span_of("*");
    bool unique = is_search && flag(content, "unique");
    long long rest = number(content, "n", LLONG_MAX);
    for (size_t i = history->count; i-- > 0 && rest > 0;) {
        bool fits = !is_search || jk_history_matches(pattern, input_of(&history->list[i]));
        if (fits && !(unique && is_repeated(history, chosen, i))) {
            chosen[i] = true;
            rest--;
        }
    }
}

json_t *jk_history_answer(const jk_history *history, const json_t *content) {
    const char *kind = json_string_value(json_object_get(content, "hist_access_type"));
    bool *chosen = jk_spare_zero(history->count + 1, sizeof *chosen);
    json_t *rows = chosen ? json_array() : NULL;
    if (!rows) {
        free(chosen);
        return NULL;
    }
    if (kind && strcmp(kind, "range") == 0) {
        mark_range(history, content, chosen);
    } else if (kind && (strcmp(kind, "tail") == 0 || strcmp(kind, "search") == 0)) {
        mark_newest(history, content, kind[0] == 's', chosen);
    }
    bool with_output = flag(content, "output");
    for (size_t i = 0; i < history->count; i++) {
        if (chosen[i]) {
            json_array_append_new(rows, row_of(&history->list[i], with_output));
        }
    }
    free(chosen);
    return rows;
}

void jk_history_free(jk_history *history) {
    if (history) {
        drop_oldest(history, history->count);
        free(history->list);
        free(history);
    }
}

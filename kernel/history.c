/* SPDX-License-Identifier: BSD-3-Clause */
/* In-memory history: range, tail and search.
 *
 * DESIGN. Cells are written one behind the other into an open page. A full page is packed by zlib
 * and closed: programs and what they answer shrink to a quarter or less, and few blocks of memory
 * are made, which matters as well, because a block for each text would stay for hours between the
 * large blocks of the figures of its time and keep those holes from growing together. A question
 * unpacks everything for as long as it takes to answer it. */
#include "history.h"

#include "bytes.h"
#include "repair.h"
#include "spare.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#define JK_HISTORY_PAGE ((size_t)64 << 10) /* bytes of a page, unless one cell is longer */
#define JK_HISTORY_PAGES 16                /* at least, of a small history */
#define JK_HISTORY_NONE SIZE_MAX           /* length of an output that was not there */

/* What stands before the texts of a cell. */
typedef struct head {
    long line;
    size_t input_len, output_len;
} head;

typedef struct page {
    struct page *next; /* the younger one */
    size_t cells;
    size_t len;    /* unpacked */
    size_t packed; /* as it lies here; equal to len when packing did not help */
    unsigned char bytes[];
} page;

struct jk_history {
    page *oldest, *newest; /* the closed ones */
    jk_bytes open;
    size_t open_cells;
    size_t cells, bytes; /* of all, unpacked */
    size_t limit;        /* of bytes */
};

/* A cell of unpacked pages. */
typedef struct entry {
    long line;
    jk_span input, output;
} entry;

jk_history *jk_history_new(size_t limit) {
    jk_history *history = jk_spare_zero(1, sizeof *history);
    if (history) {
        history->limit = limit;
    }
    return history;
}

static void drop_oldest(jk_history *history) {
    page *old = history->oldest;
    history->oldest = old->next;
    if (!history->oldest) {
        history->newest = NULL;
    }
    history->cells -= old->cells;
    history->bytes -= old->len;
    free(old);
}

/* Closes the open page. Without memory to pack it, it is kept as it is. False: not even that. */
static bool close_page(jk_history *history) {
    jk_bytes *open = &history->open;
    uLongf room = compressBound((uLong)open->len);
    page *new = jk_spare_get(sizeof *new + (room > open->len ? room : open->len));
    if (!new) {
        return false;
    }
    bool is_packed =
        compress(new->bytes, &room, (const Bytef *)open->data, (uLong)open->len) == Z_OK &&
        room < open->len;
    *new = (page){NULL, history->open_cells, open->len, is_packed ? room : open->len};
    if (!is_packed) {
        memcpy(new->bytes, open->data, open->len);
    }
    page *fitted = realloc(new, sizeof *new + new->packed);
    if (fitted) {
        new = fitted;
    }
    *(history->newest ? &history->newest->next : &history->oldest) = new;
    history->newest = new;
    history->open_cells = 0;
    jk_bytes_reset(open, 2 * JK_HISTORY_PAGE);
    return true;
}

/* Sees that `size` more bytes may be added to the open page. */
static bool make_room(jk_history *history, size_t size) {
    size_t most = history->limit / JK_HISTORY_PAGES;
    if (most > JK_HISTORY_PAGE) {
        most = JK_HISTORY_PAGE;
    }
    if (history->open_cells > 0 && history->open.len + size > most && !close_page(history)) {
        return false;
    }
    while (history->oldest && history->bytes + size > history->limit) {
        drop_oldest(history);
    }
    return jk_bytes_reserve(&history->open, size);
}

bool jk_history_add(jk_history *history, long line, jk_span input, jk_span output) {
    const head item = {line, input.len, output.bytes ? output.len : JK_HISTORY_NONE};
    size_t size = sizeof item + input.len + output.len;
    if (!make_room(history, size)) {
        history->open.failed = false; /* the next cell may be shorter */
        return false;
    }
    jk_bytes_add(&history->open, &item, sizeof item);
    jk_bytes_add(&history->open, input.bytes, input.len);
    jk_bytes_add(&history->open, output.bytes, output.len);
    history->open_cells++;
    history->cells++;
    history->bytes += size;
    return true;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* All cells, oldest first, and the texts they point to. */
typedef struct reading {
    entry *list;
    size_t count;
    char *texts;
} reading;

static void end_reading(reading *r) {
    free(r->list);
    free(r->texts);
    *r = (reading){0};
}

static bool unpack(const page *from, char *to) {
    uLongf len = (uLongf)from->len;
    if (from->packed == from->len) {
        memcpy(to, from->bytes, from->len);
        return true;
    }
    return uncompress((Bytef *)to, &len, from->bytes, (uLong)from->packed) == Z_OK;
}

static size_t list_cells(entry *list, const char *texts, size_t len) {
    size_t count = 0;
    for (size_t at = 0; at < len; count++) {
        head item;
        memcpy(&item, texts + at, sizeof item);
        const char *text = texts + at + sizeof item;
        bool has_output = item.output_len != JK_HISTORY_NONE;
        size_t output_len = has_output ? item.output_len : 0;
        list[count] = (entry){item.line, jk_span_make(text, item.input_len),
                              jk_span_make(has_output ? text + item.input_len : NULL, output_len)};
        at += sizeof item + item.input_len + output_len;
    }
    return count;
}

/* False without memory. */
static bool read_all(const jk_history *history, reading *r) {
    r->list = jk_spare_zero(history->cells + 1, sizeof *r->list);
    r->texts = jk_spare_get(history->bytes);
    bool ok = r->list && r->texts;
    size_t at = 0;
    for (const page *from = history->oldest; ok && from; from = from->next) {
        ok = unpack(from, r->texts + at);
        at += from->len;
    }
    if (!ok) {
        end_reading(r);
        return false;
    }
    if (history->open.len > 0) {
        memcpy(r->texts + at, history->open.data, history->open.len);
    }
    r->count = list_cells(r->list, r->texts, history->bytes);
    return true;
}

/* One row of the answer: [session, line, input] or [session, line, [input, output]]. */
static json_t *row_of(const entry *item, bool with_output) {
    json_t *input = json_stringn(item->input.bytes, item->input.len);
    if (!with_output) {
        return json_pack("[i,I,o]", JK_HISTORY_SESSION, (json_int_t)item->line, input);
    }
    json_t *output =
        item->output.bytes ? json_stringn(item->output.bytes, item->output.len) : json_null();
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

static void mark_range(const reading *r, const json_t *content, bool *chosen) {
    long long session = number(content, "session", 0);
    long long start = number(content, "start", 1);
    long long stop = number(content, "stop", LLONG_MAX);
    bool is_here = session == 0 || session == JK_HISTORY_SESSION;
    for (size_t i = 0; is_here && i < r->count; i++) {
        chosen[i] = r->list[i].line >= start && r->list[i].line < stop;
    }
}

/* Whether the same input was chosen already, among the newer ones. */
static bool is_repeated(const reading *r, const bool *chosen, size_t at) {
    jk_span input = r->list[at].input;
    for (size_t i = at + 1; i < r->count; i++) {
        jk_span other = r->list[i].input;
        if (chosen[i] && other.len == input.len &&
            (input.len == 0 || memcmp(other.bytes, input.bytes, input.len) == 0)) {
            return true;
        }
    }
    return false;
}

static void mark_newest(const reading *r, const json_t *content, bool is_search, bool *chosen) {
    const json_t *text = json_object_get(content, "pattern");
    jk_span pattern = json_is_string(text)
                          ? jk_span_make(json_string_value(text), json_string_length(text))
                          : jk_span_of("*");
    bool unique = is_search && flag(content, "unique");
    long long rest = number(content, "n", LLONG_MAX);
    for (size_t i = r->count; i-- > 0 && rest > 0;) {
        bool fits = !is_search || jk_history_matches(pattern, r->list[i].input);
        if (fits && !(unique && is_repeated(r, chosen, i))) {
            chosen[i] = true;
            rest--;
        }
    }
}

json_t *jk_history_answer(const jk_history *history, const json_t *content) {
    const char *kind = json_string_value(json_object_get(content, "hist_access_type"));
    reading r = {0};
    bool *chosen = read_all(history, &r) ? jk_spare_zero(r.count + 1, sizeof *chosen) : NULL;
    json_t *rows = chosen ? json_array() : NULL;
    if (rows && kind && strcmp(kind, "range") == 0) {
        mark_range(&r, content, chosen);
    } else if (rows && kind && (strcmp(kind, "tail") == 0 || strcmp(kind, "search") == 0)) {
        mark_newest(&r, content, kind[0] == 's', chosen);
    }
    bool with_output = flag(content, "output");
    for (size_t i = 0; rows && i < r.count; i++) {
        if (chosen[i]) {
            json_array_append_new(rows, row_of(&r.list[i], with_output));
        }
    }
    free(chosen);
    end_reading(&r);
    return rows;
}

void jk_history_free(jk_history *history) {
    if (history) {
        while (history->oldest) {
            drop_oldest(history);
        }
        jk_bytes_free(&history->open);
        free(history);
    }
}

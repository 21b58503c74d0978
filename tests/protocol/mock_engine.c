/* SPDX-License-Identifier: BSD-3-Clause */
/* The mock engine: commands instead of a language. */
#include "mock_engine.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct mock {
    atomic_bool stop;
    atomic_bool is_running;
    char words[8][32];
    jk_match matches[8];
    jk_part part;
    char text[128];
    char *cell; /* what runs; a signal may end the process in its midst, and then it is not lost */
} mock;

static void pause_ms(long ms) {
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* How long something takes, as the test wants it. */
static long setting(const char *name) {
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : 0;
}

static void say(const jk_out *out, jk_stream stream, const char *text) {
    out->stream(out->self, stream, text, strlen(text));
    out->stream(out->self, stream, "\n", 1);
}

static void show(const jk_out *out, const char *mime, const char *text, const char *id, int how) {
    jk_part parts[2] = {{mime, text, strlen(text)}, {"text/plain", "as text", 7}};
    size_t count = strcmp(mime, "text/plain") == 0 ? 1 : 2;
    jk_display display = {parts, count, count == 2 ? "a picture" : NULL, id};
    (how == 'r' ? out->result : how == 'u' ? out->update : out->display)(out->self, &display);
}

static bool fail(const jk_out *out, const char *ename, const char *evalue) {
    char line[256];
    snprintf(line, sizeof line, "%s: %s", ename, evalue);
    jk_span blocks[2] = {jk_span_of("in the mock"), jk_span_of(line)};
    jk_failure failure = {jk_span_of(ename), jk_span_of(evalue), blocks, 2};
    out->error(out->self, &failure);
    return false;
}

/* Half through the engine's own flag, half through the kernel's question. */
static bool spin(mock *m, const jk_out *out, long ms, bool is_deaf) {
    for (long i = 0; i < ms; i++) {
        pause_ms(1);
        if (!is_deaf && (i % 2 ? atomic_load(&m->stop) : out->cancelled(out->self))) {
            return fail(out, "KeyboardInterrupt", "");
        }
    }
    return true;
}

static bool flood(mock *m, const jk_out *out, long count) {
    char line[64];
    for (long i = 0; i < count; i++) {
        int len = snprintf(line, sizeof line, "line %ld\n", i);
        out->stream(out->self, JK_STDOUT, line, (size_t)len);
        if (atomic_load(&m->stop)) {
            return fail(out, "KeyboardInterrupt", "");
        }
    }
    return true;
}

static void raw(const jk_out *out, const char *hex) {
    unsigned value;
    int used;
    while (sscanf(hex, "%2x%n", &value, &used) == 1) {
        char byte = (char)value;
        out->stream(out->self, JK_STDOUT, &byte, 1);
        hex += used;
    }
}

static void huge(const jk_out *out, long mb) {
    size_t len = (size_t)mb << 20;
    char *text = malloc(len + 1);
    if (text) {
        memset(text, 'x', len);
        jk_part part = {"text/plain", text, len};
        jk_display display = {&part, 1, NULL, NULL};
        out->display(out->self, &display);
        free(text);
    }
}

/* Commands that only put something out. False: not one of them. */
static bool put(const jk_out *out, const char *word, char *rest) {
    char *second = strchr(rest, ' ');
    second = second ? second + 1 : rest + strlen(rest);
    if (strcmp(word, "print") == 0) {
        say(out, JK_STDOUT, rest);
    } else if (strcmp(word, "err") == 0) {
        say(out, JK_STDERR, rest);
    } else if (strcmp(word, "raw") == 0) {
        raw(out, rest);
    } else if (strcmp(word, "result") == 0) {
        show(out, "text/plain", rest, NULL, 'r');
    } else if (strcmp(word, "display") == 0) {
        show(out, "text/plain", rest, NULL, 'd');
    } else if (strcmp(word, "show") == 0) {
        second[second > rest && second[-1] == ' ' ? -1 : 0] = '\0';
        show(out, rest, second, NULL, 'd');
    } else if (strcmp(word, "figure") == 0) {
        show(out, "image/svg+xml", "<svg/>", rest, 'd');
    } else if (strcmp(word, "update") == 0) {
        second[second > rest && second[-1] == ' ' ? -1 : 0] = '\0';
        show(out, "text/plain", second, rest, 'u');
    } else if (strcmp(word, "clear") == 0) {
        out->clear_output(out->self, rest[0] == '1');
    } else if (strcmp(word, "page") == 0) {
        out->page(out->self, rest, strlen(rest));
    } else if (strcmp(word, "next") == 0) {
        out->next_input(out->self, rest, strlen(rest));
    } else if (strcmp(word, "huge") == 0) {
        huge(out, strtol(rest, NULL, 10));
    } else {
        return false;
    }
    return true;
}

/* Says how a question ended, and fails unless it was answered. */
static bool question(const jk_out *out, const char *text, bool is_hidden) {
    static const char *const ends[] = {"answered", "nobody", "ended", "KeyboardInterrupt"};
    jk_bytes answer = {0};
    jk_ask end = out->ask(out->self, jk_span_of(text), is_hidden, &answer);
    bool ok = end == JK_ASK_ANSWERED;
    if (ok) {
        out->stream(out->self, JK_STDOUT, answer.data ? answer.data : "", answer.len);
        out->stream(out->self, JK_STDOUT, "\n", 1);
    }
    jk_bytes_free(&answer);
    return ok || fail(out, ends[end], end == JK_ASK_STOPPED ? "" : text);
}

static bool command(mock *m, const jk_out *out, char *line) {
    char *rest = strchr(line, ' ');
    if (rest) {
        *rest++ = '\0';
    } else {
        rest = line + strlen(line);
    }
    long number = strtol(rest, NULL, 10);
    if (line[0] == '\0' || put(out, line, rest)) {
        return true;
    }
    if (strcmp(line, "flood") == 0) {
        return flood(m, out, number);
    }
    if (strcmp(line, "spin") == 0 || strcmp(line, "deaf") == 0) {
        return spin(m, out, number, line[0] == 'd');
    }
    if (strcmp(line, "ask") == 0 || strcmp(line, "hide") == 0) {
        return question(out, rest, line[0] == 'h');
    }
    if (strcmp(line, "mute") == 0) {
        return false;
    }
    return fail(out, strcmp(line, "fail") == 0 ? "MockError" : "NameError", rest);
}

static bool execute(void *self, const jk_execution *execution, const jk_out *out) {
    mock *m = self;
    char *text = m->cell = calloc(1, execution->code.len + 1);
    if (!text) {
        return fail(out, "MemoryError", "out of memory");
    }
    memcpy(text, execution->code.bytes, execution->code.len);
    pause_ms(setting("MOCK_BEGINS_MS"));
    atomic_store(&m->stop, false);
    atomic_store(&m->is_running, true);
    bool ok = true;
    for (char *line = text, *end; ok && line; line = end) {
        end = strchr(line, '\n');
        if (end) {
            *end++ = '\0';
        }
        ok = command(m, out, line);
    }
    atomic_store(&m->is_running, false);
    m->cell = NULL;
    free(text);
    return ok;
}

static bool complete(void *self, jk_span code, size_t cursor, jk_completion *to) {
    static const char *const words[] = {"print", "page", "result", "spin"};
    mock *m = self;
    size_t start = cursor;
    while (start > 0 && code.bytes[start - 1] >= 'a' && code.bytes[start - 1] <= 'z') {
        start--;
    }
    for (size_t i = 0; i < 4; i++) {
        if (strncmp(words[i], code.bytes + start, cursor - start) == 0) {
            jk_match match = {words[i], "function", "(TEXT)", NULL};
            m->matches[to->count++] = match;
        }
    }
    to->start = start;
    to->end = cursor;
    to->matches = m->matches;
    return true;
}

static bool inspect(void *self, jk_span code, size_t cursor, int level, jk_inspection *to) {
    mock *m = self;
    (void)cursor;
    if (code.len >= 5 && memcmp(code.bytes, "print", 5) == 0) {
        snprintf(m->text, sizeof m->text, "print TEXT, level %d", level);
        m->part = (jk_part){"text/plain", m->text, strlen(m->text)};
        *to = (jk_inspection){true, &m->part, 1};
    }
    return true;
}

static jk_completeness is_complete(void *self, jk_span code, const char **indent) {
    (void)self;
    *indent = "    ";
    if (code.len > 0 && code.bytes[code.len - 1] == '{') {
        return JK_INCOMPLETE;
    }
    return code.len > 0 && code.bytes[code.len - 1] == ')' ? JK_INVALID : JK_COMPLETE;
}

static void interrupt(void *self) {
    mock *m = self;
    if (atomic_load(&m->is_running)) {
        atomic_store(&m->stop, true);
    }
}

static bool open_mock(jk_engine *engine, const char *folder, char *why, size_t why_size) {
    (void)folder;
    mock *m = calloc(1, sizeof *m);
    pause_ms(setting("MOCK_OPENS_MS"));
    if (!m) {
        snprintf(why, why_size, "out of memory");
        return false;
    }
    *engine = (jk_engine){m, execute, NULL, complete, inspect, is_complete, interrupt, free};
    return true;
}

const jk_engine_maker *mock_engine_maker(void) {
    static const jk_engine_info info = {"mock", "1.0",         "a mock", "mock",
                                        "1.0",  "text/x-mock", ".mock",  NULL,
                                        NULL,   NULL,          "Help",   "https://jupyter.org"};
    static const jk_engine_maker maker = {&info, open_mock};
    return &maker;
}

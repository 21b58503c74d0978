/* SPDX-License-Identifier: BSD-3-Clause */
/* Translates between jk_engine and dw_session: outputs of the host to jk_out, errors of the
 * language to failures, completions and help. */
#include "engine_dw.h"

#include "base/simd.h"
#include "dw.h"
#include "id.h"
#include "repair.h"
#include "spare.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define JK_ENGINE_DW_STACK ((size_t)48 << 20) /* of the 64 MB of the shell thread */

typedef struct bridge {
    dw_session *session;
    const jk_out *out; /* of the execution that runs; NULL between executions */
    bool frames;       /* whether that one wants sliders that move by themselves */
    bool live;         /* whether somebody could move its sliders */
    dw_matches matches;
    jk_match *matches_out;
    dw_buf text; /* help and indentation handed out, until the next call */
    jk_part part;
    jk_panel panel; /* the one that begins; its knobs are ours */
    jk_knob *knobs;
} bridge;

/* ---- what the language puts out ------------------------------------------------------------ */

/* What the language shows holds names and texts out of files, and the language has no words for
 * colours: so nothing in it may give orders to the terminal or front end that shows it. `room`
 * holds what had to be changed. */
static jk_span tame(const char *text, size_t size, jk_bytes *room) {
    if (jk_repair_is_tame(text, size)) {
        return jk_span_make(text, size);
    }
    return jk_repair_show(room, text, size) ? jk_bytes_span(room) : jk_span_of("");
}

static void host_write(void *context, const char *text, size_t size) {
    const bridge *b = context;
    jk_bytes room = {0};
    jk_span shown = tame(text, size, &room);
    if (b->out) {
        b->out->stream(b->out->self, JK_STDOUT, shown.bytes, shown.len);
    }
    jk_bytes_free(&room);
}

typedef void show(void *self, const jk_display *display);

static void pass_on(const bridge *b, const dw_bundle *bundle, show *to) {
    jk_part few[8];
    jk_part *parts = few;
    jk_bytes room = {0};
    if (bundle->count > sizeof few / sizeof *few) {
        parts = jk_spare_zero(bundle->count, sizeof *parts);
    }
    if (!parts) {
        return;
    }
    for (size_t i = 0; i < bundle->count; i++) {
        const dw_part *part = &bundle->parts[i];
        jk_span bytes = jk_span_make(part->data, part->size);
        if (strcmp(part->mime, "text/plain") == 0) {
            bytes = tame(part->data, part->size, &room);
        }
        parts[i] = (jk_part){part->mime, bytes.bytes, bytes.len};
    }
    const jk_display display = {parts, bundle->count, bundle->alt, bundle->id};
    to(b->out->self, &display);
    jk_bytes_free(&room);
    if (parts != few) {
        free(parts);
    }
}

static void host_display(void *context, const dw_bundle *bundle) {
    const bridge *b = context;
    if (b->out) {
        pass_on(b, bundle, b->out->display);
    }
}

static void host_result(void *context, const dw_bundle *bundle) {
    const bridge *b = context;
    if (b->out) {
        pass_on(b, bundle, b->out->result);
    }
}

static void host_update(void *context, const dw_bundle *bundle) {
    const bridge *b = context;
    if (b->out) {
        pass_on(b, bundle, b->out->update);
    }
}

static void host_clear(void *context, bool wait) {
    const bridge *b = context;
    if (b->out) {
        b->out->clear_output(b->out->self, wait);
    }
}

static dw_ask host_ask(void *context, const char *question, size_t size, bool hidden,
                       dw_buf *answer) {
    static const dw_ask ends[] = {[JK_ASK_ANSWERED] = DW_ASK_ANSWERED,
                                  [JK_ASK_NOBODY] = DW_ASK_NOBODY,
                                  [JK_ASK_ENDED] = DW_ASK_ENDED,
                                  [JK_ASK_STOPPED] = DW_ASK_STOPPED};
    const bridge *b = context;
    jk_bytes text = {0}, room = {0};
    if (!b->out) {
        return DW_ASK_NOBODY;
    }
    jk_ask end = b->out->ask(b->out->self, tame(question, size, &room), hidden, &text);
    jk_bytes_free(&room);
    dw_buf_add(answer, text.data ? text.data : "", text.len);
    answer->failed = answer->failed || text.failed;
    jk_bytes_free(&text);
    return ends[end];
}

static void host_propose(void *context, const char *text, size_t size) {
    const bridge *b = context;
    if (b->out) {
        b->out->next_input(b->out->self, text, size);
    }
}

static double host_clock(void *context) {
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool host_is_watched(void *context) {
    const bridge *b = context;
    return b->frames;
}

static bool host_wants_panels(void *context) {
    const bridge *b = context;
    return b->live;
}

static bool host_hurries(void *context) {
    const bridge *b = context;
    return b->out && b->out->hurries(b->out->self);
}

static jk_knob_kind kind_of(dw_knob_kind kind) {
    switch (kind) {
    case DW_KNOB_RANGE:
        return JK_KNOB_RANGE;
    case DW_KNOB_STEPS:
        return JK_KNOB_STEPS;
    case DW_KNOB_SWITCH:
        return JK_KNOB_SWITCH;
    default:
        return JK_KNOB_CHOICES;
    }
}

/* The end of a panel whose beginning had no memory is passed on all the same, and does nothing. */
static void host_panel(void *context, const dw_panel *panel) {
    bridge *b = context;
    jk_knob *knobs = panel ? jk_spare_zero(panel->count + 1, sizeof *knobs) : NULL;
    for (size_t i = 0; knobs && i < panel->count; i++) {
        const dw_panel_knob *knob = &panel->knobs[i];
        knobs[i] =
            (jk_knob){knob->name,   kind_of(knob->kind), knob->lo,      knob->hi,   knob->step,
                      knob->labels, knob->count,         knob->ordered, knob->start};
    }
    if (knobs) {
        b->panel = (jk_panel){panel->number, panel->plays, knobs, panel->count};
    }
    b->out->panel(b->out->self, knobs ? &b->panel : NULL);
    free(b->knobs);
    b->knobs = knobs;
}

/* ---- running ------------------------------------------------------------------------------- */

/* The whole error is one block; an interrupt keeps the empty evalue front ends are used to. */
static void report(bridge *b, const dw_err *err, bool colour) {
    bool is_interrupt = err->kind == DW_ERR_INTERRUPT;
    dw_buf_clear(&b->text);
    dw_session_explain(b->session, err, colour, &b->text);
    bool is_worded = !b->text.failed && b->text.size > 0;
    jk_span block = is_worded ? jk_span_make(b->text.data, b->text.size) : jk_span_of(err->text);
    const jk_failure failure = {jk_span_of(dw_err_ename(err->kind)),
                                is_interrupt ? jk_span_of("") : jk_span_of(err->text), &block, 1};
    b->out->error(b->out->self, &failure);
}

static bool evaluate(bridge *b, const jk_execution *execution, dw_err *err) {
    dw_buf value;
    dw_buf_init(&value, dw_session_mem(b->session));
    bool ok = dw_session_value(b->session, execution->code.bytes, execution->code.len, &value, err);
    if (ok && !value.failed) {
        jk_bytes room = {0};
        jk_span shown = tame(value.data, value.size, &room);
        jk_part part = {"text/plain", shown.bytes, shown.len};
        const jk_display display = {&part, 1, NULL, NULL};
        b->out->result(b->out->self, &display);
        jk_bytes_free(&room);
    }
    dw_buf_free(&value);
    return ok;
}

static bool execute(void *self, const jk_execution *execution, const jk_out *out) {
    bridge *b = self;
    dw_err err = {0};
    jk_span code = execution->code;
    b->out = out;
    b->frames = execution->frames;
    b->live = execution->live;
    bool ok = execution->expression
                  ? evaluate(b, execution, &err)
                  : dw_session_eval(b->session, execution->name, (uint32_t)execution->first_line,
                                    code.bytes, code.len, &err);
    if (!ok) {
        report(b, &err, execution->colour);
    }
    b->out = NULL;
    return ok;
}

static bool turn(void *self, const jk_turn *turned, const jk_out *out) {
    bridge *b = self;
    dw_err err = {0};
    b->out = out;
    b->frames = b->live = false;
    bool ok = dw_session_turn(b->session, turned->panel, turned->settings, turned->count, &err);
    if (!ok) {
        report(b, &err, false);
    }
    b->out = NULL;
    return ok;
}

static void interrupt(void *self) {
    bridge *b = self;
    dw_session_interrupt(b->session);
}

/* ---- help ---------------------------------------------------------------------------------- */

/* Our kinds in the words front ends have pictures for. */
static const char *type_of(const char *kind) {
    static const char *const pairs[][2] = {{"constant", "instance"},
                                           {"value", "instance"},
                                           {"field", "property"},
                                           {"option", "param"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (strcmp(kind, pairs[i][0]) == 0) {
            return pairs[i][1];
        }
    }
    return kind;
}

static bool complete(void *self, jk_span code, size_t cursor, jk_completion *to) {
    bridge *b = self;
    dw_err err = {0};
    dw_session_matches_free(&b->matches);
    free(b->matches_out);
    b->matches_out = NULL;
    b->matches = (dw_matches){0};
    if (!dw_session_complete(b->session, code.bytes, code.len, cursor, &b->matches, &err)) {
        return err.kind != DW_ERR_MEMORY;
    }
    b->matches_out = jk_spare_zero(b->matches.count + 1, sizeof *b->matches_out);
    if (!b->matches_out) {
        return false;
    }
    for (size_t i = 0; i < b->matches.count; i++) {
        const dw_match *match = &b->matches.matches[i];
        b->matches_out[i] = (jk_match){match->text, type_of(match->kind), match->signature, NULL};
        if (match->text[0] == '\\') { /* the name of a symbol, which stands beside it in the list */
            b->matches_out[i].type = b->matches_out[i].insert = match->signature;
        }
    }
    to->start = b->matches.start;
    to->end = b->matches.end;
    to->matches = b->matches_out;
    to->count = b->matches.count;
    return true;
}

static bool inspect(void *self, jk_span code, size_t cursor, int level, jk_inspection *to) {
    bridge *b = self;
    dw_buf_clear(&b->text);
    if (dw_session_inspect(b->session, code.bytes, code.len, cursor, level, &b->text) &&
        b->text.size > 0) {
        jk_bytes room = {0};
        jk_span shown = tame(b->text.data, b->text.size, &room);
        if (room.len > 0) { /* it has to last longer than this function */
            dw_buf_clear(&b->text);
            dw_buf_add(&b->text, shown.bytes, shown.len);
        }
        jk_bytes_free(&room);
        b->part = (jk_part){"text/plain", b->text.data, b->text.size};
        *to = (jk_inspection){true, &b->part, 1};
    }
    return !b->text.failed;
}

static jk_completeness is_complete(void *self, jk_span code, const char **indent) {
    bridge *b = self;
    uint32_t width = 0;
    dw_completeness state = dw_session_check(b->session, code.bytes, code.len, &width);
    dw_buf_clear(&b->text);
    for (uint32_t i = 0; i < width && i < 200; i++) {
        dw_buf_byte(&b->text, ' ');
    }
    *indent = b->text.data ? b->text.data : "";
    return state == DW_COMPLETE ? JK_COMPLETE : state == DW_INCOMPLETE ? JK_INCOMPLETE : JK_INVALID;
}

/* ---- life ---------------------------------------------------------------------------------- */

static void free_bridge(void *self) {
    bridge *b = self;
    dw_session_matches_free(&b->matches);
    free(b->matches_out);
    free(b->knobs);
    dw_buf_free(&b->text);
    dw_session_free(&b->session);
    free(b);
}

/* A size with K, M or G behind it; 0 (the default) when there is none or it makes no sense. */
static size_t size_of(const char *text) {
    char *end;
    if (!text || text[0] < '0' || text[0] > '9') {
        return 0;
    }
    errno = 0;
    unsigned long long size = strtoull(text, &end, 10);
    int shift = *end == 'K' || *end == 'k'   ? 10
                : *end == 'M' || *end == 'm' ? 20
                : *end == 'G' || *end == 'g' ? 30
                                             : 0;
    bool is_clear = errno == 0 && end[shift ? 1 : 0] == '\0' && size <= (SIZE_MAX >> shift);
    return is_clear ? (size_t)size << shift : 0;
}

enum { MOST_THREADS = 64 };

/* How many threads may compute: DEEPWHY_THREADS, or as many as there are processors. */
static unsigned threads_now(void) {
    const char *text = getenv("DEEPWHY_THREADS");
    long count = text ? strtol(text, NULL, 10) : sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > MOST_THREADS ? MOST_THREADS : (unsigned)count;
}

static dw_limits limits_now(const char *folder) {
    const char *files = getenv("DEEPWHY_FILES");
    bool is_anywhere = files && strcmp(files, "anywhere") == 0;
    dw_limits limits = {.memory = size_of(getenv("DEEPWHY_MEMORY")),
                        .stack = JK_ENGINE_DW_STACK,
                        .folder = is_anywhere ? NULL : folder,
                        .gnuplot = getenv("DEEPWHY_GNUPLOT"),
                        .path = getenv("PATH"),
                        .scratch = getenv("TMPDIR"),
                        .threads = threads_now()};
    return limits;
}

static bool open_bridge(jk_engine *engine, const char *folder, char *why, size_t why_size) {
    const dw_limits limits = limits_now(folder);
    const char *simd = getenv("DEEPWHY_SIMD");
    if (simd && !dw_simd_use(dw_simd_named(simd))) {
        snprintf(why, why_size,
                 "DEEPWHY_SIMD=%.20s: this processor or build has no such "
                 "instructions; there are base, avx2 and avx512",
                 simd);
        return false;
    }
    bridge *b = jk_spare_zero(1, sizeof *b);
    if (b) {
        const dw_host host = {.context = b,
                              .write = host_write,
                              .display = host_display,
                              .result = host_result,
                              .update = host_update,
                              .clear = host_clear,
                              .ask = host_ask,
                              .propose = host_propose,
                              .clock = host_clock,
                              .wants_frames = host_is_watched,
                              .wants_panels = host_wants_panels,
                              .panel = host_panel,
                              .hurries = host_hurries,
                              .wants_progress = host_is_watched};
        b->session = dw_session_open(&host, &limits);
    }
    if (!b || !b->session) {
        snprintf(why, why_size, "out of memory");
        free(b);
        return false;
    }
    dw_buf_init(&b->text, dw_session_mem(b->session));
    *engine = (jk_engine){b, execute, turn, complete, inspect, is_complete, interrupt, free_bridge};
    return true;
}

jk_engine_maker jk_engine_dw_maker(jk_engine_info *info) {
    const char *lexer = getenv("DEEPWHY_LEXER");
    *info = (jk_engine_info){.implementation = "deepwhy",
                             .implementation_version = dw_version(),
                             .banner = "deepwhy: neural networks in a few lines. "
                                       "?plot explains a word, ? shows the card of all words.",
                             .language = "deepwhy",
                             .language_version = dw_version(),
                             .mimetype = "text/x-deepwhy",
                             .file_extension = ".dw",
                             .pygments_lexer = lexer && *lexer ? lexer : "julia",
                             .codemirror_mode = "deepwhy",
                             .codemirror_mime = "text/x-julia"};
    return (jk_engine_maker){info, open_bridge};
}

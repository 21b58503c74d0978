/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs a script: text to stdout, figures to numbered files, the error to stderr.
 *
 * DESIGN. The engine wants a large stack, so it gets a thread of its own; the main thread waits
 * for it and passes interrupts on, like the control thread of the kernel. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "run.h"

#include "bytes.h"
#include "fault.h"
#include "repair.h"
#include "terminal.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define JK_RUN_STACK ((size_t)64 << 20)
#define JK_RUN_LIMIT ((size_t)64 << 20) /* bytes of a script */
#define JK_RUN_MARK "# %%"              /* begins the line before a cell */

typedef struct script {
    /* what the words say */
    const char *path;
    const char *figures; /* folder, or NULL: beside the script */
    bool wants_pdf;
    /* the run */
    const jk_engine_maker *maker;
    jk_gate *gate;
    int done; /* write end of the pipe the main thread waits at */
    jk_bytes text;
    jk_engine engine;
    jk_terminal terminal;  /* answers questions */
    char folder[PATH_MAX]; /* of the script */
    char **ids;            /* display_id of each figure so far, NULL for those without */
    size_t count;
    int code;
    bool is_interrupted;
} script;

/* ---- figures ------------------------------------------------------------------------------- */

/* The number of the figure with this id, from 1; a new one when there is none. 0: no memory. */
static size_t number_of(script *s, const char *id) {
    for (size_t i = 0; id && i < s->count; i++) {
        if (s->ids[i] && strcmp(s->ids[i], id) == 0) {
            return i + 1;
        }
    }
    char **ids = realloc(s->ids, (s->count + 1) * sizeof *ids);
    if (!ids) {
        return 0;
    }
    s->ids = ids;
    s->ids[s->count++] = id ? strdup(id) : NULL;
    return s->count;
}

/* The name of the script without folder and ending. */
static void stem_of(const char *path, char *stem, size_t size) {
    const char *slash = strrchr(path, '/');
    snprintf(stem, size, "%s", slash ? slash + 1 : path);
    char *dot = strrchr(stem, '.');
    if (dot && dot != stem) {
        *dot = '\0';
    }
}

static bool write_file(const char *path, const void *bytes, size_t len) {
    FILE *file = fopen(path, "wb");
    bool ok = file && fwrite(bytes, 1, len, file) == len;
    if (file) {
        ok = fclose(file) == 0 && ok;
    }
    return ok;
}

static void write_part(script *s, size_t number, const jk_part *part, const char *ending) {
    char stem[256];
    jk_bytes path = {0};
    char tail[64];
    stem_of(s->path, stem, sizeof stem);
    snprintf(tail, sizeof tail, "-%zu.%s", number, ending);
    jk_bytes_text(&path, s->figures ? s->figures : s->folder);
    jk_bytes_text(&path, "/");
    jk_bytes_text(&path, stem);
    if (!jk_bytes_text(&path, tail) || !write_file(path.data, part->bytes, part->len)) {
        fprintf(stderr, "deepwhy run: cannot write %s: %s\n", path.data ? path.data : "a figure",
                strerror(errno));
        s->code = 1;
    }
    jk_bytes_free(&path);
}

/* Prints the text form and writes the pictures. */
static void show(script *s, const jk_display *display) {
    size_t number = 0;
    for (size_t i = 0; i < display->count; i++) {
        const jk_part *part = &display->parts[i];
        const char *ending = strcmp(part->mime, "image/svg+xml") == 0                     ? "svg"
                             : s->wants_pdf && strcmp(part->mime, "application/pdf") == 0 ? "pdf"
                                                                                          : NULL;
        if (strcmp(part->mime, "text/plain") == 0) {
            fwrite(part->bytes, 1, part->len, stdout);
            putchar('\n');
        } else if (ending) {
            number = number ? number : number_of(s, display->display_id);
            write_part(s, number, part, ending);
        }
    }
}

/* ---- jk_out -------------------------------------------------------------------------------- */

static void out_stream(void *self, jk_stream stream, const char *text, size_t len) {
    (void)self;
    fwrite(text, 1, len, stream == JK_STDERR ? stderr : stdout);
}

static void out_display(void *self, const jk_display *display) {
    show(self, display);
}

/* Errors quote the script, which may hold any bytes; a terminal gets tame UTF-8 all the same. */
static void out_error(void *self, const jk_failure *failure) {
    jk_bytes text = {0};
    (void)self;
    fflush(stdout);
    jk_repair_show(&text, failure->ename.bytes, failure->ename.len);
    jk_bytes_text(&text, ": ");
    for (size_t i = 0; i < failure->traceback_count; i++) {
        jk_repair_show(&text, failure->traceback[i].bytes, failure->traceback[i].len);
        jk_bytes_text(&text, "\n");
    }
    fwrite(text.data ? text.data : "", 1, text.len, stderr);
    jk_bytes_free(&text);
}

static void out_clear(void *self, bool wait) {
    (void)self;
    (void)wait;
}

static void out_page(void *self, const char *text, size_t len) {
    out_stream(self, JK_STDOUT, text, len);
}

/* There are no cells to put it into: it is printed. */
static void out_next_input(void *self, const char *text, size_t len) {
    out_stream(self, JK_STDOUT, text, len);
    putchar('\n');
}

static jk_ask out_ask(void *self, jk_span question, bool is_hidden, jk_bytes *answer) {
    script *s = self;
    return jk_terminal_ask(&s->terminal, question, is_hidden, answer);
}

static bool out_cancelled(void *self) {
    const script *s = self;
    return jk_gate_is_cancelled(s->gate);
}

/* ---- cells --------------------------------------------------------------------------------- */

static bool is_mark(const char *line) {
    return strncmp(line, JK_RUN_MARK, strlen(JK_RUN_MARK)) == 0;
}

/* The end of the cell that starts at `at`: the next mark at the start of a line, or the end.
 * Counts the lines passed. */
static size_t cell_end(jk_span text, size_t at, long *lines) {
    size_t end = at;
    do {
        const char *newline = memchr(text.bytes + end, '\n', text.len - end);
        if (!newline) {
            return text.len;
        }
        end = (size_t)(newline - text.bytes) + 1;
        (*lines)++;
    } while (end < text.len && !is_mark(text.bytes + end));
    return end;
}

static bool run_cells(script *s) {
    const jk_out out = {.self = s,
                        .stream = out_stream,
                        .display = out_display,
                        .update = out_display,
                        .result = out_display,
                        .error = out_error,
                        .clear_output = out_clear,
                        .page = out_page,
                        .next_input = out_next_input,
                        .ask = out_ask,
                        .cancelled = out_cancelled};
    jk_span text = jk_bytes_span(&s->text);
    long line = 1;
    for (size_t at = 0; at < text.len;) {
        long first = line;
        size_t end = cell_end(text, at, &line);
        const jk_execution execution = {
            .code = jk_span_make(text.bytes + at, end - at), .name = s->path, .first_line = first};
        if (!s->engine.execute(s->engine.self, &execution, &out)) {
            return false;
        }
        at = end;
    }
    return true;
}

static void *run_thread(void *self) {
    script *s = self;
    char why[256] = "";
    char letter = 'd';
    if (s->maker->open(&s->engine, s->folder, why, sizeof why)) {
        jk_gate_set_engine(s->gate, &s->engine);
        jk_gate_begin(s->gate);
        s->code = run_cells(s) ? s->code : 1;
        s->is_interrupted = s->code != 0 && jk_gate_is_cancelled(s->gate);
        jk_gate_end(s->gate);
        jk_gate_set_engine(s->gate, NULL);
        s->engine.free(s->engine.self);
    } else {
        fprintf(stderr, "deepwhy run: %s\n", why);
        s->code = 1;
    }
    while (write(s->done, &letter, 1) < 0 && (errno == EINTR || errno == EAGAIN)) {
    }
    return NULL;
}

/* Waits for the letter of the thread and passes interrupts on. */
static void wait_for_thread(script *s, int wake) {
    struct pollfd item = {wake, POLLIN, 0};
    for (;;) {
        char letters[16];
        poll(&item, 1, jk_gate_fire(s->gate) ? 10 : -1);
        ssize_t got = read(wake, letters, sizeof letters);
        for (ssize_t i = 0; i < got; i++) {
            if (letters[i] == 't') {
                signal(SIGTERM, SIG_DFL);
                raise(SIGTERM);
            }
            if (letters[i] == 'd') {
                return;
            }
        }
    }
}

static int run_script(script *s, const int wake[2]) {
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t interrupt, before;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, JK_RUN_STACK);
    pthread_sigmask(SIG_BLOCK, &interrupt, &before);
    int error = pthread_create(&thread, &attributes, run_thread, s);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (error != 0) {
        fprintf(stderr, "deepwhy run: cannot start a thread: %s\n", strerror(error));
        return 1;
    }
    wait_for_thread(s, wake[0]);
    pthread_join(thread, NULL);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "deepwhy run: cannot write the output: %s\n", strerror(errno));
        return 1;
    }
    if (s->is_interrupted) { /* so that a loop of a shell around us ends too */
        signal(SIGINT, SIG_DFL);
        raise(SIGINT);
    }
    return s->code;
}

/* ---- words --------------------------------------------------------------------------------- */

static bool read_words(script *s, int count, char **words, jk_fault *fault) {
    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], "--pdf") == 0) {
            s->wants_pdf = true;
        } else if (strcmp(words[i], "--figures") == 0) {
            if (++i == count) {
                return jk_fault_set(fault, "--figures needs a folder");
            }
            s->figures = words[i];
        } else if (strncmp(words[i], "--figures=", 10) == 0) {
            s->figures = words[i] + 10;
        } else if (words[i][0] == '-' && words[i][1] != '\0') {
            return jk_fault_set(fault, "there is no option %s; there are --figures DIR and --pdf",
                                words[i]);
        } else if (s->path) {
            return jk_fault_set(fault, "one script at a time, not %s and %s", s->path, words[i]);
        } else {
            s->path = words[i];
        }
    }
    return s->path || jk_fault_set(fault, "which script? deepwhy run FILE.dw");
}

static bool find_folder(script *s, jk_fault *fault) {
    char copy[PATH_MAX];
    int len = snprintf(copy, sizeof copy, "%s", s->path);
    if (len < 0 || (size_t)len >= sizeof copy || !realpath(dirname(copy), s->folder)) {
        return jk_fault_set(fault, "%s: %s", s->path, strerror(errno));
    }
    if (s->figures && mkdir(s->figures, 0777) != 0 && errno != EEXIST) {
        return jk_fault_set(fault, "cannot create %s: %s", s->figures, strerror(errno));
    }
    return true;
}

int jk_run_main(int count, char **words, const jk_engine_maker *maker, jk_gate *gate,
                const int wake[2]) {
    jk_fault fault = {{0}};
    int code = 2;
    script *s = calloc(1, sizeof *s);
    if (!s) {
        return 1;
    }
    s->maker = maker;
    s->gate = gate;
    s->terminal = (jk_terminal){.input = STDIN_FILENO, .gate = gate};
    s->done = wake[1];
    if (read_words(s, count, words, &fault) && find_folder(s, &fault)) {
        if (jk_bytes_read_file(&s->text, s->path, JK_RUN_LIMIT)) {
            code = run_script(s, wake);
        } else {
            jk_fault_set(&fault, "cannot read %s: %s", s->path, strerror(errno));
        }
    }
    if (fault.text[0]) {
        fprintf(stderr, "deepwhy run: %s\n", fault.text);
    }
    for (size_t i = 0; i < s->count; i++) {
        free(s->ids[i]);
    }
    free(s->ids);
    jk_bytes_free(&s->text);
    jk_terminal_free(&s->terminal);
    free(s);
    return code;
}

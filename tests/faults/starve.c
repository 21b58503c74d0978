/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory that runs out, over the whole runtime: each cell of a script is run with its first
 * allocation failing, then with its second, …, each time that one alone and that one with all
 * that follow.
 *
 *   starve [--every K] [--threads N] [CELLS.dw] [WORD]
 *
 * What must hold for every n: the cell does what it always does (says the same, fails the same
 * way), or it fails with MemoryError and a text; the next cell runs; and the same cell, run again
 * in the same session, says what it always says. --every K takes each K-th n. WORD: only cells with
 * that word in their names. One line of TAP for each cell. Leaks are for the address sanitizer to
 * find. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "dw.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_CELLS = 64, MOST_TROUBLES = 8 };

typedef struct {
    const char *name, *source;
    size_t name_size, size;
} cell;

typedef struct {
    bool fine;
    dw_err err;
    dw_buf said;
} outcome;

typedef struct {
    dw_mem mem; /* of this program, never starved */
    dw_buf *said;
    long every;
    unsigned threads;
    const cell *now;
    int troubles;
    long runs, all_runs;
} bench;

/* ---- the host ---------------------------------------------------------------------------------
 */

static void host_write(void *context, const char *text, size_t size) {
    bench *b = context;
    dw_buf_add(b->said, text, size);
}

/* The text form alone: pictures carry a number that counts the figures of the session. */
static void host_show(void *context, const dw_bundle *bundle) {
    bench *b = context;
    for (size_t i = 0; i < bundle->count; i++)
        if (strcmp(bundle->parts[i].mime, "text/plain") == 0)
            dw_buf_add(b->said, bundle->parts[i].data, bundle->parts[i].size);
    dw_buf_byte(b->said, '\n');
}

static bool host_wants_frames(void *context) {
    (void)context;
    return true;
}

static dw_session *open_session(bench *b) {
    const dw_host host = {.context = b,
                          .write = host_write,
                          .display = host_show,
                          .result = host_show,
                          .wants_frames = host_wants_frames};
    const dw_limits limits = {.folder = ".", .threads = b->threads, .path = getenv("PATH")};
    dw_session *session = dw_session_open(&host, &limits);
    if (session == NULL) {
        printf("Bail out! no session\n");
        exit(1);
    }
    return session;
}

/* ---- one run ----------------------------------------------------------------------------------
 */

static void outcome_clear(outcome *o) {
    dw_buf_free(&o->said);
    o->err = (dw_err){0};
}

static void run(bench *b, dw_session *session, const char *source, size_t size, outcome *o) {
    dw_buf_init(&o->said, &b->mem);
    o->err = (dw_err){0};
    b->said = &o->said;
    o->fine = dw_session_eval(session, "cell", 1, source, size, &o->err);
}

static bool same(const outcome *a, const outcome *b) {
    return a->fine == b->fine && a->err.kind == b->err.kind &&
           strcmp(a->err.text, b->err.text) == 0 && a->said.size == b->said.size &&
           (a->said.size == 0 || memcmp(a->said.data, b->said.data, a->said.size) == 0);
}

static void trouble(bench *b, long n, const char *format, ...) DW_PRINTF(3, 4);
static void trouble(bench *b, long n, const char *format, ...) {
    va_list list;
    if (b->troubles++ >= MOST_TROUBLES)
        return;
    printf("# %.*s, failure %ld: ", (int)b->now->name_size, b->now->name, n);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n");
}

static void show(const char *what, const outcome *o) {
    printf("#   %s: %s %s\n", what, dw_err_ename(o->err.kind), o->err.text);
    for (size_t i = 0; i < o->said.size; i++) {
        if (i == 0 || o->said.data[i - 1] == '\n')
            printf("#   | ");
        putchar(o->said.data[i]);
    }
    printf("\n");
}

/* What a starved run may have come to. */
static void judge(bench *b, dw_session *session, long n, const outcome *usual, outcome *got) {
    dw_buf text;
    if (same(usual, got))
        return;
    if (got->fine || got->err.kind != DW_ERR_MEMORY) {
        trouble(b, n, "neither as usual nor a MemoryError");
        if (b->troubles <= MOST_TROUBLES)
            show("got", got);
        return;
    }
    dw_buf_init(&text, &b->mem);
    dw_session_explain(session, &got->err, false, &text);
    if (strlen(got->err.text) < 10 || text.size < 10)
        trouble(b, n, "the error says nothing");
    dw_buf_free(&text);
}

/* The session is as good as new. */
static void judge_after(bench *b, dw_session *session, long n, const outcome *usual) {
    static const char next[] = "[20, 1] + 1";
    outcome o;
    run(b, session, next, strlen(next), &o);
    if (!o.fine || o.said.size != 8 || memcmp(o.said.data, "[21, 2]\n", 8) != 0)
        trouble(b, n, "the next cell: %s %s", dw_err_ename(o.err.kind), o.err.text);
    outcome_clear(&o);
    run(b, session, b->now->source, b->now->size, &o);
    if (!same(usual, &o)) {
        trouble(b, n, "the same cell again says something else");
        if (b->troubles <= MOST_TROUBLES)
            show("got", &o);
    }
    outcome_clear(&o);
}

/* Completion, help, the look for a whole cell and an expression, starved as well. */
static void starve_help(bench *b, dw_session *session, long n) {
    static const char text[] = "plot(sin, tit";
    dw_mem *mem = dw_session_mem(session);
    dw_matches matches = {0};
    dw_buf out;
    dw_err err = {0};
    uint32_t indent;
    mem->fail_at = n;
    bool fine = dw_session_complete(session, text, strlen(text), strlen(text), &matches, &err);
    if (!fine && err.kind != DW_ERR_MEMORY)
        trouble(b, n, "completion: %s", err.text);
    dw_session_matches_free(&matches);
    mem->fail_at = n;
    dw_buf_init(&out, mem);
    (void)dw_session_inspect(session, text, strlen(text), 2, 1, &out);
    dw_buf_free(&out);
    mem->fail_at = n;
    (void)dw_session_check(session, b->now->source, b->now->size, &indent);
    mem->fail_at = n;
    err = (dw_err){0};
    dw_buf_init(&out, mem);
    if (!dw_session_value(session, "[1, 2]*3", 8, &out, &err) && err.kind != DW_ERR_MEMORY)
        trouble(b, n, "an expression: %s", err.text);
    dw_buf_free(&out);
    mem->fail_at = 0;
}

/* ---- the sweeps -------------------------------------------------------------------------------
 */

/* The n-th allocation fails, with `on` all later ones too, in a new session each time; false when
 * the cell has fewer. */
static bool starve(bench *b, long n, bool on, const outcome *usual) {
    outcome o;
    dw_session *session = open_session(b);
    dw_mem *mem = dw_session_mem(session);
    mem->fail_at = n;
    mem->fail_on = on;
    run(b, session, b->now->source, b->now->size, &o);
    bool reached = on ? mem->fail_at <= 1 : mem->fail_at <= 0;
    mem->fail_at = 0;
    mem->fail_on = false;
    judge(b, session, n, usual, &o);
    outcome_clear(&o);
    starve_help(b, session, n);
    judge_after(b, session, n, usual);
    b->runs++;
    dw_session_free(&session);
    return reached;
}

static void sweep(bench *b, const cell *c, int number) {
    outcome usual, twice;
    long n = 1;
    b->now = c;
    b->troubles = 0;
    b->runs = 0;
    dw_session *session = open_session(b);
    run(b, session, c->source, c->size, &usual);
    run(b, session, c->source, c->size, &twice);
    if (!same(&usual, &twice)) {
        trouble(b, 0, "the cell changes what it says");
        show("first", &usual);
        show("second", &twice);
    }
    if (usual.fine == (strncmp(c->name, "mistake", 7) == 0)) {
        trouble(b, 0, "not what the name of the cell promises");
        show("got", &usual);
    }
    outcome_clear(&twice);
    dw_session_free(&session);
    while (b->troubles < MOST_TROUBLES && starve(b, n, false, &usual) && starve(b, n, true, &usual))
        n += b->every;
    printf("%s %d - %.*s: %ld runs, up to allocation %ld\n", b->troubles > 0 ? "not ok" : "ok",
           number, (int)c->name_size, c->name, b->runs, n);
    fflush(stdout);
    b->all_runs += b->runs;
    outcome_clear(&usual);
}

/* ---- the script -------------------------------------------------------------------------------
 */

/* Cuts the text at lines that begin with "# %% "; what stands behind is the name of a cell. */
static size_t cut(const char *text, cell cells[]) {
    size_t count = 0;
    const char *mark = strstr(text, "# %% ");
    while (mark != NULL && count < MOST_CELLS) {
        cell *c = &cells[count++];
        c->name = mark + 5;
        c->name_size = strcspn(c->name, "\n");
        c->source = c->name + c->name_size;
        mark = strstr(c->source, "\n# %% ");
        c->size = mark != NULL ? (size_t)(mark + 1 - c->source) : strlen(c->source);
        mark = mark != NULL ? mark + 1 : NULL;
    }
    return count;
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);
    if (file == NULL || text == NULL || fread(text, 1, (1 << 20) - 1, file) == 0) {
        printf("Bail out! cannot read %s\n", path);
        exit(1);
    }
    fclose(file);
    return text;
}

/* Goes to a new folder, for the files the cells write. */
static void enter(char folder[]) {
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) {
        printf("Bail out! no folder\n");
        exit(1);
    }
}

static void leave(const char *folder) {
    DIR *all = opendir(folder);
    for (struct dirent *one = all != NULL ? readdir(all) : NULL; one != NULL; one = readdir(all))
        unlink(one->d_name);
    if (all != NULL)
        closedir(all);
    rmdir(folder);
}

/* Whether a cell is asked for by this word; none asks for all. */
static bool is_wanted(const cell *c, const char *word) {
    const char *found = word != NULL ? strstr(c->name, word) : c->name;
    return found != NULL && found < c->name + c->name_size;
}

int main(int argc, char **argv) {
    bench b = {.every = 1, .threads = 1};
    const char *path = NULL, *word = NULL;
    cell cells[MOST_CELLS];
    int bad = 0, number = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--every") == 0 && i + 1 < argc)
            b.every = strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc)
            b.threads = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (path == NULL)
            path = argv[i];
        else
            word = argv[i];
    }
    if (path == NULL || b.every < 1) {
        printf("usage: starve [--every K] [--threads N] CELLS.dw [WORD]\n");
        return 2;
    }
    char folder[] = "/tmp/starve-XXXXXX";
    char *text = read_file(path);
    enter(folder);
    size_t count = cut(text, cells);
    for (size_t i = 0; i < count; i++) {
        if (!is_wanted(&cells[i], word))
            continue;
        sweep(&b, &cells[i], ++number);
        bad += b.troubles > 0;
    }
    printf("1..%d\n# %ld runs\n", number, b.all_runs);
    leave(folder);
    free(text);
    return bad > 0 || number == 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting, feeding, watching and ending gnuplot.
 *
 * The script travels in an unnamed file that gnuplot loads, because gnuplot reads its standard
 * input one byte per system call. Standard input is a socket, so that writing to a dead gnuplot is
 * an error and not a signal. */
/* _GNU_SOURCE: memfd_create, pipe2, prlimit, and posix_spawn's change of folder and closing of
 * files. */
#define _GNU_SOURCE
#include "plot/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    SCRIPT_FILE = 3,
    FILES = 3,                /* the script and, behind it, the two files it may write */
                              /* number of the script's file in gnuplot */
    TICK = 20,                /* milliseconds between two looks at the cancel token */
    PATIENCE = 20000,         /* milliseconds */
    GRACE = 40,               /* of them after an interrupt: most pictures are done by then, and a
                                 new process would take longer to start */
    ANSWER_LIMIT = 256 << 20, /* bytes */
    CPU_LIMIT = 60,           /* seconds of work; then a new process takes over */
    TAIL = 512                /* bytes of the end of an answer that are searched for its mark */
};

struct dw_gnuplot {
    dw_mem *mem;
    char *program, *path;
    unsigned patience;
    pid_t pid;       /* 0: none */
    int file[FILES]; /* script, first, second */
    int input, output;
    unsigned long runs; /* numbers the end marks */
};

dw_gnuplot *dw_gnuplot_new(dw_mem *mem, const dw_gnuplot_options *options, dw_err *err) {
    dw_gnuplot *gnuplot = dw_mem_new(mem, sizeof *gnuplot);
    if (gnuplot != NULL) {
        gnuplot->mem = mem;
        gnuplot->patience = options->patience == 0 ? PATIENCE : options->patience;
        gnuplot->input = gnuplot->output = -1;
        for (int i = 0; i < FILES; i++)
            gnuplot->file[i] = -1;
        gnuplot->program = dw_mem_text(mem, options->program, strlen(options->program));
        gnuplot->path = dw_mem_text(mem, options->path, strlen(options->path));
        if (gnuplot->program != NULL && gnuplot->path != NULL)
            return gnuplot;
    }
    dw_gnuplot_free(gnuplot);
    dw_err_memory(err, "the plotting program");
    return NULL;
}

static void shut(int *file) {
    if (*file >= 0)
        close(*file);
    *file = -1;
}

/* Ends the process at once: it holds nothing that would be lost. */
static void stop(dw_gnuplot *gnuplot) {
    for (int i = 0; i < FILES; i++)
        shut(&gnuplot->file[i]);
    shut(&gnuplot->input);
    shut(&gnuplot->output);
    if (gnuplot->pid == 0)
        return;
    kill(-gnuplot->pid, SIGKILL);
    kill(gnuplot->pid, SIGKILL);
    while (waitpid(gnuplot->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    gnuplot->pid = 0;
}

void dw_gnuplot_free(dw_gnuplot *gnuplot) {
    if (gnuplot == NULL)
        return;
    stop(gnuplot);
    dw_mem_free(gnuplot->program);
    dw_mem_free(gnuplot->path);
    dw_mem_free(gnuplot);
}

long dw_gnuplot_pid(const dw_gnuplot *gnuplot) {
    return gnuplot->pid;
}

static bool missing(const dw_gnuplot *gnuplot, dw_err *err) {
    return dw_err_set(err, DW_ERR_PLOT,
                      "plots are drawn by gnuplot, and there is no program %s here. To install it: "
                      "apt install gnuplot-nox (Debian, Ubuntu), brew install gnuplot (macOS), or "
                      "conda install -c conda-forge gnuplot. Then run this cell again",
                      gnuplot->program);
}

/* Writes the full name of the program into `found`; false when it is in no folder of the path. */
static bool look_up(const dw_gnuplot *gnuplot, dw_buf *found) {
    if (strchr(gnuplot->program, '/') != NULL) {
        dw_buf_text(found, gnuplot->program);
        return !found->failed && access(found->data, X_OK) == 0;
    }
    for (const char *folder = gnuplot->path; *folder != '\0';) {
        size_t size = strcspn(folder, ":");
        if (size > 0 && folder[0] == '/') {
            dw_buf_clear(found);
            dw_buf_add(found, folder, size);
            dw_buf_byte(found, '/');
            dw_buf_text(found, gnuplot->program);
            if (!found->failed && access(found->data, X_OK) == 0)
                return true;
        }
        folder += size + (folder[size] == ':');
    }
    return false;
}

/* The child's ends of the three files. */
typedef struct {
    int input, output, null;
} child_files;

/* Moves a file above the numbers the child uses, in case the host runs with 0, 1 or 2 closed. */
static bool lift(int *file) {
    int lifted = fcntl(*file, F_DUPFD_CLOEXEC, SCRIPT_FILE + FILES);
    shut(file);
    *file = lifted;
    return lifted >= 0;
}

static bool open_files(dw_gnuplot *gnuplot, child_files *child) {
    int pair[2], ends[2];
    for (int i = 0; i < FILES; i++) {
        gnuplot->file[i] = memfd_create("figure", MFD_CLOEXEC);
        if (gnuplot->file[i] < 0 || !lift(&gnuplot->file[i]))
            return false;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    gnuplot->input = pair[0];
    child->input = pair[1];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    gnuplot->output = ends[0];
    child->output = ends[1];
    child->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    return child->null >= 0 && lift(&child->input) && lift(&child->output) && lift(&child->null) &&
           fcntl(gnuplot->output, F_SETFL, O_NONBLOCK) == 0;
}

static bool plan_files(posix_spawn_file_actions_t *plan, const dw_gnuplot *gnuplot,
                       const child_files *child) {
    return posix_spawn_file_actions_adddup2(plan, child->input, STDIN_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(plan, child->output, STDOUT_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(plan, child->null, STDERR_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(plan, gnuplot->file[0], SCRIPT_FILE) == 0 &&
           posix_spawn_file_actions_adddup2(plan, gnuplot->file[1], SCRIPT_FILE + 1) == 0 &&
           posix_spawn_file_actions_adddup2(plan, gnuplot->file[2], SCRIPT_FILE + 2) == 0 &&
           posix_spawn_file_actions_addclosefrom_np(plan, SCRIPT_FILE + FILES) == 0 &&
           posix_spawn_file_actions_addchdir_np(plan, "/") == 0;
}

static bool plan_signals(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawnattr_setpgroup(attributes, 0) == 0 &&
           posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &all) == 0 &&
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSIGDEF) == 0;
}

/* One that no longer listens to us ends all the same: it may not compute for ever when we are gone,
 * nor fill the memory its pictures lie in. */
static void bound(pid_t pid) {
    const struct rlimit cpu = {CPU_LIMIT, CPU_LIMIT}, size = {ANSWER_LIMIT + 1, ANSWER_LIMIT + 1};
    (void)prlimit(pid, RLIMIT_CPU, &cpu, NULL);
    (void)prlimit(pid, RLIMIT_FSIZE, &size, NULL);
}

static bool spawn(dw_gnuplot *gnuplot, char *program, const child_files *child) {
    posix_spawn_file_actions_t plan;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&plan) != 0)
        return false;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&plan);
        return false;
    }
    char dash_d[] = "-d", path[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C.UTF-8";
    char *arguments[] = {program, dash_d, NULL};
    char *environment[] = {path, locale, NULL};
    pid_t pid = 0;
    bool ok = plan_files(&plan, gnuplot, child) && plan_signals(&attributes) &&
              posix_spawn(&pid, program, &plan, &attributes, arguments, environment) == 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&plan);
    gnuplot->pid = ok ? pid : 0;
    if (ok)
        bound(pid);
    return ok;
}

static bool start(dw_gnuplot *gnuplot, dw_err *err) {
    if (gnuplot->pid != 0)
        return true;
    dw_buf program;
    dw_buf_init(&program, gnuplot->mem);
    if (!look_up(gnuplot, &program)) {
        bool full = program.failed;
        dw_buf_free(&program);
        return full ? dw_err_memory(err, "the plotting program") : missing(gnuplot, err);
    }
    child_files child = {-1, -1, -1};
    bool ok = open_files(gnuplot, &child) && spawn(gnuplot, program.data, &child);
    int reason = errno;
    shut(&child.input);
    shut(&child.output);
    shut(&child.null);
    if (!ok) {
        stop(gnuplot);
        dw_err_set(err, DW_ERR_PLOT, "gnuplot (%s) cannot be started: %s", program.data,
                   strerror(reason));
    }
    dw_buf_free(&program);
    return ok;
}

/* Puts the script into its file and tells gnuplot to load it and to say when it is done. */
static bool feed(dw_gnuplot *gnuplot, const char *script, size_t size) {
    for (int i = 0; i < FILES; i++)
        if (ftruncate(gnuplot->file[i], 0) != 0)
            return false;
    for (size_t done = 0; done < size;) {
        ssize_t step = pwrite(gnuplot->file[0], script + done, size - done, (off_t)done);
        if (step < 0 && errno == EINTR)
            continue;
        if (step <= 0)
            return false;
        done += (size_t)step;
    }
    char order[256];
    int length = snprintf(order, sizeof order,
                          "reset errors\nload '/dev/fd/%d'\nset print '-'\n"
                          "print '=dw-end-%lu=', GPVAL_ERRNO, ' ', GPVAL_ERRMSG\n",
                          SCRIPT_FILE, ++gnuplot->runs);
    ssize_t sent;
    do
        sent = send(gnuplot->input, order, (size_t)length, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == length;
}

/* Milliseconds of a clock that never goes back. It only bounds waiting; no picture depends on it.
 */
static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

typedef enum { ANSWER_MORE, ANSWER_DONE, ANSWER_FAILED } answer;

/* Looks for the mark that ends the answer; when it is there, cuts it off. */
static answer look_for_end(const dw_gnuplot *gnuplot, dw_buf *out, size_t begin, dw_err *err) {
    char mark[40];
    int length = snprintf(mark, sizeof mark, "=dw-end-%lu=", gnuplot->runs);
    if (out->size == begin || out->data[out->size - 1] != '\n')
        return ANSWER_MORE;
    size_t from = out->size - begin > TAIL ? out->size - TAIL : begin;
    const char *found = memmem(out->data + from, out->size - from, mark, (size_t)length);
    if (found == NULL)
        return ANSWER_MORE;
    const char *number = found + length;
    number += strspn(number, " ");
    size_t cut = (size_t)(found - out->data);
    if (number[0] == '0' && number[1] == ' ') {
        out->data[cut] = '\0';
        out->size = cut;
        return ANSWER_DONE;
    }
    size_t words = strcspn(number, "\n");
    dw_err_set(err, DW_ERR_PLOT, "gnuplot could not draw this: %.*s",
               (int)(words > 200 ? 200 : words), number);
    return ANSWER_FAILED;
}

/* Reads what is there. The answer is FAILED without an error when gnuplot has ended. */
static answer read_some(dw_gnuplot *gnuplot, dw_buf *out, size_t begin, dw_err *err) {
    char chunk[65536];
    for (;;) {
        ssize_t got = read(gnuplot->output, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return ANSWER_MORE;
        if (got <= 0)
            return ANSWER_FAILED;
        dw_buf_add(out, chunk, (size_t)got);
        if (out->failed) {
            dw_err_memory(err, "a picture");
            return ANSWER_FAILED;
        }
        if (out->size - begin > ANSWER_LIMIT) {
            dw_err_set(err, DW_ERR_PLOT, "gnuplot answers without end (more than %d MB)",
                       ANSWER_LIMIT >> 20);
            return ANSWER_FAILED;
        }
        answer state = look_for_end(gnuplot, out, begin, err);
        if (state != ANSWER_MORE)
            return state;
    }
}

/* The error for a gnuplot that was waited for long enough. */
static answer give_up(const dw_gnuplot *gnuplot, bool hurries, dw_err *err) {
    if (hurries)
        dw_err_set(err, DW_ERR_INTERRUPT, "interrupted while a plot was drawn");
    else
        dw_err_set(err, DW_ERR_PLOT,
                   "gnuplot did not answer within %g seconds and was ended. Try again, or draw "
                   "less in one plot",
                   gnuplot->patience / 1000.0);
    return ANSWER_FAILED;
}

static answer wait_for_answer(dw_gnuplot *gnuplot, const dw_cancel *cancel, dw_buf *out,
                              dw_err *err) {
    size_t begin = out->size;
    long end = now() + (long)gnuplot->patience, left;
    bool hurries = false;
    while ((left = end - now()) >= 0) {
        if (!hurries && cancel != NULL && dw_cancel_pending(cancel)) {
            hurries = true;
            left = left < GRACE ? left : GRACE;
            end = now() + left;
        }
        struct pollfd watch = {.fd = gnuplot->output, .events = POLLIN};
        if (poll(&watch, 1, left < TICK ? (int)left + 1 : TICK) <= 0)
            continue;
        answer state = read_some(gnuplot, out, begin, err);
        if (state != ANSWER_MORE)
            return state;
    }
    return give_up(gnuplot, hurries, err);
}

/* Appends what gnuplot wrote into one of its files. */
static bool collect(int file, dw_buf *out, dw_err *err) {
    char chunk[65536];
    off_t at = 0;
    for (;;) {
        ssize_t got = pread(file, chunk, sizeof chunk, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 ||
                   dw_err_set(err, DW_ERR_PLOT, "the picture cannot be read: %s", strerror(errno));
        dw_buf_add(out, chunk, (size_t)got);
        at += got;
        if (out->failed)
            return dw_err_memory(err, "a picture");
        if (at > ANSWER_LIMIT)
            return dw_err_set(err, DW_ERR_PLOT,
                              "the picture has more than %d MB. Draw less in one plot",
                              ANSWER_LIMIT >> 20);
    }
}

bool dw_gnuplot_run(dw_gnuplot *gnuplot, const char *script, size_t size, const dw_cancel *cancel,
                    dw_gnuplot_answer *out, dw_err *err) {
    size_t begin = out->said.size;
    /* A process that ended since the last picture (or just now) gets one replacement. */
    for (int attempt = 0; attempt < 2; attempt++) {
        if (!start(gnuplot, err))
            return false;
        answer state = ANSWER_FAILED;
        if (feed(gnuplot, script, size))
            state = wait_for_answer(gnuplot, cancel, &out->said, err);
        if (state == ANSWER_DONE)
            return collect(gnuplot->file[1], &out->first, err) &&
                   collect(gnuplot->file[2], &out->second, err);
        stop(gnuplot);
        if (out->said.data != NULL) {
            out->said.size = begin;
            out->said.data[begin] = '\0';
        }
        if (err->kind != DW_ERR_NONE)
            return false;
    }
    return dw_err_set(err, DW_ERR_PLOT,
                      "gnuplot (%s) ends instead of drawing. Look at it with: %s --version",
                      gnuplot->program, gnuplot->program);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of deepwhy: a kernel when Jupyter starts it, and the errands around it. */
#include "doctor.h"
#include "engine_dw.h"
#include "gate.h"
#include "install.h"
#include "kernel.h"
#include "run.h"
#include "spare.h"
#include "seal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What the signal handlers need. */
typedef struct signals {
    jk_gate gate;
    int wake[2]; /* a pipe to the control loop */
} signals;

/* The only variable of the program outside a function: a handler has no other way to find it. */
static signals *signals_now;

static void on_signal(int number) {
    int kept = errno;
    char letter = number == SIGINT ? 'i' : 't';
    if (number == SIGINT) {
        jk_gate_cancel(&signals_now->gate);
    }
    if (write(signals_now->wake[1], &letter, 1) < 0) {
        /* The pipe is full of wake-ups already. */
    }
    errno = kept;
}

static bool make_pipe(int ends[2]) {
    if (pipe(ends) != 0) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    return true;
}

/* SIGINT interrupts without restarting calls; the others end the kernel in good order. A launcher
 * may have left any of them blocked; a SIGHUP that it ignores (nohup) stays ignored. */
static void catch_signals(signals *s) {
    struct sigaction action = {0}, before = {0};
    sigset_t ours;
    signals_now = s;
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, NULL);
    action.sa_flags = SA_RESTART;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, NULL, &before);
    if (before.sa_handler != SIG_IGN) {
        sigaction(SIGHUP, &action, NULL);
    }
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGHUP);
    sigprocmask(SIG_UNBLOCK, &ours, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of the cell */
}

/* What the handler uses goes with main; an interrupt this late means nothing any more. */
static void release_signals(void) {
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
}

/* A program started with one of the first three closed would otherwise get a socket in its place
 * and write its notes there. */
static void fill_standard_files(void) {
    int fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO) {
        fd = open("/dev/null", O_RDWR);
    }
    if (fd > STDERR_FILENO) {
        close(fd);
    }
}

static const char usage[] =
    "deepwhy, a kernel for Jupyter and a language for neural networks\n"
    "\n"
    "  deepwhy -f FILE                  serve the connection file (Jupyter does this)\n"
    "  deepwhy                          serve, with a connection file of our own\n"
    "  deepwhy run FILE.dw [--figures DIR] [--pdf]\n"
    "                                   run a script; figures become numbered files\n"
    "  deepwhy install --user | --sys-prefix | --prefix DIR\n"
    "                                   make the kernel known to Jupyter\n"
    "  deepwhy uninstall --user | --sys-prefix | --prefix DIR\n"
    "  deepwhy doctor                   look for what is missing\n"
    "  deepwhy --version | --help | --encryption (what a kernelspec says of it)\n"
    "\n"
    "DEEPWHY_LOG=1 writes notes about odd messages to the error output.\n";

/* Some launchers hand over the path within quotes. */
static char *unquote(char *path) {
    size_t len = strlen(path);
    if (len >= 2 && path[0] == '"' && path[len - 1] == '"') {
        path[len - 1] = '\0';
        return path + 1;
    }
    return path;
}

static int fail(const jk_fault *fault) {
    fprintf(stderr, "deepwhy: %s\n", fault->text);
    return 1;
}

static int end_by_signal(void) {
    signal(SIGTERM, SIG_DFL);
    raise(SIGTERM);
    return 128 + SIGTERM;
}

/* Tells a person who started us by hand what to do with it. */
static void greet(const jk_conn *conn) {
    fprintf(stderr,
            "deepwhy: a kernel is starting; to connect:\n"
            "  jupyter console --existing %s\n"
            "(deepwhy --help shows what else there is)\n",
            conn->path);
}

/* path NULL: make up a connection. */
static int serve(signals *s, char *path) {
    jk_conn conn;
    jk_fault fault = {{0}};
    jk_engine_info info;
    const jk_engine_maker maker = jk_engine_dw_maker(&info);
    catch_signals(s); /* first of all: a server may interrupt at once */
    signal(SIGPIPE, SIG_IGN);
    bool ok = path ? jk_conn_read(&conn, unquote(path), &fault) : jk_conn_make(&conn, &fault);
    if (!ok) {
        return fail(&fault);
    }
    if (!path) {
        greet(&conn);
    }
    const char *log = getenv("DEEPWHY_LOG");
    const jk_kernel_options options = {.maker = &maker,
                                       .gate = &s->gate,
                                       .wake = s->wake[0],
                                       .is_log_on = log && *log && strcmp(log, "0") != 0};
    jk_kernel_end end = jk_kernel_run(&conn, &options, &fault);
    jk_conn_free(&conn);
    if (end == JK_KERNEL_FAILED) {
        return fail(&fault);
    }
    return end == JK_KERNEL_TERMINATED ? end_by_signal() : 0;
}

static int misuse(const char *what) {
    fprintf(stderr, "deepwhy: %s\n\n%s", what, usage);
    return 2;
}

/* `jupyter run` and `jupyter console` hand words of their own on, behind the connection file. */
static int serve_words(signals *s, int count, char **words) {
    if (count == 0) {
        return serve(s, NULL);
    }
    if (count >= 2 && strcmp(words[0], "-f") == 0) {
        return serve(s, words[1]);
    }
    if (strncmp(words[0], "-f=", 3) == 0) {
        return serve(s, words[0] + 3);
    }
    if (count == 1 && words[0][0] != '-') {
        return serve(s, words[0]);
    }
    return misuse("that is not a way to start it");
}

static int act(signals *s, int argc, char **argv) {
    jk_engine_info info;
    const jk_engine_maker maker = jk_engine_dw_maker(&info);
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        printf("deepwhy %s\n", info.implementation_version);
        return 0;
    }
    if (strcmp(word, "--encryption") == 0) {
        puts(jk_seal_schemes());
        return 0;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (strcmp(word, "run") == 0) {
        catch_signals(s);
        return jk_run_main(argc - 2, argv + 2, &maker, &s->gate, s->wake);
    }
    if (strcmp(word, "install") == 0 || strcmp(word, "uninstall") == 0) {
        return jk_install_main(argc - 2, argv + 2, word[0] == 'i');
    }
    if (strcmp(word, "doctor") == 0 || strcmp(word, "--check") == 0) {
        return jk_doctor_main();
    }
    return serve_words(s, argc - 1, argv + 1);
}

/* A success whose words reached nobody, because the disk is full, is none. */
static int tell_output_failure(int code) {
    if ((fflush(stdout) == 0 && !ferror(stdout)) || code != 0) {
        return code;
    }
    fprintf(stderr, "deepwhy: cannot write the output: %s\n", strerror(errno));
    return 1;
}

int main(int argc, char **argv) {
    signals s = {.wake = {-1, -1}};
    fill_standard_files();
    jk_spare_set_up();
    if (!jk_gate_open(&s.gate) || !make_pipe(s.wake)) {
        fprintf(stderr, "deepwhy: cannot start: %s\n", strerror(errno));
        return 1;
    }
    int code = tell_output_failure(act(&s, argc, argv));
    release_signals();
    jk_gate_close(&s.gate);
    return code;
}

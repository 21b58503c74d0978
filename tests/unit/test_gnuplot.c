/* SPDX-License-Identifier: BSD-3-Clause */
/* gnuplot as a process: alive, missing, hanging, dying, talking nonsense, interrupted. */
#include "plot/gnuplot.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const char PATH[] = "/usr/local/bin:/usr/bin:/bin";

static char folder[] = "/tmp/dw_gnuplot_XXXXXX";
static char script_name[64];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A program that pretends to be gnuplot. */
static const char *pretend(const char *body) {
    snprintf(script_name, sizeof script_name, "%s/gnuplot", folder);
    FILE *file = fopen(script_name, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", body);
    fclose(file);
    assert_int_equal(chmod(script_name, 0700), 0);
    return script_name;
}

static dw_gnuplot *gnuplot_of(dw_mem *mem, const char *program, unsigned patience) {
    dw_err err = {0};
    dw_gnuplot_options options = {program, PATH, patience};
    dw_gnuplot *gnuplot = dw_gnuplot_new(mem, &options, &err);
    assert_non_null(gnuplot);
    return gnuplot;
}

static bool run(dw_gnuplot *gnuplot, const char *script, dw_buf *out, dw_err *err) {
    dw_gnuplot_answer answer = {.said = *out};
    dw_buf_init(&answer.first, out->mem);
    dw_buf_init(&answer.second, out->mem);
    bool fine = dw_gnuplot_run(gnuplot, script, strlen(script), NULL, &answer, err);
    *out = answer.said;
    dw_buf_free(&answer.first);
    dw_buf_free(&answer.second);
    return fine;
}

static bool is_gone(long pid) {
    return kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

static void it_answers_again_and_again(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_gnuplot *gnuplot = gnuplot_of(&mem, "gnuplot", 0);
    assert_int_equal(dw_gnuplot_pid(gnuplot), 0);
    for (int i = 0; i < 3; i++) {
        dw_buf_clear(&out);
        assert_true(run(gnuplot, "set print '-'\nprint 'hello', 6*7\n", &out, &err));
        assert_string_equal(out.data, "hello 42\n");
    }
    long pid = dw_gnuplot_pid(gnuplot);
    assert_true(pid > 0);
    assert_int_equal(getpgid((pid_t)pid), pid);
    kill((pid_t)pid, SIGKILL);
    dw_buf_clear(&out);
    assert_true(run(gnuplot, "set print '-'\nprint 'again'\n", &out, &err));
    assert_string_equal(out.data, "again\n");
    pid = dw_gnuplot_pid(gnuplot);
    dw_gnuplot_free(gnuplot);
    assert_true(is_gone(pid));
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

static void files_come_back(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_gnuplot_answer answer;
    dw_buf_init(&answer.said, &mem);
    dw_buf_init(&answer.first, &mem);
    dw_buf_init(&answer.second, &mem);
    dw_gnuplot *gnuplot = gnuplot_of(&mem, "gnuplot", 0);
    const char *script =
        "set print '" DW_GNUPLOT_FIRST "'\nprint 'one'\nset print '" DW_GNUPLOT_SECOND
        "'\nprint 'two'\nset print\n";
    for (int i = 0; i < 2; i++) {
        dw_buf_clear(&answer.first);
        dw_buf_clear(&answer.second);
        assert_true(dw_gnuplot_run(gnuplot, script, strlen(script), NULL, &answer, &err));
        assert_string_equal(answer.first.data, "one\n");
        assert_string_equal(answer.second.data, "two\n");
    }
    dw_gnuplot_free(gnuplot);
    dw_buf_free(&answer.said);
    dw_buf_free(&answer.first);
    dw_buf_free(&answer.second);
    assert_int_equal(mem.used, 0);
}

static void its_surroundings_are_clean(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    setenv("GNUPLOT_LIB", "/tmp", 1);
    setenv("SECRET", "told", 1);
    dw_gnuplot *gnuplot = gnuplot_of(&mem, "gnuplot", 0);
    /* The test itself may ask a shell; figures cannot. */
    assert_true(run(gnuplot, "set print '-'\nprint system('env; pwd; ls /proc/self/fd | wc -l')\n",
                    &out, &err));
    assert_null(strstr(out.data, "SECRET"));
    assert_null(strstr(out.data, "GNUPLOT_LIB"));
    assert_non_null(strstr(out.data, "PWD=/\n"));
    dw_gnuplot_free(gnuplot);
    dw_buf_free(&out);
}

static void an_error_in_a_script_is_told_and_survived(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_gnuplot *gnuplot = gnuplot_of(&mem, "gnuplot", 0);
    assert_false(run(gnuplot, "set terminal svg\nplot nosuch(x)\n", &out, &err));
    assert_int_equal(err.kind, DW_ERR_PLOT);
    assert_non_null(strstr(err.text, "undefined function"));
    dw_err_clear(&err);
    assert_true(run(gnuplot, "set print '-'\nprint 1\n", &out, &err));
    assert_string_equal(out.data, "1\n");
    dw_gnuplot_free(gnuplot);
    dw_buf_free(&out);
}

static void without_gnuplot_the_error_says_how_to_get_it(void **state) {
    (void)state;
    const char *const programs[] = {"no_such_gnuplot", "/nowhere/gnuplot", "/tmp"};
    for (size_t i = 0; i < 3; i++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_buf out;
        dw_buf_init(&out, &mem);
        dw_gnuplot *gnuplot = gnuplot_of(&mem, programs[i], 0);
        assert_false(run(gnuplot, "", &out, &err));
        assert_int_equal(err.kind, DW_ERR_PLOT);
        if (i < 2)
            assert_non_null(strstr(err.text, "apt install gnuplot-nox"));
        dw_gnuplot_free(gnuplot);
        dw_buf_free(&out);
        assert_int_equal(mem.used, 0);
    }
}

/* A pretended gnuplot fails with these words within `seconds`, and nothing stays behind. */
static void expect_failure(const char *body, unsigned patience, const char *words, double seconds) {
    dw_mem mem = {0};
    dw_err err = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_gnuplot *gnuplot = gnuplot_of(&mem, pretend(body), patience);
    double begin = now();
    assert_false(run(gnuplot, "plot 1", &out, &err));
    const char *slow = getenv("DEEPWHY_SLOW");
    assert_true(now() - begin < seconds * (slow == NULL ? 1 : atof(slow)));
    if (strstr(err.text, words) == NULL)
        fail_msg("%s: %s", body, err.text);
    assert_int_equal(dw_gnuplot_pid(gnuplot), 0);
    assert_int_equal(out.size, 0);
    dw_gnuplot_free(gnuplot);
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

static void bad_programs_are_survived(void **state) {
    (void)state;
    expect_failure("sleep 1000", 200, "did not answer within 0.2 seconds", 3);
    expect_failure("trap '' TERM INT HUP; sleep 1000 & wait", 200, "did not answer", 3);
    expect_failure("exit 0", 5000, "ends instead of drawing", 3);
    expect_failure("kill -9 $$", 5000, "ends instead of drawing", 3);
    expect_failure("echo '=dw-end-7= 0'; sleep 1000", 200, "did not answer", 3);
    expect_failure("cat >/dev/null", 200, "did not answer", 3);
    expect_failure("exec <&-; sleep 1000", 200, "", 3);
    expect_failure("while :; do echo garbage; done", 300, "did not answer", 6);
    expect_failure("echo '=dw-end-1= 3 out of ink'; sleep 1000", 5000, "out of ink", 3);
}

static dw_cancel token;

static void *interrupt_soon(void *unused) {
    (void)unused;
    nanosleep(&(struct timespec){0, 100000000}, NULL);
    dw_cancel_request(&token);
    return NULL;
}

static void an_interrupt_ends_waiting(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_buf out;
    pthread_t thread;
    dw_buf_init(&out, &mem);
    dw_gnuplot *gnuplot = gnuplot_of(&mem, pretend("sleep 1000"), 0);
    atomic_store(&token.running, 1);
    double begin = now();
    assert_int_equal(pthread_create(&thread, NULL, interrupt_soon, NULL), 0);
    dw_gnuplot_answer answer = {.said = out, .first = out, .second = out};
    assert_false(dw_gnuplot_run(gnuplot, "plot 1", 6, &token, &answer, &err));
    assert_true(now() - begin < 2);
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    assert_int_equal(dw_gnuplot_pid(gnuplot), 0);
    pthread_join(thread, NULL);
    dw_gnuplot_free(gnuplot);
    dw_buf_free(&answer.said);
}

/* A process that is about to be done lives on. On a busy machine it may once not be in time. */
static void a_picture_that_is_nearly_done_is_kept(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_buf out;
    bool is_kept = false;
    dw_buf_init(&out, &mem);
    dw_gnuplot *gnuplot = gnuplot_of(&mem, "gnuplot", 0);
    atomic_store(&token.running, 2);
    dw_cancel_request(&token);
    for (int i = 0; i < 50 && !is_kept; i++) {
        assert_true(run(gnuplot, "set print '-'\nprint 1\n", &out, &err));
        long pid = dw_gnuplot_pid(gnuplot);
        dw_gnuplot_answer answer = {.said = out};
        dw_buf_init(&answer.first, &mem);
        dw_buf_init(&answer.second, &mem);
        is_kept = dw_gnuplot_run(gnuplot, "set print '-'\nprint 2\n", 22, &token, &answer, &err) &&
                  dw_gnuplot_pid(gnuplot) == pid;
        out = answer.said;
        err = (dw_err){0};
    }
    assert_true(is_kept);
    dw_gnuplot_free(gnuplot);
    dw_buf_free(&out);
}

static void lack_of_memory_is_told(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_buf out;
        dw_gnuplot_options options = {"gnuplot", PATH, 0};
        dw_buf_init(&out, &mem);
        mem.fail_at = n;
        dw_gnuplot *gnuplot = dw_gnuplot_new(&mem, &options, &err);
        done = gnuplot != NULL && run(gnuplot, "set print '-'\nprint 1\n", &out, &err);
        assert_true(done || err.kind == DW_ERR_MEMORY);
        dw_gnuplot_free(gnuplot);
        dw_buf_free(&out);
        assert_int_equal(mem.used, 0);
    }
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int drop_folder(void **state) {
    (void)state;
    unlink(script_name);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_answers_again_and_again),
        cmocka_unit_test(files_come_back),
        cmocka_unit_test(its_surroundings_are_clean),
        cmocka_unit_test(an_error_in_a_script_is_told_and_survived),
        cmocka_unit_test(without_gnuplot_the_error_says_how_to_get_it),
        cmocka_unit_test(bad_programs_are_survived),
        cmocka_unit_test(an_interrupt_ends_waiting),
        cmocka_unit_test(a_picture_that_is_nearly_done_is_kept),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}

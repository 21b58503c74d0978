/* SPDX-License-Identifier: BSD-3-Clause */
/* Files below one folder, and everything that tries to get out. */
#include "data/path.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

/* top/secret.txt; top/in/a.txt, top/in/sub/b.txt, and links in top/in that lead outside. */
typedef struct {
    char top[64], in[80];
} folders;

static void put(const char *folder, const char *name, const char *text) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void link_to(const char *target, const char *folder, const char *name) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(symlink(target, path), 0);
}

static int set_up(void **state) {
    static folders f;
    char sub[120], pipe[120];
    strcpy(f.top, "/tmp/dw_path_XXXXXX");
    assert_non_null(mkdtemp(f.top));
    snprintf(f.in, sizeof f.in, "%s/in", f.top);
    snprintf(sub, sizeof sub, "%s/sub", f.in);
    snprintf(pipe, sizeof pipe, "%s/pipe", f.in);
    mkdir(f.in, 0755);
    mkdir(sub, 0755);
    put(f.top, "secret.txt", "secret");
    put(f.in, "a.txt", "alpha");
    put(sub, "b.txt", "beta");
    link_to("../secret.txt", f.in, "link.txt");
    link_to("..", f.in, "out");
    link_to("a.txt", f.in, "inner.txt");
    mkfifo(pipe, 0600);
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    char command[100];
    folders *f = *state;
    snprintf(command, sizeof command, "rm -r %s", f->top);
    return system(command);
}

static void expect_text(const char *folder, const char *name, const char *text) {
    dw_mem mem = {0};
    dw_err err = {0};
    char *bytes;
    size_t size;
    if (!dw_path_read(&mem, folder, name, &bytes, &size, &err))
        fail_msg("%s: %s", name, err.text);
    assert_string_equal(bytes, text);
    assert_int_equal(size, strlen(text));
    dw_mem_free(bytes);
    assert_int_equal(mem.used, 0);
}

static void refuse_read(const char *folder, const char *name, const char *words) {
    dw_mem mem = {0};
    dw_err err = {0};
    char *bytes;
    size_t size;
    assert_false(dw_path_read(&mem, folder, name, &bytes, &size, &err));
    assert_int_equal(err.kind, DW_ERR_FILE);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s: %s\nbut the test wants: %s", name, err.text, words);
    assert_int_equal(mem.used, 0);
}

static bool write_text(const char *folder, const char *name, const char *text, dw_err *err) {
    dw_mem mem = {0};
    dw_buf contents;
    dw_buf_init(&contents, &mem);
    dw_buf_text(&contents, text);
    bool fine = dw_path_write(folder, name, &contents, err);
    dw_buf_free(&contents);
    return fine;
}

static void refuse_write(const char *folder, const char *name, const char *words) {
    dw_err err = {0};
    assert_false(write_text(folder, name, "bad", &err));
    assert_int_equal(err.kind, DW_ERR_FILE);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s: %s\nbut the test wants: %s", name, err.text, words);
}

static void files_below_are_read(void **state) {
    const folders *f = *state;
    char absolute[200];
    expect_text(f->in, "a.txt", "alpha");
    expect_text(f->in, "./sub//b.txt", "beta");
    expect_text(f->in, "sub/../a.txt", "alpha");
    snprintf(absolute, sizeof absolute, "%s/sub/b.txt", f->in);
    expect_text(f->in, absolute, "beta");
    expect_text(NULL, absolute, "beta");
    snprintf(absolute, sizeof absolute, "%s/", f->in);
    expect_text(absolute, "a.txt", "alpha");
}

static void nothing_leads_outside(void **state) {
    const folders *f = *state;
    char absolute[200], beside[200];
    refuse_read(f->in, "../secret.txt", "outside the notebook's folder");
    refuse_read(f->in, "sub/../../secret.txt", "outside");
    refuse_read(f->in, "/etc/passwd", "outside");
    snprintf(absolute, sizeof absolute, "%s/secret.txt", f->top);
    refuse_read(f->in, absolute, "outside");
    snprintf(beside, sizeof beside, "%sx/a.txt", f->in); /* begins like the folder */
    refuse_read(f->in, beside, "outside");
    refuse_read(f->in, "link.txt", "links are not followed");
    refuse_read(f->in, "out/secret.txt", "links are not followed");
    refuse_read(f->in, "inner.txt", "links are not followed");
    refuse_write(f->in, "../new.txt", "outside");
    refuse_write(f->in, "link.txt", "links are not followed");
    refuse_write(f->in, "out/new.txt", "links are not followed");
    expect_text(f->top, "secret.txt", "secret");
}

static void odd_names_are_refused(void **state) {
    const folders *f = *state;
    char lengthy[9000];
    memset(lengthy, 'x', sizeof lengthy);
    lengthy[sizeof lengthy - 1] = '\0';
    refuse_read(f->in, "", "needs a name");
    refuse_read(f->in, ".", "folder");
    refuse_read(f->in, "sub", "it is a folder");
    refuse_read(f->in, "none.txt", "there is no such file");
    refuse_read(f->in, "none/a.txt", "there is no such file");
    refuse_read(f->in, "a.txt/b", "no folder");
    refuse_read(f->in, "pipe", "no ordinary file"); /* and does not wait for a writer */
    refuse_read(NULL, "/dev/zero", "no ordinary file");
    refuse_read(f->in, lengthy, "too long");
    refuse_read(NULL, lengthy, "too long");
    refuse_write(f->in, "sub", "folder");
    refuse_write(f->in, "pipe", "no ordinary file");
    refuse_write(f->in, "", "needs a name");
}

static void writing_replaces_at_once(void **state) {
    const folders *f = *state;
    dw_err err = {0};
    assert_true(write_text(f->in, "new.txt", "first", &err));
    expect_text(f->in, "new.txt", "first");
    char path[200], linked[200];
    snprintf(path, sizeof path, "%s/new.txt", f->in);
    snprintf(linked, sizeof linked, "%s/held.txt", f->in);
    assert_int_equal(link(path, linked), 0); /* whoever holds the old file keeps it */
    assert_true(write_text(f->in, "sub/../new.txt", "second", &err));
    expect_text(f->in, "new.txt", "second");
    expect_text(f->in, "held.txt", "first");
    assert_true(write_text(f->in, "empty.txt", "", &err));
    expect_text(f->in, "empty.txt", "");
    snprintf(path, sizeof path, "ls -a %s | grep -q saving", f->in);
    assert_int_not_equal(system(path), 0);
}

static void large_files_respect_the_limit(void **state) {
    const folders *f = *state;
    dw_mem mem = {.limit = 50000};
    dw_err err = {0};
    size_t size = 100000;
    char *bytes = calloc(size + 1, 1), *back;
    memset(bytes, 'q', size);
    assert_true(write_text(f->in, "big.txt", bytes, &err));
    free(bytes);
    assert_false(dw_path_read(&mem, f->in, "big.txt", &back, &size, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    assert_int_equal(mem.used, 0);
    mem.limit = 0;
    dw_err_clear(&err);
    assert_true(dw_path_read(&mem, f->in, "big.txt", &back, &size, &err));
    assert_int_equal(size, 100000);
    dw_mem_free(back);
}

static dw_cancel stop = {.running = 1};

static void on_alarm(int signal) {
    (void)signal;
    dw_cancel_request(&stop);
}

/* A gigabyte takes a few tenths of a second at least, wherever it comes from. */
static void an_interrupt_ends_reading_and_writing(void **state) {
    const folders *f = *state;
    dw_mem mem = {.cancel = &stop};
    dw_err err = {0};
    char path[200], *bytes;
    size_t size;
    snprintf(path, sizeof path, "%s/long.txt", f->in);
    put(f->in, "long.txt", "");
    assert_int_equal(truncate(path, 1 << 30), 0); /* nothing of it is on the disk */
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {0, 2000}}, NULL);
    assert_false(dw_path_read(&mem, f->in, "long.txt", &bytes, &size, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    assert_int_equal(mem.used, 0);
    dw_buf contents;
    dw_buf_init(&contents, &mem);
    dw_buf_text(&contents, "more");
    dw_err_clear(&err);
    assert_false(dw_path_write(f->in, "a.txt", &contents, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_buf_free(&contents);
    expect_text(f->in, "a.txt", "alpha");
}

static void endings_are_small_letters(void **state) {
    (void)state;
    char out[8];
    assert_string_equal(dw_path_ending("a/b.CSV", out), "csv");
    assert_string_equal(dw_path_ending("a.b/c", out), "");
    assert_string_equal(dw_path_ending("x.tar.gz", out), "gz");
    assert_string_equal(dw_path_ending("x.verylong", out), "");
    assert_string_equal(dw_path_ending("", out), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_below_are_read),
        cmocka_unit_test(nothing_leads_outside),
        cmocka_unit_test(odd_names_are_refused),
        cmocka_unit_test(writing_replaces_at_once),
        cmocka_unit_test(large_files_respect_the_limit),
        cmocka_unit_test(an_interrupt_ends_reading_and_writing),
        cmocka_unit_test(endings_are_small_letters),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

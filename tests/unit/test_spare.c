/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory for messages: the small is always there, the large may fail, the end comes with words.
 * What happens when the system refuses is in tests/faults/test_calls.py too. */
#include "spare.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void blocks_are_made_and_grown(void **state) {
    (void)state;
    jk_spare_set_up();
    jk_spare_renew();
    char *text = jk_spare_copy("words");
    assert_string_equal(text, "words");
    text = jk_spare_grow(text, 1000);
    assert_string_equal(text, "words");
    free(text);
    unsigned char *zeros = jk_spare_zero(10, 10);
    for (int i = 0; i < 100; i++)
        assert_int_equal(zeros[i], 0);
    free(zeros);
    free(jk_spare_get(0));
}

static void what_is_too_large_is_refused(void **state) {
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip(); /* the sanitizers end a program that asks for so much */
#endif
    jk_spare_set_up();
    assert_null(jk_spare_get((size_t)1 << 62));
    assert_null(jk_spare_zero(SIZE_MAX / 2, 3));
    jk_spare_renew();
}

/* In a child: the reserve can be given up once. */
static void the_end_has_words(void **state) {
    int ends[2], status = 0;
    char words[200] = "";
    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        jk_spare_renew();
        jk_spare_give_up(100);
        jk_spare_give_up(JK_SPARE_LARGE);
        jk_spare_give_up(100);
        _exit(77);
    }
    close(ends[1]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_true(read(ends[0], words, sizeof words - 1) > 0);
    assert_non_null(strstr(words, "no memory left"));
    close(ends[0]);
}

static void *of_jansson(size_t size) {
    json_malloc_t get;
    json_free_t give;
    json_get_alloc_funcs(&get, &give);
    return get(size);
}

static void *of_libcrypto(size_t size) {
    return OPENSSL_malloc(size);
}

static void *of_libcrypto_grown(size_t size) {
    return OPENSSL_realloc(OPENSSL_malloc(1), size);
}

static bool is_under_valgrind(void) {
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded != NULL && strstr(preloaded, "vgpreload") != NULL;
}

/* Takes blocks without an end where there are 64 MB. Neither library is ever told that there is no
 * more: the process ends. */
static void libraries_are_never_refused(void **state) {
    static void *(*const getters[])(size_t) = {of_jansson, of_libcrypto, of_libcrypto_grown};
    const struct rlimit little = {64 << 20, 64 << 20};
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip(); /* they need more than there is */
#endif
    if (is_under_valgrind())
        skip(); /* it has the memory, and nothing bounds it */
    jk_spare_set_up();
    for (size_t i = 0; i < sizeof getters / sizeof *getters; i++) {
        int status = 0;
        pid_t pid = fork();
        if (pid == 0) {
            setrlimit(RLIMIT_DATA, &little);
            close(STDERR_FILENO);
            for (int turn = 0; turn < 100; turn++)
                if (getters[i](JK_SPARE_LARGE - 100) == NULL)
                    _exit(77);
            _exit(78);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 2); /* and nobody read the words */
    }
}

static void libcrypto_frees_as_it_expects(void **state) {
    (void)state;
    jk_spare_set_up();
    assert_null(OPENSSL_malloc(0));
    char *block = OPENSSL_malloc(6);
    memcpy(block, "words", 6);
    block = OPENSSL_realloc(block, 1000);
    assert_string_equal(block, "words");
    assert_null(OPENSSL_realloc(block, 0));
    OPENSSL_free(OPENSSL_malloc(1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_made_and_grown), cmocka_unit_test(what_is_too_large_is_refused),
        cmocka_unit_test(the_end_has_words), cmocka_unit_test(libraries_are_never_refused),
        cmocka_unit_test(libcrypto_frees_as_it_expects)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

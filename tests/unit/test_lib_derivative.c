/* SPDX-License-Identifier: BSD-3-Clause */
/* grad and hessian. */
#include "lang/builtin.h"

#include "notebook.h"

#include <stdio.h>

static void examples_show_what_they_promise(void **state) {
    (void)state;
    for (const dw_builtin *row = dw_lib_derivative; row->name != NULL; row++) {
        const char *arrow = strstr(row->example, "  # → ");
        assert_non_null(arrow);
        char cell[256] = "", words[256];
        memcpy(cell, row->example, (size_t)(arrow - row->example));
        snprintf(words, sizeof words, "%s\n", arrow + strlen("  # → "));
        notebook_says(cell, words);
    }
}

static void are_the_signs(void **state) {
    (void)state;
    notebook_says("L(θ) = sum(exp(θ))\ngrad(L)([0, 1]) == ∇L([0, 1])\n"
                  "hessian(L)([0, 1]) == ∇²L([0, 1])\ngrad(grad(x ↦ x^3))(2)",
                  "[true, true]\n[true, true;\n true, true]\n12\n");
    notebook_refuses("grad(2)", DW_ERR_TYPE, "only functions have derivatives", "grad(2)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(are_the_signs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

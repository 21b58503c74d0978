/* SPDX-License-Identifier: BSD-3-Clause */
/* Files and the digits through the language. */
#include "cells.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64];

/* Examples save files: let them do so in a folder of their own. */
static int set_up(void **state) {
    (void)state;
    strcpy(folder, "/tmp/dw_lib_files_XXXXXX");
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int tear_down(void **state) {
    char command[100];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return chdir("/") != 0 || system(command) != 0;
}

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cells_walk(dw_lib_files);
}

static void files_stay_in_the_folder(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    c.eval.folder = folder;
    cell_refuse(&c, "load(\"../../etc/passwd.txt\")", DW_ERR_FILE, "outside the notebook's folder");
    cell_refuse(&c, "load(\"none.csv\")", DW_ERR_FILE, "no such file");
    cell_refuse(&c, "load(3)", DW_ERR_TYPE, "a text");
    cell_refuse(&c, "load(\"a.csv\", header = 3)", DW_ERR_TYPE, "true or false");
    cell_refuse(&c, "save(3, \"a.npz\")", DW_ERR_TYPE, "give it a name");
    cell_refuse(&c, "save((x = \"a\"), \"a.npz\")", DW_ERR_TYPE, "x is a text");
    cell_refuse(&c, "save((x = (y = sin)), \"a.safetensors\")", DW_ERR_TYPE, "x.y is the function");
    cell_refuse(&c, "save((x = 1), \"a.safetensors\", precision = \"half\")", DW_ERR_VALUE,
                "\"double\" or \"single\"");
    cell_refuse(&c, "save(1, \"a.npy\", precision = \"single\")", DW_ERR_VALUE,
                "only .safetensors");
    cell_refuse(&c, "save((x = 1), \"a.npz\", names = \"pytorch\")", DW_ERR_VALUE,
                "only the parameters of a net");
    cell_refuse(&c, "save(3, \"a-idx1-ubyte\")", DW_ERR_FILE, "the ending of its name must be");
    cell_refuse(&c, "save(3, \"/tmp/x.txt\")", DW_ERR_FILE, "outside");
    cell_refuse(&c, "save(sin, \"x.csv\")", DW_ERR_TYPE, "as csv");
    cell_close(&c);
}

static void digits_are_a_table(void **state) {
    (void)state;
    cells_expect("d = digits()\nd.y[1..10]", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]");
    cells_expect("d = digits()\n[count(d), size(d.x)[1], size(d.x)[2]]", "[1797, 64, 1797]");
    cells_expect("d = digits()\nd[2].x[4]", "0.75");
}

static void names_with_points_are_records(void **state) {
    (void)state;
    cells_expect("save((a = (w = [1; 2], b = 3), c = true), \"n.npz\")\nr = load(\"n.npz\")\n"
                 "[r.a.w[2], r[\"a.b\"], r[\"a\"].b]",
                 "[2, 3, 3]");
    cells_expect("save((a = (w = [1; 2], b = 3), c = true), \"n.safetensors\")\n"
                 "load(\"n.safetensors\")",
                 "(a = (w = [1; 2], b = 3), c = true)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(files_stay_in_the_folder),
        cmocka_unit_test(digits_are_a_table),
        cmocka_unit_test(names_with_points_are_records),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

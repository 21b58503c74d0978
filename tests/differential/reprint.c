/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads a program, prints its tree to the standard output as a program again, and sees that this
 * reads as the same tree. Exit code 1 with a word on what differs, 2 when it cannot be read. */
#include "syntax/parse.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    static char source[1 << 20];
    dw_mem mem = {0};
    dw_err err = {0};
    dw_buf text;
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL)
        return 2;
    size_t size = fread(source, 1, sizeof source, file);
    fclose(file);
    dw_buf_init(&text, &mem);
    dw_unit *first = dw_unit_new(&mem, 1, argv[1], 1, source, size), *second = NULL;
    bool read = first != NULL && dw_parse_unit(first, &err), again = false, same = false;
    if (read) {
        dw_ast_print(first->root, &text);
        second = dw_unit_new(&mem, 2, "printed", 1, text.size > 0 ? text.data : "", text.size);
        again = second != NULL && dw_parse_unit(second, &err);
        same = again && dw_ast_equal(first->root, second->root);
        fwrite(text.data, 1, text.size, stdout);
    }
    if (!same)
        fprintf(stderr, "%s: %s\n",
                !read    ? "cannot be read"
                : !again ? "what is printed cannot be read"
                         : "what is printed is another program",
                err.text);
    if (first != NULL)
        dw_unit_release(first);
    if (second != NULL)
        dw_unit_release(second);
    dw_buf_free(&text);
    return !read ? 2 : !same;
}

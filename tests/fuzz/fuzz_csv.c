/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a csv file: a table in which every cell is there and every name a text, or one
 * error; and nothing is left behind. */
#include "data/csv.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static void check(const dw_csv *csv) {
    double x;
    for (size_t i = 0; i < csv->columns; i++) {
        const dw_csv_column *c = &csv->column[i];
        must(dw_text_valid(c->name, strlen(c->name)) == strlen(c->name));
        must(c->numbers == (c->values != NULL) || csv->rows == 0);
        for (size_t r = 0; r < csv->rows; r++) {
            const dw_csv_cell *cell = &c->cells[r * csv->columns];
            must(cell->text[cell->size] == '\0');
            must(dw_text_valid(cell->text, cell->size) == cell->size);
            must(!c->numbers || cell->size == 0 || dw_csv_number(cell->text, cell->size, &x));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const dw_csv_first firsts[] = {DW_CSV_GUESS, DW_CSV_HEADER, DW_CSV_NO_HEADER};
    for (int i = 0; i < 3; i++) {
        dw_mem mem = {.limit = 64 << 20};
        dw_err err = {0};
        dw_csv *csv = dw_csv_read(&mem, (const char *)data, size, firsts[i], "f.csv", &err);
        must((csv == NULL) == (err.kind != DW_ERR_NONE));
        if (csv != NULL)
            check(csv);
        dw_csv_free(csv);
        must(mem.used == 0);
    }
    return 0;
}

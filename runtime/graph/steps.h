/* SPDX-License-Identifier: BSD-3-Clause */
/* The steps of a plan: what runs, over addresses that were settled when the plan was made. */
#ifndef DW_STEPS_H
#define DW_STEPS_H

#include "base/pool.h"
#include "graph/op.h"
#include "tensor/product.h"
#include "tensor/vector.h"

/* A value in the memory of a plan. Element e of sample s lies `lead`*e + s numbers behind `at`, a
 * number being a double, a float or a pack of eight doubles. */
typedef struct {
    char *at;
    dw_op_shape shape;
    size_t lead; /* numbers from one element to the next: 1 when uniform */
} dw_steps_value;

typedef enum {
    DW_STEPS_NUMBER_1, /* an operation on one number, on two, a choice; the frequent ones apart */
    DW_STEPS_NUMBER_2,
    DW_STEPS_NUMBER_CHOICE,
    DW_STEPS_NUMBER_ADD,
    DW_STEPS_NUMBER_SUBTRACT,
    DW_STEPS_NUMBER_MULTIPLY,
    DW_STEPS_NUMBER_DIVIDE,
    DW_STEPS_NUMBER_NEGATE,
    DW_STEPS_MAP,
    DW_STEPS_PAIR,
    DW_STEPS_CHOOSE,
    DW_STEPS_TWO,
    DW_STEPS_GATE,
    DW_STEPS_SPREAD,
    DW_STEPS_FOLD,
    DW_STEPS_TOTAL,
    DW_STEPS_GATHER,
    DW_STEPS_PLACE,
    DW_STEPS_INSERT,
    DW_STEPS_TURN,
    DW_STEPS_PRODUCT,
    DW_STEPS_EACH,
    DW_STEPS_CONTRACTION,
    DW_STEPS_TILES,    /* one of these two, small and made ready */
    DW_STEPS_REFERENCE /* dw_op_run, sample by sample */
} dw_steps_kind;

/* What the larger steps need besides; owned by the plan. */
typedef struct {
    dw_op_call call;                        /* with places of its own */
    dw_steps_value value[DW_OP_INPUTS + 1]; /* inputs, and last the result */
    dw_product_call product;
    size_t repeat, b_move, c_move; /* PRODUCT: so many times, b and c moving by bytes */
    dw_product_each each;
    dw_product_tile *tiles; /* TILES: a product made ready */
    size_t tile_count;
    bool packs; /* b is copied into the room first */
} dw_steps_detail;

typedef struct {
    uint8_t kind; /* dw_steps_kind */
    uint8_t elem;
    bool large; /* takes long enough to look at `cancel` before it */
    char *out;
    dw_vector_source in[DW_OP_INPUTS];
    size_t rows, vectors; /* of the result; FOLD, TOTAL, GATHER …: see steps.c */
    union {
        dw_vector_map *map;
        dw_vector_pair *pair;
        dw_vector_two *two;
        dw_vector_fold *fold;
        dw_vector_gate *gate;
    } kernel;
    dw_steps_detail *detail;
} dw_steps_step;

/* What runs need around the steps. */
typedef struct {
    dw_vector_type type;
    const dw_vector_kernels *kernels;
    dw_pool *pool; /* NULL: none */
    void *room; /* working memory, 64-byte aligned, as large as dw_steps_room says for each step */
} dw_steps_around;

/* Sets *bytes to the working memory of a step; false with a MEMORY error when no machine has as
 * many. */
bool dw_steps_room(const dw_steps_around *around, const dw_steps_step *step, size_t *bytes,
                   dw_err *err) DW_CHECK;

/* Turns a small product into tiles, which the detail owns, once the working memory is there. False
 * with a MEMORY error. */
bool dw_steps_prepare(dw_mem *mem, const dw_steps_around *around, dw_steps_step *step,
                      dw_err *err) DW_CHECK;

/* Runs the steps in order. Polls `cancel` (NULL: never). False with an INTERRUPT or NUMERIC error.
 */
bool dw_steps_run(const dw_steps_around *around, const dw_steps_step *steps, size_t count,
                  const dw_cancel *cancel, dw_err *err) DW_CHECK;

/* One number of a value, and setting it; `lane` is 0 unless the type is a pack. */
double dw_steps_get(dw_vector_type type, const dw_steps_value *value, size_t place, unsigned lane);
void dw_steps_set(dw_vector_type type, const dw_steps_value *value, size_t place, unsigned lane,
                  double x);
static inline size_t dw_steps_place(const dw_steps_value *value, size_t element, size_t sample) {
    return element * value->lead + (value->shape.batch > 1 ? sample : 0);
}

#endif

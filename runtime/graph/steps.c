/* SPDX-License-Identifier: BSD-3-Clause */
#include "graph/steps.h"

#include "base/lanes.h"
#include "graph/op.h"

#include <stdatomic.h>
#include <string.h>

static unsigned lanes_of(dw_vector_type type) {
    return type == DW_VECTOR_PACK ? DW_LANES : 1;
}

static size_t elements_of(const dw_steps_value *v) {
    return v->shape.rows * v->shape.columns;
}

/* ---- single numbers of values ---- */

double dw_steps_get(dw_vector_type type, const dw_steps_value *v, size_t place, unsigned lane) {
    float narrow;
    double x;
    if (type == DW_VECTOR_SINGLE) {
        memcpy(&narrow, v->at + place * sizeof narrow, sizeof narrow);
        return (double)narrow;
    }
    memcpy(&x, v->at + (place * lanes_of(type) + lane) * sizeof x, sizeof x);
    return x;
}

void dw_steps_set(dw_vector_type type, const dw_steps_value *v, size_t place, unsigned lane,
                  double x) {
    float narrow = (float)x;
    if (type == DW_VECTOR_SINGLE)
        memcpy(v->at + place * sizeof narrow, &narrow, sizeof narrow);
    else
        memcpy(v->at + (place * lanes_of(type) + lane) * sizeof x, &x, sizeof x);
}

/* ---- operations without a kernel of their own ---- */

/* One sample of one run, taken out of its values, worked on by the plain operation and put back. */
static bool run_sample(const dw_steps_around *around, const dw_steps_step *s, size_t sample,
                       unsigned lane, const dw_cancel *cancel, dw_err *err) {
    dw_op_call call = s->detail->call;
    const double *in[DW_OP_INPUTS] = {NULL, NULL, NULL};
    double *room = around->room;
    for (unsigned k = 0; k < dw_op_arity(call.op); k++) {
        const dw_steps_value *v = &s->detail->value[k];
        in[k] = room;
        for (size_t e = 0; e < elements_of(v); e++)
            *room++ = dw_steps_get(around->type, v, dw_steps_place(v, e, sample), lane);
    }
    const dw_steps_value *result = &s->detail->value[DW_OP_INPUTS];
    double *out = room;
    room += elements_of(result);
    room += (64 - (uintptr_t)room % 64) % 64 / sizeof *room;
    call.shape.batch = call.input[0].batch = call.input[1].batch = call.input[2].batch = 1;
    if (!dw_op_run(&call, out, in, room, cancel, err))
        return false;
    for (size_t e = 0; e < elements_of(result); e++)
        dw_steps_set(around->type, result, dw_steps_place(result, e, sample), lane, out[e]);
    return true;
}

/* Columns of all samples added into one array: column 0 of each sample, column 1 … */
static void run_put(const dw_steps_around *around, const dw_steps_step *s, unsigned lane) {
    const dw_steps_value *x = &s->detail->value[0], *index = &s->detail->value[1];
    const dw_steps_value *out = &s->detail->value[DW_OP_INPUTS];
    size_t columns = out->shape.columns, n = x->shape.columns;
    size_t batch = x->shape.batch > index->shape.batch ? x->shape.batch : index->shape.batch;
    for (size_t e = 0; e < elements_of(out); e++)
        dw_steps_set(around->type, out, e, lane, 0);
    for (size_t j = 0; j < n; j++)
        for (size_t b = 0; b < batch; b++) {
            double name = dw_steps_get(around->type, index, dw_steps_place(index, j, b), lane);
            size_t column = dw_op_column(name, columns);
            for (size_t d = 0; column < columns && d < x->shape.rows; d++) {
                size_t to = d * columns + column, from = dw_steps_place(x, d * n + j, b);
                dw_steps_set(around->type, out, to, lane,
                             dw_steps_get(around->type, out, to, lane) +
                                 dw_steps_get(around->type, x, from, lane));
            }
        }
}

/* Columns of a table, for each sample others: without copying the table for each. */
static void run_pick(const dw_steps_around *around, const dw_steps_step *s, unsigned lane) {
    const dw_steps_value *table = &s->detail->value[0], *index = &s->detail->value[1];
    const dw_steps_value *out = &s->detail->value[DW_OP_INPUTS];
    size_t columns = table->shape.columns, n = out->shape.columns;
    for (size_t j = 0; j < n; j++)
        for (size_t b = 0; b < out->shape.batch; b++) {
            double name = dw_steps_get(around->type, index, dw_steps_place(index, j, b), lane);
            size_t column = dw_op_column(name, columns);
            for (size_t d = 0; d < out->shape.rows; d++) {
                size_t from = dw_steps_place(table, d * columns + column, b);
                dw_steps_set(around->type, out, dw_steps_place(out, d * n + j, b), lane,
                             column < columns ? dw_steps_get(around->type, table, from, lane)
                                              : (double)NAN);
            }
        }
}

static void run_random(const dw_steps_around *around, const dw_steps_step *s, unsigned lane) {
    const dw_steps_value *out = &s->detail->value[DW_OP_INPUTS], *key = &s->detail->value[0];
    double keys[2] = {dw_steps_get(around->type, key, 0, lane),
                      dw_steps_get(around->type, key, 1, lane)};
    enum { AT_ONCE = 256 };
    double some[AT_ONCE];
    size_t e = 0, b = 0, n = elements_of(out) * out->shape.batch;
    for (size_t i = 0; i < n; i++) {
        if (i % AT_ONCE == 0)
            dw_op_random(keys, s->detail->call.stream, i, some, n - i < AT_ONCE ? n - i : AT_ONCE);
        dw_steps_set(around->type, out, dw_steps_place(out, e, b), lane, some[i % AT_ONCE]);
        b = b + 1 == out->shape.batch ? 0 : b + 1;
        e += b == 0;
    }
}

static bool run_reference(const dw_steps_around *around, const dw_steps_step *s,
                          const dw_cancel *cancel, dw_err *err) {
    const dw_op_call *call = &s->detail->call;
    bool all = call->op == DW_OP_PUT && call->shape.batch == 1;
    for (unsigned lane = 0; lane < lanes_of(around->type); lane++) {
        if (all)
            run_put(around, s, lane);
        else if (call->op == DW_OP_PICK)
            run_pick(around, s, lane);
        else if (call->op == DW_OP_RANDOM)
            run_random(around, s, lane);
        else
            for (size_t b = 0; b < call->shape.batch; b++)
                if (!run_sample(around, s, b, lane, cancel, err))
                    return false;
    }
    return true;
}

static bool reference_room(const dw_steps_step *s, size_t *bytes, dw_err *err) {
    dw_op_call call = s->detail->call;
    size_t numbers = elements_of(&s->detail->value[DW_OP_INPUTS]);
    for (unsigned k = 0; k < dw_op_arity(call.op); k++)
        numbers += elements_of(&s->detail->value[k]);
    return dw_op_room(&call, bytes, err) &&
           (!__builtin_add_overflow(*bytes, 64 + numbers * sizeof(double), bytes) ||
            dw_err_memory(err, "the steps of a computation"));
}

/* ---- moving elements: `rows` of them, `vectors` bytes each ---- */

static void copy_unit(char *to, const char *from, size_t unit) {
    if (unit == sizeof(double))
        memcpy(to, from, sizeof(double));
    else if (unit == sizeof(float))
        memcpy(to, from, sizeof(float));
    else
        memcpy(to, from, unit);
}

static void run_gather(const dw_steps_step *s) {
    const size_t *places = s->detail->call.places;
    const char *from = s->in[0].at;
    for (size_t i = 0, n; i < s->rows; i += n) {
        for (n = 1; i + n < s->rows && places[i + n] == places[i] + n;)
            n++;
        if (n == 1)
            copy_unit(s->out + i * s->vectors, from + places[i] * s->vectors, s->vectors);
        else
            memcpy(s->out + i * s->vectors, from + places[i] * s->vectors, n * s->vectors);
    }
}

/* to += from, `bytes` of them. Additions side by side in what every 64-bit machine has; the width
 * changes no bit. */
static void add_stretch(dw_vector_type type, char *to, const char *from, size_t bytes) {
    typedef float singles __attribute__((vector_size(16)));
    typedef double doubles __attribute__((vector_size(16)));
    enum { STEP = 16 };
    size_t i = 0;
    for (; type == DW_VECTOR_SINGLE && i + STEP <= bytes; i += STEP) {
        singles sum, x;
        memcpy(&sum, to + i, STEP);
        memcpy(&x, from + i, STEP);
        sum += x;
        memcpy(to + i, &sum, STEP);
    }
    for (; type != DW_VECTOR_SINGLE && i + STEP <= bytes; i += STEP) {
        doubles sum, x;
        memcpy(&sum, to + i, STEP);
        memcpy(&x, from + i, STEP);
        sum += x;
        memcpy(to + i, &sum, STEP);
    }
    for (; type == DW_VECTOR_SINGLE && i < bytes; i += sizeof(float))
        *(float *)(void *)(to + i) += *(const float *)(const void *)(from + i);
    for (; i < bytes; i += sizeof(double))
        *(double *)(void *)(to + i) += *(const double *)(const void *)(from + i);
}

/* Adds the elements of x to those of the result at the places; neighbours at once. */
static void add_at_places(const dw_steps_around *around, const dw_steps_step *s, const char *x) {
    const size_t *places = s->detail->call.places;
    for (size_t i = 0, n; i < s->rows; i += n) {
        for (n = 1; i + n < s->rows && places[i + n] == places[i] + n;)
            n++;
        add_stretch(around->type, s->out + places[i] * s->vectors, x + i * s->vectors,
                    n * s->vectors);
    }
}

static void run_insert(const dw_steps_around *around, const dw_steps_step *s) {
    add_at_places(around, s, s->in[1].at);
}

static void run_place(const dw_steps_around *around, const dw_steps_step *s) {
    memset(s->out, 0, elements_of(&s->detail->value[DW_OP_INPUTS]) * s->vectors);
    add_at_places(around, s, s->in[0].at);
}

static void run_turn(const dw_steps_step *s) {
    size_t rows = s->detail->call.input[0].rows, columns = s->detail->call.input[0].columns;
    const char *from = s->in[0].at;
    for (size_t c = 0; c < columns; c++)
        for (size_t r = 0; r < rows; r++)
            copy_unit(s->out + (c * rows + r) * s->vectors, from + (r * columns + c) * s->vectors,
                      s->vectors);
}

/* ---- products ---- */

/* Products with fewer multiplications are over before another thread has heard of them. */
enum { WORTH_THREADS = 1 << 19 };

static unsigned parts_of(const dw_steps_around *around, const dw_product_call *call) {
    double work = (double)call->rows * (double)call->inner * (double)call->columns;
    return work < WORTH_THREADS ? 1 : dw_pool_threads(around->pool);
}

/* Bytes of working memory for one part of a product. */
static size_t part_room(const dw_steps_around *around, const dw_product_call *call) {
    return (dw_product_room(around->type, call) + 63) / 64 * 64;
}

typedef struct {
    const dw_steps_around *around;
    const dw_product_call *call;
    const dw_cancel *cancel;
    char *room;
    unsigned parts;
    atomic_bool stopped;
} shared_product;

static void run_part(void *context, unsigned part, unsigned thread) {
    (void)thread;
    shared_product *p = context;
    dw_vector_type type = p->around->type;
    dw_product_call call = dw_product_part(type, p->call, part, p->parts);
    char *room = p->room + part * part_room(p->around, p->call);
    if (call.rows > 0 && call.columns > 0 && !dw_product_run(type, &call, room, p->cancel))
        atomic_store_explicit(&p->stopped, true, memory_order_relaxed);
}

static bool run_product(const dw_steps_around *around, const dw_product_call *call, char *room,
                        const dw_cancel *cancel) {
    shared_product p = {around, call, cancel, room, parts_of(around, call), false};
    if (p.parts == 1)
        return dw_product_run(around->type, call, room, cancel);
    dw_pool_run(around->pool, run_part, &p, p.parts);
    return !atomic_load_explicit(&p.stopped, memory_order_relaxed);
}

static bool run_products(const dw_steps_around *around, const dw_steps_step *s,
                         const dw_cancel *cancel) {
    const dw_steps_detail *d = s->detail;
    dw_product_call call = d->product;
    for (size_t i = 0; i < d->repeat; i++) {
        if (!run_product(around, &call, around->room, cancel))
            return false;
        call.b = (const char *)call.b + d->b_move;
        call.c = (char *)call.c + d->c_move;
    }
    return true;
}

/* The samples of a value side by side without gaps, all (column, sample) pairs of a row after each
 * other: rows×columns×batch, or, turned, of its transpose. */
static void close_up(const dw_steps_around *around, const dw_steps_value *v, bool turned,
                     char *to) {
    size_t rows = turned ? v->shape.columns : v->shape.rows;
    size_t columns = turned ? v->shape.rows : v->shape.columns, bytes = around->kernels->number;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++, to += v->shape.batch * bytes) {
            size_t element = turned ? c * rows + r : r * columns + c;
            memcpy(to, v->at + element * v->lead * bytes, v->shape.batch * bytes);
        }
}

/* Whether the pairs (column, sample) of an operand of a contraction lie as one index, as they are.
 */
static bool is_closed(const dw_steps_value *v, size_t pairs, bool turned) {
    return pairs == v->shape.batch || (!turned && v->lead == v->shape.batch);
}

/* a is rows×pairs; b, read as columns×pairs, is b's transpose: turned when the graph has it so. */
static bool run_contraction(const dw_steps_around *around, const dw_steps_step *s,
                            const dw_cancel *cancel) {
    const dw_steps_detail *d = s->detail;
    dw_product_call call = d->product;
    char *room = around->room;
    for (unsigned k = 0; k < 2; k++) {
        const dw_steps_value *v = &d->value[k];
        bool turned = s->in[k].one;
        if (is_closed(v, call.inner, turned))
            continue;
        close_up(around, v, turned, room);
        if (k == 0) {
            call.a = room;
            call.a_row = call.inner;
        } else {
            call.b = room;
            call.b_column = call.inner;
        }
        room += (elements_of(v) * v->shape.batch * around->kernels->number + 63) / 64 * 64;
    }
    return run_product(around, &call, room, cancel);
}

bool dw_steps_room(const dw_steps_around *around, const dw_steps_step *s, size_t *bytes,
                   dw_err *err) {
    *bytes = 0;
    if (s->kind == DW_STEPS_REFERENCE)
        return reference_room(s, bytes, err);
    if (s->kind == DW_STEPS_PRODUCT || s->kind == DW_STEPS_CONTRACTION)
        *bytes = part_room(around, &s->detail->product) * parts_of(around, &s->detail->product);
    for (unsigned k = 0; s->kind == DW_STEPS_CONTRACTION && k < 2; k++) {
        const dw_steps_value *v = &s->detail->value[k];
        if (!is_closed(v, s->detail->product.inner, s->in[k].one))
            *bytes += (elements_of(v) * v->shape.batch * around->kernels->number + 63) / 64 * 64;
    }
    return true;
}

bool dw_steps_prepare(dw_mem *mem, const dw_steps_around *around, dw_steps_step *s, dw_err *err) {
    enum { MOST = 64 }; /* tiles: more are no small product */
    dw_steps_detail *d = s->detail;
    bool product = s->kind == DW_STEPS_PRODUCT && d->repeat == 1;
    bool closed = s->kind == DW_STEPS_CONTRACTION &&
                  is_closed(&d->value[0], d->product.inner, s->in[0].one) &&
                  is_closed(&d->value[1], d->product.inner, s->in[1].one);
    if (!(product || closed) || parts_of(around, &d->product) > 1)
        return true;
    size_t count = dw_product_prepare(around->type, &d->product, around->room, NULL, 0);
    if (count == 0 || count > MOST)
        return true;
    d->tiles = dw_mem_array(mem, count, sizeof *d->tiles);
    if (!d->tiles)
        return dw_err_memory(err, "the plan of a computation");
    d->tile_count = dw_product_prepare(around->type, &d->product, around->room, d->tiles, count);
    d->packs = dw_product_packs(around->type, &d->product);
    s->kind = DW_STEPS_TILES;
    return true;
}

static inline void run_tiles(const dw_steps_around *around, const dw_steps_step *s) {
    const dw_steps_detail *d = s->detail;
    if (d->packs)
        dw_product_pack(around->type, &d->product, around->room);
    for (size_t i = 0; i < d->tile_count; i++)
        d->tiles[i].run(&d->tiles[i]);
}

/* ---- numbers ---- */

/* A step on numbers that are singles: worked out as doubles, which for + - * / √ and comparisons
 * gives the single the operation itself would give. */
static void run_narrow_number(const dw_steps_step *s) {
    float in[DW_OP_INPUTS] = {0};
    double x, y, z;
    for (unsigned k = 0; k < DW_OP_INPUTS; k++)
        if (s->in[k].at)
            memcpy(&in[k], s->in[k].at, sizeof in[k]);
    x = (double)in[0], y = (double)in[1];
    switch ((dw_steps_kind)s->kind) {
    case DW_STEPS_NUMBER_1:
    case DW_STEPS_NUMBER_NEGATE:
        z = dw_elem_number1((dw_elem_unary)s->elem, x);
        break;
    case DW_STEPS_NUMBER_CHOICE:
        z = x != 0 ? y : (double)in[2];
        break;
    default:
        z = dw_elem_number2((dw_elem_binary)s->elem, x, y);
    }
    float out = (float)z;
    memcpy(s->out, &out, sizeof out);
}

static inline void run_number(const dw_steps_step *s) {
    double *out = (double *)(void *)s->out;
    const double *x = s->in[0].at, *y = s->in[1].at, *z = s->in[2].at;
    switch ((dw_steps_kind)s->kind) {
    case DW_STEPS_NUMBER_1:
        *out = dw_elem_number1((dw_elem_unary)s->elem, *x);
        break;
    case DW_STEPS_NUMBER_CHOICE:
        *out = *x != 0 ? *y : *z;
        break;
    case DW_STEPS_NUMBER_ADD:
        *out = *x + *y;
        break;
    case DW_STEPS_NUMBER_SUBTRACT:
        *out = *x - *y;
        break;
    case DW_STEPS_NUMBER_MULTIPLY:
        *out = *x * *y;
        break;
    case DW_STEPS_NUMBER_DIVIDE:
        *out = *x / *y;
        break;
    case DW_STEPS_NUMBER_NEGATE:
        *out = -*x;
        break;
    default:
        *out = dw_elem_number2((dw_elem_binary)s->elem, *x, *y);
    }
}

/* ---- all of them ---- */

static bool stopped(const dw_cancel *cancel, dw_err *err) {
    if (!cancel || !dw_cancel_pending(cancel))
        return false;
    dw_err_set(err, DW_ERR_INTERRUPT, "stopped while computing");
    return true;
}

static bool run_large(const dw_steps_around *around, const dw_steps_step *s,
                      const dw_cancel *cancel, dw_err *err) {
    switch ((dw_steps_kind)s->kind) {
    case DW_STEPS_GATHER:
        run_gather(s);
        return true;
    case DW_STEPS_PLACE:
        run_place(around, s);
        return true;
    case DW_STEPS_INSERT:
        run_insert(around, s);
        return true;
    case DW_STEPS_TURN:
        run_turn(s);
        return true;
    case DW_STEPS_EACH:
        dw_product_run_each(around->type, &s->detail->each);
        return true;
    case DW_STEPS_PRODUCT:
        return run_products(around, s, cancel) || !stopped(cancel, err);
    case DW_STEPS_CONTRACTION:
        return run_contraction(around, s, cancel) || !stopped(cancel, err);
    default:
        return run_reference(around, s, cancel, err);
    }
}

static inline bool run_step(const dw_steps_around *around, const dw_steps_step *s,
                            const dw_cancel *cancel, dw_err *err) {
    switch ((dw_steps_kind)s->kind) {
    case DW_STEPS_MAP:
        s->kernel.map(s->out, s->in[0].at, s->vectors);
        return true;
    case DW_STEPS_PAIR:
        s->kernel.pair(s->out, &s->in[0], &s->in[1], s->rows, s->vectors);
        return true;
    case DW_STEPS_CHOOSE:
        around->kernels->choose(s->out, s->in, s->rows, s->vectors);
        return true;
    case DW_STEPS_TWO:
        s->kernel.two(s->out, s->in, s->rows, s->vectors);
        return true;
    case DW_STEPS_GATE:
        s->kernel.gate(s->out, s->in[0].at, s->in[1].at, s->vectors);
        return true;
    case DW_STEPS_SPREAD:
        around->kernels->spread(s->out, &s->in[0], s->rows, s->vectors);
        return true;
    case DW_STEPS_FOLD: /* of `rows` rows */
        s->kernel.fold(s->out, s->in[0].at, s->rows, s->vectors);
        return true;
    case DW_STEPS_TILES:
        run_tiles(around, s);
        return true;
    case DW_STEPS_TOTAL: /* of `vectors` numbers in each of `rows` rows */
        around->kernels->total(s->out, s->in[0].at, s->rows, s->in[0].step, s->vectors);
        return true;
    default:
        return run_large(around, s, cancel, err);
    }
}

bool dw_steps_run(const dw_steps_around *around, const dw_steps_step *steps, size_t count,
                  const dw_cancel *cancel, dw_err *err) {
    enum { OFTEN = 64 }; /* steps on few numbers between two looks at `cancel` */
    for (size_t i = 0; i < count; i++) {
        const dw_steps_step *s = &steps[i];
        if ((s->large || i % OFTEN == 0) && stopped(cancel, err))
            return false;
        if (s->kind >= DW_STEPS_MAP) {
            if (!run_step(around, s, cancel, err))
                return false;
        } else if (around->type == DW_VECTOR_SINGLE) {
            run_narrow_number(s);
        } else {
            run_number(s);
        }
    }
    return true;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Plans give what the tensor layer gives, bit for bit, on random graphs; use memory again; leave
 * out what nobody needs; allocate nothing while running; count their work; stop when told to. */
#include "problems.h"

#include "graph/flops.h"

#include "tensor/linalg.h"
#include "tensor/reduce.h"

static dw_mem mem;

enum { INPUTS = 4, NODES = 60, OUTPUTS = 6, LARGE = 64 };

/* A graph under construction and beside each of its nodes the same value as a tensor. */
typedef struct {
    dw_rng rng;
    dw_graph *g;
    dw_graph_id ids[NODES];
    dw_tensor *values[NODES];
    const double *inputs[INPUTS];
    size_t count;
} twin;

static size_t pick(twin *t) {
    return (size_t)dw_rng_below(&t->rng, t->count);
}

/* Keeps a node and its value, or drops both if one side refused. */
static void keep(twin *t, bool made, const dw_graph_id *node, dw_tensor *value) {
    assert_int_equal(made, value != NULL);
    if (!made)
        return;
    dw_graph_id id = *node;
    if (value->size > LARGE) {
        dw_tensor_release(value);
        return;
    }
    assert_int_equal(dw_graph_at(t->g, id)->rows, value->dim[0]);
    assert_int_equal(dw_graph_at(t->g, id)->columns, value->dim[1]);
    t->ids[t->count] = id;
    t->values[t->count++] = value;
}

static dw_tensor *one(double x) {
    dw_err err = {0};
    dw_tensor *t = dw_tensor_raw(&mem, 1, 1, &err);
    assert_non_null(t);
    t->data[0] = x;
    return t;
}

static void add_elementwise(twin *t) {
    dw_err err = {0}, other = {0};
    dw_elem_room room = {&mem, NULL, &other};
    dw_graph_id id = 0;
    size_t x = pick(t), y = pick(t), c = pick(t);
    dw_elem_side left = {t->values[x], 0}, right = {t->values[y], 0};
    uint64_t kind = dw_rng_below(&t->rng, 4);
    if (kind == 0) {
        dw_elem_unary op = (dw_elem_unary)dw_rng_below(&t->rng, DW_ELEM_UNARIES);
        bool made = dw_graph_map(t->g, op, t->ids[x], &id, &err);
        keep(t, made, &id, dw_elem_map(&room, op, t->values[x]));
    } else if (kind == 1 && t->values[c]->size != 1) {
        bool made = dw_graph_choose(t->g, t->ids[c], t->ids[x], t->ids[y], &id, &err);
        keep(t, made, &id, dw_elem_choose(&room, t->values[c], left, right));
    } else {
        dw_elem_binary op = (dw_elem_binary)dw_rng_below(&t->rng, DW_ELEM_BINARIES);
        bool made = dw_graph_pair(t->g, op, t->ids[x], t->ids[y], &id, &err);
        keep(t, made, &id, dw_elem_pair(&room, op, left, right));
    }
}

static void add_matrix(twin *t) {
    dw_err err = {0}, other = {0};
    dw_graph_id id = 0, a, b;
    size_t x = pick(t), y = pick(t);
    const dw_tensor *left = t->values[x], *right = t->values[y];
    a = t->ids[x], b = t->ids[y];
    switch (dw_rng_below(&t->rng, 4)) {
    case 0:
        keep(t, dw_graph_transpose(t->g, a, &id, &err), &id,
             dw_tensor_transpose(&mem, left, &other));
        break;
    case 1:
        if (dw_graph_solve(t->g, a, b, &id, &err)) { /* may be singular, which is not for here */
            dw_tensor *value = dw_linalg_solve(&mem, left, right, NULL, &other);
            if (value)
                keep(t, true, &id, value);
        }
        break;
    default:
        keep(t, dw_graph_product(t->g, a, b, &id, &err), &id,
             dw_tensor_product(&mem, left, right, NULL, &other));
    }
}

static void add_number(twin *t) {
    dw_err err = {0};
    dw_graph_id id = 0;
    size_t x = pick(t), n = t->values[x]->size;
    const double *data = t->values[x]->data;
    switch (dw_rng_below(&t->rng, 4)) {
    case 0:
        keep(t, dw_graph_sum(t->g, t->ids[x], &id, &err), &id, one(dw_reduce_sum(data, n, NULL)));
        break;
    case 1:
        keep(t, dw_graph_norm(t->g, t->ids[x], &id, &err), &id, one(dw_reduce_norm(data, n, NULL)));
        break;
    case 2:
        keep(t, dw_graph_largest(t->g, t->ids[x], &id, &err), &id,
             one(data[dw_reduce_argmax(data, n, NULL)]));
        break;
    default:
        keep(t, dw_graph_smallest(t->g, t->ids[x], &id, &err), &id,
             one(data[dw_reduce_argmin(data, n, NULL)]));
    }
}

/* Gathers some or a run of elements, or places elements into zeros. */
static void add_places(twin *t) {
    dw_err err = {0};
    dw_graph_id id = 0;
    size_t x = pick(t), n = t->values[x]->size, places[LARGE];
    const dw_tensor *from = t->values[x];
    size_t rows = 1 + dw_rng_below(&t->rng, 3), columns = 1 + dw_rng_below(&t->rng, 3);
    bool run = dw_rng_below(&t->rng, 2) && n >= rows * columns;
    if (dw_rng_below(&t->rng, 3) > 0) {
        for (size_t i = 0; i < rows * columns; i++)
            places[i] = run ? n - rows * columns + i : dw_rng_below(&t->rng, n);
        keep(t, dw_graph_gather(t->g, t->ids[x], places, rows, columns, &id, &err), &id,
             dw_tensor_gather(&mem, from, places, rows, columns, &err));
        return;
    }
    dw_tensor *value = dw_tensor_zeros(&mem, 3, 4, &err);
    assert_non_null(value);
    for (size_t i = 0; i < n; i++) {
        places[i] = run && n <= 12 ? 12 - n + i : dw_rng_below(&t->rng, 12);
        value->data[places[i]] += from->data[i];
    }
    keep(t, dw_graph_place(t->g, t->ids[x], places, 3, 4, &id, &err), &id, value);
}

static void add_shape(twin *t) {
    dw_err err = {0};
    dw_graph_id id = 0;
    size_t x = pick(t), n = t->values[x]->size, all[LARGE];
    for (size_t i = 0; i < n; i++)
        all[i] = i;
    if (n == 1) {
        double number = t->values[x]->data[0];
        dw_tensor *value = dw_tensor_raw(&mem, 3, 4, &err);
        assert_non_null(value);
        for (size_t i = 0; i < value->size; i++)
            value->data[i] = number;
        value->truth = t->values[x]->truth;
        keep(t, dw_graph_spread(t->g, t->ids[x], 3, 4, &id, &err), &id, value);
    } else if (dw_rng_below(&t->rng, 2)) {
        keep(t, dw_graph_reshape(t->g, t->ids[x], n, 1, &id, &err), &id,
             dw_tensor_gather(&mem, t->values[x], all, n, 1, &err));
    } else {
        keep(t, dw_graph_copy(t->g, t->ids[x], &id, &err), &id, dw_tensor_retain(t->values[x]));
    }
}

static void start(twin *t, uint64_t seed) {
    static const size_t shapes[INPUTS][2] = {{3, 4}, {1, 4}, {4, 1}, {1, 1}};
    dw_err err = {0};
    *t = (twin){.rng = dw_rng_seed(seed)};
    t->g = dw_graph_new(&mem, &err);
    assert_non_null(t->g);
    for (uint32_t k = 0; k < INPUTS; k++) {
        dw_tensor *value = random_tensor(&mem, &t->rng, shapes[k][0], shapes[k][1]);
        t->inputs[k] = value->data;
        dw_graph_id id = input(t->g, k, shapes[k][0], shapes[k][1]);
        keep(t, true, &id, value);
    }
    dw_tensor *known = random_tensor(&mem, &t->rng, 4, 3);
    dw_graph_id id;
    assert_true(dw_graph_constant(t->g, known, &id, &err));
    keep(t, true, &id, known);
}

static bool same_bits(double a, double b) {
    return a == b || (isnan(a) && isnan(b)); /* x + 0 is x: only the sign of 0 may differ */
}

/* Some of the nodes and always the last one, the plan run twice. */
static void compare(twin *t) {
    dw_err err = {0};
    dw_graph_id ids[OUTPUTS];
    size_t which[OUTPUTS];
    double numbers[OUTPUTS][LARGE], *outputs[OUTPUTS];
    for (size_t i = 0; i < OUTPUTS; i++) {
        which[i] = i == 0 ? t->count - 1 : pick(t);
        ids[i] = t->ids[which[i]];
        outputs[i] = numbers[i];
    }
    dw_plan *plan = dw_plan_new(&mem, t->g, ids, OUTPUTS, &err);
    assert_non_null(plan);
    for (int round = 0; round < 2; round++) {
        mem.fail_at = 1; /* running allocates nothing */
        assert_true(dw_plan_run(plan, t->inputs, outputs, NULL, &err));
        mem.fail_at = 0;
        for (size_t i = 0; i < OUTPUTS; i++)
            for (size_t k = 0; k < t->values[which[i]]->size; k++)
                assert_true(same_bits(numbers[i][k], t->values[which[i]]->data[k]));
    }
    dw_plan_free(&plan);
}

static void plans_give_what_tensors_give(void **state) {
    (void)state;
    void (*const add[])(twin *) = {add_elementwise, add_elementwise, add_matrix,
                                   add_number,      add_places,      add_shape};
    for (uint64_t seed = 0; seed < 300; seed++) {
        twin t;
        start(&t, seed);
        for (int tries = 0; tries < 200 && t.count < NODES; tries++)
            add[dw_rng_below(&t.rng, sizeof add / sizeof *add)](&t);
        compare(&t);
        for (size_t i = 0; i < t.count; i++)
            dw_tensor_release(t.values[i]);
        dw_graph_free(&t.g);
        assert_int_equal(mem.used, 0);
    }
}

static dw_graph *new_graph(void) {
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    assert_non_null(g);
    return g;
}

static dw_plan *plan_of(const dw_graph *g, dw_graph_id id) {
    dw_err err = {0};
    dw_plan *plan = dw_plan_new(&mem, g, &id, 1, &err);
    assert_non_null(plan);
    return plan;
}

/* A long chain lives in the room of one array; a wide one needs all of its arrays at once. */
static void memory_is_used_again(void **state) {
    (void)state;
    enum { SIZE = 10000, LENGTH = 50 };
    size_t bytes = SIZE * sizeof(double);
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, SIZE, 1), y = map(g, DW_ELEM_SIN, x);
    dw_graph_id parts[LENGTH], all = y;
    for (int i = 0; i < LENGTH; i++)
        y = pair(g, DW_ELEM_ADD, map(g, DW_ELEM_COS, y), number(g, i + 1));
    size_t before = mem.used;
    dw_plan *plan = plan_of(g, sum(g, y));
    assert_true(mem.used - before < 3 * bytes); /* the input, and one for all others */
    dw_plan_free(&plan);
    for (int i = 0; i < LENGTH; i++)
        parts[i] = map(g, DW_ELEM_EXP, pair(g, DW_ELEM_ADD, x, number(g, i + 1)));
    for (int i = LENGTH; i-- > 0;)
        all = times(g, all, parts[i]);
    before = mem.used;
    plan = plan_of(g, all);
    assert_true(mem.used - before > LENGTH * bytes);
    assert_true(mem.used - before < (LENGTH + 4) * bytes);
    dw_plan_free(&plan);
    dw_graph_free(&g);
}

static void what_nobody_needs_is_left_out(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 1, 1), y = map(g, DW_ELEM_NEGATE, x);
    for (int i = 0; i < 1000; i++)
        map(g, DW_ELEM_SIN, pair(g, DW_ELEM_ADD, x, number(g, i)));
    dw_plan *plan = plan_of(g, y);
    assert_true(dw_plan_flops(plan) == 1);
    dw_plan_free(&plan);
    dw_graph_free(&g);
}

/* Outputs may be inputs, constants, parts of other values, and the same node twice. */
static void outputs_may_be_anything(void **state) {
    (void)state;
    dw_err err = {0};
    size_t middle[2] = {1, 2};
    double in[4] = {1, 2, 3, 4}, out[5][4], *outputs[5];
    const double *inputs[] = {in};
    dw_graph *g = new_graph();
    dw_graph_id ids[5];
    ids[0] = input(g, 0, 2, 2);
    ids[1] = number(g, 7);
    ids[3] = map(g, DW_ELEM_NEGATE, ids[0]);
    ids[4] = ids[3];
    assert_true(dw_graph_gather(g, ids[3], middle, 1, 2, &ids[2], &err));
    for (size_t i = 0; i < 5; i++)
        outputs[i] = out[i];
    dw_plan *plan = dw_plan_new(&mem, g, ids, 5, &err);
    assert_non_null(plan);
    dw_graph_free(&g); /* the plan lives on */
    assert_true(dw_plan_run(plan, inputs, outputs, NULL, &err));
    assert_true(out[0][3] == 4 && out[1][0] == 7 && out[2][0] == -2 && out[2][1] == -3);
    assert_true(out[3][0] == -1 && out[4][3] == -4);
    outputs[3] = in; /* results may be written where the inputs were read */
    assert_true(dw_plan_run(plan, inputs, outputs, NULL, &err));
    assert_true(in[0] == -1 && in[3] == -4 && out[4][3] == -4);
    dw_plan_free(&plan);
}

static void nothing_at_all_can_be_planned(void **state) {
    (void)state;
    dw_err err = {0};
    double out[1], *outputs[] = {out};
    const double *inputs[] = {out};
    dw_graph *g = new_graph();
    dw_plan *plan = dw_plan_new(&mem, g, NULL, 0, &err);
    assert_non_null(plan);
    assert_true(dw_plan_run(plan, NULL, NULL, NULL, &err));
    dw_plan_free(&plan);
    dw_graph_id empty = map(g, DW_ELEM_EXP, input(g, 0, 1, 0));
    plan = plan_of(g, sum(g, empty));
    assert_true(dw_plan_run(plan, inputs, outputs, NULL, &err));
    assert_true(out[0] == 0);
    dw_plan_free(&plan);
    plan = plan_of(g, empty);
    assert_true(dw_plan_run(plan, inputs, outputs, NULL, &err));
    dw_plan_free(&plan);
    dw_graph_free(&g);
}

static double flops_of(const dw_graph *g, dw_graph_id id) {
    dw_plan *plan = plan_of(g, id);
    double flops = dw_plan_flops(plan);
    dw_plan_free(&plan);
    return flops;
}

static void work_is_counted(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 5, 4), y = input(g, 1, 4, 3), z, c;
    assert_true(flops_of(g, x) == 0);
    assert_true(flops_of(g, pair(g, DW_ELEM_ADD, x, number(g, 1))) == 20);
    assert_true(flops_of(g, pair(g, DW_ELEM_LESS, x, number(g, 1))) == 20);
    assert_true(flops_of(g, map(g, DW_ELEM_SQRT, x)) == 20);
    assert_true(flops_of(g, map(g, DW_ELEM_RELU, x)) == 20);
    assert_true(flops_of(g, map(g, DW_ELEM_TANH, x)) == 20 * DW_FLOPS_FUNCTION);
    assert_true(flops_of(g, pair(g, DW_ELEM_POWER, x, number(g, 3))) == 20 * DW_FLOPS_FUNCTION);
    assert_true(dw_graph_product(g, x, y, &z, &err));
    assert_true(flops_of(g, z) == 2 * 5 * 4 * 3);
    assert_true(dw_graph_transpose(g, x, &z, &err));
    assert_true(flops_of(g, z) == 0);
    c = pair(g, DW_ELEM_LESS, x, number(g, 0));
    assert_true(dw_graph_choose(g, c, x, number(g, 0), &z, &err));
    assert_true(flops_of(g, z) == 40);
    assert_true(flops_of(g, sum(g, x)) == 20);
    dw_graph_free(&g);
}

/* The gradient of a sum over elements taken one by one costs a few steps for each. */
static void pieces_are_added_in_place(void **state) {
    (void)state;
    enum { MANY = 2000 };
    static double in[MANY], out[MANY];
    const double *inputs[] = {in};
    double *outputs[] = {out};
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, MANY, 1), y = number(g, 0), element;
    for (size_t i = 0; i < MANY; i++) {
        in[i] = (double)i - 3;
        assert_true(dw_graph_gather(g, x, &i, 1, 1, &element, &err));
        y = pair(g, DW_ELEM_ADD, y, times(g, element, element));
    }
    dw_plan *plan = plan_of(g, gradient(g, y, x));
    assert_true(dw_plan_run(plan, inputs, outputs, NULL, &err));
    for (size_t i = 0; i < MANY; i++)
        assert_true(out[i] == 2 * in[i]);
    assert_true(dw_plan_flops(plan) < 10 * MANY);
    dw_plan_free(&plan);
    dw_graph_free(&g);
}

static void a_request_to_stop_is_heard(void **state) {
    (void)state;
    dw_err err = {0};
    static double in[300 * 300], out[300 * 300];
    const double *inputs[] = {in};
    double *outputs[] = {out};
    dw_cancel cancel = {.running = 5, .cancelled = 4};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 300, 300), y, n = input(g, 0, 1, 1), z = n;
    assert_true(dw_graph_product(g, x, x, &y, &err));
    dw_plan *plan = plan_of(g, y);
    assert_true(dw_plan_run(plan, inputs, outputs, &cancel, &err));
    dw_cancel_request(&cancel);
    assert_false(dw_plan_run(plan, inputs, outputs, &cancel, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    cancel.running = 6;
    dw_err_clear(&err);
    assert_true(dw_plan_run(plan, inputs, outputs, &cancel, &err));
    dw_plan_free(&plan);
    for (int i = 0; i < 100; i++)
        z = map(g, DW_ELEM_SIN, z);
    plan = plan_of(g, z);
    dw_cancel_request(&cancel);
    assert_false(dw_plan_run(plan, inputs, outputs, &cancel, &err));
    dw_plan_free(&plan);
    dw_graph_free(&g);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    dw_err err = {0};
    size_t places[3] = {2, 0, 1};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 3, 3), y, z, ids[3];
    assert_true(dw_graph_solve(g, x, map(g, DW_ELEM_EXP, x), &y, &err));
    assert_true(dw_graph_gather(g, y, places, 1, 3, &z, &err));
    assert_true(dw_graph_place(g, z, places, 1, 5, &ids[0], &err));
    ids[1] = pair(g, DW_ELEM_ADD, times(g, y, x), number(g, 2));
    ids[2] = sum(g, times(g, ids[1], y));
    bool done = false;
    size_t before = mem.used;
    for (long n = 1; !done; n++) {
        mem.fail_at = n;
        dw_plan *plan = dw_plan_new(&mem, g, ids, 3, &err);
        mem.fail_at = 0;
        done = plan != NULL;
        assert_true(done ? n > 8 : err.kind == DW_ERR_MEMORY);
        dw_err_clear(&err);
        dw_plan_free(&plan);
        assert_int_equal(mem.used, before);
    }
    dw_graph_free(&g);
}

/* ---- samples ---- */

/* Plans nodes and compares each with what it is node after node. */
static void expect_planned(const dw_graph *g, const dw_graph_id *ids, size_t count,
                           const double *const *inputs) {
    enum { MOST_OUTPUTS = 5 };
    dw_err err = {0};
    double *outputs[MOST_OUTPUTS] = {NULL};
    dw_plan *plan = dw_plan_new(&mem, g, ids, count, &err);
    assert_non_null(plan);
    for (size_t i = 0; i < count; i++) {
        outputs[i] = dw_mem_array(&mem, numbers_of(g, ids[i]), sizeof(double));
        assert_non_null(outputs[i]);
    }
    for (int round = 0; round < 2; round++)
        assert_true(dw_plan_run(plan, inputs, outputs, NULL, &err));
    for (size_t i = 0; i < count; i++) {
        double *expected = dw_mem_array(&mem, numbers_of(g, ids[i]), sizeof(double));
        assert_non_null(expected);
        evaluate(&mem, g, ids[i], inputs, expected);
        for (size_t k = 0; k < numbers_of(g, ids[i]); k++)
            assert_true(same_bits(outputs[i][k], expected[k]));
        dw_mem_free(expected);
        dw_mem_free(outputs[i]);
    }
    dw_plan_free(&plan);
}

/* A problem's result and its gradients, for every choice of batched inputs. */
static void plan_problem(const problem *p, dw_rng *rng) {
    for (problem_batches batches = 0; batches < 1u << p->count; batches++) {
        enum { ROOM = PROBLEM_MOST * PROBLEM_SAMPLES };
        dw_err err = {0};
        double x[PROBLEM_INPUTS][ROOM];
        const double *inputs[] = {x[0], x[1], x[2]};
        dw_graph_id in[PROBLEM_INPUTS], found[PROBLEM_INPUTS], ids[5];
        dw_graph *g = dw_graph_new(&mem, &err);
        size_t count = 0;
        assert_non_null(g);
        for (size_t k = 0; k < PROBLEM_INPUTS * ROOM; k++)
            x[k / ROOM][k % ROOM] = between(rng, p->lo, p->hi);
        ids[count++] = problem_build(g, p, batches, PROBLEM_SAMPLES, in);
        dw_graph_id y = sum(g, ids[0]);
        assert_true(dw_graph_batch_sum(g, times(g, y, y), &ids[count++], &err));
        assert_true(dw_derive_gradient(g, ids[1], in, p->count, found, &err));
        for (unsigned k = 0; k < p->count; k++)
            if (found[k] != DW_GRAPH_NONE)
                ids[count++] = found[k];
        expect_planned(g, ids, count, inputs);
        dw_graph_free(&g);
    }
}

static void every_operation_is_planned(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(11);
    each_unary(plan_problem, &rng);
    each_pair(plan_problem, &rng);
    each_operation(plan_problem, &rng);
}

/* A net with one hidden layer on so many samples, and its gradients: sizes on both sides of those
 * of vectors, tiles and blocks. */
static void try_net(size_t units, size_t batch) {
    dw_err err = {0};
    dw_rng rng = dw_rng_seed(units + 100 * batch);
    dw_graph *g = dw_graph_new(&mem, &err);
    dw_op_shape sample = {3, 1, batch};
    dw_graph_id x, h, y, ids[5], by[4];
    double *inputs[5];
    assert_non_null(g);
    assert_true(dw_graph_input(g, 0, sample, &x, &err));
    by[0] = input(g, 1, units, 3), by[1] = input(g, 2, units, 1);
    by[2] = input(g, 3, 2, units), by[3] = input(g, 4, 2, 1);
    assert_true(dw_graph_product(g, by[0], x, &h, &err));
    h = map(g, DW_ELEM_TANH, pair(g, DW_ELEM_ADD, h, by[1]));
    assert_true(dw_graph_product(g, by[2], h, &y, &err));
    y = pair(g, DW_ELEM_ADD, y, by[3]);
    assert_true(dw_graph_batch_sum(g, sum(g, times(g, y, y)), &ids[0], &err));
    assert_true(dw_derive_gradient(g, ids[0], by, 4, ids + 1, &err));
    for (dw_graph_id k = 0; k < 5; k++) {
        size_t n = numbers_of(g, k == 0 ? x : by[k - 1]);
        inputs[k] = dw_mem_array(&mem, n, sizeof(double));
        assert_non_null(inputs[k]);
        for (size_t i = 0; i < n; i++)
            inputs[k][i] = between(&rng, -1, 1);
    }
    assert_true(dw_graph_is_contraction(g, ids[1]) && dw_graph_is_contraction(g, ids[3]));
    expect_planned(g, ids, 5, (const double *const *)inputs);
    for (size_t k = 0; k < 5; k++)
        dw_mem_free(inputs[k]);
    dw_graph_free(&g);
}

static void nets_are_planned(void **state) {
    (void)state;
    static const size_t units[] = {1, 2, 7, 16, 33}, batches[] = {2, 7, 8, 9, 64, 300};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        for (size_t b = 0; b < sizeof batches / sizeof *batches; b++)
            try_net(units[u], batches[b]);
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(plans_give_what_tensors_give, nothing_is_left),
        cmocka_unit_test_teardown(memory_is_used_again, nothing_is_left),
        cmocka_unit_test_teardown(what_nobody_needs_is_left_out, nothing_is_left),
        cmocka_unit_test_teardown(outputs_may_be_anything, nothing_is_left),
        cmocka_unit_test_teardown(nothing_at_all_can_be_planned, nothing_is_left),
        cmocka_unit_test_teardown(work_is_counted, nothing_is_left),
        cmocka_unit_test_teardown(pieces_are_added_in_place, nothing_is_left),
        cmocka_unit_test_teardown(a_request_to_stop_is_heard, nothing_is_left),
        cmocka_unit_test_teardown(every_operation_is_planned, nothing_is_left),
        cmocka_unit_test_teardown(nets_are_planned, nothing_is_left),
        cmocka_unit_test_teardown(lack_of_memory_is_an_error, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

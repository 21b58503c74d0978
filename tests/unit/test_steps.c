/* SPDX-License-Identifier: BSD-3-Clause */
/* Steps over numbers of every type: packs give in each lane what doubles give, bit for bit; singles
 * come near it; copies, joined outputs and several threads change nothing. */
#include "graph/steps.h"

#include "problems.h"

#include <pthread.h>

static dw_mem mem;

enum { LANES = 8, OUTPUTS = 5, SAMPLES = 17 };

/* Outputs of a graph and numbers for its inputs, different ones in each lane. */
typedef struct {
    dw_graph *g;
    dw_graph_id ids[OUTPUTS];
    size_t count, inputs;
    size_t length[OUTPUTS]; /* of each input, samples and all */
    double *in[LANES][OUTPUTS];
    double *due[LANES][OUTPUTS]; /* what plans of doubles give */
    bool wild;                   /* small errors may become large ones */
} job;

static double *numbers(size_t n) {
    double *x = dw_mem_array(&mem, n + 1, sizeof *x);
    assert_non_null(x);
    return x;
}

static void add_input(job *j, dw_rng *rng, size_t length, double lo, double hi) {
    size_t k = j->inputs++;
    j->length[k] = length;
    for (unsigned l = 0; l < LANES; l++) {
        j->in[l][k] = numbers(length);
        for (size_t i = 0; i < length; i++)
            j->in[l][k][i] = (double)(float)between(rng, lo, hi);
    }
}

static void compute_due(job *j) {
    dw_err err = {0};
    dw_plan *plan = dw_plan_new(&mem, j->g, j->ids, j->count, &err);
    assert_non_null(plan);
    for (unsigned l = 0; l < LANES; l++) {
        for (size_t i = 0; i < j->count; i++)
            j->due[l][i] = numbers(numbers_of(j->g, j->ids[i]));
        assert_true(dw_plan_run(plan, (const double *const *)j->in[l], j->due[l], NULL, &err));
    }
    dw_plan_free(&plan);
}

static void free_due(job *j) {
    for (unsigned l = 0; l < LANES; l++)
        for (size_t i = 0; i < j->count; i++)
            dw_mem_free(j->due[l][i]);
}

static void free_job(job *j) {
    for (unsigned l = 0; l < LANES; l++)
        for (size_t k = 0; k < j->inputs; k++)
            dw_mem_free(j->in[l][k]);
    free_due(j);
    dw_graph_free(&j->g);
}

/* ---- numbers in ports ---- */

static double port_get(dw_vector_type type, dw_plan_port p, size_t i, unsigned lane) {
    size_t place = i / p.batch * p.stride + i % p.batch;
    if (type == DW_VECTOR_SINGLE)
        return (double)((const float *)p.at)[place];
    return ((const double *)p.at)[type == DW_VECTOR_PACK ? place * LANES + lane : place];
}

static void port_set(dw_vector_type type, dw_plan_port p, size_t i, unsigned lane, double x) {
    size_t place = i / p.batch * p.stride + i % p.batch;
    if (type == DW_VECTOR_SINGLE)
        ((float *)p.at)[place] = (float)x;
    else
        ((double *)p.at)[type == DW_VECTOR_PACK ? place * LANES + lane : place] = x;
}

static unsigned lanes_of(dw_vector_type type) {
    return type == DW_VECTOR_PACK ? LANES : 1;
}

static void fill(dw_vector_type type, const job *j, const dw_plan *plan) {
    for (uint32_t k = 0; k < j->inputs; k++) {
        dw_plan_port port = dw_plan_input(plan, k);
        if (!port.at)
            continue;
        assert_int_equal(port.elements * port.batch, j->length[k]);
        for (unsigned l = 0; l < lanes_of(type); l++)
            for (size_t i = 0; i < j->length[k]; i++)
                port_set(type, port, i, l, j->in[l][k][i]);
    }
}

static void check_outputs(dw_vector_type type, const job *j, const dw_plan *plan) {
    if (type == DW_VECTOR_SINGLE && j->wild)
        return;
    for (size_t i = 0; i < j->count; i++) {
        dw_plan_port port = dw_plan_output(plan, i);
        assert_int_equal(port.elements * port.batch, numbers_of(j->g, j->ids[i]));
        for (unsigned l = 0; l < lanes_of(type); l++)
            for (size_t k = 0; k < port.elements * port.batch; k++) {
                double is = port_get(type, port, k, l), due = j->due[l][i][k];
                bool same = is == due || (isnan(is) && isnan(due));
                if (type == DW_VECTOR_SINGLE)
                    same |= fabs(is - due) <= 2e-3 * fmax(1, fabs(due));
                if (!same)
                    fail_msg("output %zu, number %zu, lane %u: %.17g instead of %.17g", i, k, l, is,
                             due);
            }
    }
}

/* ---- one plan after another ---- */

static dw_plan *prepared(const job *j, dw_vector_type type, bool join, dw_pool *pool) {
    dw_err err = {0};
    dw_plan_options options = {.type = type, .join = join, .pool = pool};
    dw_plan *plan = dw_plan_prepare(&mem, j->g, j->ids, j->count, &options, &err);
    assert_non_null(plan);
    return plan;
}

static void *step_once(void *context) {
    dw_err err = {0};
    return dw_plan_step(context, NULL, &err) ? context : NULL;
}

/* A copy that runs in another thread while the first one runs here. */
static void check_copy(dw_vector_type type, const job *j, dw_plan *plan) {
    dw_err err = {0};
    pthread_t thread;
    void *fine = NULL;
    dw_plan *copy = dw_plan_copy(&mem, plan, &err);
    assert_non_null(copy);
    assert_true(dw_plan_flops(copy) == dw_plan_flops(plan));
    assert_int_equal(pthread_create(&thread, NULL, step_once, copy), 0);
    assert_true(dw_plan_step(plan, NULL, &err));
    assert_int_equal(pthread_join(thread, &fine), 0);
    assert_non_null(fine);
    check_outputs(type, j, plan);
    dw_plan_free(&plan); /* the copy stands alone */
    fill(type, j, copy);
    assert_true(dw_plan_step(copy, NULL, &err));
    check_outputs(type, j, copy);
    dw_plan_free(&copy);
}

/* Outputs from the second on lie one behind the other. */
static void check_joined(dw_vector_type type, const job *j) {
    dw_err err = {0};
    size_t bytes = dw_vector_type_bytes(type), before = 0;
    for (size_t i = 1; i < j->count; i++)
        if (dw_graph_at(j->g, j->ids[i])->batch > 1)
            return;
    dw_plan *plan = prepared(j, type, true, NULL);
    fill(type, j, plan);
    for (int round = 0; round < 2; round++)
        assert_true(dw_plan_step(plan, NULL, &err));
    check_outputs(type, j, plan);
    for (size_t i = 1; i < j->count; i++) {
        const char *start = dw_plan_output(plan, 1).at;
        assert_ptr_equal(dw_plan_output(plan, i).at, start + before * bytes);
        before += numbers_of(j->g, j->ids[i]);
    }
    check_copy(type, j, plan);
}

static void check_job(job *j) {
    dw_err err = {0};
    compute_due(j);
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++) {
        dw_plan *plan = prepared(j, type, false, NULL);
        fill(type, j, plan);
        for (int round = 0; round < 2; round++)
            assert_true(dw_plan_step(plan, NULL, &err));
        check_outputs(type, j, plan);
        check_copy(type, j, plan);
        check_joined(type, j);
    }
    free_job(j);
}

/* ---- every operation ---- */

static size_t samples_tried;

/* A problem's result and its gradients, for every choice of batched inputs. */
static void check_problem(const problem *p, dw_rng *rng) {
    for (problem_batches batches = 0; batches < 1u << p->count; batches++) {
        dw_err err = {0};
        job j = {.g = dw_graph_new(&mem, &err)};
        dw_graph_id in[PROBLEM_INPUTS], found[PROBLEM_INPUTS];
        assert_non_null(j.g);
        for (unsigned k = 0; k < p->count; k++)
            add_input(&j, rng, problem_size(p, k) * (batches >> k & 1 ? samples_tried : 1), p->lo,
                      p->hi);
        dw_graph_id z = problem_build(j.g, p, batches, samples_tried, in), y = sum(j.g, z);
        assert_true(dw_graph_batch_sum(j.g, times(j.g, y, y), &y, &err));
        j.ids[j.count++] = z;
        j.ids[j.count++] = y;
        assert_true(dw_derive_gradient(j.g, y, in, p->count, found, &err));
        for (unsigned k = 0; k < p->count; k++)
            if (found[k] != DW_GRAPH_NONE)
                j.ids[j.count++] = found[k];
        check_job(&j);
    }
}

static void check_operations(size_t samples) {
    dw_rng rng = dw_rng_seed(samples);
    samples_tried = samples;
    each_unary(check_problem, &rng);
    each_pair(check_problem, &rng);
    each_operation(check_problem, &rng);
}

static void every_operation_has_every_type(void **state) {
    (void)state;
    check_operations(PROBLEM_SAMPLES);
}

static void more_samples_than_a_vector_holds(void **state) {
    (void)state;
    check_operations(SAMPLES);
}

/* ---- graphs of any kind ---- */

enum { NODES = 40, LARGE = 60 };

/* A graph under construction: the nodes that operations may take. */
typedef struct {
    job j;
    dw_rng rng;
    dw_graph_id ids[NODES];
    size_t count, batch;
} garden;

static dw_graph_id any(garden *t) {
    return t->ids[dw_rng_below(&t->rng, t->count)];
}

static size_t size_of(const garden *t, dw_graph_id id) {
    return dw_graph_at(t->j.g, id)->rows * dw_graph_at(t->j.g, id)->columns;
}

static bool grow_elements(garden *t, dw_graph_id *z, dw_err *err) {
    dw_graph *g = t->j.g;
    dw_graph_id x = any(t), y = any(t);
    switch (dw_rng_below(&t->rng, 8)) {
    case 0:
        return dw_graph_map(g, (dw_elem_unary)dw_rng_below(&t->rng, DW_ELEM_UNARIES), x, z, err);
    case 1:
        return dw_graph_map(g, DW_ELEM_TANH, x, z, err);
    case 2:
        return dw_graph_choose(g, any(t), x, y, z, err);
    case 3:
        return dw_graph_map(g, DW_ELEM_RELU, x, z, err);
    default:
        return dw_graph_pair(g, (dw_elem_binary)dw_rng_below(&t->rng, DW_ELEM_MIN + 2), x, y, z,
                             err);
    }
}

static bool grow_matrix(garden *t, dw_graph_id *z, dw_err *err) {
    dw_graph *g = t->j.g;
    dw_graph_id x = any(t), y = any(t);
    switch (dw_rng_below(&t->rng, 6)) {
    case 0:
        return dw_graph_transpose(g, x, z, err);
    case 1:
        return dw_graph_product(g, x, y, z, err) && dw_graph_batch_sum(g, *z, z, err);
    case 2:
        return dw_graph_reshape(g, x, size_of(t, x), 1, z, err);
    case 3:
        return dw_graph_batch_sum(g, x, z, err);
    default:
        return dw_graph_product(g, x, y, z, err);
    }
}

static bool grow_number(garden *t, dw_graph_id *z, dw_err *err) {
    static bool (*const folds[])(dw_graph *, dw_graph_id, dw_graph_id *, dw_err *) = {
        dw_graph_sum, dw_graph_norm, dw_graph_largest, dw_graph_smallest};
    dw_graph_id x = any(t), square;
    if (dw_rng_below(&t->rng, 3) > 0)
        return folds[dw_rng_below(&t->rng, 4)](t->j.g, x, z, err);
    return dw_graph_pair(t->j.g, DW_ELEM_MULTIPLY, x, x, &square, err) &&
           dw_graph_sum(t->j.g, square, z, err);
}

/* Elements in a row or here and there; placed, picked, put. */
static bool grow_places(garden *t, dw_graph_id *z, dw_err *err) {
    dw_graph *g = t->j.g;
    dw_graph_id x = any(t);
    size_t n = size_of(t, x), places[LARGE], from = dw_rng_below(&t->rng, n);
    size_t length = 1 + dw_rng_below(&t->rng, n - from);
    bool run = dw_rng_below(&t->rng, 2);
    for (size_t i = 0; i < LARGE; i++)
        places[i] = run ? from + i : dw_rng_below(&t->rng, n);
    const dw_graph_node *node = dw_graph_at(g, x);
    dw_op_shape shape = {node->rows, 3, node->batch};
    switch (dw_rng_below(&t->rng, 5)) {
    case 0:
        return dw_graph_put(g, x, t->ids[2], shape, z, err);
    case 1:
        shape.batch = 1;
        return dw_graph_put(g, x, t->ids[2], shape, z, err);
    case 2:
        return dw_graph_pick(g, x, t->ids[2], z, err);
    case 3:
        return dw_graph_place(g, x, places, n + LARGE, 1, z, err) &&
               dw_graph_gather(g, *z, places, length, 1, z, err);
    default:
        return dw_graph_gather(g, x, places, 1, length, z, err);
    }
}

static void plant(garden *t, uint64_t seed) {
    static const size_t shapes[OUTPUTS][2] = {{3, 4}, {4, 3}, {1, 4}, {3, 1}, {1, 1}};
    dw_err err = {0};
    *t = (garden){.j = {.g = dw_graph_new(&mem, &err), .wild = true}, .rng = dw_rng_seed(seed)};
    t->batch = (size_t[]){2, 5, 8, 17}[seed % 4];
    assert_non_null(t->j.g);
    for (uint32_t k = 0; k < OUTPUTS; k++) {
        size_t batch = dw_rng_below(&t->rng, 2) ? t->batch : 1, rows = shapes[k][0];
        dw_op_shape shape = {rows, shapes[k][1], batch};
        assert_true(dw_graph_input(t->j.g, k, shape, &t->ids[t->count++], &err));
        add_input(&t->j, &t->rng, rows * shapes[k][1] * batch, -2, 3);
    }
}

static void let_grow(garden *t) {
    bool (*const grow[])(garden *, dw_graph_id *, dw_err *) = {
        grow_elements, grow_elements, grow_elements, grow_matrix, grow_number, grow_places};
    for (int tries = 0; tries < 300 && t->count < NODES; tries++) {
        dw_err err = {0};
        dw_graph_id z;
        if (grow[dw_rng_below(&t->rng, sizeof grow / sizeof *grow)](t, &z, &err) &&
            size_of(t, z) <= LARGE)
            t->ids[t->count++] = z;
    }
}

/* What nodes are one after the other, beside what a plan makes of them. */
static void expect_nodes(const job *j) {
    for (size_t i = 0; i < j->count; i++) {
        size_t n = numbers_of(j->g, j->ids[i]);
        double *slow = numbers(n);
        evaluate(&mem, j->g, j->ids[i], (const double *const *)j->in[0], slow);
        for (size_t k = 0; k < n; k++)
            assert_true(j->due[0][i][k] == slow[k] || (isnan(slow[k]) && isnan(j->due[0][i][k])));
        dw_mem_free(slow);
    }
}

/* A number that depends on the last nodes, one of the nodes, and the gradients of some inputs. */
static void choose_outputs(garden *t) {
    enum { LAST = 12 };
    dw_err err = {0};
    dw_graph *g = t->j.g;
    dw_graph_id y = number(g, 0), z, found[OUTPUTS];
    for (size_t i = t->count > LAST ? t->count - LAST : 0; i < t->count; i++) {
        assert_true(dw_graph_batch_sum(g, sum(g, map(g, DW_ELEM_TANH, t->ids[i])), &z, &err));
        y = pair(g, DW_ELEM_ADD, y, z);
    }
    t->j.ids[t->j.count++] = y;
    t->j.ids[t->j.count++] = any(t);
    assert_true(dw_derive_gradient(g, y, t->ids, OUTPUTS, found, &err));
    for (size_t i = 0; i < OUTPUTS && t->j.count < OUTPUTS; i++)
        if (found[i] != DW_GRAPH_NONE)
            t->j.ids[t->j.count++] = found[i];
}

static void graphs_have_every_type(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        garden t;
        plant(&t, seed);
        let_grow(&t);
        choose_outputs(&t);
        compute_due(&t.j);
        expect_nodes(&t.j);
        free_due(&t.j);
        check_job(&t.j);
    }
}

/* A value is not written over while a part of it is still to be read. */
static void parts_are_read_before_they_are_lost(void **state) {
    (void)state;
    for (size_t place = 0; place < 3; place++)
        for (size_t batch = 1; batch < 20; batch += 9) {
            dw_err err = {0};
            dw_rng rng = dw_rng_seed(place);
            job j = {.g = dw_graph_new(&mem, &err)};
            dw_graph_id x, one, y;
            assert_non_null(j.g);
            assert_true(dw_graph_input(j.g, 0, (dw_op_shape){3, 1, batch}, &x, &err));
            add_input(&j, &rng, 3 * batch, -1, 1);
            x = map(j.g, DW_ELEM_EXP, x);
            assert_true(dw_graph_gather(j.g, x, &place, 1, 1, &one, &err));
            y = pair(j.g, DW_ELEM_SUBTRACT, x, one);
            j.ids[j.count++] = place == 1 ? times(j.g, y, one) : y;
            compute_due(&j);
            expect_nodes(&j);
            free_due(&j);
            check_job(&j);
        }
}

/* Nothing to add up is 0; arrays without elements are no trouble. */
static void empty_arrays_are_no_trouble(void **state) {
    (void)state;
    for (unsigned batches = 0; batches < 4; batches++) {
        dw_err err = {0};
        dw_rng rng = dw_rng_seed(batches);
        job j = {.g = dw_graph_new(&mem, &err)};
        dw_graph_id x, y, z;
        dw_op_shape left = {2, 0, batches & 1 ? 3 : 1}, right = {0, 3, batches & 2 ? 3 : 1};
        assert_non_null(j.g);
        assert_true(dw_graph_input(j.g, 0, left, &x, &err));
        assert_true(dw_graph_input(j.g, 1, right, &y, &err));
        add_input(&j, &rng, 0, 0, 1);
        add_input(&j, &rng, 0, 0, 1);
        assert_true(dw_graph_product(j.g, x, y, &z, &err));
        assert_true(dw_graph_batch_sum(j.g, z, &j.ids[j.count++], &err));
        j.ids[j.count++] = sum(j.g, map(j.g, DW_ELEM_EXP, x));
        assert_true(dw_graph_transpose(j.g, y, &y, &err));
        assert_true(dw_graph_batch_sum(j.g, y, &j.ids[j.count++], &err));
        j.ids[j.count++] = times(j.g, y, number(j.g, 2));
        j.ids[j.count++] = z;
        check_job(&j);
    }
}

/* ---- nets ---- */

static dw_graph_id product(dw_graph *g, dw_graph_id x, dw_graph_id y) {
    dw_err err = {0};
    dw_graph_id z;
    assert_true(dw_graph_product(g, x, y, &z, &err));
    return z;
}

/* The loss of a net with two layers, on samples that are columns or matrices of so many columns,
 * and its gradients. */
static job net_of(dw_elem_unary activation, size_t units, size_t batch, size_t columns) {
    enum { GIVEN = 3, GOT = 2 };
    dw_err err = {0};
    dw_rng rng = dw_rng_seed(units + 100 * batch);
    job j = {.g = dw_graph_new(&mem, &err)};
    dw_graph *g = j.g;
    dw_graph_id x, h, y, by[4];
    assert_non_null(g);
    assert_true(dw_graph_input(g, 0, (dw_op_shape){GIVEN, columns, batch}, &x, &err));
    by[0] = input(g, 1, units, GIVEN), by[1] = input(g, 2, units, columns);
    by[2] = input(g, 3, GOT, units), by[3] = input(g, 4, GOT, columns);
    add_input(&j, &rng, GIVEN * columns * batch, -1, 1);
    add_input(&j, &rng, units * GIVEN, -1, 1);
    add_input(&j, &rng, units * columns, -1, 1);
    add_input(&j, &rng, GOT * units, -0.1, 0.1);
    add_input(&j, &rng, GOT * columns, -1, 1);
    h = map(g, activation, pair(g, DW_ELEM_ADD, product(g, by[0], x), by[1]));
    y = pair(g, DW_ELEM_ADD, product(g, by[2], h), by[3]);
    assert_true(dw_graph_batch_sum(g, sum(g, times(g, y, y)), &y, &err));
    y = times(g, y, number(g, 1.0 / (double)batch));
    j.ids[0] = y;
    assert_true(dw_derive_gradient(g, y, by, 4, j.ids + 1, &err));
    j.count = 5;
    return j;
}

static void nets_have_every_type(void **state) {
    (void)state;
    static const size_t units[] = {1, 7, 16, 33}, batches[] = {1, 2, 9, 64};
    static const dw_elem_unary activations[] = {DW_ELEM_RELU, DW_ELEM_TANH, DW_ELEM_SIGMOID};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        for (size_t b = 0; b < sizeof batches / sizeof *batches; b++)
            for (size_t columns = 1; columns < 4; columns += 2) {
                job j = net_of(activations[(u + b) % 3], units[u], batches[b], columns);
                check_job(&j);
            }
}

/* Products that are worth it run on several threads, to the same bits. */
static void threads_change_nothing(void **state) {
    (void)state;
    dw_err err = {0};
    dw_pool *pool = dw_pool_new(&mem, 3, &err);
    assert_non_null(pool);
    for (size_t columns = 1; columns < 3; columns++) {
        job j = net_of(DW_ELEM_RELU, 700, 300, columns);
        compute_due(&j);
        dw_plan *plan = prepared(&j, DW_VECTOR_DOUBLE, true, pool);
        fill(DW_VECTOR_DOUBLE, &j, plan);
        for (int round = 0; round < 3; round++)
            assert_true(dw_plan_step(plan, NULL, &err));
        check_outputs(DW_VECTOR_DOUBLE, &j, plan);
        dw_plan_free(&plan);
        free_job(&j);
    }
    dw_pool_free(&pool);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    job j = net_of(DW_ELEM_RELU, 7, 9, 1);
    dw_plan *kept = prepared(&j, DW_VECTOR_DOUBLE, true, NULL);
    dw_plan_options options = {.type = DW_VECTOR_DOUBLE, .join = true};
    size_t before = mem.used;
    for (int copied = 0; copied < 2; copied++) {
        bool done = false;
        for (long n = 1; !done; n++) {
            dw_err err = {0};
            mem.fail_at = n;
            dw_plan *plan = copied ? dw_plan_copy(&mem, kept, &err)
                                   : dw_plan_prepare(&mem, j.g, j.ids, j.count, &options, &err);
            mem.fail_at = 0;
            done = plan != NULL;
            assert_true(done ? n > 8 : err.kind == DW_ERR_MEMORY);
            dw_plan_free(&plan);
            assert_int_equal(mem.used, before);
        }
    }
    dw_plan_free(&kept);
    free_job(&j);
}

/* Writing a number and reading it, in every type, touches no other. */
static void numbers_are_set_one_by_one(void **state) {
    (void)state;
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++) {
        double room[3 * LANES] = {0};
        dw_steps_value v = {(char *)room, {3, 1, 1}, 1};
        for (unsigned l = 0; l < lanes_of(type); l++)
            dw_steps_set(type, &v, 1, l, 2.5 + l);
        for (unsigned l = 0; l < lanes_of(type); l++) {
            assert_true(dw_steps_get(type, &v, 0, l) == 0 && dw_steps_get(type, &v, 2, l) == 0);
            assert_true(dw_steps_get(type, &v, 1, l) == 2.5 + l);
        }
        assert_int_equal(dw_steps_place(&v, 2, 1), 2);
        v.shape.batch = 3;
        v.lead = 8;
        assert_int_equal(dw_steps_place(&v, 2, 1), 17);
    }
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_set_one_by_one),
        cmocka_unit_test_teardown(every_operation_has_every_type, nothing_is_left),
        cmocka_unit_test_teardown(more_samples_than_a_vector_holds, nothing_is_left),
        cmocka_unit_test_teardown(graphs_have_every_type, nothing_is_left),
        cmocka_unit_test_teardown(parts_are_read_before_they_are_lost, nothing_is_left),
        cmocka_unit_test_teardown(empty_arrays_are_no_trouble, nothing_is_left),
        cmocka_unit_test_teardown(nets_have_every_type, nothing_is_left),
        cmocka_unit_test_teardown(threads_change_nothing, nothing_is_left),
        cmocka_unit_test_teardown(lack_of_memory_is_an_error, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters as named arrays: names and shapes, ours and PyTorch's, and back into a net. */
#include "lang/net_weights.h"

#include "notebook.h"

#include <stdio.h>

/* Runs a cell; the net is its name f. */
static dw_value net_of(notebook *nb, const char *source, dw_err *err) {
    notebook_open(nb);
    if (!notebook_run(nb, source, err))
        fail_msg("%s: %s", source, err->text);
    nb->eval.err = err;
    return *dw_eval_name(&nb->eval, "f");
}

/* Appends "W1[2,1] b1[2] " and so on. */
static void describe(const dw_arrays *list, dw_buf *out) {
    for (size_t i = 0; i < list->count; i++) {
        dw_buf_print(out, "%s%s[", i > 0 ? " " : "", list->items[i].name);
        for (size_t k = 0; k < list->items[i].shape.axes; k++)
            dw_buf_print(out, "%s%zu", k > 0 ? "," : "", list->items[i].shape.dim[k]);
        dw_buf_text(out, "]");
    }
}

static void expect(const char *source, dw_net_weights_names names, const char *words) {
    notebook nb;
    dw_err err = {0};
    dw_arrays list;
    dw_buf out;
    dw_value f = net_of(&nb, source, &err);
    dw_arrays_init(&list, &nb.own);
    dw_buf_init(&out, &nb.own);
    if (!dw_net_weights_gather(&nb.eval, f, names, &list))
        fail_msg("%s: %s", source, err.text);
    describe(&list, &out);
    assert_string_equal(out.data, words);
    dw_buf_free(&out);
    dw_arrays_free(&list);
    notebook_close(&nb);
}

static void arrays_have_natural_shapes(void **state) {
    (void)state;
    static const char chain[] = "f = 1 → 2 → σ → 1";
    expect(chain, DW_NET_WEIGHTS_OWN, "W1[2,1] b1[2] W2[1,2] b2[1]");
    expect(chain, DW_NET_WEIGHTS_TORCH, "0.weight[2,1] 0.bias[2] 2.weight[1,2] 2.bias[1]");
    static const char image[] = "f = 64 → conv(8, 5) → pool → flatten → dense(3, bias = false)";
    expect(image, DW_NET_WEIGHTS_OWN, "W1[8,1,5,5] b1[8] W2[3,32]");
    expect(image, DW_NET_WEIGHTS_TORCH, "0.weight[8,1,5,5] 0.bias[8] 3.weight[3,32]");
    expect("f = 9 → conv(2, 3, line = true)", DW_NET_WEIGHTS_OWN, "W1[2,1,3] b1[2]");
    static const char words[] = "f = 2 → embed(3, count = 5) → layernorm";
    expect(words, DW_NET_WEIGHTS_OWN, "E1[3,5] gain1[6] shift1[6]");
    expect(words, DW_NET_WEIGHTS_TORCH, "0.weight[5,3] 1.weight[6] 1.bias[6]");
    static const char measuring[] = "f = 2 → batchnorm → 1 → batchnorm";
    expect(measuring, DW_NET_WEIGHTS_OWN,
           "gain1[2] shift1[2] W1[1,2] b1[1] gain2[1] shift2[1] batchnorm1.mean[2] "
           "batchnorm1.variance[2] batchnorm2.mean[1] batchnorm2.variance[1]");
    expect(measuring, DW_NET_WEIGHTS_TORCH,
           "0.weight[2] 0.bias[2] 1.weight[1,2] 1.bias[1] 2.weight[1] 2.bias[1] 0.running_mean[2] "
           "0.running_var[2] 2.running_mean[1] 2.running_var[1] 0.num_batches_tracked[] "
           "2.num_batches_tracked[]");
}

static void written_functions_have_their_own_names(void **state) {
    (void)state;
    static const char formula[] = "f(x; W = [1; 2], M = [1, 2; 3, 4], r = [1, 2], k = 3) = x";
    expect(formula, DW_NET_WEIGHTS_OWN, "W[2] M[2,2] r[1,2] k[]");
    expect(formula, DW_NET_WEIGHTS_TORCH, "W[2] M[2,2] r[1,2] k[]");
    static const char nested[] = "res(x; g = 2 → 2 → relu, β = 1) = β*(x + g(x))\n"
                                 "f = 2 → res → (2 → 1)";
    expect(nested, DW_NET_WEIGHTS_OWN, "g1.W1[2,2] g1.b1[2] β1[] W1[1,2] b1[1]");
    expect(nested, DW_NET_WEIGHTS_TORCH,
           "0.g.0.weight[2,2] 0.g.0.bias[2] 0.β[] 1.0.weight[1,2] 1.0.bias[1]");
}

static void nets_without_parameters_are_refused(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_arrays list;
    dw_value f = net_of(&nb, "f = dense(3) → relu", &err);
    dw_arrays_init(&list, &nb.own);
    assert_false(dw_net_weights_gather(&nb.eval, f, DW_NET_WEIGHTS_OWN, &list));
    assert_int_equal(err.kind, DW_ERR_VALUE);
    dw_arrays_free(&list);
    notebook_close(&nb);
}

/* Adds an array of `rows`×`columns`: start, start + 1, … */
static void give(dw_arrays *list, const char *name, size_t rows, size_t columns, double start) {
    dw_err err = {0};
    dw_arrays_shape shape = {2, {rows, columns}};
    dw_tensor *t = dw_tensor_raw(list->mem, rows, columns, &err);
    for (size_t i = 0; i < t->size; i++)
        t->data[i] = start + (double)i;
    assert_true(dw_arrays_add(list, name, strlen(name), t, &shape, &err));
}

/* Gives arrays W 2×1, b 2×1, W 1×2, b 1×1 under four names; what the net then is. */
static bool put(notebook *nb, dw_value f, const char *const names[4], dw_value *out) {
    dw_arrays list;
    dw_arrays_init(&list, &nb->own);
    give(&list, names[0], 2, 1, 1);
    give(&list, names[1], 2, 1, 3);
    give(&list, names[2], 1, 2, 5);
    give(&list, names[3], 1, 1, 7);
    bool fine = dw_net_weights_put(&nb->eval, f, &list, "f.safetensors", out);
    dw_arrays_free(&list);
    return fine;
}

static void parameters_are_found_by_any_names(void **state) {
    (void)state;
    static const char *const names[][4] = {
        {"W1", "b1", "W2", "b2"},
        {"0.weight", "0.bias", "2.weight", "2.bias"},
        {"0.weight", "0.bias", "1.weight", "1.bias"},
        {"net.3.weight", "net.3.bias", "net.11.weight", "net.11.bias"},
        {"fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"}};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        notebook nb;
        dw_err err = {0};
        dw_value f = net_of(&nb, "f = 1 → 2 → σ → 1", &err), g;
        dw_tensor *flat;
        if (!put(&nb, f, names[n], &g))
            fail_msg("%s: %s", names[n][0], err.text);
        assert_true(dw_net_flat(&nb.eval, g, &flat));
        for (size_t i = 0; i < 7; i++)
            assert_true(flat->data[i] == (double)i + 1);
        dw_tensor_release(flat);
        assert_true(dw_net_flat(&nb.eval, f, &flat)); /* the net itself is as it was */
        assert_false(flat->data[0] == 1);
        dw_tensor_release(flat);
        dw_value_release(g);
        notebook_close(&nb);
    }
}

static void other_names_are_refused(void **state) {
    (void)state;
    static const char *const names[][4] = {
        {"W1", "b1", "W2", "c2"},
        {"a.weight", "a.bias", "b.weight", "b.bias"},           /* which comes first? */
        {"fc1.weight", "fc1.bias", "out2.weight", "out2.bias"}, /* two stems */
        {"1.weight", "1.bias", "2.weight", "3.bias"}};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        notebook nb;
        dw_err err = {0};
        dw_value f = net_of(&nb, "f = 1 → 2 → σ → 1", &err), g;
        assert_false(put(&nb, f, names[n], &g));
        assert_int_equal(err.kind, DW_ERR_DATA);
        assert_non_null(strstr(err.text, "f.safetensors has no array"));
        notebook_close(&nb);
    }
}

static void refuse(const char *source, const char *name, size_t rows, size_t columns,
                   dw_err_kind kind, const char *words) {
    notebook nb;
    dw_err err = {0};
    dw_arrays list;
    dw_value f = net_of(&nb, source, &err), g;
    dw_arrays_init(&list, &nb.own);
    give(&list, "W1", 1, 2, 0);
    give(&list, name, rows, columns, 0);
    assert_false(dw_net_weights_put(&nb.eval, f, &list, "f.npz", &g));
    assert_int_equal(err.kind, kind);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s\nbut the test wants: %s", err.text, words);
    dw_arrays_free(&list);
    notebook_close(&nb);
}

static void faults_are_told(void **state) {
    (void)state;
    refuse("f = 2 → 1", "b1", 1, 3, DW_ERR_SHAPE,
           "b1 of the net is a number, in f.npz it is a row of 3");
    refuse("f = 2 → 1", "b1", 2, 2, DW_ERR_SHAPE, "in f.npz it is a 2×2 matrix");
    refuse("f = 2 → dense(1, bias = false)", "b1", 1, 1, DW_ERR_DATA,
           "an array b1, for which this net has no place");
    refuse("f = 2 → 1", "W1", 1, 2, DW_ERR_DATA, "two arrays are called W1");
}

/* What is gathered by either names goes back, also where rows and columns are as many. */
static void what_is_gathered_goes_back(void **state) {
    (void)state;
    static const char *const nets[] = {"f = 2 → embed(4, count = 4) → batchnorm → 3 → softmax",
                                       "f(x; W = [1; 2], M = [1, 2; 3, 4]) = M*W*x",
                                       "f = 16 → conv(2, 3) → relu → flatten → 2"};
    for (size_t n = 0; n < 3; n++) {
        for (int names = 0; names <= 1; names++) {
            notebook nb;
            dw_err err = {0};
            dw_arrays list;
            dw_value f = net_of(&nb, nets[n], &err), fresh, g;
            dw_arrays_init(&list, &nb.own);
            assert_true(dw_net_weights_gather(&nb.eval, f, (dw_net_weights_names)names, &list));
            for (size_t i = 0; i < list.count; i++) /* what is measured goes along */
                if (strstr(list.items[i].name, "mean") != NULL)
                    list.items[i].tensor->data[1] = 9;
            assert_true(notebook_run(&nb, "fresh = randomize(f)", &err));
            nb.eval.err = &err;
            fresh = *dw_eval_name(&nb.eval, "fresh");
            if (!dw_net_weights_put(&nb.eval, fresh, &list, "f", &g))
                fail_msg("%s: %s", nets[n], err.text);
            dw_tensor *a, *b;
            assert_true(dw_net_flat(&nb.eval, f, &a));
            assert_true(dw_net_flat(&nb.eval, g, &b));
            assert_memory_equal(a->data, b->data, a->size * sizeof *a->data);
            dw_tensor_release(a);
            dw_tensor_release(b);
            dw_arrays again;
            dw_arrays_init(&again, &nb.own);
            assert_true(dw_net_weights_gather(&nb.eval, g, (dw_net_weights_names)names, &again));
            assert_int_equal(again.count, list.count);
            for (size_t i = 0; i < list.count; i++)
                assert_memory_equal(again.items[i].tensor->data, list.items[i].tensor->data,
                                    list.items[i].tensor->size * sizeof(double));
            dw_arrays_free(&again);
            dw_arrays_free(&list);
            dw_value_release(g);
            notebook_close(&nb);
        }
    }
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    static const char *const names[] = {"net.3.weight", "net.3.bias", "net.11.weight",
                                        "net.11.bias"};
    notebook nb;
    dw_err err = {0};
    dw_value f = net_of(&nb, "f = 1 → 2 → σ → 1", &err), g;
    size_t used = nb.mem.used;
    for (long n = 1;; n++) {
        dw_err_clear(&err);
        nb.mem.fail_at = n;
        bool fine = put(&nb, f, names, &g), done = fine && nb.mem.fail_at > 0;
        nb.mem.fail_at = 0;
        if (fine)
            dw_value_release(g);
        else if (err.kind != DW_ERR_MEMORY)
            fail_msg("allocation %ld: %s", n, err.text);
        assert_int_equal(nb.mem.used, used);
        if (done)
            break;
    }
    notebook_close(&nb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_have_natural_shapes),
        cmocka_unit_test(written_functions_have_their_own_names),
        cmocka_unit_test(nets_without_parameters_are_refused),
        cmocka_unit_test(parameters_are_found_by_any_names),
        cmocka_unit_test(other_names_are_refused),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(what_is_gathered_goes_back),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Growing decision trees. For each input the samples are sorted once; a cut takes them apart and
 * keeps the order, so that every node's samples stand in a stretch [from, to) of each order. */
#include "nets/tree.h"

#include <math.h>
#include <string.h>

/* A node that waits: its samples, and whose child it is. */
typedef struct {
    size_t from, to, depth;
    size_t parent; /* SIZE_MAX for the root */
    bool second;
} task;

typedef struct {
    const dw_tree_data *data;
    size_t limit;
    size_t *order; /* of each input in turn, `count` each */
    size_t *spare;
    bool *first;          /* of each sample: goes to the first child */
    double *left, *right; /* how many of each class stand left and right of a cut */
    task *tasks;
    size_t waiting, room; /* of tasks */
    size_t node_room;
} grower;

/* A place to cut. */
typedef struct {
    size_t input, at; /* the first sample of the second child, in the order of that input */
    double score;     /* higher is better */
} cut;

static double input_of(const grower *g, size_t sample, size_t input) {
    return g->data->x[sample * g->data->width + input];
}

static size_t *order_of(const grower *g, size_t input) {
    return g->order + input * g->data->count;
}

/* ---- the orders ---- */

static void sort_order(const grower *g, size_t input) {
    size_t *order = order_of(g, input), count = g->data->count;
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t from = 0; from < count; from += 2 * width) {
            size_t middle = from + width < count ? from + width : count;
            size_t end = from + 2 * width < count ? from + 2 * width : count;
            size_t a = from, b = middle;
            for (size_t k = from; k < end; k++) {
                bool left = b == end || (a < middle && input_of(g, order[a], input) <=
                                                           input_of(g, order[b], input));
                g->spare[k] = order[left ? a++ : b++];
            }
        }
        memcpy(order, g->spare, count * sizeof *order);
    }
}

/* Takes the samples of a node apart in every order. */
static void part(const grower *g, const task *t, const cut *c) {
    const size_t *by = order_of(g, c->input);
    for (size_t i = t->from; i < t->to; i++)
        g->first[by[i]] = i < c->at;
    for (size_t input = 0; input < g->data->width; input++) {
        size_t *order = order_of(g, input), a = t->from, b = 0;
        for (size_t i = t->from; i < t->to; i++)
            if (g->first[order[i]])
                order[a++] = order[i];
            else
                g->spare[b++] = order[i];
        memcpy(order + a, g->spare, b * sizeof *order);
    }
}

/* ---- looking for a cut ---- */

static double mean_of(const grower *g, const task *t) {
    const size_t *order = order_of(g, 0);
    double sum = 0;
    for (size_t i = t->from; i < t->to; i++)
        sum += g->data->y[order[i]];
    return sum / (double)(t->to - t->from);
}

/* S²/n of both sides, where S sums distances from the mean of all: the squared distances from the
 * two means are smallest where this is largest. */
static void scan_numbers(const grower *g, const task *t, size_t input, double mean, cut *best) {
    const size_t *order = order_of(g, input);
    double left = 0, all = 0;
    for (size_t i = t->from; i < t->to; i++)
        all += g->data->y[order[i]] - mean;
    for (size_t i = t->from; i + 1 < t->to; i++) {
        left += g->data->y[order[i]] - mean;
        if (!(input_of(g, order[i], input) < input_of(g, order[i + 1], input)))
            continue;
        double n = (double)(i + 1 - t->from), m = (double)(t->to - i - 1);
        double score = left * left / n + (all - left) * (all - left) / m;
        if (score > best->score)
            *best = (cut){input, i + 1, score};
    }
}

static void count_classes(const grower *g, const task *t, double *counts) {
    const size_t *order = order_of(g, 0);
    memset(counts, 0, g->data->classes * sizeof *counts);
    for (size_t i = t->from; i < t->to; i++)
        counts[(size_t)g->data->y[order[i]]] += 1;
}

/* Σ c²/n of both sides over the counts c of classes: the Gini impurity is smallest where this is
 * largest. One sample that changes sides changes Σ c² by 2c + 1 and -2c + 1. */
static void scan_classes(const grower *g, const task *t, size_t input, cut *best) {
    const size_t *order = order_of(g, input);
    double squares_left = 0, squares_right = 0;
    memset(g->left, 0, g->data->classes * sizeof *g->left);
    count_classes(g, t, g->right);
    for (size_t k = 0; k < g->data->classes; k++)
        squares_right += g->right[k] * g->right[k];
    for (size_t i = t->from; i + 1 < t->to; i++) {
        size_t k = (size_t)g->data->y[order[i]];
        squares_left += 2 * g->left[k]++ + 1;
        squares_right += 1 - 2 * g->right[k]--;
        if (!(input_of(g, order[i], input) < input_of(g, order[i + 1], input)))
            continue;
        double n = (double)(i + 1 - t->from), m = (double)(t->to - i - 1);
        double score = squares_left / n + squares_right / m;
        if (score > best->score)
            *best = (cut){input, i + 1, score};
    }
}

static bool all_the_same(const grower *g, const task *t) {
    const size_t *order = order_of(g, 0);
    for (size_t i = t->from + 1; i < t->to; i++)
        if (g->data->y[order[i]] != g->data->y[order[t->from]])
            return false;
    return true;
}

/* The best cut of a node; false when it is a leaf. */
static bool find_cut(const grower *g, const task *t, cut *best) {
    best->score = -1;
    if (t->depth >= g->limit || all_the_same(g, t))
        return false;
    double mean = g->data->classes == 0 ? mean_of(g, t) : 0;
    for (size_t input = 0; input < g->data->width; input++)
        if (g->data->classes == 0)
            scan_numbers(g, t, input, mean, best);
        else
            scan_classes(g, t, input, best);
    return best->score >= 0;
}

/* ---- the tree ---- */

static double leaf_answer(const grower *g, const task *t) {
    if (g->data->classes == 0)
        return mean_of(g, t);
    size_t most = 0;
    count_classes(g, t, g->left);
    for (size_t k = 1; k < g->data->classes; k++)
        most = g->left[k] > g->left[most] ? k : most;
    return (double)most;
}

/* Between two neighbours, above the first even if they are next to each other. */
static double middle_of(const grower *g, const cut *c) {
    const size_t *order = order_of(g, c->input);
    double a = input_of(g, order[c->at - 1], c->input), b = input_of(g, order[c->at], c->input);
    double middle = a / 2 + b / 2;
    return middle > a && middle <= b ? middle : b;
}

static double *add_node(dw_mem *mem, grower *g, dw_tree *tree, dw_err *err) {
    if (tree->count == g->node_room) {
        size_t room = g->node_room == 0 ? 64 : 2 * g->node_room;
        double *grown = dw_mem_grow(mem, tree->nodes, room * DW_TREE_FIELDS * sizeof *tree->nodes);
        if (grown == NULL) {
            dw_err_memory(err, "a decision tree");
            return NULL;
        }
        tree->nodes = grown;
        g->node_room = room;
    }
    return tree->nodes + DW_TREE_FIELDS * tree->count++;
}

static bool add_task(dw_mem *mem, grower *g, const task *t, dw_err *err) {
    if (g->waiting == g->room) {
        size_t room = g->room == 0 ? 64 : 2 * g->room;
        task *grown = dw_mem_grow(mem, g->tasks, room * sizeof *grown);
        if (grown == NULL)
            return dw_err_memory(err, "a decision tree");
        g->tasks = grown;
        g->room = room;
    }
    g->tasks[g->waiting++] = *t;
    return true;
}

static bool grow_node(dw_mem *mem, grower *g, const task *t, dw_tree *tree, dw_err *err) {
    cut c = {0, 0, -1};
    size_t number = tree->count;
    double *node = add_node(mem, g, tree, err);
    if (node == NULL)
        return false;
    if (t->parent != SIZE_MAX)
        tree->nodes[t->parent * DW_TREE_FIELDS + (t->second ? DW_TREE_SECOND : DW_TREE_FIRST)] =
            (double)number;
    memset(node, 0, DW_TREE_FIELDS * sizeof *node);
    tree->depth = t->depth > tree->depth ? t->depth : tree->depth;
    if (!find_cut(g, t, &c)) {
        node[DW_TREE_INPUT] = -1;
        node[DW_TREE_ANSWER] = leaf_answer(g, t);
        tree->leaves++;
        return true;
    }
    node[DW_TREE_INPUT] = (double)c.input;
    node[DW_TREE_BELOW] = middle_of(g, &c);
    part(g, t, &c);
    task second = {c.at, t->to, t->depth + 1, number, true};
    task first = {t->from, c.at, t->depth + 1, number, false};
    return add_task(mem, g, &second, err) && add_task(mem, g, &first, err);
}

static bool open_grower(dw_mem *mem, grower *g, dw_err *err) {
    size_t count = g->data->count, classes = g->data->classes + 1, all;
    if (!__builtin_mul_overflow(count, g->data->width, &all))
        g->order = dw_mem_array(mem, all + 1, sizeof *g->order);
    g->spare = dw_mem_array(mem, count + 1, sizeof *g->spare);
    g->first = dw_mem_array(mem, count + 1, sizeof *g->first);
    g->left = dw_mem_array(mem, classes, sizeof *g->left);
    g->right = dw_mem_array(mem, classes, sizeof *g->right);
    return (g->order != NULL && g->spare != NULL && g->first != NULL && g->left != NULL &&
            g->right != NULL) ||
           dw_err_memory(err, "a decision tree");
}

static void close_grower(grower *g) {
    dw_mem_free(g->order);
    dw_mem_free(g->spare);
    dw_mem_free(g->first);
    dw_mem_free(g->left);
    dw_mem_free(g->right);
    dw_mem_free(g->tasks);
}

static bool stopped(const dw_cancel *cancel, dw_err *err) {
    if (cancel == NULL || !dw_cancel_pending(cancel))
        return false;
    dw_err_set(err, DW_ERR_INTERRUPT, "stopped while growing a tree");
    return true;
}

bool dw_tree_grow(dw_mem *mem, const dw_tree_data *data, size_t depth, const dw_cancel *cancel,
                  dw_tree *out, dw_err *err) {
    grower g = {.data = data, .limit = depth};
    *out = (dw_tree){.nodes = NULL};
    bool fine = open_grower(mem, &g, err);
    for (size_t input = 0; fine && input < data->width; input++) {
        fine = !stopped(cancel, err);
        if (fine)
            sort_order(&g, input);
    }
    fine = fine && add_task(mem, &g, &(task){0, data->count, 0, SIZE_MAX, false}, err);
    while (fine && g.waiting > 0) {
        task next = g.tasks[--g.waiting];
        fine = !stopped(cancel, err) && grow_node(mem, &g, &next, out, err);
    }
    close_grower(&g);
    if (!fine) {
        dw_mem_free(out->nodes);
        *out = (dw_tree){.nodes = NULL};
    }
    return fine;
}

double dw_tree_answer(const double *nodes, const double *x) {
    const double *node = nodes;
    while (node[DW_TREE_INPUT] >= 0) {
        bool first = x[(size_t)node[DW_TREE_INPUT]] < node[DW_TREE_BELOW];
        node = nodes + DW_TREE_FIELDS * (size_t)node[first ? DW_TREE_FIRST : DW_TREE_SECOND];
    }
    return node[DW_TREE_ANSWER];
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "graph/compile.h"

#include <string.h>

typedef dw_compile_node compile_node;

static const dw_graph_node *node_of(const compile_node *n) {
    return dw_graph_at(n->graph, n->id);
}

static size_t elements_of(const dw_steps_value *v) {
    return v->shape.rows * v->shape.columns;
}

static bool is_batched(const dw_steps_value *v) {
    return v->shape.batch > 1;
}

/* A single number of a plan without packs: it has no vector of its own. */
static bool is_number(const compile_node *n, const dw_steps_value *v) {
    return elements_of(v) * v->shape.batch == 1 && n->around->type != DW_VECTOR_PACK;
}

/* Bytes of an element, with all its samples. */
static size_t unit_of(const compile_node *n, const dw_steps_value *v) {
    return v->lead * n->around->kernels->number;
}

/* ---- element by element ---- */

static dw_steps_kind number_kind(const dw_graph_node *node) {
    if (node->op == DW_OP_CHOOSE)
        return DW_STEPS_NUMBER_CHOICE;
    if (node->op == DW_OP_MAP)
        return node->elem == DW_ELEM_NEGATE ? DW_STEPS_NUMBER_NEGATE : DW_STEPS_NUMBER_1;
    switch ((dw_elem_binary)node->elem) {
    case DW_ELEM_ADD:
        return DW_STEPS_NUMBER_ADD;
    case DW_ELEM_SUBTRACT:
        return DW_STEPS_NUMBER_SUBTRACT;
    case DW_ELEM_MULTIPLY:
        return DW_STEPS_NUMBER_MULTIPLY;
    case DW_ELEM_DIVIDE:
        return DW_STEPS_NUMBER_DIVIDE;
    default:
        return DW_STEPS_NUMBER_2;
    }
}

static void compile_number(const compile_node *n, dw_steps_step *s) {
    s->kind = (uint8_t)number_kind(node_of(n));
    for (unsigned k = 0; k < n->fate->reads; k++)
        s->in[k].at = n->in[k].at;
}

/* How an operand goes with the rows of a result. */
static dw_vector_source source_of(const compile_node *n, const dw_steps_value *in) {
    bool many = elements_of(in) != 1;
    dw_vector_source s = {.at = in->at};
    if (is_batched(in)) {
        s.step = many ? unit_of(n, in) : 0;
    } else if (is_batched(&n->out)) {
        s.one = true;
        s.step = many ? n->around->kernels->number : 0;
    } else {
        s.one = !many && elements_of(&n->out) > 1;
    }
    return s;
}

/* Rows and vectors of the result. Rows that all operands read in the same way are one long row. */
static void lay_out(const compile_node *n, dw_steps_step *s) {
    size_t bytes = elements_of(&n->out) * unit_of(n, &n->out);
    s->rows = 1;
    s->vectors = (bytes + DW_VECTOR_BYTES - 1) / DW_VECTOR_BYTES;
    for (unsigned k = 0; k < n->fate->reads; k++)
        s->in[k] = source_of(n, &n->in[k]);
    if (!is_batched(&n->out))
        return;
    size_t unit = unit_of(n, &n->out);
    bool long_row = true;
    for (unsigned k = 0; k < n->fate->reads; k++)
        long_row &=
            s->in[k].one ? s->in[k].step == 0 : s->in[k].step == unit || elements_of(&n->out) == 1;
    if (long_row)
        return;
    s->rows = elements_of(&n->out);
    s->vectors = unit / DW_VECTOR_BYTES;
}

static void compile_elements(const compile_node *n, dw_steps_step *s) {
    const dw_graph_node *node = node_of(n);
    s->elem = node->elem;
    if (is_number(n, &n->out)) {
        compile_number(n, s);
        return;
    }
    lay_out(n, s);
    if (node->op == DW_OP_MAP) {
        s->kind = DW_STEPS_MAP;
        s->kernel.map = n->around->kernels->map[node->elem];
    } else if (node->op == DW_OP_PAIR) {
        s->kind = DW_STEPS_PAIR;
        s->kernel.pair = n->around->kernels->pair[node->elem];
    } else {
        s->kind = node->op == DW_OP_CHOOSE ? DW_STEPS_CHOOSE : DW_STEPS_SPREAD;
    }
}

/* A single number among the first two operands of a sum or a product stands first. */
static void compile_two(const compile_node *n, dw_steps_step *s) {
    lay_out(n, s);
    if (n->fate->inner != DW_VECTOR_DIFFERENCE && s->in[1].one && !s->in[0].one) {
        dw_vector_source first = s->in[0];
        s->in[0] = s->in[1];
        s->in[1] = first;
    }
    s->kind = DW_STEPS_TWO;
    s->kernel.two = n->around->kernels->two[n->fate->inner][n->fate->outer];
}

/* ---- sums and extremes ---- */

static bool is_fold(dw_op op) {
    return op == DW_OP_SUM || op == DW_OP_NORM || op == DW_OP_LARGEST || op == DW_OP_SMALLEST;
}

/* Whether every vector of an input holds different numbers of one element, so that a fold goes from
 * row to row; else all lie side by side. */
static bool has_rows(const compile_node *n) {
    return is_batched(&n->in[0]) || n->around->type == DW_VECTOR_PACK;
}

static void compile_fold(const compile_node *n, dw_steps_step *s) {
    const dw_vector_kernels *k = n->around->kernels;
    dw_op op = node_of(n)->op;
    s->in[0].at = n->in[0].at;
    if (op == DW_OP_BATCH_SUM) {
        s->kind = DW_STEPS_TOTAL;
        s->rows = elements_of(&n->in[0]);
        s->in[0].step = unit_of(n, &n->in[0]);
        s->vectors = n->in[0].shape.batch;
    } else if (op == DW_OP_SUM && !has_rows(n)) {
        s->kind = DW_STEPS_TOTAL;
        s->rows = 1;
        s->vectors = elements_of(&n->in[0]);
    } else {
        s->kind = DW_STEPS_FOLD;
        s->rows = elements_of(&n->in[0]);
        s->vectors = unit_of(n, &n->in[0]) / DW_VECTOR_BYTES;
        s->kernel.fold = op == DW_OP_SUM       ? k->sum
                         : op == DW_OP_NORM    ? k->norm
                         : op == DW_OP_LARGEST ? k->largest
                                               : k->smallest;
    }
}

/* ---- products ---- */

/* A matrix of values as an operand: distances between its rows and columns in elements. */
typedef struct {
    const char *at;
    size_t row, column;
} matrix;

static matrix matrix_of(const dw_steps_value *v, bool turned) {
    return turned ? (matrix){v->at, 1, v->shape.columns} : (matrix){v->at, v->shape.columns, 1};
}

/* a uniform: its columns meet the rows of b, whose samples are so many columns more. */
static void product_by_rows(const compile_node *n, dw_product_call *call, matrix a, matrix b) {
    size_t lead = n->out.lead;
    *call = (dw_product_call){.rows = n->out.shape.rows,
                              .columns = n->out.shape.columns * lead,
                              .a = a.at,
                              .a_row = a.row,
                              .a_inner = a.column,
                              .b = b.at,
                              .b_inner = b.row * lead,
                              .b_column = lead == 1 ? b.column : 1,
                              .c = n->out.at,
                              .c_row = n->out.shape.columns * lead,
                              .whole = is_batched(&n->out),
                              .bias = n->fate->reads == 3 ? n->in[2].at : NULL,
                              .relu = n->fate->relu};
}

/* b uniform, a batched: each row of the result is b' times that row of a, samples as columns. */
static void product_by_samples(const compile_node *n, dw_product_call *call, matrix b) {
    size_t lead = n->out.lead;
    *call = (dw_product_call){.rows = n->out.shape.columns,
                              .columns = lead,
                              .a = b.at,
                              .a_row = b.column,
                              .a_inner = b.row,
                              .b = n->in[0].at,
                              .b_inner = lead,
                              .b_column = 1,
                              .c = n->out.at,
                              .c_row = lead,
                              .whole = true};
}

static void product_each(const compile_node *n, dw_product_each *each, matrix a, matrix b) {
    size_t unit = unit_of(n, &n->out);
    *each = (dw_product_each){.rows = n->out.shape.rows,
                              .columns = n->out.shape.columns,
                              .vectors = unit / DW_VECTOR_BYTES,
                              .a = a.at,
                              .a_row = a.row * unit,
                              .a_inner = a.column * unit,
                              .b = b.at,
                              .b_inner = b.row * unit,
                              .b_column = b.column * unit,
                              .c = n->out.at,
                              .c_row = n->out.shape.columns * unit,
                              .c_column = unit};
}

static void compile_product(const compile_node *n, dw_steps_step *s) {
    const dw_fate *f = n->fate;
    dw_steps_detail *d = s->detail;
    matrix a = matrix_of(&n->in[0], f->turned[0]), b = matrix_of(&n->in[1], f->turned[1]);
    size_t inner = f->turned[0] ? n->in[0].shape.rows : n->in[0].shape.columns;
    s->kind = DW_STEPS_PRODUCT;
    d->repeat = 1;
    if (!is_batched(&n->in[0])) {
        product_by_rows(n, &d->product, a, b);
    } else if (!is_batched(&n->in[1])) {
        product_by_samples(n, &d->product, b);
        d->repeat = n->out.shape.rows;
        d->b_move = inner * unit_of(n, &n->in[0]);
        d->c_move = n->out.shape.columns * unit_of(n, &n->out);
    } else {
        s->kind = DW_STEPS_EACH;
        product_each(n, &d->each, a, b);
        d->each.inner = inner;
    }
    d->product.inner = inner;
}

/* c = Σ over pairs (column, sample) of a times b, samples fastest. The kernel wants a's pairs along
 * a row and b's down a column: b as it is read already when it is the transpose of a value. */
static void compile_contraction(const compile_node *n, dw_steps_step *s) {
    const dw_fate *f = n->fate;
    dw_steps_detail *d = s->detail;
    const dw_steps_value *a = &n->in[0], *b = &n->in[1];
    size_t columns = f->turned[0] ? a->shape.rows : a->shape.columns;
    size_t rows = f->turned[0] ? a->shape.columns : a->shape.rows;
    s->kind = DW_STEPS_CONTRACTION;
    s->in[0].one = f->turned[0];
    s->in[1].one = !f->turned[1];
    d->value[0] = *a;
    d->value[1] = *b;
    d->product = (dw_product_call){.rows = rows,
                                   .inner = columns * a->shape.batch,
                                   .columns = n->out.shape.columns,
                                   .a = a->at,
                                   .a_row = a->lead * (f->turned[0] ? 1 : columns),
                                   .a_inner = 1,
                                   .b = b->at,
                                   .b_inner = 1,
                                   .b_column = b->lead * (f->turned[1] ? columns : 1),
                                   .c = n->out.at,
                                   .c_row = n->out.shape.columns};
}

/* ---- elements at places, and what has no kernel ---- */

static bool copy_places(dw_mem *mem, const size_t *places, size_t count, dw_steps_detail *d,
                        dw_err *err) {
    d->call.places = NULL;
    if (count == 0)
        return true;
    size_t *copy = dw_mem_raw(mem, count * sizeof *copy);
    if (!copy)
        return dw_err_memory(err, "the plan of a computation");
    memcpy(copy, places, count * sizeof *copy);
    d->call.places = copy;
    return true;
}

static bool same_batch(const compile_node *n) {
    return n->in[0].shape.batch == n->out.shape.batch;
}

/* GATHER, PLACE, INSERT, TRANSPOSE of elements that lie alike; everything else by the plain
 * operation. */
static bool compile_places(dw_mem *mem, const compile_node *n, dw_steps_step *s, dw_err *err) {
    bool insert = n->fate->form == DW_FATE_INSERT;
    const dw_graph_node *node = insert ? dw_graph_at(n->graph, n->fate->core) : node_of(n);
    const dw_steps_value *piece = &n->in[insert ? 1 : 0];
    dw_steps_detail *d = s->detail;
    dw_store_call(n->graph, node, &d->call);
    const size_t *places = d->call.places;
    d->call.places = NULL;
    memcpy(d->value, n->in, sizeof n->in);
    d->value[DW_OP_INPUTS] = n->out;
    s->kind = insert                                         ? DW_STEPS_INSERT
              : node->op == DW_OP_GATHER && same_batch(n)    ? DW_STEPS_GATHER
              : node->op == DW_OP_PLACE && same_batch(n)     ? DW_STEPS_PLACE
              : node->op == DW_OP_TRANSPOSE && same_batch(n) ? DW_STEPS_TURN
                                                             : DW_STEPS_REFERENCE;
    for (unsigned k = 0; k < n->fate->reads; k++)
        s->in[k].at = n->in[k].at;
    s->vectors = unit_of(n, &n->out);
    s->rows = elements_of(node->op == DW_OP_GATHER ? &n->out : piece);
    bool placed = node->op == DW_OP_GATHER || node->op == DW_OP_PLACE;
    return !placed || copy_places(mem, places, s->rows, d, err);
}

/* ---- all of them ---- */

static bool is_elementwise(dw_op op) {
    return op == DW_OP_MAP || op == DW_OP_PAIR || op == DW_OP_CHOOSE || op == DW_OP_SPREAD ||
           op == DW_OP_BATCH_SPREAD;
}

static bool has_fold_kernel(const compile_node *n, dw_op op) {
    return op == DW_OP_BATCH_SUM || op == DW_OP_SUM || (is_fold(op) && has_rows(n));
}

bool dw_compile_needs_detail(const dw_graph *graph, dw_graph_id id, const dw_fate *fate) {
    dw_op op = dw_graph_at(graph, id)->op;
    return fate->form != DW_FATE_GATE && fate->form != DW_FATE_SLOPE && fate->form != DW_FATE_TWO &&
           fate->form != DW_FATE_SQUARES &&
           (fate->form != DW_FATE_PLAIN || !(is_elementwise(op) || op == DW_OP_BATCH_SUM));
}

bool dw_compile_step(dw_mem *mem, const dw_compile_node *n, dw_steps_step *s, dw_err *err) {
    dw_op op = node_of(n)->op;
    s->out = n->out.at;
    switch ((dw_fate_form)n->fate->form) {
    case DW_FATE_PRODUCT:
        compile_product(n, s);
        return true;
    case DW_FATE_CONTRACTION:
        compile_contraction(n, s);
        return true;
    case DW_FATE_GATE:
        lay_out(n, s);
        s->kind = DW_STEPS_GATE;
        s->kernel.gate = n->around->kernels->gate;
        return true;
    case DW_FATE_SLOPE:
        lay_out(n, s);
        s->kind = DW_STEPS_GATE;
        s->kernel.gate = n->fate->elem == DW_ELEM_TANH ? n->around->kernels->slope_tanh
                                                       : n->around->kernels->slope_sigmoid;
        return true;
    case DW_FATE_TWO:
        compile_two(n, s);
        return true;
    case DW_FATE_SQUARES:
        s->kind = DW_STEPS_FOLD;
        s->in[0].at = n->in[0].at;
        s->rows = elements_of(&n->in[0]);
        s->vectors = unit_of(n, &n->in[0]) / DW_VECTOR_BYTES;
        s->kernel.fold = n->around->kernels->squares;
        return true;
    case DW_FATE_PLAIN:
    case DW_FATE_INSERT:
        break;
    }
    if (n->fate->form == DW_FATE_PLAIN && is_elementwise(op))
        compile_elements(n, s);
    else if (n->fate->form == DW_FATE_PLAIN && has_fold_kernel(n, op))
        compile_fold(n, s);
    else
        return compile_places(mem, n, s, err);
    return true;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Traced values: operations on them become nodes of a graph. */
#include "lang/trace.h"

#include <math.h>
#include <string.h>

/* ---- traces ---- */

dw_trace *dw_trace_new(dw_mem *mem, dw_err *err) {
    dw_trace *trace = dw_mem_new(mem, sizeof *trace);
    if (trace == NULL) {
        dw_err_memory(err, "tracing a function");
        return NULL;
    }
    trace->refs = 1;
    trace->mem = mem;
    trace->batch = 1;
    trace->graph = dw_graph_new(mem, err);
    if (trace->graph != NULL)
        return trace;
    dw_mem_free(trace);
    return NULL;
}

void dw_trace_release(dw_trace *trace) {
    if (trace == NULL || --trace->refs > 0)
        return;
    dw_graph_free(&trace->graph);
    for (uint32_t i = 0; i < trace->read_count; i++)
        dw_value_release(trace->reads[i].value);
    dw_mem_free(trace->reads);
    dw_mem_free(trace);
}

bool dw_trace_note(dw_trace *trace, uint32_t slot, dw_value value, dw_err *err) {
    for (uint32_t i = 0; i < trace->read_count; i++)
        if (trace->reads[i].slot == slot)
            return true;
    if (trace->read_count == trace->read_room) {
        uint32_t room = trace->read_room == 0 ? 8 : 2 * trace->read_room;
        dw_trace_read *reads = dw_mem_grow(trace->mem, trace->reads, room * sizeof *reads);
        if (reads == NULL)
            return dw_err_memory(err, "tracing a function");
        trace->reads = reads;
        trace->read_room = room;
    }
    trace->reads[trace->read_count++] = (dw_trace_read){slot, dw_value_retain(value)};
    return true;
}

/* ---- values and nodes ---- */

bool dw_trace_value(dw_trace *trace, dw_graph_id id, dw_value *out, dw_err *err) {
    const dw_graph_node *node = dw_graph_at(trace->graph, id);
    if (node->op == DW_OP_INPUT && node->batch > 1)
        trace->batch = node->batch;
    if (node->op == DW_OP_CONSTANT && node->batch == 1) {
        dw_tensor *copy = dw_tensor_raw(trace->mem, node->rows, node->columns, err);
        if (copy == NULL)
            return false;
        memcpy(copy->data, node->value->data, copy->size * sizeof(double));
        copy->truth = node->truth;
        *out = dw_value_array(copy);
        return true;
    }
    dw_traced *traced = dw_mem_new(trace->mem, sizeof *traced);
    if (traced == NULL)
        return dw_err_memory(err, "tracing a function");
    *traced = (dw_traced){.refs = 1,
                          .trace = trace,
                          .id = id,
                          .rows = node->rows,
                          .columns = node->columns,
                          .batch = node->batch,
                          .truth = node->truth};
    trace->refs++;
    *out = (dw_value){.kind = DW_TRACED, .as.traced = traced};
    return true;
}

bool dw_trace_node(dw_trace *trace, dw_value v, dw_graph_id *id, dw_err *err) {
    dw_tensor *t;
    if (v.kind == DW_TRACED) {
        *id = v.as.traced->id;
        return true;
    }
    if (v.kind == DW_NUMBER)
        return dw_graph_number(trace->graph, v.as.number, id, err);
    if (!dw_value_as_tensor(trace->mem, v, &t, err))
        return false;
    bool fine = dw_graph_constant(trace->graph, t, id, err);
    dw_tensor_release(t);
    return fine;
}

static dw_trace *trace_of(dw_value a, dw_value b) {
    return a.kind == DW_TRACED ? a.as.traced->trace : b.as.traced->trace;
}

/* ---- operators ---- */

bool dw_trace_pair(const dw_operate *o, dw_elem_binary op, dw_value a, dw_value b, dw_value *out) {
    dw_trace *trace = trace_of(a, b);
    dw_graph_id x, y, z;
    return dw_trace_node(trace, a, &x, o->err) && dw_trace_node(trace, b, &y, o->err) &&
           dw_graph_pair(trace->graph, op, x, y, &z, o->err) &&
           dw_trace_value(trace, z, out, o->err);
}

static bool is_number(dw_value v) {
    return v.kind == DW_TRACED ? v.as.traced->rows * v.as.traced->columns == 1 : v.kind != DW_ARRAY;
}

static bool product(const dw_operate *o, dw_value a, dw_value b, dw_value *out) {
    dw_trace *trace = trace_of(a, b);
    dw_graph_id x, y, z;
    return dw_trace_node(trace, a, &x, o->err) && dw_trace_node(trace, b, &y, o->err) &&
           dw_graph_product(trace->graph, x, y, &z, o->err) &&
           dw_trace_value(trace, z, out, o->err);
}

/* a·b: the sum of the products of corresponding elements. */
static bool dot(const dw_operate *o, dw_value a, dw_value b, dw_value *out) {
    dw_value products;
    dw_graph_id sum;
    if (!dw_trace_pair(o, DW_ELEM_MULTIPLY, a, b, &products))
        return false;
    dw_trace *trace = trace_of(a, b);
    dw_graph_id id;
    bool fine = dw_trace_node(trace, products, &id, o->err) &&
                dw_graph_sum(trace->graph, id, &sum, o->err) &&
                dw_trace_value(trace, sum, out, o->err);
    dw_value_release(products);
    return fine;
}

bool dw_trace_binary(const dw_operate *o, dw_sign sign, dw_value a, dw_value b, dw_value *out) {
    static const dw_elem_binary elems[DW_SIGNS] = {
        [DW_SIGN_ADD] = DW_ELEM_ADD,        [DW_SIGN_SUBTRACT] = DW_ELEM_SUBTRACT,
        [DW_SIGN_TIMES] = DW_ELEM_MULTIPLY, [DW_SIGN_ELEMENTWISE] = DW_ELEM_MULTIPLY,
        [DW_SIGN_DOT] = DW_ELEM_MULTIPLY,   [DW_SIGN_DIVIDE] = DW_ELEM_DIVIDE,
        [DW_SIGN_POWER] = DW_ELEM_POWER,
    };
    bool arrays = !is_number(a) && !is_number(b);
    if (sign == DW_SIGN_TIMES && arrays)
        return product(o, a, b, out);
    if (sign == DW_SIGN_DOT && arrays)
        return dot(o, a, b, out);
    return dw_trace_pair(o, elems[sign], a, b, out);
}

bool dw_trace_unary(const dw_operate *o, dw_elem_unary op, dw_value a, dw_value *out) {
    dw_trace *trace = a.as.traced->trace;
    dw_graph_id y;
    return dw_graph_map(trace->graph, op, a.as.traced->id, &y, o->err) &&
           dw_trace_value(trace, y, out, o->err);
}

bool dw_trace_choose(const dw_operate *o, dw_value condition, dw_value a, dw_value b,
                     dw_value *out) {
    dw_trace *trace = condition.kind == DW_TRACED ? condition.as.traced->trace : trace_of(a, b);
    dw_graph_id c, x, y, z;
    return dw_trace_node(trace, condition, &c, o->err) && dw_trace_node(trace, a, &x, o->err) &&
           dw_trace_node(trace, b, &y, o->err) &&
           dw_graph_choose(trace->graph, c, x, y, &z, o->err) &&
           dw_trace_value(trace, z, out, o->err);
}

bool dw_trace_transpose(const dw_operate *o, dw_value a, dw_value *out) {
    dw_trace *trace = a.as.traced->trace;
    dw_graph_id y;
    return dw_graph_transpose(trace->graph, a.as.traced->id, &y, o->err) &&
           dw_trace_value(trace, y, out, o->err);
}

/* ---- parts and joins ---- */

bool dw_trace_gather(dw_value v, const size_t *places, size_t rows, size_t columns, dw_value *out,
                     dw_err *err) {
    dw_trace *trace = v.as.traced->trace;
    dw_graph_id y;
    return dw_graph_gather(trace->graph, v.as.traced->id, places, rows, columns, &y, err) &&
           dw_trace_value(trace, y, out, err);
}

bool dw_trace_element(dw_value v, size_t i, dw_value *out, dw_err *err) {
    const dw_traced *t = v.as.traced;
    if (t->rows == 1 || t->columns == 1)
        return dw_trace_gather(v, &i, 1, 1, out, err);
    size_t *places = dw_mem_array(t->trace->mem, t->rows, sizeof *places);
    if (places == NULL)
        return dw_err_memory(err, "a column");
    for (size_t r = 0; r < t->rows; r++)
        places[r] = r * t->columns + i;
    bool fine = dw_trace_gather(v, places, t->rows, 1, out, err);
    dw_mem_free(places);
    return fine;
}

bool dw_trace_can_pick(dw_value v, dw_value i) {
    size_t length;
    dw_err ignored = {0};
    if (i.kind != DW_TRACED || (v.kind != DW_ARRAY && v.kind != DW_TRACED) ||
        !dw_value_length(v, &length, &ignored))
        return false;
    const dw_graph_node *node = dw_graph_at(i.as.traced->trace->graph, i.as.traced->id);
    if (node->op != DW_OP_CONSTANT || node->rows * node->columns != 1 || node->truth)
        return false;
    for (size_t s = 0; s < node->batch; s++) {
        double place = fabs(node->value->data[s]);
        if (!(place >= 1 && place <= (double)length) || floor(place) != place)
            return false;
    }
    return true;
}

/* A vector as a row, so that its elements are columns. */
static bool as_table(dw_trace *trace, dw_value v, dw_graph_id *table, dw_err *err) {
    if (!dw_trace_node(trace, v, table, err))
        return false;
    const dw_graph_node *node = dw_graph_at(trace->graph, *table);
    return node->columns != 1 || dw_graph_reshape(trace->graph, *table, 1, node->rows, table, err);
}

bool dw_trace_pick(dw_value v, dw_value i, dw_value *out, dw_err *err) {
    dw_trace *trace = i.as.traced->trace;
    dw_graph_id table, index, y;
    size_t length, batch = i.as.traced->batch;
    if (!dw_value_length(v, &length, err) || !as_table(trace, v, &table, err))
        return false;
    dw_tensor *places = dw_tensor_raw(trace->mem, 1, batch, err);
    if (places == NULL)
        return false;
    const double *numbers = dw_graph_at(trace->graph, i.as.traced->id)->value->data;
    for (size_t s = 0; s < batch; s++) /* from 0; -1 is the last */
        places->data[s] = numbers[s] > 0 ? numbers[s] - 1 : (double)length + numbers[s];
    bool fine = dw_graph_samples(trace->graph, places, (dw_op_shape){1, 1, batch}, &index, err) &&
                dw_graph_pick(trace->graph, table, index, &y, err) &&
                dw_trace_value(trace, y, out, err);
    dw_tensor_release(places);
    return fine;
}

/* Where a piece of a join begins and how large it is. */
typedef struct {
    dw_graph_id id;
    size_t row, column, rows, columns;
} piece;

/* A piece as an array of the size of the whole, zero elsewhere. */
static bool spread_piece(dw_trace *trace, const piece *p, size_t rows, size_t columns,
                         dw_graph_id *out, dw_err *err) {
    size_t *places = dw_mem_array(trace->mem, p->rows * p->columns, sizeof *places);
    if (places == NULL)
        return dw_err_memory(err, "an array");
    for (size_t r = 0; r < p->rows; r++)
        for (size_t c = 0; c < p->columns; c++)
            places[r * p->columns + c] = (p->row + r) * columns + p->column + c;
    bool fine = dw_graph_place(trace->graph, p->id, places, rows, columns, out, err);
    dw_mem_free(places);
    return fine;
}

/* The pieces [from, to) as one: halves joined, so that the work grows with n log n. All lie one
 * after the other along one axis. */
static bool join_pieces(dw_trace *trace, piece *pieces, size_t from, size_t to, dw_err *err) {
    if (to - from < 2)
        return true;
    size_t middle = from + (to - from) / 2;
    if (!join_pieces(trace, pieces, from, middle, err) ||
        !join_pieces(trace, pieces, middle, to, err))
        return false;
    piece *a = &pieces[from], *b = &pieces[middle];
    bool below = b->row > a->row;
    size_t rows = below ? a->rows + b->rows : a->rows;
    size_t columns = below ? a->columns : a->columns + b->columns;
    piece left = *a, right = *b;
    left.row = left.column = 0;
    right.row = below ? a->rows : 0;
    right.column = below ? 0 : a->columns;
    dw_graph_id x, y;
    if (!spread_piece(trace, &left, rows, columns, &x, err) ||
        !spread_piece(trace, &right, rows, columns, &y, err) ||
        !dw_graph_pair(trace->graph, DW_ELEM_ADD, x, y, &a->id, err))
        return false;
    a->rows = rows;
    a->columns = columns;
    return true;
}

/* The pieces of a join that are not empty. */
typedef struct {
    piece *pieces;
    size_t count;
} layout;

/* Nodes, sizes and places of the pieces; empty ones are left out. */
static bool lay_out(dw_trace *trace, const dw_value *values, size_t count, bool below, layout *out,
                    dw_err *err) {
    size_t row = 0, column = 0;
    for (size_t i = 0; i < count; i++) {
        piece *p = &out->pieces[out->count];
        if (!dw_trace_node(trace, values[i], &p->id, err))
            return false;
        const dw_graph_node *node = dw_graph_at(trace->graph, p->id);
        p->rows = node->rows;
        p->columns = node->columns;
        if (p->rows * p->columns == 0)
            continue;
        const piece *first = &out->pieces[0];
        if (out->count > 0 && (below ? p->columns != first->columns : p->rows != first->rows))
            return dw_err_set(err, DW_ERR_SHAPE,
                              "the pieces between [ ] do not fit: the first is %zu×%zu, piece %zu "
                              "is %zu×%zu",
                              first->rows, first->columns, i + 1, p->rows, p->columns);
        p->row = row;
        p->column = column;
        row += below ? p->rows : 0;
        column += below ? 0 : p->columns;
        out->count++;
    }
    return true;
}

bool dw_trace_join(const dw_value *values, size_t count, bool below, dw_value *out, dw_err *err) {
    dw_trace *trace = NULL;
    for (size_t i = 0; i < count && trace == NULL; i++)
        trace = values[i].kind == DW_TRACED ? values[i].as.traced->trace : NULL;
    if (trace == NULL)
        return dw_err_set(err, DW_ERR_INTERNAL, "there is nothing traced to join");
    layout laid = {.pieces = dw_mem_array(trace->mem, count, sizeof *laid.pieces)};
    if (laid.pieces == NULL)
        return dw_err_memory(err, "an array");
    bool fine = lay_out(trace, values, count, below, &laid, err) &&
                join_pieces(trace, laid.pieces, 0, laid.count, err) &&
                dw_trace_value(trace, laid.pieces[0].id, out, err);
    dw_mem_free(laid.pieces);
    return fine;
}

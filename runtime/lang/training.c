/* SPDX-License-Identifier: BSD-3-Clause */
/* One call of train. */
#include "lang/training.h"

#include "lang/eval.h"
#include "lang/net.h"
#include "lang/net_make.h"
#include "lang/net_measure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WHOLE = 1000, USUAL_BATCH = 64, RANGES = DW_TRAINING_RANGES, WORD = 64 };

/* ---- which parameters may move ---- */

/* Whether a word names a parameter, or the net a parameter is in: "g1" all of g1.W1, g1.b1 … The
 * name may stand at the head of a list, "W1, b1". */
static bool names(dw_value word, const char *name) {
    size_t size = word.kind == DW_TEXT ? word.as.text->size : 0;
    return size > 0 && strncmp(word.as.text->bytes, name, size) == 0 &&
           (name[size] == '\0' || name[size] == '.' || name[size] == ',');
}

static bool is_chosen(dw_value only, const char *name) {
    if (only.kind != DW_LIST)
        return names(only, name);
    for (size_t i = 0; i < only.as.list->count; i++)
        if (names(only.as.list->items[i], name))
            return true;
    return false;
}

/* False when a word names nothing. `all` lists the names. */
static bool check_only(dw_training *t, const dw_buf *all) {
    dw_value only = t->call.args[DW_TRAIN_ONLY];
    const dw_value *items = only.kind == DW_LIST ? only.as.list->items : &only;
    size_t count = only.kind == DW_LIST ? only.as.list->count : 1;
    char words[DW_VALUE_WORDS];
    for (size_t i = 0; i < count; i++) {
        bool found = false;
        if (items[i].kind != DW_TEXT)
            return dw_call_fail(&t->call, DW_TRAIN_ONLY, DW_ERR_TYPE,
                                "only takes names of parameters, such as [\"W2\", \"b2\"], this is "
                                "%s",
                                dw_value_words(items[i], words));
        for (const char *name = all->data; name != NULL && *name != '\0' && !found;) {
            size_t size = strcspn(name, ",");
            found = names(items[i], name);
            name += size + (name[size] == ',' ? 2 : 0);
        }
        if (!found)
            return dw_call_fail(&t->call, DW_TRAIN_ONLY, DW_ERR_NAME,
                                "the net has no parameter %.40s; it has %.300s",
                                items[i].as.text->bytes, all->data != NULL ? all->data : "none");
    }
    return true;
}

static bool read_only(dw_training *t) {
    dw_eval *e = t->call.eval;
    dw_buf all, name;
    size_t at = 0, count = 0;
    bool fine = true;
    if (!dw_call_given(&t->call, DW_TRAIN_ONLY))
        return true;
    dw_buf_init(&all, e->mem);
    for (size_t i = 0; fine && i < dw_net_arrays(t->net); i++) {
        dw_value v;
        size_t rows = 1, columns = 1;
        dw_buf_init(&name, e->mem);
        fine = dw_net_array(e, t->net, i, &name, &v);
        if (fine && v.kind == DW_ARRAY)
            dw_value_shape(v, &rows, &columns);
        if (fine)
            dw_value_release(v);
        dw_buf_print(&all, "%s%s", i == 0 ? "" : ", ", name.data != NULL ? name.data : "");
        fine = fine && dw_buf_whole(&name, "the names of this net", e->err) &&
               dw_buf_whole(&all, "the names of this net", e->err);
        if (fine && count < RANGES && is_chosen(t->call.args[DW_TRAIN_ONLY], name.data))
            t->ranges[count++] = (dw_update_range){at, rows * columns};
        at += rows * columns;
        dw_buf_free(&name);
    }
    fine = fine && check_only(t, &all);
    dw_buf_free(&all);
    t->options.ranges = t->ranges;
    t->options.range_count = count;
    return fine;
}

/* ---- net and data ---- */

static void replace(dw_value *old, dw_value new) {
    dw_value_release(*old);
    *old = new;
}

/* The arguments of the net: of a function of several inputs their names. */
static bool read_inputs(dw_training *t) {
    const dw_function *f = t->net.as.function;
    const dw_function_node *node = f->node != NULL ? f->node->u.function : NULL;
    t->form = (dw_dataset_form){
        .table = DW_TRAIN_DATA, .column = DW_TRAIN_TARGET, .inputs = 1, .names = t->names};
    if (node == NULL || node->inputs < 2)
        return true;
    if (node->inputs > DW_DATASET_INPUTS)
        return dw_call_fail(&t->call, DW_TRAIN_NET, DW_ERR_LIMIT,
                            "train takes nets of at most %d inputs", DW_DATASET_INPUTS);
    t->form.inputs = node->inputs;
    for (size_t i = 0; i < node->inputs; i++)
        t->names[i] = node->parameters[i].name;
    return true;
}

/* Gives an embed layer its words: those of all tables. */
static bool find_words(dw_training *t) {
    dw_eval *e = t->call.eval;
    dw_value changed;
    if (!dw_net_has_embed(t->net))
        return true;
    t->form.words = dw_net_words(t->net);
    if (t->form.words.kind != DW_NOTHING)
        return true;
    dw_value words = dw_value_nothing();
    dw_dataset_form form = t->form;
    bool fine = dw_dataset_words(&t->call, &form, &words);
    form.table = DW_TRAIN_VALIDATE;
    if (fine && t->call.args[DW_TRAIN_VALIDATE].kind == DW_TABLE)
        fine = dw_dataset_words(&t->call, &form, &words);
    if (fine && words.as.list->count > 0) {
        fine = dw_net_with_words(e, t->net, words, &changed);
        if (fine)
            replace(&t->net, changed);
    }
    dw_value_release(words);
    t->form.words = dw_net_words(t->net);
    return fine;
}

/* What errors call the inputs: "data.x". */
static const char *input_name(const dw_training *t, char out[WORD]) {
    size_t size;
    const char *text = dw_call_source(&t->call, DW_TRAIN_DATA, &size);
    const char *column = t->train.input[0].name;
    bool name = text != NULL && size < WORD / 2;
    for (size_t i = 0; name && i < size; i++)
        name = text[i] == '_' || (unsigned char)text[i] >= 0x80 ||
               (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'z') ||
               (text[i] >= 'A' && text[i] <= 'Z');
    if (!name)
        return "the data";
    snprintf(out, WORD, "%.*s%s%.24s", (int)size, text, column[0] != '\0' ? "." : "", column);
    return out;
}

/* Marks the number a written net starts with. */
static bool fail_start(dw_training *t, size_t count) {
    size_t size, digits = 0;
    const char *text = dw_call_source(&t->call, DW_TRAIN_NET, &size);
    dw_span span = t->call.spans[DW_TRAIN_NET];
    while (text != NULL && digits < size && text[digits] >= '0' && text[digits] <= '9')
        digits++;
    if (digits > 0)
        span.end = span.start + (uint32_t)digits;
    if (t->call.err->kind == DW_ERR_SHAPE)
        dw_err_note(t->call.err, "needs %zu", count);
    return dw_err_place(t->call.err, t->call.unit, span);
}

/* The net for the inputs of the table. */
static bool size_net(dw_training *t) {
    dw_value sized;
    char name[WORD];
    const dw_dataset_part *x = &t->train.input[0];
    if (t->form.inputs > 1)
        return true;
    if (!dw_net_make_sized(t->call.eval, t->net, input_name(t, name), x->rows, x->columns, &sized))
        return fail_start(t, x->rows * x->columns);
    replace(&t->net, sized);
    return true;
}

/* The shape of an answer, from that to the first sample. */
static bool try_sample(dw_training *t, size_t *rows, size_t *columns) {
    dw_call *call = &t->call;
    dw_value args[DW_DATASET_INPUTS], answer;
    char words[DW_VALUE_WORDS];
    size_t made = 0;
    double number;
    bool fine = true;
    while (fine && made < t->train.inputs) {
        const dw_dataset_part *part = &t->train.input[made];
        dw_tensor *x = dw_tensor_raw(call->mem, part->rows, part->columns, call->err);
        fine = x != NULL;
        if (!fine)
            break;
        memcpy(x->data, part->numbers, x->size * sizeof *x->data);
        args[made++] = dw_value_array(x);
    }
    fine = fine && dw_call_invoke(call, t->asked, args, made, &answer);
    for (size_t i = 0; i < made; i++)
        dw_value_release(args[i]);
    if (!fine)
        return false;
    *rows = *columns = 1;
    if (answer.kind == DW_ARRAY)
        dw_value_shape(answer, rows, columns);
    else
        fine = dw_value_as_number(answer, &number) ||
               dw_call_fail(call, DW_TRAIN_NET, DW_ERR_TYPE,
                            "a net that is trained answers with numbers, this one gives %s",
                            dw_value_words(answer, words));
    dw_value_release(answer);
    return fine;
}

/* Finds out whether the net answers with classes, and which. */
static bool find_labels(dw_training *t) {
    dw_eval *e = t->call.eval;
    dw_value labels, changed;
    if (!dw_net_is_classifier(t->net))
        return true;
    if (dw_net_labels(t->net).kind == DW_NOTHING) {
        if (!dw_dataset_labels(&t->call, &t->form, &labels))
            return false;
        bool fine = labels.kind == DW_NOTHING || dw_net_with_labels(e, t->net, labels, &changed);
        if (fine && labels.kind != DW_NOTHING)
            replace(&t->net, changed);
        dw_value_release(labels);
        if (!fine)
            return false;
    }
    t->form.labels = dw_net_labels(t->net);
    return true;
}

/* Answers in the shape the net gives them. */
static bool fit_target(dw_training *t, const char *table, size_t rows, size_t columns,
                       dw_dataset *data) {
    dw_dataset_part *y = &data->target;
    if (y->rows * y->columns != rows * columns)
        return dw_call_fail(&t->call, table != NULL ? DW_TRAIN_VALIDATE : DW_TRAIN_DATA,
                            DW_ERR_SHAPE,
                            "%s has %zu number%s per sample, but the net answers with %zu. Let it "
                            "end with %zu",
                            y->name, y->rows * y->columns, y->rows * y->columns == 1 ? "" : "s",
                            rows * columns, y->rows * y->columns);
    y->rows = rows;
    y->columns = columns;
    return true;
}

static bool same_inputs(dw_training *t) {
    for (size_t i = 0; i < t->train.inputs; i++) {
        const dw_dataset_part *a = &t->train.input[i], *b = &t->valid.input[i];
        if (a->rows != b->rows || a->columns != b->columns)
            return dw_call_fail(&t->call, DW_TRAIN_VALIDATE, DW_ERR_SHAPE,
                                "a sample to validate with has %zu numbers, one to train with %zu",
                                b->rows * b->columns, a->rows * a->columns);
    }
    return true;
}

/* ---- validation ---- */

/* A part of the samples, chosen by chance, to validate with; the rest stays to train with. */
static bool split_off(dw_training *t, double share) {
    size_t count = t->train.count, part = (size_t)(share * (double)count + 0.5);
    dw_call *call = &t->call;
    part = part < 1 ? 1 : part >= count ? count - 1 : part;
    size_t *order = dw_mem_array(call->mem, count, sizeof *order);
    if (order == NULL)
        return dw_err_memory(call->err, "a validation");
    dw_rng stream = dw_rng_split(&t->stream, 0, 1);
    for (size_t i = 0; i < count; i++) {
        size_t j = (size_t)dw_rng_below(&stream, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    dw_dataset rest = {0};
    bool fine = dw_dataset_take(call->mem, &t->train, order, part, &t->valid, call->err) &&
                dw_dataset_take(call->mem, &t->train, order + part, count - part, &rest, call->err);
    dw_mem_free(order);
    if (!fine)
        return false;
    dw_dataset_free(&t->train);
    t->train = rest;
    return true;
}

static bool read_validation(dw_training *t, size_t rows, size_t columns) {
    dw_call *call = &t->call;
    double share;
    t->validates = dw_call_given(call, DW_TRAIN_VALIDATE);
    if (!t->validates)
        return true;
    if (call->args[DW_TRAIN_VALIDATE].kind == DW_TABLE) {
        dw_dataset_form form = t->form;
        form.table = DW_TRAIN_VALIDATE;
        return dw_dataset_inputs(call, &form, &t->valid) && same_inputs(t) &&
               dw_dataset_targets(call, &form, &t->valid) &&
               fit_target(t, "validate", rows, columns, &t->valid);
    }
    if (!dw_value_as_number(call->args[DW_TRAIN_VALIDATE], &share) || !(share > 0 && share < 1))
        return dw_call_fail(call, DW_TRAIN_VALIDATE, DW_ERR_VALUE,
                            "validate is a table, or a share of the samples between 0 and 1, such "
                            "as 0.2");
    if (t->train.count < 2)
        return dw_call_fail(call, DW_TRAIN_VALIDATE, DW_ERR_VALUE,
                            "one sample cannot be shared between training and validation");
    return split_off(t, share);
}

/* What is called while training: never labelled, and without softmax where the loss has it. */
static bool find_asked(dw_training *t) {
    dw_eval *e = t->call.eval;
    dw_value plain = dw_value_nothing();
    if (!dw_net_is_classifier(t->net)) {
        t->asked = dw_value_retain(t->net);
        return true;
    }
    if (!dw_net_with_labels(e, t->net, dw_value_nothing(), &plain))
        return false;
    bool fine = true;
    if (t->classes)
        fine = dw_net_logits(e, plain, &t->asked);
    else
        t->asked = dw_value_retain(plain);
    dw_value_release(plain);
    return fine;
}

/* Reads all samples and lets the net fit them. */
static bool read_data(dw_training *t) {
    size_t rows, columns;
    if (!read_inputs(t) || !find_words(t) || !dw_dataset_inputs(&t->call, &t->form, &t->train) ||
        !size_net(t))
        return false;
    bool own = dw_call_given(&t->call, DW_TRAIN_LOSS);
    t->classes = !own && dw_net_is_classifier(t->net);
    if (!find_asked(t) || !try_sample(t, &rows, &columns))
        return false;
    t->form.outputs = rows * columns;
    return find_labels(t) && dw_dataset_targets(&t->call, &t->form, &t->train) &&
           fit_target(t, NULL, rows, columns, &t->train) && read_validation(t, rows, columns);
}

/* ---- the trained net ---- */

/* The rows of the history as a table: step, train and, with a validation, valid. */
static bool history_value(dw_training *t, const dw_training_end *end, dw_value *out) {
    static const char *const names[] = {"step", "train", "valid"};
    dw_call *call = &t->call;
    dw_losses_row *rows = dw_mem_array(call->mem, end->result->history.count + 2, sizeof *rows);
    if (rows == NULL)
        return dw_err_memory(call->err, "the history of a training");
    size_t count = dw_losses_rows(&end->result->history, end->lane, rows),
           columns = t->validates ? 3 : 2;
    if (t->validates && count > 1 && isnan(rows[count - 1].valid))
        count--; /* stopped between two validations */
    bool fine = dw_value_record(call->mem, DW_TABLE, names, columns, count, out, call->err);
    for (size_t c = 0; fine && c < columns; c++) {
        dw_tensor *column = dw_tensor_raw(call->mem, 1, count, call->err);
        fine = column != NULL;
        for (size_t i = 0; fine && i < count; i++)
            column->data[i] = c == 0   ? (double)rows[i].step
                              : c == 1 ? rows[i].train
                                       : rows[i].valid;
        if (fine)
            out->as.record->fields[c].value = dw_value_array(column);
        else
            (void)dw_value_drop(out);
    }
    dw_mem_free(rows);
    return fine;
}

static bool facts_value(dw_training *t, const dw_training_end *end, dw_value *out) {
    const dw_train_end *e = &end->result->ends[end->lane];
    static const char *const names[] = {"loss", "steps", "best", "history"};
    if (!dw_value_record(t->call.mem, DW_RECORD, names, 4, 0, out, t->call.err))
        return false;
    dw_field *fields = out->as.record->fields;
    fields[0].value = dw_value_number(e->loss);
    fields[1].value = dw_value_number((double)e->steps);
    fields[2].value = dw_value_number((double)e->best);
    return history_value(t, end, &fields[3].value) || dw_value_drop(out);
}

/* What layers such as batchnorm know of the samples, in *net. */
static bool measure_layers(dw_training *t, dw_value *net) {
    const dw_dataset_part *x = &t->train.input[0];
    size_t each = x->rows * x->columns, count = t->train.count;
    dw_value measured;
    if (t->train.inputs > 1 || !dw_net_measure_is_needed(*net))
        return true;
    count = count < DW_NET_MEASURE_MOST ? count : DW_NET_MEASURE_MOST;
    dw_tensor *columns = dw_tensor_raw(t->call.mem, each, count, t->call.err);
    if (columns == NULL)
        return false;
    for (size_t s = 0; s < count; s++)
        for (size_t k = 0; k < each; k++)
            columns->data[k * count + s] = x->numbers[s * each + k];
    bool fine = dw_net_measure_inputs(t->call.eval, *net, columns, &measured);
    dw_tensor_release(columns);
    if (fine)
        replace(net, measured);
    return fine;
}

/* The net with the parameters found and what is known about them. */
bool dw_training_net(dw_training *t, const dw_training_end *end, dw_value *out) {
    dw_eval *e = t->call.eval;
    dw_value facts, net;
    dw_tensor *column = dw_objective_column(end->loss, end->lane, e->err);
    if (column == NULL)
        return false;
    dw_value parameters = dw_value_array(column);
    bool fine = dw_net_with_flat(e, t->net, parameters, &net);
    dw_value_release(parameters);
    if (!fine)
        return false;
    fine = measure_layers(t, &net) && facts_value(t, end, &facts);
    if (fine) {
        fine = dw_net_with_facts(e, net, facts, out);
        dw_value_release(facts);
    }
    dw_value_release(net);
    return fine;
}

/* ---- beginning and end ---- */

dw_training *dw_training_new(const dw_call *call) {
    dw_training *t = dw_mem_new(call->mem, sizeof *t);
    if (t == NULL) {
        dw_err_memory(call->err, "training");
        return NULL;
    }
    t->call = *call;
    t->net = dw_value_retain(call->args[DW_TRAIN_NET]);
    if (!dw_train_options_read(&t->call, &t->options, &t->stream, &t->single))
        dw_training_free(&t);
    else
        t->options.forgets = call->field != NULL && strcmp(call->field, "history") != 0;
    return t;
}

void dw_training_free(dw_training **training) {
    dw_training *t = *training;
    if (t == NULL)
        return;
    dw_objective_free(&t->loss);
    dw_value_release(t->net);
    dw_value_release(t->asked);
    dw_dataset_free(&t->train);
    dw_dataset_free(&t->valid);
    dw_mem_free(t);
    *training = NULL;
}

bool dw_training_prepare(dw_training *t) {
    dw_train_options *o = &t->options;
    if (!read_data(t) || !read_only(t))
        return false;
    size_t count = t->train.count;
    size_t usual = o->optimizer == DW_OPTIMIZER_LBFGS || count <= WHOLE ? count : USUAL_BATCH;
    o->batch = o->batch == 0 ? usual : o->batch < count ? o->batch : count;
    dw_objective_terms terms = {.net = t->asked,
                                .loss = t->call.args[DW_TRAIN_LOSS],
                                .classes = t->classes,
                                .train = &t->train,
                                .valid = t->validates ? &t->valid : NULL,
                                .batch = o->batch,
                                .single = t->single,
                                .key = (double)(dw_rng_split(&t->stream, 0, 2).key >> 11)};
    return dw_objective_new(&t->call, &terms, &t->loss);
}

dw_progress_task dw_training_task(dw_training *t, double work) {
    return (dw_progress_task){.call = &t->call,
                              .noun = "training",
                              .measure = "loss",
                              .steps = t->options.steps,
                              .work = work,
                              .validates = t->validates};
}

bool dw_training_match(const dw_training *a, const dw_training *b) {
    const dw_train_options *o = &a->options, *p = &b->options;
    return o->optimizer != DW_OPTIMIZER_LBFGS && o->optimizer == p->optimizer &&
           o->schedule == p->schedule && o->rate == p->rate && o->decay == p->decay &&
           o->steps == p->steps && o->patience == p->patience && o->every == p->every &&
           o->forgets == p->forgets && (o->ranges == NULL) == (p->ranges == NULL) &&
           o->range_count == p->range_count &&
           memcmp(a->ranges, b->ranges, sizeof a->ranges) == 0 &&
           dw_objective_match(a->loss, b->loss);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Where functions that are straight piece by piece bend: kinks of a curve, regions of the plane. */
#include "lang/builtin.h"

#include "lang/curve.h"
#include "lang/invoke.h"
#include "lang/trace.h"
#include "nets/kinks.h"
#include "nets/regions.h"

#include <math.h>
#include <string.h>

/* ---- the function as a graph ---- */

/* Calls f on the inputs of the running trace: `count` numbers, or one column of two. */
static bool trace_call(dw_call *call, dw_value f, size_t count, size_t rows, dw_graph_id *y) {
    dw_eval *e = call->eval;
    dw_value args[DW_PIECES_AXES], answer;
    char words[DW_VALUE_WORDS];
    size_t made = 0;
    bool fine = true;
    while (fine && made < count) {
        dw_graph_id x;
        fine = dw_graph_input(e->trace->graph, (uint32_t)made, (dw_op_shape){rows, 1, 1}, &x,
                              call->err) &&
               dw_trace_value(e->trace, x, &args[made], call->err);
        made += fine;
    }
    fine = fine && dw_call_invoke(call, f, args, count, &answer);
    for (size_t i = 0; i < made; i++)
        dw_value_release(args[i]);
    if (!fine)
        return false;
    double number;
    bool single = answer.kind == DW_TRACED ? answer.as.traced->rows * answer.as.traced->columns == 1
                                           : dw_value_as_number(answer, &number);
    if (!single) {
        char *traced = strstr(dw_value_words(answer, words), " that is being");
        *(traced != NULL ? traced : words + strlen(words)) = '\0';
    }
    fine = single ? dw_trace_node(e->trace, answer, y, call->err)
                  : dw_call_fail(call, 0, DW_ERR_TYPE,
                                 "%s needs a function whose value is a number, this one gives %s",
                                 call->builtin->name, words);
    dw_value_release(answer);
    return fine;
}

/* What to do with the pieces of the function in parameter 0. */
typedef bool (*use_pieces)(dw_call *call, dw_pieces *pieces, dw_value *out);

/* Traces f as a function of `count` columns of `rows` numbers. */
static bool with_pieces(dw_call *call, size_t count, size_t rows, use_pieces use, dw_value *out) {
    dw_eval *e = call->eval;
    dw_graph_id y;
    if (e->trace != NULL)
        return dw_err_set(call->err, DW_ERR_TYPE,
                          "%s cannot stand in a function that is differentiated",
                          call->builtin->name);
    e->trace = dw_trace_new(call->mem, call->err);
    dw_trace *trace = e->trace;
    if (trace != NULL)
        trace->one_by_one = true;
    bool fine = trace != NULL && trace_call(call, call->args[0], count, rows, &y);
    e->trace = NULL;
    if (fine) {
        dw_pieces *pieces = dw_pieces_new(call->mem, trace->graph, y, count * rows, call->err);
        fine = pieces != NULL && use(call, pieces, out);
        dw_pieces_free(&pieces);
    }
    dw_trace_release(trace);
    return fine;
}

static bool read_interval(dw_call *call, size_t i, double ends[2]) {
    if (!dw_call_interval(call, i, &ends[0], &ends[1]))
        return false;
    return (ends[0] < ends[1] && isfinite(ends[0]) && isfinite(ends[1])) ||
           dw_call_fail(call, i, DW_ERR_VALUE,
                        "%s looks at an interval from a smaller to a larger number; this one goes "
                        "from %.6g to %.6g",
                        call->builtin->name, ends[0], ends[1]);
}

/* ---- kinks ---- */

static bool find_kinks(dw_call *call, dw_pieces *pieces, dw_value *out) {
    double ends[2];
    dw_kinks kinks;
    if (!read_interval(call, 1, ends) ||
        !dw_kinks_find(call->mem, pieces, ends, call->cancel, &kinks, call->err))
        return false;
    dw_tensor *row = dw_tensor_raw(call->mem, 1, kinks.count, call->err);
    if (row != NULL && kinks.count > 0)
        memcpy(row->data, kinks.places, kinks.count * sizeof *kinks.places);
    dw_mem_free(kinks.places);
    if (row == NULL)
        return false;
    *out = dw_value_array(row);
    return true;
}

static bool run_kinks(dw_call *call, dw_value *out) {
    dw_value f;
    double ends[2];
    return dw_call_function(call, 0, &f) && read_interval(call, 1, ends) &&
           with_pieces(call, 1, 1, find_kinks, out);
}

/* ---- regions ---- */

/* The corners of all parts of a region, x above y, with a column of NaN between parts. */
static bool region_corners(dw_call *call, const dw_regions *all, size_t from, size_t to,
                           dw_value *out) {
    size_t columns = to - from - 1, at = 0;
    for (size_t i = from; i < to; i++)
        columns += all->parts[i].count;
    dw_tensor *t = dw_tensor_raw(call->mem, 2, columns, call->err);
    if (t == NULL)
        return false;
    for (size_t i = from; i < to; i++) {
        if (i > from) {
            t->data[at] = t->data[columns + at] = NAN;
            at++;
        }
        for (size_t k = 0; k < all->parts[i].count; k++, at++) {
            t->data[at] = all->corners[2 * (all->parts[i].first + k)];
            t->data[columns + at] = all->corners[2 * (all->parts[i].first + k) + 1];
        }
    }
    *out = (dw_value){.kind = DW_ARRAY, .as.array = t};
    return true;
}

/* Areas as a row, slopes as a matrix with a column for each region. A table of one row has a list
 * instead: a matrix of one column would be two numbers. */
static bool make_columns(dw_call *call, size_t n, dw_tensor *area, dw_tensor *slope,
                         dw_record *table) {
    dw_value slopes = {.kind = DW_ARRAY, .as.array = slope}, *column = &table->fields[1].value;
    table->fields[0].value = dw_value_array(area);
    if (n != 1) {
        *column = slopes;
        return true;
    }
    if (!dw_value_list(call->mem, 1, 1, column, call->err)) {
        dw_tensor_release(slope);
        return false;
    }
    column->as.list->items[0] = slopes;
    return true;
}

/* Fills the columns area, slope and corners. */
static bool fill_regions(dw_call *call, const dw_regions *all, dw_record *table) {
    size_t n = all->count, region = 0;
    dw_tensor *area = dw_tensor_zeros(call->mem, 1, n, call->err);
    dw_tensor *slope = dw_tensor_zeros(call->mem, 2, n, call->err);
    if (area == NULL || slope == NULL) {
        dw_tensor_release(area);
        dw_tensor_release(slope);
        return false;
    }
    for (size_t i = 0; i < all->part_count; i++) {
        const dw_regions_part *part = &all->parts[i];
        area->data[part->region] += part->area;
        for (size_t k = 0; k < 2; k++)
            slope->data[k * n + part->region] = part->plane.slope[k];
    }
    if (!make_columns(call, n, area, slope, table) ||
        !dw_value_list(call->mem, 1, n, &table->fields[2].value, call->err))
        return false;
    dw_value *corners = table->fields[2].value.as.list->items;
    for (size_t from = 0, to; from < all->part_count; from = to, region++) {
        for (to = from; to < all->part_count && all->parts[to].region == region;)
            to++;
        if (!region_corners(call, all, from, to, &corners[region]))
            return false;
    }
    return true;
}

/* A rectangle of which rounding leaves nothing. */
static bool no_area(dw_call *call) {
    return dw_call_fail(call, 1, DW_ERR_VALUE,
                        "one side of this rectangle is too narrow beside the other, or for how far "
                        "from 0 it lies; look at a rectangle whose sides are more alike");
}

static bool find_regions(dw_call *call, dw_pieces *pieces, dw_value *out) {
    static const char *const names[] = {"area", "slope", "corners"};
    double box[4];
    dw_regions found;
    if (!read_interval(call, 1, box) || !read_interval(call, 2, box + 2))
        return false;
    bool fine = dw_regions_find(call->mem, pieces, box, call->cancel, &found, call->err) &&
                (found.count > 0 || no_area(call)) &&
                dw_value_record(call->mem, DW_TABLE, names, 3, found.count, out, call->err);
    if (fine && !fill_regions(call, &found, out->as.record))
        fine = dw_value_drop(out);
    dw_regions_free(&found);
    return fine;
}

/* A side of the rectangle. Centres of regions are sums of products of three lengths, which must be
 * numbers, too. */
static bool check_side(dw_call *call, size_t i) {
    double ends[2];
    if (!read_interval(call, i, ends))
        return false;
    return (fmax(fabs(ends[0]), fabs(ends[1])) <= 1e100 && ends[1] - ends[0] >= 1e-100) ||
           dw_call_fail(call, i, DW_ERR_VALUE,
                        "regions needs intervals within -1e100..1e100 that are at least 1e-100 "
                        "wide; this one goes from %.6g to %.6g",
                        ends[0], ends[1]);
}

static bool run_regions(dw_call *call, dw_value *out) {
    dw_value f;
    if (!dw_call_function(call, 0, &f) || !check_side(call, 1) || !check_side(call, 2))
        return false;
    bool two = dw_curve_takes_two(f);
    return with_pieces(call, two ? 2 : 1, two ? 1 : 2, find_regions, out);
}

const dw_builtin dw_lib_kinks[] = {
    {.name = "kinks",
     .group = "Calculus",
     .signature = "kinks(f, interval)",
     .help =
         "The places inside an interval where a function made of straight pieces bends or "
         "jumps, as a row: exact, worked out from its operations and not from samples. Such are "
         "nets of relu and whatever is made with abs, max, min, floor or when; a curve is "
         "an error that says which operation makes it one.",
     .example = "f(x) = abs(x) + max(x, 1/2)\nkinks(f, -1..1)  # → [0, 0.5]",
     .see = "regions root",
     .run = run_kinks},
    {.name = "regions",
     .group = "Calculus",
     .signature = "regions(f, x, y)",
     .help = "The regions of a rectangle of the plane in which a function of two numbers (or of a "
             "column of two), made of straight pieces, is one plane: exact, as a table with their "
             "area, the slope of the plane (a column of two), and the corners; plot(regions(…)) "
             "draws them.\n"
             "x, y: the intervals of the rectangle",
     .example = "f(x, y) = max(x, y) + relu(x)\ncount(regions(f, -1..1, -1..1))  # → 4",
     .see = "kinks contour plot",
     .run = run_regions},
    {.name = NULL},
};

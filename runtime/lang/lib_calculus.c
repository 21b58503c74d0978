/* SPDX-License-Identifier: BSD-3-Clause */
/* Calculus on functions of one number: integrals, roots, slopes. The integral halves whichever
 * piece of the interval contributes the largest error, so steps and steep flanks are found and the
 * work goes where they are. */
#include "lang/builtin.h"

#include "base/math.h"
#include "tensor/reduce.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Ends that are numbers, but further from each other than the largest number: no step between them
 * can be worked out. */
static bool refuse_wide(dw_call *call, double lo, double hi) {
    if (!isfinite(lo) || !isfinite(hi) || isfinite(hi - lo))
        return true;
    return dw_call_fail(call, 1, DW_ERR_VALUE,
                        "%s needs an interval that is not wider than the largest number, 1.8e308",
                        call->builtin->name);
}

/* ---- integral ---- */

enum {
    START_PIECES = 32,
    SEARCH_PIECES = 1024,
    EXPLORE_DEPTH = 12,
    MAX_EXPLORED = 1 << 12,
    SHRINKING = 16, /* pieces beside a place, each an eighth of the one before */
    MAX_PIECES = 1 << 15
};

typedef struct {
    double a, b;         /* the piece, in the variable of integration */
    double value, error; /* of its integral */
    double size;         /* the integral of the absolute value */
} piece;

typedef struct {
    dw_call *call;
    dw_value f;
    double lo, hi;             /* as the user wrote it */
    bool sudden_lo, sudden_hi; /* something sudden may happen there */
    double centre;             /* where an infinite interval is centred or begins */
    piece *heap;               /* largest error first */
    size_t count, room;
    double value, error, size; /* sums over all pieces */
} integral;

/* Points and weights of Kronrod's 15-point rule and of Gauss' 7-point rule inside it. */
static const struct {
    double x, kronrod, gauss;
} rule[8] = {
    {0.0, 0.209482141084727828, 0.417959183673469388},
    {0.207784955007898468, 0.204432940075298892, 0.0},
    {0.405845151377397167, 0.190350578064785410, 0.381830050505118945},
    {0.586087235467691130, 0.169004726639267903, 0.0},
    {0.741531185599394440, 0.140653259715525919, 0.279705391489276668},
    {0.864864423359769073, 0.104790010322250184, 0.0},
    {0.949107912342758525, 0.0630920926299785533, 0.129484966168869693},
    {0.991455371120812639, 0.0229353220105292250, 0.0},
};

/* The integrand at t. Infinite intervals are mapped to 0..1 or -1..1: x = centre ± t/(1 - t), or
 * x = t/(1 - t²); the derivative of the map becomes a factor. */
static bool integrand(integral *in, double t, double *y) {
    double x = t, factor = 1;
    bool below = isinf(in->lo), above = isinf(in->hi);
    if (below && above) {
        double s = 1 - t * t;
        x = t / s;
        factor = (1 + t * t) / (s * s);
    } else if (below || above) {
        double s = 1 - t;
        x = above ? in->centre + t / s : in->centre - t / s;
        factor = 1 / (s * s);
    }
    if (!dw_call_sample(in->call, in->f, x, y))
        return false;
    *y = *y == 0 ? 0 : *y * factor;
    if (isfinite(*y))
        return true;
    return dw_call_fail(in->call, 0, DW_ERR_NUMERIC,
                        "the function under the integral is %s at %.6g; try an interval without "
                        "that point",
                        *y != *y ? "not a number" : "infinite", x);
}

/* Both rules on one piece. The difference of the rules is far too pessimistic where the function is
 * smooth; relative to how much the function varies it is taken to the power 3/2. */
static bool measure(integral *in, piece *p) {
    double centre = 0.5 * (p->a + p->b), half = 0.5 * (p->b - p->a);
    double left[8], right[8], kronrod = 0, gauss = 0, size = 0, spread = 0;
    if (!dw_call_poll(in->call))
        return false;
    for (int i = 0; i < 8; i++) {
        if (!integrand(in, centre - half * rule[i].x, &left[i]))
            return false;
        right[i] = 0;
        if (i > 0 && !integrand(in, centre + half * rule[i].x, &right[i]))
            return false;
        kronrod += rule[i].kronrod * (left[i] + right[i]);
        gauss += rule[i].gauss * (left[i] + right[i]);
        size += rule[i].kronrod * (fabs(left[i]) + fabs(right[i]));
    }
    for (int i = 0; i < 8; i++)
        spread += rule[i].kronrod *
                  (fabs(left[i] - kronrod / 2) + (i > 0 ? fabs(right[i] - kronrod / 2) : 0));
    double error = fabs(kronrod - gauss);
    double share = spread > 0 ? 200 * error / spread : 1;
    if (share < 1)
        error = spread * share * sqrt(share);
    else if (spread > 0)
        error = fmax(spread, error);
    p->value = kronrod * half;
    p->size = size * half;
    p->error = fmax(error, 50 * DBL_EPSILON * size) * half;
    return true;
}

static void sift_up(piece *heap, size_t i) {
    while (i > 0 && heap[(i - 1) / 2].error < heap[i].error) {
        piece above = heap[(i - 1) / 2];
        heap[(i - 1) / 2] = heap[i];
        heap[i] = above;
        i = (i - 1) / 2;
    }
}

static void sift_down(piece *heap, size_t count) {
    for (size_t i = 0;;) {
        size_t largest = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < count; child++)
            if (heap[child].error > heap[largest].error)
                largest = child;
        if (largest == i)
            return;
        piece moved = heap[i];
        heap[i] = heap[largest];
        heap[largest] = moved;
        i = largest;
    }
}

static bool push_piece(integral *in, piece p) {
    if (in->count == in->room) {
        size_t room = in->room == 0 ? 64 : 2 * in->room;
        piece *heap = dw_mem_grow(in->call->mem, in->heap, room * sizeof *heap);
        if (heap == NULL)
            return dw_err_memory(in->call->err, "the pieces of an integral");
        in->heap = heap;
        in->room = room;
    }
    in->heap[in->count] = p;
    sift_up(in->heap, in->count++);
    in->value += p.value;
    in->error += p.error;
    in->size += p.size;
    return true;
}

/* Measures the piece a..b and adds it; or, while `depth` allows, its halves if the function is far
 * from smooth there. This looks at how a piece behaves, not at what it contributes: of two narrow
 * peaks the one found first must not hide the other. */
static bool add_piece(integral *in, double a, double b, int depth) {
    piece p = {.a = a, .b = b};
    if (!measure(in, &p))
        return false;
    if (depth == 0 || in->count >= MAX_EXPLORED || p.error <= 0.01 * p.size)
        return push_piece(in, p);
    double middle = 0.5 * (a + b);
    return add_piece(in, a, middle, depth - 1) && add_piece(in, middle, b, depth - 1);
}

static void sum_again(integral *in) {
    in->value = in->error = in->size = 0;
    for (size_t i = 0; i < in->count; i++) {
        in->value += in->heap[i].value;
        in->error += in->heap[i].error;
        in->size += in->heap[i].size;
    }
}

/* Replaces the piece with the largest error by its halves. A piece that is hardly wider than the
 * spacing of doubles holds a jump; what it can contribute is below rounding, so its error is 0. */
static bool halve_worst(integral *in) {
    piece worst = in->heap[0];
    double middle = 0.5 * (worst.a + worst.b);
    double width = worst.b - worst.a;
    if (width <= 8 * DBL_EPSILON * fmax(fabs(worst.a), fabs(worst.b)) || width < DBL_MIN) {
        in->heap[0].error = 0;
        in->error -= worst.error;
        sift_down(in->heap, in->count);
        return dw_call_poll(in->call);
    }
    in->value -= worst.value;
    in->error -= worst.error;
    in->size -= worst.size;
    in->heap[0] = in->heap[--in->count];
    sift_down(in->heap, in->count);
    return add_piece(in, worst.a, middle, 0) && add_piece(in, middle, worst.b, 0);
}

static bool near_enough(const integral *in, double tolerance) {
    return in->error <= fmax(tolerance * fabs(in->value), 1e-3 * tolerance * in->size) ||
           in->error <= 60 * DBL_EPSILON * in->size;
}

/* Whether so small values look like what rounding leaves of numbers near 1, as in sin² + cos² - 1:
 * no halving makes their sum more certain, and it is 0 for all that anybody can know. Asked only
 * where halving did not help: smooth functions may be as small as they like. */
static bool is_rounding(const integral *in) {
    double length = 0;
    for (size_t i = 0; i < in->count; i++)
        length += in->heap[i].b - in->heap[i].a;
    return in->size <= 500 * DBL_EPSILON * length;
}

static bool refine(integral *in, double tolerance) {
    for (;;) {
        if (near_enough(in, tolerance)) {
            sum_again(in); /* the running sums have seen many subtractions */
            if (near_enough(in, tolerance))
                return true;
        }
        if (in->count >= MAX_PIECES)
            break;
        if (in->count % 1024 == 0)
            sum_again(in);
        if (!halve_worst(in))
            return false;
    }
    sum_again(in);
    if (is_rounding(in))
        return true;
    double share = fmin(in->error / fmax(fabs(in->value), 1e-3 * in->size + DBL_MIN), 0.1);
    return dw_call_fail(in->call, 0, DW_ERR_NUMERIC,
                        "integral: after %d pieces the value is %.6g with an error of about %.1g; "
                        "try a shorter interval or tolerance = %.0e",
                        MAX_PIECES, in->value, in->error,
                        dw_math_pow(10, ceil(dw_math_log10(share))));
}

/* The sum of the pieces from small to large, so that the order of halving does not show. */
static bool total(integral *in, double *out) {
    double *values = dw_mem_array(in->call->mem, in->count, sizeof *values);
    if (values == NULL)
        return dw_err_memory(in->call->err, "the pieces of an integral");
    for (size_t i = 0; i < in->count; i++)
        values[i] = in->heap[i].value;
    bool fine = dw_reduce_sort(values, in->count, NULL);
    *out = dw_reduce_sum(values, in->count, NULL);
    dw_mem_free(values);
    return fine;
}

/* Adds pieces that shrink towards the end `at` of a piece: at + far/8 .. at + far, and so on, down
 * to the spacing of doubles. `far` is negative below. */
static bool approach(integral *in, double at, double far) {
    double least = 64 * DBL_EPSILON * fabs(at);
    int count = 0;
    while (count < SHRINKING && fabs(far) > least) {
        double near = count + 1 == SHRINKING || fabs(far) / 8 <= least ? 0 : far / 8;
        if (!add_piece(in, at + fmin(near, far), at + fmax(near, far), EXPLORE_DEPTH))
            return false;
        far = near;
        count++;
    }
    return true;
}

/* Cuts a..b into equal pieces and measures them; beside an end where something sudden may happen
 * the last piece is cut into shrinking ones. */
static bool start(integral *in, double a, double b, int pieces) {
    for (int i = 0; i < pieces; i++) {
        double from = a + (b - a) * i / pieces;
        double to = i + 1 == pieces ? b : a + (b - a) * (i + 1) / pieces;
        bool fine = i == 0 && in->sudden_lo            ? approach(in, a, to - a)
                    : i + 1 == pieces && in->sudden_hi ? approach(in, b, from - b)
                                                       : add_piece(in, from, to, EXPLORE_DEPTH);
        if (!fine)
            return false;
    }
    return true;
}

static bool integrate(integral *in, double tolerance, double *out) {
    double a = in->lo, b = in->hi;
    if (isinf(a) || isinf(b)) {
        a = isinf(in->lo) && isinf(in->hi) ? -1 : 0;
        b = 1;
        in->centre = isinf(in->hi) ? in->lo : in->hi;
        in->sudden_lo = in->sudden_lo || in->sudden_hi; /* the finite end is at 0 */
        in->sudden_hi = false;
    }
    in->count = 0;
    in->value = in->error = in->size = 0;
    if (!start(in, a, b, START_PIECES))
        return false;
    if (in->size == 0) { /* is it 0, or are there narrow peaks between the points? */
        in->count = 0;
        if (!start(in, a, b, SEARCH_PIECES))
            return false;
    }
    return refine(in, tolerance) && total(in, out);
}

/* The places between which pieces are integrated: the ends of the interval, or the numbers of a
 * row. Increasing; *sign is -1 when they were given from high to low. */
static bool read_places(dw_call *call, dw_tensor **out, double *sign) {
    if (call->args[1].kind == DW_ARRAY) {
        if (!dw_call_tensor(call, 1, out))
            return false;
    } else {
        double lo, hi;
        if (!dw_call_interval(call, 1, &lo, &hi))
            return false;
        *out = dw_tensor_raw(call->mem, 1, 2, call->err);
        if (*out == NULL)
            return false;
        (*out)->data[0] = lo;
        (*out)->data[1] = hi;
    }
    const double *at = (*out)->data;
    size_t count = (*out)->size;
    *sign = count > 1 && at[0] > at[count - 1] ? -1 : 1;
    bool row = dw_tensor_is_vector(*out);
    for (size_t i = 0; i + 1 < count && row; i++)
        row = *sign * at[i] < *sign * at[i + 1] || (count == 2 && at[i] == at[i + 1]);
    bool wide = false;
    for (size_t i = 0; i + 1 < count && row && !wide; i++)
        wide = !refuse_wide(call, at[i], at[i + 1]);
    if (row && count > 1 && !wide)
        return true;
    dw_tensor_release(*out);
    if (wide)
        return false;
    return dw_call_fail(call, 1, DW_ERR_VALUE,
                        "integral needs an interval such as 0..1, or a row of places in rising "
                        "order such as [-1, 0, 1]");
}

static bool read_tolerance(dw_call *call, double *out) {
    if (dw_call_given(call, 2) && !dw_call_number(call, 2, out))
        return false;
    return (*out >= 1e-13 && *out < 1) ||
           dw_call_fail(call, 2, DW_ERR_VALUE,
                        "integral needs a tolerance from 1e-13 to 1, this is %.6g", *out);
}

static bool integrate_all(integral *in, const dw_tensor *places, double tolerance, double *out) {
    for (size_t i = 0; i + 1 < places->size; i++) {
        double value = 0, a = places->data[i], b = places->data[i + 1];
        bool first = i == 0, last = i + 2 == places->size;
        in->lo = fmin(a, b);
        in->hi = fmax(a, b);
        in->sudden_lo = a < b ? !first : !last;
        in->sudden_hi = a < b ? !last : !first;
        if (in->lo != in->hi && !integrate(in, tolerance, &value))
            return false;
        *out += value;
    }
    return true;
}

static bool run_integral(dw_call *call, dw_value *out) {
    double sign, tolerance = 1e-9, value = 0;
    integral in = {.call = call};
    dw_tensor *places;
    if (!dw_call_function(call, 0, &in.f) || !read_places(call, &places, &sign))
        return false;
    bool fine = read_tolerance(call, &tolerance) && integrate_all(&in, places, tolerance, &value);
    dw_tensor_release(places);
    dw_mem_free(in.heap);
    *out = dw_value_number(sign * value);
    return fine;
}

/* ---- root ---- */

enum { ROOT_SCAN = 64, ROOT_STEPS = 200 };

typedef struct {
    double x, y;
} point;

static bool sample_point(dw_call *call, double x, point *p) {
    p->x = x;
    if (!dw_call_poll(call) || !dw_call_sample(call, call->args[0], x, &p->y))
        return false;
    if (p->y == p->y)
        return true;
    return dw_call_fail(call, 0, DW_ERR_NUMERIC, "the function is not a number at %.6g", x);
}

static bool opposite(point a, point b) {
    return (a.y < 0) != (b.y < 0);
}

/* Narrows a..b with opposite signs: inverse quadratic interpolation through the last three points
 * where that is safe (Chandrupatla's condition), else halving. */
static bool narrow(dw_call *call, point a, point b, double *out) {
    double t = 0.5;
    for (int step = 0; step < ROOT_STEPS; step++) {
        point p;
        if (!sample_point(call, a.x + t * (b.x - a.x), &p))
            return false;
        point c = opposite(p, a) ? b : a;
        if (opposite(p, a))
            b = a;
        a = p;
        point best = fabs(a.y) < fabs(b.y) ? a : b;
        double width = fabs(b.x - a.x), least = 2 * DBL_EPSILON * fabs(best.x) + DBL_MIN;
        *out = best.x;
        if (best.y == 0 || width <= 2 * least)
            return true;
        double xi = (a.x - b.x) / (c.x - b.x), phi = (a.y - b.y) / (c.y - b.y);
        t = 0.5;
        if (phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)
            t = a.y / (b.y - a.y) * c.y / (b.y - c.y) +
                (c.x - a.x) / (b.x - a.x) * a.y / (c.y - a.y) * b.y / (c.y - b.y);
        t = fmin(fmax(t, least / width), 1 - least / width);
    }
    return true;
}

/* A pole such as tan at π/2 changes its sign too, but the values there are no smaller than at the
 * ends of the piece where it was found. */
static bool is_root(dw_call *call, point a, point b, double x) {
    double y;
    if (!dw_call_sample(call, call->args[0], x, &y))
        return false;
    if (fabs(y) <= fmin(fabs(a.y), fabs(b.y)))
        return true;
    return dw_call_fail(call, 0, DW_ERR_VALUE,
                        "root: the function jumps over 0 at %.10g without being 0", x);
}

static bool run_root(dw_call *call, dw_value *out) {
    double lo, hi, x;
    dw_value f;
    point first, last, next;
    if (!dw_call_function(call, 0, &f) || !dw_call_interval(call, 1, &lo, &hi))
        return false;
    if (!isfinite(lo) || !isfinite(hi))
        return dw_call_fail(call, 1, DW_ERR_VALUE, "root needs an interval with finite ends");
    if (!refuse_wide(call, lo, hi))
        return false;
    if (!sample_point(call, lo, &first))
        return false;
    double start = first.y;
    for (int i = 1; i <= ROOT_SCAN; i++, first = next) {
        if (!sample_point(call, i == ROOT_SCAN ? hi : lo + (hi - lo) * i / ROOT_SCAN, &next))
            return false;
        if (first.y == 0 || opposite(first, next)) {
            if (first.y == 0)
                x = first.x;
            else if (!narrow(call, first, next, &x) || !is_root(call, first, next, x))
                return false;
            *out = dw_value_number(x);
            return true;
        }
    }
    last = first;
    if (last.y == 0) {
        *out = dw_value_number(last.x);
        return true;
    }
    return dw_call_fail(call, 0, DW_ERR_VALUE,
                        "root finds no change of sign: the function is %.6g at %.6g and %.6g at "
                        "%.6g; try another interval",
                        start, lo, last.y, hi);
}

/* ---- slope ---- */

/* Σ(x-x̄)(y-ȳ) / Σ(x-x̄)² */
static bool slope_of(dw_call *call, const dw_tensor *x, const dw_tensor *y, dw_value *out) {
    size_t n = x->size;
    if (n != y->size)
        return dw_call_fail(call, 1, DW_ERR_SHAPE,
                            "slope needs as many y as x, here are %zu x and %zu y", n, y->size);
    if (n < 2)
        return dw_call_fail(call, 0, DW_ERR_VALUE, "slope needs at least two points, here is %s",
                            n == 1 ? "one" : "none");
    double *dx = dw_mem_array(call->mem, 2 * n, sizeof *dx);
    if (dx == NULL)
        return dw_err_memory(call->err, "a slope");
    double *dy = dx + n;
    double mx = dw_reduce_sum(x->data, n, NULL) / (double)n,
           my = dw_reduce_sum(y->data, n, NULL) / (double)n;
    for (size_t i = 0; i < n; i++) {
        dx[i] = x->data[i] - mx;
        dy[i] = y->data[i] - my;
    }
    double spread = dw_reduce_dot(dx, dx, n), common = dw_reduce_dot(dx, dy, n);
    dw_mem_free(dx);
    if (spread == 0)
        return dw_call_fail(call, 0, DW_ERR_VALUE,
                            "slope needs different x, here all are %.6g: a vertical line has none",
                            mx);
    *out = dw_value_number(common / spread);
    return true;
}

static bool run_slope(dw_call *call, dw_value *out) {
    dw_tensor *x, *y;
    if (!dw_call_tensor(call, 0, &x))
        return false;
    if (!dw_call_tensor(call, 1, &y)) {
        dw_tensor_release(x);
        return false;
    }
    bool fine = slope_of(call, x, y, out);
    dw_tensor_release(x);
    dw_tensor_release(y);
    return fine;
}

#define ROW(word, parameters, text, sample, others, function)                          \
    {                                                                                  \
        .name = word, .group = "Calculus", .signature = word parameters, .help = text, \
        .example = sample, .see = others, .run = function                              \
    }

const dw_builtin dw_lib_calculus[] = {
    ROW("integral", "(f, interval, tolerance = 1e-9)",
        "The integral of a function of one number over an interval, right to about tolerance times "
        "its value; jumps and infinite ends are allowed. It sees the function at finitely many "
        "points: give a row of places instead of the interval, such as [-1, 0, 1, 2], to name "
        "those where something very sudden happens.",
        "integral(x ↦ x², 0..1)  # → 0.333333", "root slope sum", run_integral),
    ROW("root", "(f, interval)",
        "A place in the interval where a function of one number is 0; it must change its sign "
        "there.",
        "root(x ↦ x² - 2, 0..2)  # → 1.41421", "integral", run_root),
    ROW("slope", "(x, y)",
        "The slope of the straight line that fits points best (least squares); of logarithms it "
        "is an exponent.",
        "slope([1, 2, 3], [10, 12, 14])  # → 2", "solve log", run_slope),
    {.name = NULL},
};

/* SPDX-License-Identifier: BSD-3-Clause */
/* Ticks at round numbers: steps of 1, 2, 2.5 or 5 times a power of ten. */
#include "plot/ticks.h"

#include "base/math.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const raised[10] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

/* Copies digits with a real minus sign. */
static void copy_number(const char *digits, char out[DW_TICKS_LABEL]) {
    snprintf(out, DW_TICKS_LABEL, "%s%s", digits[0] == '-' ? "−" : "", digits + (digits[0] == '-'));
}

/* mantissa·10ⁿ; a mantissa of 1 is left out. */
static void write_power(const char *mantissa, int power, char out[DW_TICKS_LABEL]) {
    char sign_and_digits[24] = "";
    char digits[12];
    snprintf(digits, sizeof digits, "%d", abs(power));
    strcat(sign_and_digits, power < 0 ? "⁻" : "");
    for (const char *d = digits; *d != '\0' && strlen(sign_and_digits) < 18; d++)
        strcat(sign_and_digits, raised[*d - '0']);
    const char *minus = mantissa[0] == '-' ? "−" : "";
    const char *size = mantissa + (mantissa[0] == '-');
    if (strcmp(size, "1") == 0)
        snprintf(out, DW_TICKS_LABEL, "%s10%s", minus, sign_and_digits);
    else
        snprintf(out, DW_TICKS_LABEL, "%s%.10s·10%.14s", minus, size, sign_and_digits);
}

void dw_ticks_number(double x, int digits, char out[DW_TICKS_LABEL]) {
    char text[40];
    if (!isfinite(x)) {
        snprintf(out, DW_TICKS_LABEL, "%s", isnan(x) ? "NaN" : x > 0 ? "∞" : "−∞");
        return;
    }
    snprintf(text, sizeof text, "%.*e", digits - 1, x);
    char *e = strchr(text, 'e');
    int power = e == NULL ? 0 : atoi(e + 1);
    if (x == 0 || (power >= -4 && power < 6)) {
        snprintf(text, sizeof text, "%.*g", digits > power + 1 ? digits : power + 1,
                 x == 0 ? 0 : x);
        copy_number(text, out);
        return;
    }
    *e = '\0';
    if (strchr(text, '.') != NULL) {
        char *last = e - 1;
        while (*last == '0')
            *last-- = '\0';
        if (*last == '.')
            *last = '\0';
    }
    write_power(text, power, out);
}

static double round_step(double rough) {
    double power = dw_math_pow(10, floor(dw_math_log10(rough)));
    double lead = rough / power;
    return power * (lead <= 1.0001   ? 1
                    : lead <= 2.0001 ? 2
                    : lead <= 2.5001 ? 2.5
                    : lead <= 5.0001 ? 5
                                     : 10);
}

/* Digits after the point that a multiple of the step needs. */
static int decimals_of(double step) {
    for (int decimals = 0; decimals < 15; decimals++) {
        double scaled = step * dw_math_pow(10, decimals);
        if (fabs(scaled - round(scaled)) < 1e-6 * scaled)
            return decimals;
    }
    return 15;
}

/* One label: plain digits, or a mantissa times the power of ten that all labels share. */
static void write_label(double at, int decimals, int power, char out[DW_TICKS_LABEL]) {
    char text[40];
    double scaled = power == 0 ? at : at / dw_math_pow(10, power);
    snprintf(text, sizeof text, "%.*f", decimals, scaled);
    if (power == 0 || at == 0)
        copy_number(at == 0 ? "0" : text, out);
    else
        write_power(text, power, out);
}

enum { FEWEST = 3 }; /* ticks tell how long a step is */

static void choose_linear(const dw_range *range, int want, dw_ticks *out) {
    double step = 0, first = 0, last = 0;
    for (int more = 0; more < FEWEST && last - first + 1 < FEWEST; more++) {
        step = round_step(range->hi / (want + more) - range->lo / (want + more));
        first = ceil(range->lo / step - 1e-9);
        last = floor(range->hi / step + 1e-9);
    }
    double size = fmax(fabs(range->lo), fabs(range->hi));
    bool plain = size < 1e6 && step >= 1e-5;
    out->count = 0;
    if (!(step > 0) || !isfinite(step) || last - first >= DW_TICKS_MOST)
        return;
    int power = plain ? 0 : (int)floor(dw_math_log10(size));
    int decimals = decimals_of(power == 0 ? step : step / dw_math_pow(10, power));
    /* counted, as beside a very large number the next whole one may be the same */
    size_t count = last >= first ? (size_t)(last - first) + 1 : 0;
    for (size_t k = 0; k < count; k++) {
        double i = first + (double)k, at = i == 0 ? 0 : i * step;
        write_label(at, decimals, power, out->label[out->count]);
        out->at[out->count++] = at;
    }
}

/* Adds one tick of a log axis; label false: a small one. Where numbers get long, all powers of ten
 * but 1 and 10 are written as such. */
static void add_log(dw_ticks *out, const dw_range *range, double at, bool label) {
    bool short_ones = range->lo > 9e-5 && range->hi < 1.1e5;
    int power = (int)floor(dw_math_log10(at) + 1e-6);
    bool is_power = fabs(at / dw_math_pow(10, power) - 1) < 1e-6;
    if (at < range->lo * (1 - 1e-9) || at > range->hi * (1 + 1e-9) || out->count == DW_TICKS_MOST)
        return;
    out->at[out->count] = at;
    out->label[out->count][0] = '\0';
    if (label && is_power && !short_ones && (power < 0 || power > 1))
        write_power("1", power, out->label[out->count]);
    else if (label)
        dw_ticks_number(at, 3, out->label[out->count]);
    out->count++;
}

static void choose_log(const dw_range *range, int want, dw_ticks *out) {
    double low = dw_math_log10(range->lo), high = dw_math_log10(range->hi);
    int first = (int)floor(low), last = (int)ceil(high);
    out->count = 0;
    if (high - low < 0.7) {
        dw_range plain = {range->lo, range->hi, false};
        choose_linear(&plain, want, out);
        return;
    }
    int stride = 1 + (last - first) / (want + 1);
    bool few = high - low < 2.5;
    for (int power = first; power <= last; power++) {
        double at = dw_math_pow(10, power);
        if (stride == 1 || power % stride == 0)
            add_log(out, range, at, true);
        if (few) {
            add_log(out, range, 2 * at, high - low < 2);
            add_log(out, range, 5 * at, high - low < 2);
        }
    }
}

void dw_ticks_choose(const dw_range *range, int want, dw_ticks *out) {
    if (range->log)
        choose_log(range, want, out);
    else
        choose_linear(range, want, out);
}

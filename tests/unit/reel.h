/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of films: makes one of numbered states. */
#ifndef REEL_H
#define REEL_H

#include "plot/film.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A bundle as a plot's: `number` is all it shows, among `lines` lines that every one has. */
static inline bool reel_picture(dw_mem *mem, dw_film_state *state, int number, int lines) {
    char *svg = dw_mem_new(mem, (size_t)lines * 12 + 60);
    if (svg == NULL)
        return false;
    int size = sprintf(svg, "<svg id=\"f\">\n");
    for (int i = 0; i < lines; i++)
        size += sprintf(svg + size, "<g>%06d\n", i);
    size += sprintf(svg + size, "<text>%d</text></svg>\n", number);
    char alt[40];
    int words = snprintf(alt, sizeof alt, "Plot \"%d\".", number);
    const dw_part parts[] = {{"text/html", "<img>", 5},
                             {"image/svg+xml", svg, (size_t)size},
                             {"text/plain", alt, (size_t)words}};
    const dw_bundle bundle = {.parts = parts, .count = 3, .alt = alt, .width = 480, .height = 360};
    bool fine = dw_film_show(mem, state, &bundle);
    dw_mem_free(svg);
    return fine;
}

static inline char *reel_text(dw_mem *mem, const char *text) {
    return dw_mem_text(mem, text, strlen(text));
}

/* A film whose knobs a, b … have `count` states 0, 1, 2 … each and start in the middle: pictures,
 * or printed words when `lines` is negative. False without memory; to be freed in any case. */
static inline bool reel_make(dw_film *film, size_t knobs, size_t count, int lines) {
    dw_mem *mem = film->mem;
    char name[2] = "a", label[24];
    film->start.drawn = true;
    if (!(lines < 0 ? dw_film_print(mem, &film->start, "start\n", 6)
                    : reel_picture(mem, &film->start, -1, lines)))
        return false;
    film->knobs = dw_mem_array(mem, knobs, sizeof *film->knobs);
    for (size_t k = 0; film->knobs != NULL && k < knobs; k++, name[0]++) {
        dw_film_knob *knob = &film->knobs[film->count++];
        knob->name = reel_text(mem, name);
        knob->states = dw_mem_array(mem, count, sizeof *knob->states);
        if (knob->name == NULL || knob->states == NULL)
            return false;
        knob->count = knob->all = count;
        knob->start = count / 2;
        for (size_t i = 0; i < count; i++) {
            snprintf(label, sizeof label, "%zu", i);
            knob->states[i].label = reel_text(mem, label);
            knob->states[i].drawn = i != knob->start;
            if (knob->states[i].label == NULL ||
                (i != knob->start &&
                 !(lines < 0 ? dw_film_print(mem, &knob->states[i], label, strlen(label))
                             : reel_picture(mem, &knob->states[i], (int)i, lines))))
                return false;
        }
    }
    return film->knobs != NULL;
}

#endif

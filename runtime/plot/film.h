/* SPDX-License-Identifier: BSD-3-Clause */
/* What a block with sliders shows at its start, and what it would show were one of them moved. */
#ifndef DW_FILM_H
#define DW_FILM_H

#include "base/buf.h"
#include "base/host.h"

enum { DW_FILM_FORMS = 4 };

/* One thing that was shown, in its forms, or words that were printed. */
typedef struct {
    dw_part parts[DW_FILM_FORMS];
    size_t count;
    char *alt;              /* NULL when there is none */
    unsigned width, height; /* of a picture, otherwise 0 */
    bool printed;
} dw_film_piece;

/* All that one run of the block shows. */
typedef struct {
    char *label; /* the knob's value in words; NULL in the start state */
    bool drawn;
    dw_film_piece *pieces;
    size_t count, room;
} dw_film_state;

typedef struct {
    char *name;
    dw_film_state *states; /* in the order of the slider */
    size_t count, start;   /* states[start] is the film's start and has no pieces of its own */
    size_t all;            /* how many values there are; not all need have a state */
} dw_film_knob;

/* A film of zeros but for `mem` is empty. */
typedef struct {
    dw_mem *mem;
    dw_film_state start;
    dw_film_knob *knobs;
    size_t count;
    bool plays;  /* an animation: moves by itself when told to */
    bool live;   /* comes behind sliders that can be moved as long as there is a kernel */
    size_t step; /* 0: as 1; n > 1: only every n-th state is kept, to save room */
} dw_film;

/* Adds words, or a copy of a bundle, to what a state shows. False when there is no memory. */
bool dw_film_print(dw_mem *mem, dw_film_state *state, const char *text, size_t size) DW_CHECK;
bool dw_film_show(dw_mem *mem, dw_film_state *state, const dw_bundle *bundle) DW_CHECK;

/* Forgets what a state shows. */
void dw_film_clear(dw_film_state *state);

/* Frees everything a film holds and leaves it empty. */
void dw_film_free(dw_film *film);

/* A form of a piece by its type, or NULL. */
const dw_part *dw_film_form(const dw_film_piece *piece, const char *mime);

/* The only picture of the start state; NULL when there is none or more than one. */
const dw_film_piece *dw_film_picture(const dw_film *film);

/* Whether state i of a knob is among those that stay; how many do. The start always does. */
bool dw_film_keeps(const dw_film *film, const dw_film_knob *knob, size_t i);
size_t dw_film_kept(const dw_film *film, const dw_film_knob *knob);

/* Appends what text-only front ends show: the start state and a sentence about the knobs, if there
 * are any. */
void dw_film_words(const dw_film *film, dw_buf *out);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* Films as data, and in words. */
#include "plot/film.h"

#include <string.h>

static void free_piece(dw_film_piece *piece) {
    for (size_t i = 0; i < piece->count; i++)
        dw_mem_free((char *)(uintptr_t)piece->parts[i].data);
    dw_mem_free(piece->alt);
}

/* Room for one more piece of a state, zeroed; NULL when there is no memory. */
static dw_film_piece *next_piece(dw_mem *mem, dw_film_state *state) {
    if (state->count == state->room) {
        size_t room = state->room == 0 ? 2 : 2 * state->room;
        dw_film_piece *pieces = dw_mem_grow(mem, state->pieces, room * sizeof *pieces);
        if (pieces == NULL)
            return NULL;
        state->pieces = pieces;
        state->room = room;
    }
    dw_film_piece *piece = &state->pieces[state->count];
    memset(piece, 0, sizeof *piece);
    return piece;
}

static bool copy_part(dw_mem *mem, dw_film_piece *piece, const dw_part *part) {
    char *data = dw_mem_text(mem, part->data, part->size);
    if (data == NULL)
        return false;
    piece->parts[piece->count++] = (dw_part){part->mime, data, part->size};
    return true;
}

/* Appends to the words the state ends with. */
static bool print_more(dw_mem *mem, dw_part *words, const char *text, size_t size) {
    char *data = dw_mem_grow(mem, (char *)(uintptr_t)words->data, words->size + size + 1);
    if (data == NULL)
        return false;
    memcpy(data + words->size, text, size);
    words->size += size;
    data[words->size] = '\0';
    words->data = data;
    return true;
}

bool dw_film_print(dw_mem *mem, dw_film_state *state, const char *text, size_t size) {
    if (state->count > 0 && state->pieces[state->count - 1].printed)
        return print_more(mem, &state->pieces[state->count - 1].parts[0], text, size);
    dw_film_piece *piece = next_piece(mem, state);
    if (piece == NULL || !copy_part(mem, piece, &(dw_part){"text/plain", text, size}))
        return false;
    piece->printed = true;
    state->count++;
    return true;
}

bool dw_film_show(dw_mem *mem, dw_film_state *state, const dw_bundle *bundle) {
    dw_film_piece *piece = next_piece(mem, state);
    bool fine = piece != NULL;
    for (size_t i = 0; fine && i < bundle->count && i < DW_FILM_FORMS; i++)
        fine = copy_part(mem, piece, &bundle->parts[i]);
    if (fine && bundle->alt != NULL) {
        piece->alt = dw_mem_text(mem, bundle->alt, strlen(bundle->alt));
        fine = piece->alt != NULL;
    }
    if (!fine) {
        if (piece != NULL)
            free_piece(piece);
        return false;
    }
    piece->width = bundle->width;
    piece->height = bundle->height;
    state->count++;
    return true;
}

void dw_film_clear(dw_film_state *state) {
    for (size_t i = 0; i < state->count; i++)
        free_piece(&state->pieces[i]);
    dw_mem_free(state->pieces);
    state->pieces = NULL;
    state->count = state->room = 0;
}

void dw_film_free(dw_film *film) {
    dw_film_clear(&film->start);
    for (size_t k = 0; k < film->count; k++) {
        for (size_t i = 0; i < film->knobs[k].count; i++) {
            dw_film_clear(&film->knobs[k].states[i]);
            dw_mem_free(film->knobs[k].states[i].label);
        }
        dw_mem_free(film->knobs[k].states);
        dw_mem_free(film->knobs[k].name);
    }
    dw_mem_free(film->knobs);
    *film = (dw_film){.mem = film->mem};
}

const dw_part *dw_film_form(const dw_film_piece *piece, const char *mime) {
    for (size_t i = 0; i < piece->count; i++)
        if (strcmp(piece->parts[i].mime, mime) == 0)
            return &piece->parts[i];
    return NULL;
}

const dw_film_piece *dw_film_picture(const dw_film *film) {
    const dw_film_piece *found = NULL;
    for (size_t i = 0; i < film->start.count; i++) {
        if (dw_film_form(&film->start.pieces[i], "image/svg+xml") == NULL)
            continue;
        if (found != NULL)
            return NULL;
        found = &film->start.pieces[i];
    }
    return found;
}

bool dw_film_keeps(const dw_film *film, const dw_film_knob *knob, size_t i) {
    size_t step = film->step > 1 ? film->step : 1;
    return i == knob->start || (knob->states[i].drawn && (i % step == 0 || i + 1 == knob->count));
}

size_t dw_film_kept(const dw_film *film, const dw_film_knob *knob) {
    size_t kept = 0;
    for (size_t i = 0; i < knob->count; i++)
        kept += dw_film_keeps(film, knob, i);
    return kept;
}

static void put_knob_words(const dw_film *film, const dw_film_knob *knob, dw_buf *out) {
    size_t kept = dw_film_kept(film, knob);
    dw_buf_print(out, "%s from %s to %s, here %s", knob->name, knob->states[0].label,
                 knob->states[knob->count - 1].label, knob->states[knob->start].label);
    if (kept < knob->all)
        dw_buf_print(out, " (%zu of %zu values)", kept, knob->all);
}

void dw_film_words(const dw_film *film, dw_buf *out) {
    bool sentence = film->start.count == 1 && dw_film_picture(film) != NULL;
    for (size_t i = 0; i < film->start.count; i++) {
        const dw_part *plain = dw_film_form(&film->start.pieces[i], "text/plain");
        size_t size = plain == NULL ? 0 : plain->size;
        while (size > 0 && plain->data[size - 1] == '\n')
            size--;
        if (i > 0)
            dw_buf_byte(out, '\n');
        if (size > 0)
            dw_buf_add(out, plain->data, size);
    }
    for (size_t k = 0; k < film->count; k++) {
        const char *word = film->plays        ? "Animation: "
                           : film->count == 1 ? "Slider: "
                                              : "Sliders: ";
        dw_buf_text(out, k > 0 ? "; " : sentence ? " " : "\n");
        dw_buf_text(out, k > 0 ? "" : word);
        put_knob_words(film, &film->knobs[k], out);
    }
    if (film->count > 0)
        dw_buf_byte(out, '.');
}

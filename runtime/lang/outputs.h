/* SPDX-License-Identifier: BSD-3-Clause */
/* What the last cells put out, so that it can be shown again: a front end that was closed while a
 * cell ran never saw it. A host between the evaluator and the one that embeds the session passes
 * everything on and keeps copies, within a bound: what is oldest is forgotten first. */
#ifndef DW_OUTPUTS_H
#define DW_OUTPUTS_H

#include "base/host.h"

typedef struct dw_outputs dw_outputs;

enum {
    DW_OUTPUTS_CELLS = 100,     /* kept at most */
    DW_OUTPUTS_WORDS = 1 << 16, /* bytes of one stretch of printed text; its middle goes first */
    DW_OUTPUTS_ROOM = 32000000  /* bytes of all cells, unless less is said */
};

/* A store for what goes to `to` (copied), of at most `room` bytes, counted on `mem`; NULL when
 * there is no memory. Running out of memory later only means that less is kept. */
dw_outputs *dw_outputs_new(dw_mem *mem, const dw_host *to, size_t room) DW_CHECK;
void dw_outputs_free(dw_outputs **outputs);

/* The host that passes on and keeps. Borrowed. */
const dw_host *dw_outputs_host(dw_outputs *outputs);

/* A cell begins. Its number is that of its name, if that is "cell 3", otherwise how many began so
 * far. Nothing is kept of what comes between an end and the next beginning. */
void dw_outputs_begin(dw_outputs *outputs, const char *name);

/* It ends: `failure` is what was said about its error, NULL when it has none. */
void dw_outputs_end(dw_outputs *outputs, const char *failure);

/* Shows again what a cell put out, through a host: displays for figures and values, and words. It
 * is not kept a second time. 0: the last cell before this one that put out anything, or words that
 * none did. False when nothing is kept of the cell. */
bool dw_outputs_again(dw_outputs *outputs, size_t number, const dw_host *to);

/* Appends which cells something is kept of: "3, 5 and 9", nothing when there is none. */
void dw_outputs_kept(const dw_outputs *outputs, dw_buf *out);

/* Bytes that are kept; for tests. */
size_t dw_outputs_bytes(const dw_outputs *outputs);

#endif

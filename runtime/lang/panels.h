/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocks with sliders that stay alive after their cell, so that a slider can be moved at any time.
 * A panel holds what the notebook knew before the block ran, and its block runs as if nothing had
 * happened since: the same settings always show the same. */
#ifndef DW_PANELS_H
#define DW_PANELS_H

#include "lang/dial.h"
#include "lang/recall.h"

enum { DW_PANELS_KNOBS = 16, DW_PANELS_MOST = 32 /* the oldest make room for newer ones */ };

/* A block, INTERACT or ANIMATE, where its knobs have these ranges and starts. */
typedef struct {
    dw_unit *unit;
    const dw_node *node;
    const dw_value *ranges, *starts; /* of each knob */
} dw_panels_block;

/* Keeps a panel and describes it in *out, which points into it. `before` must
 * have the knobs at their starts; it is copied. False with a MEMORY error, or where
 * a range has no values. */
bool dw_panels_keep(dw_eval *eval, const dw_panels_block *block, const dw_recall *before,
                    dw_panel *out) DW_CHECK;

/* Runs the block of a panel with these settings, one for each knob; the session's host hears what
 * it shows, checks among it. Afterwards the notebook is as it was. False with the error: a VALUE
 * error when there is no such panel (any more). Nothing of the session may be running. */
bool dw_panels_turn(dw_eval *eval, uint64_t number, const double *settings, size_t count,
                    dw_err *err) DW_CHECK;

/* Forgets the oldest panels while more than half of the session's memory is in use: what they hold
 * may be what is missing. */
void dw_panels_trim(dw_eval *eval);

/* Forgets all panels. */
void dw_panels_free(dw_eval *eval);

#endif

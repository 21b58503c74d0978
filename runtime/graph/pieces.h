/* SPDX-License-Identifier: BSD-3-Clause */
/* Computations that are straight piece by piece, such as nets of relu: where they bend, exactly. A
 * value and its slopes are carried through the graph from one place; within a cell around the place
 * in which no operation changes its mind that is the whole truth about the cell. */
#ifndef DW_PIECES_H
#define DW_PIECES_H

#include "graph/graph.h"

enum { DW_PIECES_AXES = 2 };

/* value + Σ slope[i]*(x[i] - place[i]) */
typedef struct {
    double value, slope[DW_PIECES_AXES];
} dw_pieces_plane;

/* A convex cell: the numbers of its corners one after the other, and a place inside. What bends
 * within `grain` of the edge only is taken to bend at the edge. `start` is 0 for the first cell;
 * its parts begin with the operation that cut it (dw_pieces_stop), because all before that is
 * known. */
typedef struct {
    const double *corners, *place;
    size_t count;
    double grain;
    size_t start;
} dw_pieces_cell;

typedef struct dw_pieces dw_pieces;

/* Prepares to look at node `output`, a number, as a function of 1 or 2 numbers: element e of input
 * n is number n + e. The graph must not grow until dw_pieces_free. NULL with a MEMORY error. */
dw_pieces *dw_pieces_new(dw_mem *mem, const dw_graph *graph, dw_graph_id output, size_t axes,
                         dw_err *err) DW_CHECK;
void dw_pieces_free(dw_pieces **pieces);

/* Looks at a cell. Either the function is straight there: dw_pieces_cuts gives none and *out is the
 * function around cell->place. Or it is not known yet, because the cell is cut where each of some
 * planes around the place is 0: look at the parts. False with an error: VALUE for an operation
 * whose graph is a curve (which is named), NUMERIC where the function is not finite, LIMIT for too
 * many cuts at once, MEMORY. */
bool dw_pieces_look(dw_pieces *pieces, const dw_pieces_cell *cell, dw_pieces_plane *out,
                    dw_err *err) DW_CHECK;

/* Parts are looked at depth first: all parts of a part before the next one beside it, so that what
 * is known of the operations before `start` is of the cell they are parts of. */
size_t dw_pieces_stop(const dw_pieces *pieces);

/* The cuts of the last look, borrowed; returns how many. */
size_t dw_pieces_cuts(const dw_pieces *pieces, const dw_pieces_plane **cuts);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* The regions of the plane in which a function of two numbers is straight. */
#ifndef DW_REGIONS_H
#define DW_REGIONS_H

#include "graph/pieces.h"

/* One convex part: corners count×2 numbers, around in one direction, from `first` on in `corners`
 * of all. Parts of one region have the same number. */
typedef struct {
    size_t first, count;
    size_t region;
    double area, centre[2];
    dw_pieces_plane plane; /* around the centre */
} dw_regions_part;

typedef struct {
    dw_regions_part *parts; /* those of one region stand together, regions in order of appearance */
    size_t part_count;
    double *corners;
    size_t corner_count; /* pairs of numbers */
    size_t count;        /* of regions */
} dw_regions;

/* Cuts the rectangle box[0]..box[1], box[2]..box[3] along every hinge into convex parts; neighbours
 * on which the function is the same plane are one region. Errors: those of dw_pieces_look, LIMIT
 * for more than 50000 parts, INTERRUPT. dw_regions_free also after an error. */
bool dw_regions_find(dw_mem *mem, dw_pieces *pieces, const double box[4], const dw_cancel *cancel,
                     dw_regions *out, dw_err *err) DW_CHECK;
void dw_regions_free(dw_regions *regions);

#endif

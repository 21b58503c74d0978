/* SPDX-License-Identifier: BSD-3-Clause */
/* Who lies where in a block that is not there yet: stretches are taken and given back in the order
 * of a computation, and at the end the block needs to be as long as the farthest of them. Numbers
 * lie side by side, arrays at multiples of 64 bytes behind all numbers. */
#ifndef DW_ROOMS_H
#define DW_ROOMS_H

#include "base/mem.h"

typedef struct {
    size_t start, size;
} dw_rooms_stretch;

typedef struct {
    dw_mem *mem;
    size_t *numbers; /* free places of numbers, the one used last on top */
    size_t number_count, number_room, number_end;
    dw_rooms_stretch *arrays; /* free stretches by start, none touching the next */
    size_t array_count, array_room, array_end;
} dw_rooms;

/* Nothing taken yet; allocates nothing. Free what it has grown with dw_rooms_free. */
void dw_rooms_init(dw_rooms *rooms, dw_mem *mem);
void dw_rooms_free(dw_rooms *rooms);

/* Sets *start to a place for `size` doubles that is free, in doubles from the first number (size 1)
 * or from the first array; and gives such a place back. Giving needs memory too, so that both
 * return false with a MEMORY error. */
bool dw_rooms_take(dw_rooms *rooms, size_t size, size_t *start, dw_err *err) DW_CHECK;
bool dw_rooms_give(dw_rooms *rooms, size_t size, size_t start, dw_err *err) DW_CHECK;

/* Where the arrays begin in the block, in doubles, and how long all of it is. */
size_t dw_rooms_first_array(const dw_rooms *rooms);
bool dw_rooms_end(const dw_rooms *rooms, size_t *doubles, dw_err *err) DW_CHECK;

#endif

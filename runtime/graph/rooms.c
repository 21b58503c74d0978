/* SPDX-License-Identifier: BSD-3-Clause */
/* The smallest free stretch that is large enough is taken first; neighbours join when given back.
 */
#include "graph/rooms.h"

#include <string.h>

enum { LINE = 8 }; /* doubles in 64 bytes */

static bool lack(dw_err *err) {
    return dw_err_memory(err, "the values of a computation");
}

void dw_rooms_init(dw_rooms *rooms, dw_mem *mem) {
    *rooms = (dw_rooms){.mem = mem};
}

void dw_rooms_free(dw_rooms *rooms) {
    dw_mem_free(rooms->numbers);
    dw_mem_free(rooms->arrays);
    *rooms = (dw_rooms){.mem = rooms->mem};
}

static size_t rounded(size_t size) {
    return (size + LINE - 1) / LINE * LINE;
}

/* A list that is full becomes twice as long. */
static bool grow(dw_mem *mem, void **list, size_t *room, size_t item, dw_err *err) {
    size_t more = *room ? 2 * *room : 16;
    void *next = dw_mem_grow(mem, *list, more * item);
    if (!next)
        return lack(err);
    *list = next;
    *room = more;
    return true;
}

static void remove_array(dw_rooms *r, size_t i) {
    memmove(&r->arrays[i], &r->arrays[i + 1], (--r->array_count - i) * sizeof *r->arrays);
}

static bool take_array(dw_rooms *r, size_t size, size_t *start, dw_err *err) {
    size_t best = r->array_count, last = r->array_count - 1;
    for (size_t i = 0; i < r->array_count; i++)
        if (r->arrays[i].size >= size &&
            (best == r->array_count || r->arrays[i].size < r->arrays[best].size))
            best = i;
    if (best < r->array_count) {
        *start = r->arrays[best].start;
        r->arrays[best].start += size;
        r->arrays[best].size -= size;
        if (r->arrays[best].size == 0)
            remove_array(r, best);
        return true;
    }
    *start = r->array_end;
    if (r->array_count > 0 && r->arrays[last].start + r->arrays[last].size == r->array_end) {
        *start = r->arrays[last].start; /* what is free at the end grows */
        r->array_count--;
    }
    return !__builtin_add_overflow(*start, size, &r->array_end) || lack(err);
}

static bool give_array(dw_rooms *r, size_t size, size_t start, dw_err *err) {
    size_t i = r->array_count;
    while (i > 0 && r->arrays[i - 1].start > start)
        i--;
    if (i < r->array_count && start + size == r->arrays[i].start) {
        size += r->arrays[i].size;
        remove_array(r, i);
    }
    if (i > 0 && r->arrays[i - 1].start + r->arrays[i - 1].size == start) {
        r->arrays[i - 1].size += size;
        return true;
    }
    if (r->array_count == r->array_room) {
        void *list = r->arrays;
        if (!grow(r->mem, &list, &r->array_room, sizeof *r->arrays, err))
            return false;
        r->arrays = list;
    }
    memmove(&r->arrays[i + 1], &r->arrays[i], (r->array_count++ - i) * sizeof *r->arrays);
    r->arrays[i] = (dw_rooms_stretch){start, size};
    return true;
}

bool dw_rooms_take(dw_rooms *rooms, size_t size, size_t *start, dw_err *err) {
    *start = 0;
    if (size > SIZE_MAX - LINE)
        return lack(err);
    if (size != 1)
        return size == 0 || take_array(rooms, rounded(size), start, err);
    *start = rooms->number_count > 0 ? rooms->numbers[--rooms->number_count] : rooms->number_end++;
    return true;
}

bool dw_rooms_give(dw_rooms *rooms, size_t size, size_t start, dw_err *err) {
    if (size != 1)
        return size == 0 || give_array(rooms, rounded(size), start, err);
    if (rooms->number_count == rooms->number_room) {
        void *list = rooms->numbers;
        if (!grow(rooms->mem, &list, &rooms->number_room, sizeof *rooms->numbers, err))
            return false;
        rooms->numbers = list;
    }
    rooms->numbers[rooms->number_count++] = start;
    return true;
}

size_t dw_rooms_first_array(const dw_rooms *rooms) {
    return rounded(rooms->number_end);
}

bool dw_rooms_end(const dw_rooms *rooms, size_t *doubles, dw_err *err) {
    return !__builtin_add_overflow(rounded(rooms->number_end), rooms->array_end, doubles) ||
           lack(err);
}

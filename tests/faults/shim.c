/* SPDX-License-Identifier: BSD-3-Clause */
/* Preloaded into a kernel by tests/faults: lets the n-th call of a kind fail.
 *
 * The environment variable FAULTS names a file that the test maps too (`struct orders`): it sets
 * `kind`, `at` and the rest, and reads how many calls there were. Calls count when they come from
 * the program itself, for memory also from jansson, libcrypto, zlib and utf8proc; libzmq and the
 * C++ library end the process when they have no memory, by their own decision, and are let be. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

enum {
    NONE,
    MEMORY,    /* malloc, calloc, realloc, aligned_alloc */
    READ,      /* read, pread */
    WRITE,     /* write, pwrite, send */
    POLL,      /* poll */
    ZMQ_SENDS, /* zmq_send, zmq_msg_send */
    ZMQ_RECVS, /* zmq_recv, zmq_msg_recv */
    ZMQ_POLLS, /* zmq_poll */
    OPEN,      /* open, openat, memfd_create, socketpair, pipe2 */
    RENAME,    /* renameat */
    CLOSE,     /* close; the file is closed all the same */
};

struct orders {
    _Atomic int32_t kind, error; /* which calls, and what errno says then */
    _Atomic int64_t at;          /* counts down; the call that reaches 0 fails */
    _Atomic int64_t on;          /* and so do all that follow */
    _Atomic int64_t seen, hits;  /* calls of this kind so far; those that failed */
};

typedef struct {
    uintptr_t start, end;
    bool is_program, is_library;
} range;

static struct orders *orders;
static range ranges[64];
static int range_count;

static bool is_watched(const char *name) {
    static const char *const names[] = {"libjansson", "libcrypto", "libz.", "libutf8proc"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(name, names[i]) != NULL)
            return true;
    return false;
}

static int note_object(struct dl_phdr_info *info, size_t size, void *data) {
    bool *first = data;
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type != PT_LOAD || !(p->p_flags & PF_X) || range_count == 64)
            continue;
        uintptr_t start = (uintptr_t)(info->dlpi_addr + p->p_vaddr);
        ranges[range_count++] =
            (range){start, start + p->p_memsz, *first, is_watched(info->dlpi_name)};
    }
    *first = false;
    return 0;
}

__attribute__((constructor)) static void set_up(void) {
    const char *path = getenv("FAULTS");
    bool first = true;
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *map = mmap(NULL, sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    dl_iterate_phdr(note_object, &first);
    if (map != MAP_FAILED)
        orders = map;
}

/* Whether this call shall fail; errno is set then. */
static bool fails(int kind, const void *caller) {
    if (orders == NULL || atomic_load(&orders->kind) != kind)
        return false;
    const range *from = NULL;
    for (int i = 0; i < range_count; i++)
        if ((uintptr_t)caller >= ranges[i].start && (uintptr_t)caller < ranges[i].end)
            from = &ranges[i];
    if (from == NULL || !(from->is_program || (kind == MEMORY && from->is_library)))
        return false;
    atomic_fetch_add(&orders->seen, 1);
    int64_t left = atomic_fetch_sub(&orders->at, 1);
    if (left != 1 && !(left < 1 && atomic_load(&orders->on)))
        return false;
    atomic_fetch_add(&orders->hits, 1);
    errno = atomic_load(&orders->error);
    return true;
}

#define CALLER __builtin_return_address(0)

/* ---- memory ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
    return fails(MEMORY, CALLER) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    return fails(MEMORY, CALLER) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    return fails(MEMORY, CALLER) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return fails(MEMORY, CALLER) ? NULL : __libc_memalign(alignment, size);
}

/* ---- everything else: the next function of that name ---- */

#define PASS(kind, failed, type, name, parameters, arguments) \
    type name parameters {                                    \
        static type(*next) parameters;                        \
        if (next == NULL)                                     \
            *(void **)&next = dlsym(RTLD_NEXT, #name);        \
        return fails(kind, CALLER) ? failed : next arguments; \
    }

PASS(READ, -1, ssize_t, read, (int fd, void *to, size_t size), (fd, to, size))
PASS(READ, -1, ssize_t, pread, (int fd, void *to, size_t size, off_t at), (fd, to, size, at))
PASS(WRITE, -1, ssize_t, write, (int fd, const void *from, size_t size), (fd, from, size))
PASS(WRITE, -1, ssize_t, pwrite, (int fd, const void *from, size_t size, off_t at),
     (fd, from, size, at))
PASS(WRITE, -1, ssize_t, send, (int fd, const void *from, size_t size, int flags),
     (fd, from, size, flags))
PASS(POLL, -1, int, poll, (struct pollfd * list, nfds_t count, int timeout), (list, count, timeout))
PASS(ZMQ_SENDS, -1, int, zmq_send, (void *socket, const void *from, size_t size, int flags),
     (socket, from, size, flags))
PASS(ZMQ_SENDS, -1, int, zmq_msg_send, (zmq_msg_t * message, void *socket, int flags),
     (message, socket, flags))
PASS(ZMQ_RECVS, -1, int, zmq_recv, (void *socket, void *to, size_t size, int flags),
     (socket, to, size, flags))
PASS(ZMQ_RECVS, -1, int, zmq_msg_recv, (zmq_msg_t * message, void *socket, int flags),
     (message, socket, flags))
PASS(ZMQ_POLLS, -1, int, zmq_poll, (zmq_pollitem_t * list, int count, long timeout),
     (list, count, timeout))
PASS(OPEN, -1, int, memfd_create, (const char *name, unsigned flags), (name, flags))
PASS(OPEN, -1, int, socketpair, (int domain, int type, int protocol, int pair[2]),
     (domain, type, protocol, pair))
PASS(OPEN, -1, int, pipe2, (int ends[2], int flags), (ends, flags))
PASS(OPEN, -1, int, __openat_2, (int folder, const char *path, int flags), (folder, path, flags))
PASS(RENAME, -1, int, renameat, (int from, const char *old, int to, const char *name),
     (from, old, to, name))

int close(int fd) {
    static int (*next)(int);
    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "close");
    int done = next(fd);
    return fails(CLOSE, CALLER) ? -1 : done;
}

int open(const char *path, int flags, ...) {
    static int (*next)(const char *, int, ...);
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "open");
    return fails(OPEN, CALLER) ? -1 : next(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    static int (*next)(int, const char *, int, ...);
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "openat");
    return fails(OPEN, CALLER) ? -1 : next(folder, path, flags, mode);
}

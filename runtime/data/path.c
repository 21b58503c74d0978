/* SPDX-License-Identifier: BSD-3-Clause */
/* Files below one folder: a name is first made plain (no `.`, `..` or empty parts), then walked
 * part by part with openat and O_NOFOLLOW. */
#include "data/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTEMPTS = 100, PIECE = 4 << 20 /* bytes between two looks at whether to stop */ };

const char *dw_path_ending(const char *name, char out[8]) {
    const char *slash = strrchr(name, '/');
    const char *point = strrchr(slash != NULL ? slash : name, '.');
    out[0] = '\0';
    if (point == NULL || strlen(point + 1) >= 8)
        return out;
    size_t i = 0;
    for (const char *c = point + 1; *c != '\0'; c++)
        out[i++] = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    out[i] = '\0';
    return out;
}

static const char *reason(int code) {
    switch (code) {
    case ENOENT:
        return "there is no such file";
    case EACCES:
    case EPERM:
    case EROFS:
        return "it may not be used by you";
    case EISDIR:
        return "it is a folder";
    case ENOTDIR:
        return "a part of its path is no folder";
    case ELOOP:
        return "it is a link, and links are not followed";
    case ENOSPC:
    case EDQUOT:
        return "the disk is full";
    case ENAMETOOLONG:
        return "its name is too long";
    case EMFILE:
    case ENFILE:
        return "too many files are open";
    default:
        return "the system reports an error";
    }
}

static bool fail(dw_err *err, const char *verb, const char *name, int code) {
    return dw_err_set(err, DW_ERR_FILE, "cannot %s %.200s: %s", verb, name, reason(code));
}

static bool outside(dw_err *err, const char *name) {
    return dw_err_set(err, DW_ERR_FILE,
                      "%.200s is outside the notebook's folder; put the file into the folder, or "
                      "start with DEEPWHY_FILES=anywhere",
                      name);
}

/* `name` relative to the folder without `.`, `..` and empty parts. */
static bool make_plain(const char *folder, const char *name, char out[PATH_MAX], dw_err *err) {
    size_t folder_size = strlen(folder), size = 0;
    const char *rest = name;
    while (folder_size > 1 && folder[folder_size - 1] == '/')
        folder_size--;
    if (name[0] == '/') {
        if (strncmp(name, folder, folder_size) != 0 || name[folder_size] != '/')
            return outside(err, name);
        rest = name + folder_size;
    }
    while (*rest != '\0') {
        size_t part = strcspn(rest, "/");
        if (part == 2 && memcmp(rest, "..", 2) == 0) {
            if (size == 0)
                return outside(err, name);
            while (size > 0 && out[--size] != '/')
                continue;
        } else if (part > 0 && !(part == 1 && rest[0] == '.')) {
            if (size + part + 2 > PATH_MAX)
                return fail(err, "open", name, ENAMETOOLONG);
            if (size > 0)
                out[size++] = '/';
            memcpy(out + size, rest, part);
            size += part;
        }
        rest += part + (rest[part] == '/');
    }
    out[size] = '\0';
    return size > 0 || fail(err, "open", name, EISDIR);
}

/* Opens the folder that holds the file and sets *last to the file's own name within `plain`. */
static int open_parent(const char *folder, char *plain, const char **last) {
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *part = plain, *slash;
    while (at >= 0 && (slash = strchr(part, '/')) != NULL) {
        *slash = '\0';
        int next = openat(at, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int code = errno;
        /* a link in place of a folder is told as "not a folder" by some systems */
        struct stat info;
        if (next < 0 && fstatat(at, part, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode))
            code = ELOOP;
        close(at);
        errno = code;
        at = next;
        part = slash + 1;
    }
    *last = part;
    return at;
}

/* The parent folder of a file as a descriptor, or -1 with an error. `plain` is room for the name.
 */
static int find_parent(const char *folder, const char *name, const char *verb, char plain[PATH_MAX],
                       const char **last, dw_err *err) {
    if (name[0] == '\0') {
        dw_err_set(err, DW_ERR_FILE, "a file needs a name");
        return -1;
    }
    int at;
    if (folder != NULL) {
        if (!make_plain(folder, name, plain, err))
            return -1;
        at = open_parent(folder, plain, last);
    } else {
        if (strlen(name) >= PATH_MAX) {
            fail(err, verb, name, ENAMETOOLONG);
            return -1;
        }
        memcpy(plain, name, strlen(name) + 1);
        char *slash = strrchr(plain, '/');
        *last = slash != NULL ? slash + 1 : plain;
        if (slash != NULL)
            *slash = '\0';
        at = open(slash == NULL    ? "."
                  : slash == plain ? "/"
                                   : plain,
                  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (at < 0)
        fail(err, verb, name, errno);
    return at;
}

static size_t piece_of(size_t left) {
    return left < PIECE ? left : PIECE;
}

/* Everything from a descriptor as one block that ends with a NUL, growing as it comes; NULL with
 * errno 0 when there is no memory or it was stopped (then err is set), or with the reason. */
static char *read_all(dw_mem *mem, int file, size_t expected, size_t *size, dw_err *err) {
    size_t room = expected + 2, count = 0;
    char *data = dw_mem_raw(mem, room);
    errno = 0;
    while (data != NULL && dw_cancel_goes_on(mem->cancel, 0, err)) {
        if (count + 1 == room) {
            char *more = room < SIZE_MAX / 4 ? dw_mem_grow(mem, data, 2 * room) : NULL;
            if (more == NULL)
                break;
            data = more;
            room *= 2;
        }
        errno = 0;
        ssize_t got = read(file, data + count, piece_of(room - count - 1));
        if (got < 0 && errno != EINTR)
            break;
        if (got == 0) {
            data[count] = '\0';
            *size = count;
            return data;
        }
        count += got > 0 ? (size_t)got : 0;
        errno = 0;
    }
    int code = errno;
    dw_mem_free(data);
    errno = code;
    return NULL;
}

bool dw_path_read(dw_mem *mem, const char *folder, const char *name, char **bytes, size_t *size,
                  dw_err *err) {
    char plain[PATH_MAX];
    const char *last;
    int parent = find_parent(folder, name, "read", plain, &last, err);
    if (parent < 0)
        return false;
    /* without waiting: a pipe in place of a file would block for ever */
    int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (folder != NULL ? O_NOFOLLOW : 0);
    int file = openat(parent, last, flags);
    int code = errno;
    close(parent);
    if (file < 0)
        return fail(err, "read", name, code);
    struct stat info;
    bool fine = fstat(file, &info) == 0;
    if (fine && !S_ISREG(info.st_mode)) {
        fine =
            S_ISDIR(info.st_mode)
                ? fail(err, "read", name, EISDIR)
                : dw_err_set(err, DW_ERR_FILE, "cannot read %.200s: it is no ordinary file", name);
    } else if (!fine) {
        fail(err, "read", name, errno);
    }
    if (fine) {
        *bytes = read_all(mem, file, (size_t)info.st_size, size, err);
        fine = *bytes != NULL;
        if (!fine && errno != 0)
            fail(err, "read", name, errno);
        else if (!fine)
            dw_err_set(err, DW_ERR_MEMORY, "there is not enough memory for the file %.200s", name);
    }
    close(file);
    return fine;
}

static bool write_all(int file, const dw_buf *contents, dw_err *err) {
    size_t done = 0;
    while (done < contents->size && dw_cancel_goes_on(contents->mem->cancel, 0, err)) {
        ssize_t step = write(file, contents->data + done, piece_of(contents->size - done));
        if (step < 0 && errno != EINTR)
            return false;
        done += step > 0 ? (size_t)step : 0;
    }
    return done == contents->size;
}

/* A new file beside the one to be written; its name goes to `temporary`. */
static int make_temporary(int parent, char temporary[64]) {
    int file = -1;
    for (int i = 0; i < ATTEMPTS; i++) {
        snprintf(temporary, 64, ".saving-%ld-%d", (long)getpid(), i);
        file =
            openat(parent, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (file >= 0 || errno != EEXIST)
            break;
    }
    return file;
}

/* A name that exists must be an ordinary file: a link or a folder is not replaced. */
static bool may_replace(int parent, const char *last, const char *name, dw_err *err) {
    struct stat info;
    if (fstatat(parent, last, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT || fail(err, "write", name, errno);
    if (S_ISREG(info.st_mode))
        return true;
    if (S_ISDIR(info.st_mode) || S_ISLNK(info.st_mode))
        return fail(err, "write", name, S_ISDIR(info.st_mode) ? EISDIR : ELOOP);
    return dw_err_set(err, DW_ERR_FILE, "cannot write %.200s: it is no ordinary file", name);
}

bool dw_path_write(const char *folder, const char *name, const dw_buf *contents, dw_err *err) {
    char plain[PATH_MAX], temporary[64];
    const char *last;
    int parent = find_parent(folder, name, "write", plain, &last, err);
    if (parent < 0)
        return false;
    bool fine =
        last[0] != '\0' ? may_replace(parent, last, name, err) : fail(err, "write", name, EISDIR);
    int file = fine ? make_temporary(parent, temporary) : -1;
    if (fine && file < 0)
        fine = fail(err, "write", name, errno);
    if (file >= 0) {
        fine = write_all(file, contents, err);
        int code = errno;
        if (close(file) != 0 && fine) { /* what was written late did not find its place */
            code = errno;
            fine = false;
        }
        if (fine && renameat(parent, temporary, parent, last) != 0) {
            code = errno;
            fine = false;
        }
        if (!fine) {
            unlinkat(parent, temporary, 0);
            fail(err, "write", name, code);
        }
    }
    close(parent);
    return fine;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Copies the kernelspec that lies beside the program, with the program's absolute path in it. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "install.h"

#include "seal.h"

#include <jansson.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define JK_INSTALL_LIMIT ((size_t)4 << 20) /* bytes of a file of the spec */
#define JK_INSTALL_KERNELS "/share/jupyter/kernels"

bool jk_install_program(jk_bytes *path, jk_fault *fault) {
    char text[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", text, sizeof text - 1);
    if (len <= 0) {
        return jk_fault_set(fault, "cannot find the path of this program: %s", strerror(errno));
    }
    return jk_bytes_add(path, text, (size_t)len) || jk_fault_set(fault, "out of memory");
}

bool jk_install_user_folder(jk_bytes *folder) {
    const char *data = getenv("JUPYTER_DATA_DIR");
    const char *share = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    if (data && *data) {
        jk_bytes_text(folder, data);
    } else if (share && *share) {
        jk_bytes_text(folder, share);
        jk_bytes_text(folder, "/jupyter");
    } else if (home && *home) {
        jk_bytes_text(folder, home);
        jk_bytes_text(folder, "/.local/share/jupyter");
    } else {
        return false;
    }
    return jk_bytes_text(folder, "/kernels");
}

bool jk_install_own_spec(jk_bytes *folder) {
    static const char *const places[] = {"", "/.."};
    jk_bytes program = {0};
    bool is_found = false;
    if (jk_install_program(&program, NULL)) {
        program.len = (size_t)(strrchr(program.data, '/') - program.data);
        for (size_t i = 0; i < 2 && !is_found; i++) {
            jk_bytes_reset(folder, PATH_MAX);
            jk_bytes_add(folder, program.data, program.len);
            jk_bytes_text(folder, places[i]);
            size_t len = folder->len + strlen(JK_INSTALL_KERNELS "/deepwhy");
            is_found = jk_bytes_text(folder, JK_INSTALL_KERNELS "/deepwhy/kernel.json") &&
                       access(folder->data, R_OK) == 0;
            folder->len = is_found ? len : folder->len;
            if (is_found) {
                folder->data[len] = '\0';
            }
        }
    }
    jk_bytes_free(&program);
    return is_found;
}

/* ---- where to ------------------------------------------------------------------------------ */

static bool below_prefix(jk_bytes *folder, const char *prefix, jk_fault *fault) {
    if (mkdir(prefix, 0777) != 0 && errno != EEXIST) {
        return jk_fault_set(fault, "cannot use %s: %s", prefix, strerror(errno));
    }
    char *real = realpath(prefix, NULL);
    bool ok = real && jk_bytes_text(folder, real) && jk_bytes_text(folder, JK_INSTALL_KERNELS);
    free(real);
    return ok || jk_fault_set(fault, "cannot use %s: %s", prefix, strerror(errno));
}

static bool below_environment(jk_bytes *folder, jk_fault *fault) {
    const char *names[] = {"VIRTUAL_ENV", "CONDA_PREFIX"};
    for (size_t i = 0; i < 2; i++) {
        const char *prefix = getenv(names[i]);
        if (prefix && *prefix) {
            return below_prefix(folder, prefix, fault);
        }
    }
    return jk_fault_set(fault, "--sys-prefix needs an active environment (VIRTUAL_ENV or "
                               "CONDA_PREFIX); try --user or --prefix DIR");
}

/* The target folder of the words; false with usage false: the words make no sense. */
static bool find_target(jk_bytes *folder, int count, char **words, bool *is_misuse,
                        jk_fault *fault) {
    *is_misuse = false;
    if (count == 1 && strcmp(words[0], "--user") == 0) {
        return jk_install_user_folder(folder) || jk_fault_set(fault, "there is no HOME");
    }
    if (count == 1 && strcmp(words[0], "--sys-prefix") == 0) {
        return below_environment(folder, fault);
    }
    if (count == 2 && strcmp(words[0], "--prefix") == 0) {
        return below_prefix(folder, words[1], fault);
    }
    if (count == 1 && strncmp(words[0], "--prefix=", 9) == 0) {
        return below_prefix(folder, words[0] + 9, fault);
    }
    *is_misuse = true;
    return jk_fault_set(fault, "say where: --user, --sys-prefix or --prefix DIR");
}

/* ---- writing ------------------------------------------------------------------------------- */

static bool make_folders(char *path, jk_fault *fault) {
    for (char *at = path + 1;; at++) {
        if (*at == '/' || *at == '\0') {
            char kept = *at;
            *at = '\0';
            bool made = mkdir(path, 0755) == 0 || errno == EEXIST;
            if (!made) {
                return jk_fault_set(fault, "cannot create %s: %s", path, strerror(errno));
            }
            *at = kept;
            if (kept == '\0') {
                return true;
            }
        }
    }
}

static bool write_file(const char *path, jk_span bytes, jk_fault *fault) {
    FILE *file = fopen(path, "wb");
    bool ok = file && fwrite(bytes.bytes, 1, bytes.len, file) == bytes.len;
    if (file) {
        ok = fclose(file) == 0 && ok;
    }
    return ok || jk_fault_set(fault, "cannot write %s: %s", path, strerror(errno));
}

/* The kernel.json with our path as first word and what the libzmq of now can do. */
static bool with_program(jk_bytes *json, jk_fault *fault) {
    jk_bytes program = {0};
    json_t *spec = json_loadb(json->data, json->len, 0, NULL);
    json_t *argv = json_object_get(spec, "argv"), *metadata = json_object_get(spec, "metadata");
    char *text = NULL;
    json_object_set_new(metadata, "supported_encryption", json_loads(jk_seal_schemes(), 0, NULL));
    if (argv && metadata && jk_install_program(&program, fault) &&
        json_array_set_new(argv, 0, json_string(program.data)) == 0) {
        text = json_dumps(spec, JSON_INDENT(1));
    }
    json_decref(spec);
    jk_bytes_free(&program);
    jk_bytes_reset(json, JK_INSTALL_LIMIT);
    bool ok = text && jk_bytes_text(json, text) && jk_bytes_text(json, "\n");
    free(text);
    return ok || jk_fault_set(fault, "the kernel.json beside this program is broken");
}

static bool copy_file(const char *from, const char *to, const char *name, jk_fault *fault) {
    jk_bytes source = {0}, target = {0}, bytes = {0};
    jk_bytes_text(&source, from);
    jk_bytes_text(&source, "/");
    jk_bytes_text(&source, name);
    jk_bytes_text(&target, to);
    jk_bytes_text(&target, "/");
    jk_bytes_text(&target, name);
    bool ok = !source.failed && !target.failed &&
              jk_bytes_read_file(&bytes, source.data, JK_INSTALL_LIMIT);
    if (!ok) {
        jk_fault_set(fault, "cannot read %s: %s", source.data ? source.data : name,
                     strerror(errno));
    }
    ok = ok && (strcmp(name, "kernel.json") != 0 || with_program(&bytes, fault)) &&
         write_file(target.data, jk_bytes_span(&bytes), fault);
    jk_bytes_free(&source);
    jk_bytes_free(&target);
    jk_bytes_free(&bytes);
    return ok;
}

static bool install_into(jk_bytes *target, jk_fault *fault) {
    jk_bytes own = {0};
    if (!jk_install_own_spec(&own)) {
        jk_bytes_free(&own);
        return jk_fault_set(fault, "the kernelspec that belongs beside this program is missing; "
                                   "build or install deepwhy with make");
    }
    bool ok = make_folders(target->data, fault);
    DIR *folder = ok ? opendir(own.data) : NULL;
    const struct dirent *entry;
    ok = folder != NULL;
    while (ok && (entry = readdir(folder)) != NULL) {
        ok = entry->d_name[0] == '.' || copy_file(own.data, target->data, entry->d_name, fault);
    }
    if (folder) {
        closedir(folder);
    }
    jk_bytes_free(&own);
    return ok || jk_fault_set(fault, "cannot write to %s", target->data);
}

/* A link made by a developer goes alone; what it points to stays. */
static bool remove_from(const jk_bytes *target, jk_fault *fault) {
    struct stat about;
    if (lstat(target->data, &about) == 0 && S_ISLNK(about.st_mode) && unlink(target->data) == 0) {
        return true;
    }
    DIR *folder = opendir(target->data);
    const struct dirent *entry;
    if (!folder) {
        return jk_fault_set(fault, "there is no kernel in %s", target->data);
    }
    while ((entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            unlinkat(dirfd(folder), entry->d_name, 0);
        }
    }
    closedir(folder);
    return rmdir(target->data) == 0 ||
           jk_fault_set(fault, "cannot remove %s: %s", target->data, strerror(errno));
}

int jk_install_main(int count, char **words, bool is_install) {
    jk_fault fault = {{0}};
    jk_bytes target = {0};
    bool is_misuse = false;
    bool ok = find_target(&target, count, words, &is_misuse, &fault) &&
              jk_bytes_text(&target, "/deepwhy") &&
              (is_install ? install_into(&target, &fault) : remove_from(&target, &fault));
    if (ok) {
        printf("%s %s\n", is_install ? "installed the kernel in" : "removed", target.data);
    } else {
        fprintf(stderr, "deepwhy %s: %s\n", is_install ? "install" : "uninstall",
                fault.text[0] ? fault.text : "out of memory");
    }
    jk_bytes_free(&target);
    return ok ? 0 : is_misuse ? 2 : 1;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Looks for gnuplot and its terminals, fonts and the kernelspec. */
#include "doctor.h"

#include "bytes.h"
#include "install.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool tell(bool is_good, const char *what, const char *found, const char *mend) {
    printf("%s  %-12s %s\n", is_good ? "ok" : "--", what, found);
    if (!is_good && mend) {
        printf("                 %s\n", mend);
    }
    return is_good;
}

/* The first program of that name in PATH. */
static bool find_program(const char *name, char *path, size_t size) {
    const char *folders = getenv("PATH");
    while (folders && *folders) {
        size_t len = strcspn(folders, ":");
        int used = snprintf(path, size, "%.*s/%s", (int)len, folders, name);
        if (used > 0 && (size_t)used < size && access(path, X_OK) == 0) {
            return true;
        }
        folders += len + (folders[len] == ':');
    }
    return false;
}

/* What a fixed command line prints, cut to the size of `text`. */
static bool output_of(const char *command, char *text, size_t size) {
    FILE *pipe = popen(command, "r");
    size_t len = pipe ? fread(text, 1, size - 1, pipe) : 0;
    char rest[512];
    while (pipe && fread(rest, 1, sizeof rest, pipe) > 0) {
    }
    text[len] = '\0';
    return pipe && pclose(pipe) == 0;
}

static bool check_gnuplot(void) {
    static const char *const mend =
        "apt install gnuplot-nox fonts-liberation fonts-urw-base35   (or: "
        "brew install gnuplot; conda install -c conda-forge gnuplot)";
    static const char *const terminals[] = {"svg", "pdfcairo", "pngcairo"};
    const char *chosen = getenv("DEEPWHY_GNUPLOT");
    char path[PATH_MAX], text[16384], line[PATH_MAX + 300];
    if (chosen && *chosen && strcmp(chosen, "gnuplot") != 0) {
        snprintf(line, sizeof line, "%s, as DEEPWHY_GNUPLOT says", chosen);
        return tell(access(chosen, X_OK) == 0 || find_program(chosen, path, sizeof path), "gnuplot",
                    line, "DEEPWHY_GNUPLOT names no program: unset it");
    }
    if (!find_program("gnuplot", path, sizeof path)) {
        return tell(false, "gnuplot", "not found in PATH: no figures", mend);
    }
    bool ok = output_of("gnuplot --version 2>/dev/null", text, sizeof text);
    text[strcspn(text, "\n")] = '\0';
    snprintf(line, sizeof line, "%s, %.200s", path, ok ? text : "does not run");
    ok = tell(ok, "gnuplot", line, mend);
    output_of("gnuplot -d -e 'set print \"-\"; print GPVAL_TERMINALS' 2>/dev/null", text,
              sizeof text);
    for (size_t i = 0; i < 3; i++) {
        char word[24];
        snprintf(word, sizeof word, " %s ", terminals[i]);
        bool is_there = strstr(text, word) != NULL;
        bool is_needed = i < 2;
        snprintf(line, sizeof line, "%s%s", terminals[i],
                 is_there    ? ""
                 : is_needed ? " is missing"
                             : " is missing (not needed)");
        ok = (tell(is_there || !is_needed, "terminal", line, mend) || !is_needed) && ok;
    }
    return ok;
}

/* Figures on a page take the reader's letters; those as PDF carry theirs with them. gnuplot asks
 * for Helvetica, and what fontconfig takes for it decides how wide a word is. */
static void check_fonts(void) {
    char path[PATH_MAX], text[512], line[600];
    if (!find_program("fc-list", path, sizeof path) ||
        !find_program("fc-match", path, sizeof path)) {
        tell(true, "fonts", "not checked (fc-list and fc-match are not here)", NULL);
        return;
    }
    output_of("fc-list : family 2>/dev/null | grep -m1 -E '^(Liberation|DejaVu) Sans(,|$)'", text,
              sizeof text);
    text[strcspn(text, "\n")] = '\0';
    tell(text[0] != '\0', "fonts", text[0] ? text : "neither Liberation Sans nor DejaVu Sans",
         "apt install fonts-liberation   (else figures may have squares for letters)");
    output_of("fc-match -f '%{family[0]}' Helvetica 2>/dev/null", text, sizeof text);
    bool is_same = strcmp(text, "Nimbus Sans") == 0;
    snprintf(line, sizeof line, "%s, in figures as PDF%s", text[0] ? text : "none",
             is_same ? "" : " (stored ones have Nimbus Sans)");
    tell(true, "fonts", line, NULL);
    if (!is_same) {
        puts("                 apt install fonts-urw-base35   (figures as PDF then look like the "
             "stored ones)");
    }
}

static bool has_spec(const char *folder) {
    jk_bytes path = {0};
    bool is_there = jk_bytes_text(&path, folder) && jk_bytes_text(&path, "/deepwhy/kernel.json") &&
                    access(path.data, R_OK) == 0;
    if (is_there) {
        path.len -= strlen("/kernel.json");
        path.data[path.len] = '\0';
        tell(true, "kernelspec", path.data, NULL);
    }
    jk_bytes_free(&path);
    return is_there;
}

static bool has_spec_below(const char *prefix, const char *below) {
    jk_bytes folder = {0};
    bool is_there = prefix && *prefix && jk_bytes_text(&folder, prefix) &&
                    jk_bytes_text(&folder, below) && has_spec(folder.data);
    jk_bytes_free(&folder);
    return is_there;
}

/* Each place of JUPYTER_PATH. */
static int count_path_specs(void) {
    const char *folders = getenv("JUPYTER_PATH");
    int count = 0;
    while (folders && *folders) {
        size_t len = strcspn(folders, ":");
        char *one = strndup(folders, len);
        count += one && has_spec_below(one, "/kernels");
        free(one);
        folders += len + (folders[len] == ':');
    }
    return count;
}

static bool check_specs(void) {
    jk_bytes user = {0};
    int count = count_path_specs();
    count += jk_install_user_folder(&user) && has_spec(user.data);
    count += has_spec_below(getenv("VIRTUAL_ENV"), "/share/jupyter/kernels");
    count += has_spec_below(getenv("CONDA_PREFIX"), "/share/jupyter/kernels");
    count += has_spec("/usr/local/share/jupyter/kernels");
    count += has_spec("/usr/share/jupyter/kernels");
    jk_bytes_free(&user);
    if (count == 0) {
        return tell(false, "kernelspec", "Jupyter does not know this kernel yet",
                    "deepwhy install --user   (or --sys-prefix, --prefix DIR)");
    }
    return true;
}

int jk_doctor_main(void) {
    jk_bytes program = {0};
    bool ok = jk_install_program(&program, NULL);
    tell(ok, "program", ok ? program.data : "its own path is unknown", NULL);
    jk_bytes_free(&program);
    ok = check_gnuplot() && ok;
    check_fonts();
    ok = check_specs() && ok;
    puts(ok ? "all that is needed is here" : "something is missing, see the lines with --");
    return ok ? 0 : 1;
}

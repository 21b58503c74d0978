/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads answers line by line. */
#include "terminal.h"

#include "repair.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#define JK_TERMINAL_LOOK 50                /* ms between looks at whether to stop */
#define JK_TERMINAL_LINE ((size_t)1 << 20) /* bytes of an answer */

/* Waits until there is something to read; false when interrupted. */
static bool wait_for_input(const jk_terminal *terminal) {
    struct pollfd item = {terminal->input, POLLIN, 0};
    int ready = 0;
    while (ready == 0 && !jk_gate_is_cancelled(terminal->gate)) {
        ready = poll(&item, 1, JK_TERMINAL_LOOK);
        ready = ready < 0 && errno == EINTR ? 0 : ready;
    }
    return ready != 0;
}

/* Reads until a whole line is there or the input ends. */
static jk_ask read_line(jk_terminal *terminal) {
    jk_bytes *read_so_far = &terminal->read;
    char piece[512];
    while (!terminal->has_ended && read_so_far->len < JK_TERMINAL_LINE &&
           !memchr(read_so_far->data ? read_so_far->data : "", '\n', read_so_far->len)) {
        if (!wait_for_input(terminal)) {
            return JK_ASK_STOPPED;
        }
        ssize_t got = read(terminal->input, piece, sizeof piece);
        if (got > 0) {
            jk_bytes_add(read_so_far, piece, (size_t)got);
        } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
            terminal->has_ended = true;
        }
    }
    return read_so_far->len > 0 ? JK_ASK_ANSWERED : JK_ASK_ENDED;
}

/* Moves the first line of what was read to `answer`. */
static void take_line(jk_terminal *terminal, jk_bytes *answer) {
    jk_span all = jk_bytes_span(&terminal->read);
    const char *newline = memchr(all.bytes, '\n', all.len);
    size_t len = newline ? (size_t)(newline - all.bytes) : all.len;
    bool has_return = newline && len > 0 && all.bytes[len - 1] == '\r';
    jk_repair_add(answer, all.bytes, len - has_return);
    jk_bytes_drop(&terminal->read, len + (newline != NULL));
}

/* Turns the echo of a terminal off; false when there is none. */
static bool mute(int input, struct termios *before) {
    struct termios silent;
    if (tcgetattr(input, before) != 0) {
        return false;
    }
    silent = *before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    return tcsetattr(input, TCSAFLUSH, &silent) == 0;
}

jk_ask jk_terminal_ask(jk_terminal *terminal, jk_span question, bool is_hidden, jk_bytes *answer) {
    struct termios before;
    size_t start = answer->len;
    bool is_terminal = isatty(terminal->input) == 1;
    bool is_muted = is_hidden && is_terminal && mute(terminal->input, &before);
    fwrite(question.bytes, 1, question.len, stdout);
    fflush(stdout);
    jk_ask end = read_line(terminal);
    if (end == JK_ASK_ANSWERED) {
        take_line(terminal, answer);
    }
    if (is_muted) {
        tcsetattr(terminal->input, TCSAFLUSH, &before);
    }
    if (!is_terminal && !is_hidden && end == JK_ASK_ANSWERED && answer->data) {
        fwrite(answer->data + start, 1, answer->len - start, stdout);
    }
    if (!is_terminal || is_muted || end != JK_ASK_ANSWERED) {
        putchar('\n');
    }
    return end;
}

void jk_terminal_free(jk_terminal *terminal) {
    jk_bytes_free(&terminal->read);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting, connecting, stopping. */
#include "kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum { SHELL, IOPUB, STDIN, CONTROL, HEARTBEAT, PORTS, WORDS = 32 };

static void rest(double seconds) {
    struct timespec pause = {0, (long)(seconds * 1e9)};
    nanosleep(&pause, NULL);
}

static struct sockaddr_in local(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static bool is_free(int port) {
    struct sockaddr_in address = local(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool ok = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return ok;
}

/* Ports nobody uses, below those the system gives to clients: a kernel of a crowd binds late, and
 * by then one of thousands of connections could have been given its port. */
static bool find_ports(int ports[PORTS]) {
    enum { LEAST = 10000, MOST = 32000 };
    static int next; /* no port twice in one run of this program */
    next = next ? next : LEAST + (int)getpid() * 7 % (MOST - LEAST);
    int found = 0;
    for (int tries = LEAST; tries < MOST && found < PORTS; tries++) {
        next = next < MOST ? next + 1 : LEAST;
        if (is_free(next)) {
            ports[found++] = next;
        }
    }
    return found == PORTS;
}

static bool write_connection(const cl_kernel *kernel, const char *path) {
    json_t *fields =
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:i,s:i}", "transport", "tcp", "ip",
                  "127.0.0.1", "key", CL_MESSAGE_KEY, "signature_scheme", "hmac-sha256",
                  "kernel_name", "", "shell_port", kernel->ports[SHELL], "iopub_port",
                  kernel->ports[IOPUB], "stdin_port", kernel->ports[STDIN], "control_port",
                  kernel->ports[CONTROL], "hb_port", kernel->ports[HEARTBEAT]);
    bool ok = json_dump_file(fields, path, 0) == 0;
    json_decref(fields);
    return ok;
}

/* In the child: the program, in a session of its own as Jupyter starts it, mute. */
static void become(const cl_kernel *kernel, char **words) {
    char parent[24];
    snprintf(parent, sizeof parent, "%ld", (long)getppid());
    setenv("JPY_PARENT_PID", parent, 1); /* a kernel ends when we do, whatever happens here */
    int nowhere = open("/dev/null", O_RDWR);
    setsid();
    for (int fd = 0; fd < 3; fd++) {
        dup2(nowhere, fd);
    }
    if (chdir(kernel->folder) == 0) {
        execvp(words[0], words);
    }
    _exit(127);
}

bool cl_kernel_spawn(cl_kernel *kernel, void *context, const json_t *argv) {
    char *words[WORDS] = {NULL}, path[340], here[256];
    *kernel = (cl_kernel){.context = context};
    if (!getcwd(here, sizeof here)) {
        return false;
    }
    snprintf(kernel->folder, sizeof kernel->folder, "%s/kernel-XXXXXX", here);
    if (!mkdtemp(kernel->folder)) {
        return false;
    }
    snprintf(path, sizeof path, "%s/kernel.json", kernel->folder);
    for (size_t i = 0; i < json_array_size(argv) && i < WORDS - 1; i++) {
        const char *word = json_string_value(json_array_get(argv, i));
        words[i] = strcmp(word, "{connection_file}") == 0 ? path : (char *)(size_t)word;
    }
    if (!find_ports(kernel->ports) || !write_connection(kernel, path)) {
        return false;
    }
    kernel->started = cl_message_clock();
    kernel->pid = fork();
    if (kernel->pid == 0) {
        become(kernel, words);
    }
    return kernel->pid > 0;
}

/* A ZeroMQ socket would wait for some milliseconds between its attempts. */
static bool is_listening(int port) {
    struct sockaddr_in address = local(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return ok;
}

static void *open_socket(const cl_kernel *kernel, int type, int port) {
    char place[40];
    int zero = 0, one = 1;
    void *socket = zmq_socket(kernel->context, type);
    snprintf(place, sizeof place, "tcp://127.0.0.1:%d", kernel->ports[port]);
    zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(socket, ZMQ_RECONNECT_IVL, &one, sizeof one);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &zero, sizeof zero);
    if (type == ZMQ_SUB) {
        zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    }
    zmq_connect(socket, place);
    return socket;
}

bool cl_kernel_connect(cl_kernel *kernel) {
    if (!is_listening(kernel->ports[SHELL])) {
        return false;
    }
    kernel->shell = open_socket(kernel, ZMQ_DEALER, SHELL);
    kernel->control = open_socket(kernel, ZMQ_DEALER, CONTROL);
    kernel->iopub = open_socket(kernel, ZMQ_SUB, IOPUB);
    return true;
}

bool cl_kernel_has_ended(cl_kernel *kernel) {
    if (kernel->pid > 0 && waitpid(kernel->pid, NULL, WNOHANG) == kernel->pid) {
        kernel->pid = 0;
    }
    return kernel->pid == 0;
}

bool cl_kernel_start(cl_kernel *kernel, void *context, const json_t *argv) {
    if (!cl_kernel_spawn(kernel, context, argv)) {
        return false;
    }
    while (!cl_kernel_connect(kernel)) {
        if (cl_kernel_has_ended(kernel)) {
            return false;
        }
        rest(0.0001);
    }
    return true;
}

bool cl_kernel_ask(cl_kernel *kernel, const char *type, const char *content, cl_message *reply) {
    char id[CL_MESSAGE_ID];
    if (!cl_message_send(kernel->shell, type, content, id)) {
        return false;
    }
    while (cl_message_read(kernel->shell, CL_KERNEL_PATIENCE, reply)) {
        if (cl_message_answers(reply, id)) {
            return true;
        }
        cl_message_free(reply);
    }
    return false;
}

bool cl_kernel_listen(cl_kernel *kernel) {
    cl_message message;
    for (int i = 0; i < 50; i++) {
        if (!cl_kernel_ask(kernel, "kernel_info_request", "{}", &message)) {
            return false;
        }
        cl_message_free(&message);
        if (cl_message_read(kernel->iopub, 200, &message)) {
            do {
                cl_message_free(&message);
            } while (cl_message_read(kernel->iopub, 200, &message));
            return true;
        }
    }
    return false;
}

bool cl_kernel_run(cl_kernel *kernel, const char *code) {
    cl_message reply = {0};
    char *content = cl_message_cell(code);
    bool ok = content && cl_kernel_ask(kernel, "execute_request", content, &reply) &&
              strcmp(cl_message_text(&reply, "status"), "ok") == 0;
    cl_message_free(&reply);
    free(content);
    return ok;
}

long cl_kernel_memory(const cl_kernel *kernel, const char *row) {
    char path[60], line[256];
    long kilobytes = 0;
    snprintf(path, sizeof path, "/proc/%ld/%s", (long)kernel->pid,
             strcmp(row, "Pss") == 0 ? "smaps_rollup" : "status");
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        size_t len = strlen(row);
        if (strncmp(line, row, len) == 0 && line[len] == ':') {
            kilobytes = strtol(line + len + 1, NULL, 10);
            break;
        }
    }
    if (file) {
        fclose(file);
    }
    return kilobytes;
}

void cl_kernel_quit(cl_kernel *kernel) {
    char id[CL_MESSAGE_ID];
    if (kernel->control) {
        cl_message_send(kernel->control, "shutdown_request", "{\"restart\":false}", id);
    } else if (kernel->pid > 0) {
        kill(kernel->pid, SIGTERM);
    }
}

static void remove_folder(const cl_kernel *kernel) {
    char path[340];
    snprintf(path, sizeof path, "%s/kernel.json", kernel->folder);
    unlink(path);
    rmdir(kernel->folder);
}

static void close_socket(void *socket) {
    if (socket) {
        zmq_close(socket);
    }
}

void cl_kernel_close(cl_kernel *kernel) {
    double end = cl_message_clock() + 3;
    while (kernel->pid > 0 && !cl_kernel_has_ended(kernel)) {
        if (cl_message_clock() > end) {
            kill(-kernel->pid, SIGKILL);
        }
        rest(0.001);
    }
    close_socket(kernel->shell);
    close_socket(kernel->control);
    close_socket(kernel->iopub);
    remove_folder(kernel);
}

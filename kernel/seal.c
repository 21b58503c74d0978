/* SPDX-License-Identifier: BSD-3-Clause */
/* The three options of a CurveZMQ server.
 *
 * There is no list of clients: knowing the public key of the file is what lets one in, and
 * Jupyter's heartbeat makes up a key of its own for itself. */
#include "seal.h"

#include <zmq.h>
#include <string.h>

#define JK_SEAL_KEY 40 /* characters of a key in Z85 */

const char *jk_seal_schemes(void) {
    return zmq_has("curve") == 1 ? "[\"curve\"]" : "[]";
}

static bool is_key(const char *text) {
    unsigned char bytes[32];
    return strlen(text) == JK_SEAL_KEY && zmq_z85_decode(bytes, text) != NULL;
}

static bool set_key(void *socket, int option, const char *key) {
    return zmq_setsockopt(socket, option, key, JK_SEAL_KEY + 1) == 0;
}

bool jk_seal_socket(void *socket, const jk_conn *conn, jk_fault *fault) {
    char belongs[JK_SEAL_KEY + 1] = "";
    int on = 1;
    if (!conn->curve_public) {
        return true;
    }
    if (zmq_has("curve") != 1) {
        return jk_fault_set(fault, "the connection file asks for encryption, but this libzmq was "
                                   "built without CURVE; set transport_encryption to disabled");
    }
    if (!is_key(conn->curve_public) || !is_key(conn->curve_secret)) {
        return jk_fault_set(fault, "curve_publickey and curve_secretkey have to be keys of 40 "
                                   "characters in Z85");
    }
    if (zmq_curve_public(belongs, conn->curve_secret) != 0 ||
        strcmp(belongs, conn->curve_public) != 0) {
        return jk_fault_set(fault, "curve_publickey does not belong to curve_secretkey");
    }
    return (set_key(socket, ZMQ_CURVE_SECRETKEY, conn->curve_secret) &&
            set_key(socket, ZMQ_CURVE_PUBLICKEY, conn->curve_public) &&
            zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on) == 0) ||
           jk_fault_set(fault, "cannot encrypt a socket: %s", zmq_strerror(zmq_errno()));
}

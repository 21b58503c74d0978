/* SPDX-License-Identifier: BSD-3-Clause */
/* An engine without a language, for tests of the kernel alone. Each line of a cell is a command:
 *   print TEXT            TEXT and a newline to stdout         err TEXT     the same to stderr
 *   raw HEX               these bytes to stdout                flood N      N numbered lines
 *   result TEXT           the value of the cell                display TEXT a display
 *   show MIME TEXT        a display of this type               figure ID    with a display_id
 *   update ID TEXT        update_display_data                  clear 0|1    clear_output
 *   fail TEXT             ends in an error                     page TEXT    a pager payload
 *   spin MS               computes, watching for interrupts    deaf MS      computes, does not
 *   ask TEXT              a question; prints the answer        hide TEXT    a hidden one
 *   next TEXT             a cell to come
 *   mute                  fails without saying why             huge N       N MB of text/plain
 */
#ifndef MOCK_ENGINE_H
#define MOCK_ENGINE_H

#include "engine.h"

const jk_engine_maker *mock_engine_maker(void);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* `deepwhy install` and `deepwhy uninstall`: the kernelspec where Jupyter looks for it. */
#ifndef JK_INSTALL_H
#define JK_INSTALL_H

#include "bytes.h"
#include "fault.h"

#include <stdbool.h>

/* Acts on the words after (un)install: --user, --sys-prefix or --prefix DIR. Returns the exit
 * code: 0, 1 when something could not be written, 2 for words that make no sense. */
int jk_install_main(int count, char **words, bool is_install);

/* The folder for kernels of this user, without a final slash. False: no memory or no home. */
bool jk_install_user_folder(jk_bytes *folder);

/* The spec that came with this program (beside it in share/, or one level up), which holds the
 * logos. False when there is none. */
bool jk_install_own_spec(jk_bytes *folder);

/* The absolute path of this program. */
bool jk_install_program(jk_bytes *path, jk_fault *fault);

#endif

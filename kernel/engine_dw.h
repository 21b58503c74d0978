/* SPDX-License-Identifier: BSD-3-Clause */
/* The language deepwhy as an engine of the kernel. Its source is the only file of kernel/ that
 * knows the runtime. */
#ifndef JK_ENGINE_DW_H
#define JK_ENGINE_DW_H

#include "engine.h"

/* Fills `info` (kept by the caller for as long as the maker is used) and returns the maker.
 * The environment says what a session may do: DEEPWHY_MEMORY (bytes, with K, M or G),
 * DEEPWHY_FILES=anywhere, DEEPWHY_GNUPLOT (the program), PATH, TMPDIR; and which Pygments
 * lexer exporters should use, DEEPWHY_LEXER. */
jk_engine_maker jk_engine_dw_maker(jk_engine_info *info);

#endif

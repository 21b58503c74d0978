/* SPDX-License-Identifier: BSD-3-Clause */
/* `deepwhy doctor`: what there is, what is missing, and the line that mends it. */
#ifndef JK_DOCTOR_H
#define JK_DOCTOR_H

/* Prints the findings. Returns the exit code: 0 when everything needed is there, 1 otherwise. */
int jk_doctor_main(void);

#endif

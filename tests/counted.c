/* SPDX-License-Identifier: BSD-3-Clause */
/* Linked into programs that count which lines run (tests/run --coverage): a program that ends
 * without exit, or by a signal that it sends to itself, writes its counts first. The linker leads
 * the calls of _exit and raise here. */
void __gcov_dump(void);
void __gcov_reset(void);
_Noreturn void __real__exit(int code);
_Noreturn void __wrap__exit(int code);
int __real_raise(int number);
int __wrap_raise(int number);

_Noreturn void __wrap__exit(int code) {
    __gcov_dump();
    __real__exit(code);
}

int __wrap_raise(int number) {
    __gcov_dump();
    __gcov_reset();
    return __real_raise(number);
}

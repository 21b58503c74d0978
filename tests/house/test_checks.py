"""Each check script passes a clean tree and catches every fault planted in it."""

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

SCRIPTS = pathlib.Path(__file__).parents[2] / "scripts"
LICENCE = "/* SPDX-License-Identifier: BSD-3-Clause */\n"
GUARD = "#ifndef {0}\n#define {0}\n{1}#endif\n"

CLEAN = {
    "runtime/base/buf.h": GUARD.format("DW_BUF_H", "int dw_buf_size(int n);\n"),
    "runtime/base/buf.c": '#include "base/buf.h"\nint dw_buf_size(int n) {\n    return n;\n}\n',
    "runtime/tensor/shape.h": GUARD.format("DW_SHAPE_H", "int dw_shape_size(int n);\n"),
    "runtime/tensor/shape.c": '#include "tensor/shape.h"\n#include "base/buf.h"\n'
                              "static const char *const words[] = {\"one\"};\n"
                              "int dw_shape_size(int n) {\n    return dw_buf_size(n) + words[0][0];\n}\n",
    "runtime/plot/figure.h": GUARD.format("DW_FIGURE_H", "int dw_figure_new(void);\n"),
    "runtime/plot/figure.c": '#include "plot/figure.h"\nint dw_figure_new(void) {\n    return 1;\n}\n',
    "runtime/dw.h": GUARD.format("DW_H", '#include "base/buf.h"\n'),
    "kernel/engine.h": GUARD.format("JK_ENGINE_H", "int jk_engine_dw_open(void);\n"),
    "kernel/engine_dw.c": '#include "engine.h"\n#include "dw.h"\nint jk_engine_dw_open(void) {\n'
                          "    return dw_buf_size(1);\n}\n",
}
LONG = "int dw_buf_size(int n) {\n" + "    n++;\n" * 59 + "    return n;\n}\n"
DEEP = "int dw_buf_size(int n) {\n" + "if (n) {\n" * 5 + "}\n" * 5 + "return n;\n}\n"

PLANTED = [
    ("layers", "runtime/base/buf.c", '#include "tensor/shape.h"\n', "base may not see tensor"),
    ("layers", "runtime/plot/figure.c", '#include "tensor/shape.h"\n', "plot may not see tensor"),
    ("layers", "runtime/tensor/shape.c", '#include "plot/figure.h"\n', "tensor may not see plot"),
    ("layers", "runtime/base/buf.c", '#include "engine.h"\n', "base may not see kernel"),
    ("layers", "kernel/wire.c", '#include "dw.h"\n', "kernel may not see session"),
    ("layers", "kernel/wire.c", '#include "tensor/shape.h"\n', "kernel may not see tensor"),
    ("layers", "runtime/base/buf.c", "#include <zmq.h>\n", "only kernel/ may include"),
    ("layers", "runtime/base/buf.h", '#include "base/nothing.h"\n', "there is no"),
    ("layers", "runtime/base/map.h", '#include "base/map2.h"\n', "there is no"),
    ("layers", "kernel/figure.c", "int jk_figure;\n", "the name is taken"),
    ("layers", "runtime/extra/far.c", "int x;\n", "no known layer"),
    ("sizes", "runtime/base/buf.c", LONG, "has 62 lines"),
    ("sizes", "runtime/base/buf.c", DEEP, "5 levels of blocks"),
    ("sizes", "runtime/base/buf.c", "int dw_buf_x(int a, int b, int c, int d, int e, int f, int g) {\n    return a;\n}\n",
     "has 7 parameters"),
    ("sizes", "runtime/base/buf.h", "/* " + "x" * 100 + " */\n", "columns"),
    ("sizes", "runtime/base/buf.c", "/* */\n" * 601, "the file has"),
    ("words", "runtime/base/buf.c", 'void f(void) {\n    printf("x");\n}\n', "printf may not"),
    ("words", "runtime/base/buf.c", "void f(void) {\n    abort();\n}\n", "abort may not"),
    ("words", "runtime/base/buf.c", 'char *f(void) {\n    return getenv("X");\n}\n', "getenv may not"),
    ("words", "runtime/base/buf.c", "void *f(void) {\n    return stderr;\n}\n", "stderr may not"),
    ("words", "runtime/base/buf.c", "double f(double x) {\n    return exp(x);\n}\n", "use base/math.h"),
    ("words", "runtime/base/buf.c", "/* TO" + "DO */\n", "is left in the source"),
    ("words", "runtime/base/buf.c", 'const char *const dw_buf_a = "unexpected token";\n', "plain words"),
    ("headers", "runtime/base/buf.h", "size_t dw_buf_other(void);\n", "does not compile alone"),
    ("symbols", "runtime/base/buf.c", "int dw_map_size(void) {\n    return 1;\n}\n", "should be called dw_buf"),
    ("symbols", "kernel/engine_dw.c", "int jk_motor_open(void) {\n    return 1;\n}\n", "should be called jk_engine_dw"),
    ("symbols", "runtime/base/buf.c", "static int count = 3;\nint dw_buf_x(void) {\n    return count++;\n}\n", "changeable data"),
    ("symbols", "runtime/base/buf.c", "int dw_buf_count;\n", "changeable data"),
    ("symbols", "runtime/base/buf.c", "_Thread_local int dw_buf_count;\n", "changeable data"),
]


def write(top, path, text):
    file = top / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text if text.startswith(LICENCE) else LICENCE + text)


@pytest.fixture
def tree(tmp_path):
    for path, text in CLEAN.items():
        write(tmp_path, path, text)
    return tmp_path


def check(name, top):
    extra = []
    if name == "symbols":
        extra = ["build"]
        for source in [*top.glob("runtime/*/*.c"), *top.glob("kernel/*.c")]:
            target = top / "build/obj" / source.relative_to(top).with_suffix(".o")
            target.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["gcc", "-fPIE", "-Iruntime", "-Ikernel", "-c", source, "-o", target], cwd=top, check=True)
    done = subprocess.run([sys.executable, SCRIPTS / f"check-{name}", top, *extra], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["layers", "sizes", "words", "headers", "symbols"])
def test_clean_tree_passes(tree, name):
    code, output = check(name, tree)
    assert code == 0, output


@pytest.mark.parametrize("name, path, text, words", PLANTED)
def test_planted_fault_is_caught(tree, name, path, text, words):
    before = (tree / path).read_text() if (tree / path).exists() else ""
    if before.rstrip().endswith("#endif"):
        before, text = before.rstrip()[: -len("#endif")], text + "#endif\n"
    if name in ("sizes", "words") and text.startswith("int dw_buf_size"):
        before = ""
    write(tree, path, before + text)
    code, output = check(name, tree)
    assert code == 1 and words in output, output


def test_circle_is_caught(tree):
    write(tree, "runtime/base/one.h", GUARD.format("DW_ONE_H", '#include "base/two.h"\n'))
    write(tree, "runtime/base/two.h", GUARD.format("DW_TWO_H", '#include "base/one.h"\n'))
    code, output = check("layers", tree)
    assert code == 1 and "circle" in output, output


def test_an_exception_needs_a_reason(tree):
    write(tree, "scripts/sizes.allow", "")
    (tree / "scripts/sizes.allow").write_text("runtime/base/buf.c dw_buf_size\n")
    code, output = check("sizes", tree)
    assert code != 0 and "reason" in output, output


def test_an_exception_with_a_reason_counts(tree):
    write(tree, "runtime/base/buf.c", LONG)
    write(tree, "scripts/sizes.allow", "")
    (tree / "scripts/sizes.allow").write_text("runtime/base/buf.c dw_buf_size a table in the form of a function\n")
    code, output = check("sizes", tree)
    assert code == 0, output


def test_layout_is_checked(tmp_path):
    command = [SCRIPTS / "check-format", tmp_path]
    write(tmp_path, "runtime/base/buf.c", "int dw_buf_size(int n) {\n    return n;\n}\n")
    good = subprocess.run(command, capture_output=True, text=True)
    assert good.returncode == 0, good.stderr
    if "skipped" in good.stdout:
        pytest.skip(good.stdout.strip())
    write(tmp_path, "runtime/base/buf.c", "int dw_buf_size(int n)\n{\n  return n;\n}\n")
    bad = subprocess.run(command, capture_output=True, text=True)
    assert bad.returncode == 1 and "buf.c:" in bad.stderr and "--fix" in bad.stderr
    assert subprocess.run([command[0], "--fix", tmp_path]).returncode == 0
    assert subprocess.run(command).returncode == 0


PLANTED_FAULT = """#include <stdlib.h>
int last(int n);
int last(int n) {
    int *numbers = malloc(sizeof *numbers);
    if (numbers == NULL)
        return 0;
    *numbers = n;
    free(numbers);
    n = *numbers;
    return n;
}
"""


@pytest.mark.parametrize("tool", ["clang-tidy", "gcc", "cppcheck"])
def test_analysis_finds_a_use_after_free(tmp_path, tool):
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed (scripts/setup thorough)")
    sound = PLANTED_FAULT.replace("    free(numbers);\n    n = *numbers;\n", "    n = *numbers;\n    free(numbers);\n")
    assert sound != PLANTED_FAULT
    for name, text in [("sound.c", sound), ("faulty.c", PLANTED_FAULT)]:
        write(tmp_path, name, text)
        done = subprocess.run([sys.executable, SCRIPTS / "analyze", tool, tmp_path / name], capture_output=True, text=True)
        if name == "sound.c":
            assert done.returncode == 0, done.stdout + done.stderr
        else:
            assert done.returncode == 1 and re.search(r"faulty\.c:10:.*(free|deallocat)", done.stdout), done.stdout + done.stderr


def test_no_merge_is_half_done():
    """No compiler sees the marks of a conflict in documents and scripts."""
    done = subprocess.run(["git", "grep", "-nE", "^(<{7}|>{7}) "], cwd=SCRIPTS.parent, capture_output=True, text=True)
    if done.returncode == 128:
        pytest.skip("this is no git checkout")
    assert done.returncode == 1, done.stdout

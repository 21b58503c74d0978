# SPDX-License-Identifier: BSD-3-Clause
"""jupyter_kernel_test against the real kernel, found as Jupyter finds it. The language writes
nothing to stderr and has no pager, so those two samples stay empty; the same suite against the
mock engine, which has both, checks them."""
import json
import os
import tempfile

import jupyter_kernel_test as jkt
from rawkernel import BUILD, DEEPWHY, MOCK

# A spec for each program, so that the tests run what DEEPWHY and DEEPWHY_MOCK name.
SPECS = tempfile.TemporaryDirectory()
for name, program in (("deepwhy", DEEPWHY), ("deepwhy-mock", MOCK)):
    spec = json.loads((BUILD / "share/jupyter/kernels/deepwhy/kernel.json").read_text())
    spec["argv"][0] = os.path.abspath(program)
    folder = os.path.join(SPECS.name, "kernels", name)
    os.makedirs(folder)
    with open(os.path.join(folder, "kernel.json"), "w") as file:
        json.dump(spec, file)
os.environ["JUPYTER_PATH"] = SPECS.name


class AliveTests(jkt.KernelTests):
    """A kernel that died answers nothing, and some of these tests would wait for it without end."""
    __test__ = False

    def setUp(self):
        assert self.km.is_alive(), "the kernel ended in an earlier test"

    def get_non_kernel_info_reply(self, timeout=None):
        return super().get_non_kernel_info_reply(timeout or jkt.TIMEOUT)


class DeepwhyTests(AliveTests):
    __test__ = True
    kernel_name = "deepwhy"
    language_name = "deepwhy"
    file_extension = ".dw"
    code_hello_world = 'print("hello, world")'
    completion_samples = [{"text": "linspa", "matches": {"linspace"}}, {"text": "pri"}]
    complete_code_samples = ["1 + 1", "", 'print("x")', "f(x) = x^2", "repeat 2\n  1\nend"]
    incomplete_code_samples = ["f(", "1 +", "repeat 2", "[1, 2,"]
    invalid_code_samples = [")", "1 + * 2"]
    code_generate_error = "nobody_knows_this"
    code_execute_result = [{"code": "1 + 1", "result": "2"}, {"code": "6 * 7", "result": "42"},
                           {"code": "[1, 2, 3]", "mime": "text/plain"}]
    code_display_data = [{"code": "plot(sin, 0..1)", "mime": mime} for mime in
                         ("text/html", "image/svg+xml", "application/pdf", "text/plain")]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1 + *"
    code_inspect_sample = "linspace"
    code_clear_output = "clear()"


class MockTests(AliveTests):
    __test__ = True
    kernel_name = "deepwhy-mock"
    language_name = "mock"
    file_extension = ".mock"
    code_hello_world = "print hello, world"
    code_stderr = "err oops"
    code_page_something = "page some help"
    code_clear_output = "clear 0"
    completion_samples = [{"text": "p", "matches": {"print", "page"}}]
    complete_code_samples = ["print x"]
    incomplete_code_samples = ["begin {"]
    invalid_code_samples = ["bad )"]
    code_generate_error = "fail it"
    code_execute_result = [{"code": "result a", "result": "a"}, {"code": "result b", "result": "b"}]
    code_display_data = [{"code": "show image/png x", "mime": "image/png"},
                         {"code": "show application/json {}", "mime": "application/json"}]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "result a"
    code_inspect_sample = "print"


class DeepwhyWelcome(jkt.IopubWelcomeTests):
    kernel_name = "deepwhy"
    support_iopub_welcome = True

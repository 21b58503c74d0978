"""papermill with deepwhy's language: run a notebook with other values than those in its cell tagged `parameters`.

    python papermill_deepwhy.py lesson.ipynb result.ipynb -p steps 500 -p optimizer sgd

papermill asks for somebody who can write a value in the notebook's language; this is all there is to tell it.
"""

import re
import sys

from papermill.cli import papermill
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class Deepwhy(Translator):
    @classmethod
    def translate_str(cls, val):
        text = str(val).replace('"', '""').replace("{", "{{").replace("}", "}}")
        return f'"{text}"'

    @classmethod
    def translate_bool(cls, val):
        return "true" if val else "false"

    @classmethod
    def translate_float(cls, val):
        return {"nan": "nan", "inf": "inf", "-inf": "-inf"}.get(str(val)) or repr(float(val))

    @classmethod
    def translate_list(cls, val):
        return "[" + ", ".join(map(cls.translate, val)) + "]"

    @classmethod
    def translate_dict(cls, val):
        return "(" + ", ".join(f"{name} = {cls.translate(one)}" for name, one in val.items()) + ")"

    @classmethod
    def comment(cls, cmt_str):
        return f"# {cmt_str}"

    @classmethod
    def inspect(cls, parameters_cell):
        """The names the cell gives values to; papermill warns of others."""
        lines = re.findall(r"^(\w+) *= *(.*?)(?: *#.*)?$", parameters_cell["source"], re.M)
        return [Parameter(name, "None", value, "") for name, value in lines]


papermill_translators.register("deepwhy", Deepwhy)

if __name__ == "__main__":
    sys.exit(papermill())

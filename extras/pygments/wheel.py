"""Packs deepwhy_lexer as a wheel, for `pip install extras/pygments` without any other tool (PEP 517)."""

import base64
import hashlib
import pathlib
import zipfile

HERE = pathlib.Path(__file__).parent
NAME, VERSION = "deepwhy_lexer", "0.1.0"
INFO = f"{NAME}-{VERSION}.dist-info"
NOTES = {
    "METADATA": f"Metadata-Version: 2.1\nName: deepwhy-lexer\nVersion: {VERSION}\nRequires-Dist: pygments\n",
    "WHEEL": "Wheel-Version: 1.0\nGenerator: deepwhy\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "entry_points.txt": f"[pygments.lexers]\ndeepwhy = {NAME}:DeepwhyLexer\n",
}


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    files = {f"{NAME}/{path.name}": path.read_bytes() for path in sorted((HERE / NAME).glob("*.py"))}
    files |= {f"{INFO}/{name}": text.encode() for name, text in NOTES.items()}
    record = f"{INFO}/RECORD"
    lines = [f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip('=')},{len(data)}"
             for name, data in files.items()]
    files[record] = "\n".join([*lines, f"{record},,"]).encode() + b"\n"
    wheel = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory, wheel), "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return wheel

"""Reading starter content: TOML files, and HTML files with TOML between ``+++`` lines."""

import tomllib


def read_toml(path):
    return tomllib.loads(path.read_text("utf-8"))


def in_spanish(fields):
    """{"title": …} as {"title_es": …}, for the translated half of a row."""
    return {f"{name}_es": words for name, words in fields.items()}


def read_page(path):
    """Returns the fields of one page; its body is what follows the second ``+++``."""
    _, front, body = path.read_text("utf-8").split("+++\n", 2)
    return {**tomllib.loads(front), "body": body.strip()}

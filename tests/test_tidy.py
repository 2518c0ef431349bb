"""What files look like, and which private APIs of packages they use (CONTRIBUTING.md)."""

import ast
import re
from collections import Counter

from django.conf import settings

from tests.test_architecture import modules

ROOT = settings.BASE_DIR
MOST_LINES, MOST_OF_A_FUNCTION = 300, 45
# What is longer, with its size of today: a number here may only become smaller, and goes once it
# is no more than the limit. Nothing is added.
CEILINGS = {"awareness/settings.py": 428}
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def code():
    """{path within the project: its text}, without migrations and tests."""
    files = [*modules().values(), *(ROOT / "deploy").glob("*.py"), ROOT / "manage.py"]
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in files}


def test_no_file_is_long():
    lines = {path: len(text.splitlines()) for path, text in code().items()}
    long = {path: n for path, n in lines.items() if n > CEILINGS.get(path, MOST_LINES)}
    assert long == {}
    assert [path for path in CEILINGS if lines.get(path, 0) <= MOST_LINES] == []


def test_no_function_is_long():
    long = [
        f"{path}: {node.name}, {node.end_lineno - node.lineno + 1} lines"
        for path, text in code().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= MOST_OF_A_FUNCTION
    ]
    assert long == []


BY_NAME = re.compile(r"handler\d+|application|urlpatterns|\w+Config")  # what Django looks up


def test_no_name_is_dead():
    """A function, class or constant of a module that nothing names but its own definition.
    Decorated ones are registered; in settings and formats packages look names up."""
    folders = ("awareness", "pages", "stats", "deploy", "templates")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.*")]
    kinds = {".py", ".html", ".txt", ".xml", ".toml"}
    texts = [path.read_text("utf-8") for path in files if path.suffix in kinds]
    used = Counter(word for text in texts for word in re.findall(r"\w+", text))
    dead = []
    for path, text in code().items():
        if "/formats/" in path or path.endswith(("settings.py", ".conf.py")):
            continue
        for node in ast.parse(text).body:
            names = [target.id for target in getattr(node, "targets", []) if hasattr(target, "id")]
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list:
                names = [node.name]
            dead += [f"{path}: {n}" for n in names if used[n] == 1 and not BY_NAME.fullmatch(n)]
    assert dead == []


def is_private(name):
    return bool(re.match(r"_(?!_|$)", name))


def private_names(tree):
    """Attributes, methods and imports that begin with an underscore, and modules that are internal
    to their package."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Attribute):
            names = [node.attr]
        elif isinstance(node, ast.ClassDef):
            names = [part.name for part in node.body if isinstance(part, ast.FunctionDef)]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "")[3:] == "attr":
            names = [part.value for part in node.args if isinstance(part, ast.Constant)]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [each.name for each in node.names]
            module = getattr(node, "module", None) or names[0]
            if any(part == "internal" or is_private(part) for part in module.split(".")):
                yield module
        yield from (name for name in names if isinstance(name, str) and is_private(name))


def listed():
    """[(names, files)] of each row under "Private APIs that we use"; no files: everywhere."""
    section = ARCHITECTURE.partition("\n## Private APIs")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("| ")]
    return [tuple(set(re.findall(r"`(.+?)`", cell)) for cell in row) for row in rows[1:]]


def test_the_list_of_private_apis_is_whole_and_nothing_more():
    used = {
        (name, path) for path, text in code().items() for name in private_names(ast.parse(text))
    }
    rows = listed()
    unlisted = [
        f"{path}: {name}"
        for name, path in sorted(used)
        if not any(name in names and (not files or path in files) for names, files in rows)
    ]
    assert unlisted == [], "docs/architecture.md has the list: do without, or say why"
    gone = []
    for names, files in rows:
        gone += [n for n in names if not any(n == name for name, _path in used)]
        gone += [f for f in files if not any((n, f) in used for n in names)]
    assert gone == [], "in the list, and used no more"


def test_whatever_is_called_private_is_found():
    source = "import a._b\nfrom c.internal.d import e\nfrom f import _g\nh._i\ngetattr(j, '_k')\n"
    source += "class L(M):\n    def _n(self): self.__class__\n"
    assert set(private_names(ast.parse(source))) == {"a._b", "c.internal.d", "_g", "_i", "_k", "_n"}


def test_every_file_that_a_document_names_is_there():
    folders = ("awareness", "pages", "stats", "deploy", "tests")
    there = {path.name for folder in folders for path in (ROOT / folder).rglob("*.py")}
    for doc in ("docs/architecture.md", "CONTRIBUTING.md"):
        text = (ROOT / doc).read_text("utf-8")
        paths = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", text)
        gone = [path for path in paths if not (ROOT / path).exists()]
        gone += set(re.findall(r"[\w.]+\.py\b", text)) - there
        assert gone == [], doc

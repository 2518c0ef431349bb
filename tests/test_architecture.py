"""The rooms of the house, and which way the imports run: docs/architecture.md."""

import ast
import re
from graphlib import CycleError, TopologicalSorter

from django.conf import settings

# A room imports those before it, and no others. The site's own files stand above all.
ROOMS = ["web", "content", "press", "audit", "accounts", "desk", "apps", "site"]
APPS = {"pages", "stats"}
SITE = {
    *("settings", "urls", "wsgi", "views", "search", "sitemaps", "dashboard", "errors", "health"),
    *("apps", "models", "admin", "scheduler", "backup", "management", "templatetags", "formats"),
    *("mailers", "launch", "sharing", "links"),
}


def modules():
    """{dotted name: its file}, without migrations."""
    folders = [settings.BASE_DIR / name for name in ("awareness", *APPS)]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    return {dotted(path): path for path in files if "migrations" not in path.parts}


def dotted(path):
    parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(name):
    """None for what stands in no room."""
    parts = name.split(".")
    if parts[0] in APPS:
        return "apps"
    if len(parts) == 1 or parts[1] in SITE:
        return "site"
    return parts[1] if parts[1] in ROOMS else None


def imported(name, path, known, also_in_functions=True):
    """The modules of ours that one module imports, relative ones too."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree) if also_in_functions else tree.body:
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in known)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            start = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            for each in node.names:
                longer = f"{start}.{each.name}"
                yield from (found for found in (longer, start) if found in known)


def test_every_module_stands_in_a_room():
    assert [name for name in modules() if room_of(name) is None] == []


def test_the_arrows_run_one_way():
    known, uphill = modules(), []
    for name, path in known.items():
        for other in imported(name, path, known):
            here, there = (ROOMS.index(room_of(each)) for each in (name, other))
            if there > here:
                uphill.append(f"{name} imports {other}")
    assert uphill == []


def test_the_two_apps_never_import_each_other():
    known = modules()
    for name, path in known.items():
        app = name.partition(".")[0]
        if app in APPS:
            others = {other.partition(".")[0] for other in imported(name, path, known)}
            assert others & APPS <= {app}, name


def test_strings_are_trusted_as_html_where_it_is_said():
    text = (settings.BASE_DIR / "awareness/templatetags/richtext.py").read_text()
    said = set(re.findall(r"\w+/\w+\.py", ast.get_docstring(ast.parse(text)))) | {"richtext.py"}
    trusting = [
        path for path in modules().values() if re.search("mark_safe|SafeString", path.read_text())
    ]
    told = {name for name in said if any(str(path).endswith(f"/{name}") for path in trusting)}
    assert (told, len(trusting)) == (said, len(said))


def test_no_circle_of_files():
    """Not counting what a function imports when it is called."""
    known = modules()
    arrows = {
        name: set(imported(name, path, known, also_in_functions=False)) - {name}
        for name, path in known.items()
    }
    packages = {name for name, path in known.items() if path.name == "__init__.py"}
    for name, others in arrows.items():  # a package that names its own parts is one thing
        arrows[name] = {o for o in others if not (o in packages and name.startswith(f"{o}."))}
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(error.args[1])) from None

"""Rich text. Either half can be replaced without a migration:
docs/decisions/0001-editor-and-sanitiser.md.
"""

from .editor import (
    EDITOR_CONFIG,
    RichTextField,
    RichTextFormField,
    RichTextWidget,
    check_hardening,
    hardening_problems,
)
from .figures import FIGURE, marked, numbers
from .outline import blocks, split
from .sanitiser import ALLOWED, CLASSES, MAX_BYTES, MAX_PARTS, Review, canonical, clean, review
from .words import in_lines

__all__ = [
    "ALLOWED",
    "CLASSES",
    "EDITOR_CONFIG",
    "FIGURE",
    "MAX_BYTES",
    "MAX_PARTS",
    "Review",
    "RichTextField",
    "RichTextFormField",
    "RichTextWidget",
    "blocks",
    "canonical",
    "check_hardening",
    "clean",
    "hardening_problems",
    "in_lines",
    "marked",
    "numbers",
    "review",
    "split",
]

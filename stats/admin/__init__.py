"""The desk where figures are entered: one file a feature."""

from . import definitions, figures

__all__ = ["definitions", "figures"]

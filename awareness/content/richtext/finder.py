"""Static files of the apps, but of CKEditor's 1,200 only the 35 that our editor can load.

Beside its core lie plugins from 2015 with known holes: what is not collected cannot be asked for.
"""

import re

from django.contrib.staticfiles.finders import AppDirectoriesFinder

KEEP = re.compile(
    r"ckeditor/(?:"
    r"ckeditor\.css|ckeditor-init\.js|fixups\.js"
    r"|ckeditor/(?:"
    r"ckeditor\.js|LICENSE\.md|lang/(?:en|es)\.js"
    r"|skins/moono-lisa/(?:(?:editor|editor_gecko|dialog)\.css|icons(?:_hidpi)?\.png|images/.+)"
    r"|plugins/(?:"
    r"icons(?:_hidpi)?\.png|dialog/styles/dialog\.css|table/dialogs/table\.js"
    r"|(?:pastefromword|pastefromlibreoffice|pastefromgdocs|pastetools)/filter/[a-z]+\.js"
    r"|clipboard/dialogs/paste\.js|a11yhelp/dialogs/(?:a11yhelp|lang/(?:en|es))\.js"
    r")))"
)


class TrimmedAppFinder(AppDirectoriesFinder):
    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            path_ = path.replace("\\", "/")
            if not path_.startswith("ckeditor/") or KEEP.fullmatch(path_):
                yield path, storage

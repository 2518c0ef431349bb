"""What may be asked of a change list: a few words, and the filters that stand beside it."""

import re
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, SEARCH_VAR
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext as _

from awareness.content.fields import words_alone
from awareness.content.lookups import pattern
from awareness.content.publishing import FIRST, LAST_YEAR

LONGEST = 100  # letters
MOST_WORDS = 12
AROUND = 60  # letters of an excerpt on each side of the word


@dataclass
class Query:
    text: str  # as the lists' own searches get it
    shortened: bool = False
    words: list = field(default_factory=list)

    @classmethod
    def read(cls, typed):
        typed = " ".join(typed.replace("\x00", " ").split())
        text = typed[:LONGEST]
        if text != typed:
            text = re.sub("[\"']", " ", text)  # the second of a pair may be gone
        bits = list(smart_split(text))
        query = cls(" ".join(bits[:MOST_WORDS]), text != typed or len(bits) > MOST_WORDS)
        for bit in bits[:MOST_WORDS]:  # as ModelAdmin.get_search_results reads them
            is_quoted = bit.startswith(('"', "'")) and bit[0] == bit[-1]
            query.words.append(unescape_string_literal(bit) if is_quoted else bit)
        return query

    @property
    def is_enough(self):
        """A single letter is in everything, and quotes around nothing are, too."""
        return sum(map(str.isalnum, "".join(self.words))) > 1

    def is_in(self, texts):
        """Whether each word is in any of them."""
        return all(
            any(re.search(pattern(word), text, re.IGNORECASE) for text in texts)
            for word in self.words
        )

    def excerpt(self, texts):
        """(what stands before, the word, what stands after) where one of the words is first."""
        wanted = re.compile("|".join(pattern(w) for w in self.words if w), re.IGNORECASE)
        for text in texts:
            text = " ".join(words_alone(text).split())
            if found := wanted.search(text):
                begin, end = found.span()
                before, after = text[max(begin - AROUND, 0) : begin], text[end : end + AROUND]
                if begin > AROUND:
                    before = "…" + before.partition(" ")[2]
                if len(text) > end + AROUND:
                    after = after.rpartition(" ")[0].rstrip(".,;:") + "…"
                return before, found.group(), after
        return None


class ListLimits:
    """For a ModelAdmin, before it in the bases: what may be asked of its list.

    A few words: each is looked for in each field of each row, 2,000 were more than a database
    takes, and 900 kept a process busy for seconds. And the filters that stand beside the list:
    Django takes any lookup in the address, and one regular expression silenced the site.
    """

    def lookup_allowed(self, lookup, value, request):
        if not self.is_offered(lookup, value, request):
            raise IncorrectLookupParameters  # Django shows the whole list then
        return True

    def is_offered(self, lookup, value, request):
        dates = self.date_hierarchy
        if dates and lookup == f"{dates}__year":
            return len(value) == 4 and value.isdecimal() and FIRST.year < int(value) < LAST_YEAR
        offered = {"id__in", f"{dates}__month", f"{dates}__day"}  # the first page links to the ids
        for name in self.get_list_filter(request):
            if not isinstance(name, str):
                offered.add(name.parameter_name)
                continue
            field = self.opts.get_field(name)
            own = f"{name}__{field.target_field.name}" if field.is_relation else name
            offered |= {f"{own}__exact", f"{name}__isnull"}
        return lookup in offered

    def changelist_view(self, request, extra_context=None):
        if ERROR_FLAG in request.GET:
            message = _(
                "This list has no such filter, so all of it is shown. Choose a filter on the side."
            )
            messages.warning(request, message)
        query = Query.read(request.GET.get(SEARCH_VAR, ""))
        if query.shortened:
            message = _("That was too many words. We searched only for these: %(text)s")
            messages.warning(request, message % {"text": query.text})
        return super().changelist_view(request, extra_context)

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, Query.read(search_term).text)

    def get_changelist_instance(self, request):
        """“19 results (Show all)” is for those who do not see all of it."""
        changelist = super().get_changelist_instance(request)
        if not (changelist.query or changelist.get_filters_params()):
            changelist.full_result_count = changelist.result_count
        return changelist

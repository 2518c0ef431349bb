"""Accounts and roles, in plain words, with a line in the audit list for every change of rights."""

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.contrib.auth import admin as django_auth
from django.contrib.auth.forms import (
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
)
from django.contrib.auth.models import Group, User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.accounts.invite_admin import Invites
from awareness.accounts.plain_rights import PlainRights
from awareness.accounts.rights import (
    differences,
    doubts,
    is_less,
    missing,
    rights_of_account,
    rights_of_role,
    with_rights,
)
from awareness.accounts.second_step import Authenticator, has_second_step, take_away
from awareness.accounts.sessions import UserSession, end_sessions
from awareness.accounts.superusers import are_the_last, refusal, whole_site
from awareness.audit.record import Kind, record
from awareness.content.list_limits import ListLimits
from awareness.content.transactions import writing

WORDS = {  # label, help text
    "first_name": (gettext_lazy("First name"), ""),
    "last_name": (gettext_lazy("Last name"), ""),
    "email": (gettext_lazy("E-mail"), ""),
    "is_active": (
        gettext_lazy("Active"),
        gettext_lazy(
            "Unchecked: this person can no longer sign in. When somebody leaves, uncheck this "
            "instead of deleting the account."
        ),
    ),
    "is_staff": (
        gettext_lazy("May enter the admin"),
        gettext_lazy("Checked: this person can sign in here. Their role says what they can do."),
    ),
    "groups": (
        gettext_lazy("Role"),
        gettext_lazy(
            "Editor: writes and changes drafts and asks for a review, but does not publish. "
            "Publisher: also publishes, unpublishes, deletes, and reorders. Roles show what "
            "each role may do."
        ),
    ),
    "is_superuser": (
        gettext_lazy("Full rights"),
        gettext_lazy(
            "Checked: this person can do everything, with or without a role, including "
            "managing accounts and roles. For one or two people you trust with the whole site."
        ),
    ),
    "user_permissions": (
        gettext_lazy("Individual rights"),
        gettext_lazy("In addition to those of the role. Rarely needed."),
    ),
}
PERSON = ["username", ("first_name", "last_name"), "email"]
MAY = gettext_lazy("What this person may do")


@receiver(user_logged_in, dispatch_uid="awareness.accounts.admin")
def signed_in(sender, request, user, **kwargs):
    """A signal, since every way of signing in sends it and Django offers nothing else."""
    record(Kind.SIGNED_IN, user)


class Password(ReadOnlyPasswordHashWidget):
    def render(self, name, value, attrs=None, renderer=None):
        """Without how it is stored, which says nothing to anybody here."""
        return format_html('<a class="button" href="../password/">{}</a>', _("Set a new password"))


class AccountForm(UserChangeForm):
    password = ReadOnlyPasswordHashField(
        label=gettext_lazy("Password"),
        widget=Password,
        help_text=gettext_lazy("Nobody can see it. If it was forgotten, set a new one."),
    )

    def clean_username(self):
        """Signing in heeds no capitals: two names that differ in them would shut both out."""
        name = self.cleaned_data["username"]
        others = User.objects.exclude(pk=self.instance.pk)
        if others.filter(username__iexact=name).exists():
            raise forms.ValidationError(User._meta.get_field("username").error_messages["unique"])
        return name

    def clean(self):
        given = super().clean()
        needed = ["is_active", "is_staff", "is_superuser"]
        lost = [name for name in needed if given.get(name) is False]
        if lost and are_the_last([self.instance]):
            self.add_error(lost[0], refusal(self.instance.get_username()))
        return given


class RightsAdmin(PlainRights, ListLimits, admin.ModelAdmin):
    """Compares what somebody may do before and after, and writes down the difference.

    Who builds on it says by ``rights(item)`` what that is (awareness/accounts/rights.py), and by
    ``accounts(item)`` whose it is: they are signed out when it becomes less.
    """

    kind_of_new = Kind.RIGHTS
    only_from_above = []  # fields with which one could give oneself all: only for who may do all

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else [*fixed, *self.only_from_above]

    def save_model(self, request, obj, form, change):
        form.rights_before = self.rights(self.model.objects.get(pk=obj.pk)) if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        before, after = form.rights_before, self.rights(form.instance)
        note = differences(before, after)
        if note:
            record(Kind.RIGHTS if change else self.kind_of_new, request.user, form.instance, note)
        if before and is_less(before, after):
            end_sessions(self.accounts(form.instance))

    def log_deletions(self, request, queryset):
        for item in queryset:
            record(Kind.RIGHTS, request.user, item, self.deleted)
            end_sessions(self.accounts(item))
        return super().log_deletions(request, queryset)

    def changelist_view(self, request, extra_context=None):
        """What an action deletes and what is written of it: both or neither."""
        with writing(request):
            return super().changelist_view(request, extra_context)


class AccountAdmin(Invites, RightsAdmin, django_auth.UserAdmin):
    deleted = gettext_lazy("Account deleted.")
    form = AccountForm
    kind_of_new = Kind.INVITED
    list_display = ["username", "name", "missing", "email", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    readonly_fields = ["last_login", "date_joined", "second_step"]
    actions = ["delete_selected", "take_second_step_away", "invite_again"]
    only_from_above = ["is_superuser", "user_permissions"]
    fieldsets = [
        (None, {"fields": [*PERSON, "password", "second_step"]}),
        (MAY, {"fields": ["is_active", "is_staff", "groups", "is_superuser"]}),
        (
            gettext_lazy("Individual rights"),
            {"classes": ["collapse"], "fields": ["user_permissions"]},
        ),
        (gettext_lazy("Dates"), {"fields": [("last_login", "date_joined")]}),
    ]

    def rights(self, item):
        return rights_of_account(item)

    def accounts(self, item):
        return [item]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for sentence in doubts(form.instance):
            messages.warning(request, sentence)

    # --- Who may change whom -----------------------------------------------------------

    def outranks(self, request, account):
        return not (account and account.is_superuser) or request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.outranks(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.outranks(request, obj)

    # --- The form ----------------------------------------------------------------------

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in WORDS:
            kwargs["label"], kwargs["help_text"] = WORDS[db_field.name]
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups" and field:
            field.widget.can_add_related = False
        return field

    # --- Passwords ---------------------------------------------------------------------

    def user_change_password(self, request, id, form_url=""):
        with writing(request):
            before = self.get_object(request, unquote(id))
            response = super().user_change_password(request, id, form_url)
            after = self.get_object(request, unquote(id))
            if before.password != after.password:
                usable = after.has_usable_password()
                note = _("Password changed.") if usable else _("Password removed.")
                record(Kind.RIGHTS, request.user, after, note)
                # Django has given the session that did it a new key, by which it can be ended.
                UserSession.objects.create_from_request(request)
        return response

    @admin.display(description=gettext_lazy("Second step"))
    def second_step(self, account):
        return _("is set up") if has_second_step(account) else _("is missing")

    @admin.action(
        permissions=["change"],
        description=gettext_lazy("Remove the second step (lost phone)"),
    )
    def take_second_step_away(self, request, queryset):
        """Its accounts are signed out, and set it up anew the next time they sign in."""
        may = [account for account in queryset if self.outranks(request, account)]
        for account in may:
            take_away(account, request.user)
        names = " + ".join(account.get_username() for account in may)
        if names:
            told = _("“%(names)s” will be asked to add a second step at the next sign-in.")
            self.message_user(request, told % {"names": names})

    # --- Deleting ----------------------------------------------------------------------

    def delete_view(self, request, object_id, extra_context=None):
        with writing(request):
            account = self.get_object(request, unquote(object_id))
            if self.has_delete_permission(request, account) and account and are_the_last([account]):
                self.message_user(request, refusal(account.get_username()), messages.ERROR)
                return HttpResponseRedirect(reverse("admin:auth_user_change", args=[account.pk]))
            return super().delete_view(request, object_id, extra_context)

    @admin.action(
        permissions=["delete"],
        description=gettext_lazy("Delete selected %(verbose_name_plural)s"),
    )
    def delete_selected(self, request, queryset):
        if are_the_last(queryset):
            names = " + ".join(whole_site().values_list("username", flat=True))
            self.message_user(request, refusal(names), messages.ERROR)
            return None
        return delete_selected(self, request, queryset)

    # --- The list ----------------------------------------------------------------------

    def get_queryset(self, request):
        return with_rights(super().get_queryset(request)).prefetch_related("groups")

    @admin.display(description=gettext_lazy("what is missing"))
    def missing(self, account):
        return ", ".join(missing(account)) or "–"

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def name(self, account):
        return account.get_full_name() or "–"

    @admin.display(description=gettext_lazy("role"))
    def roles(self, account):
        if account.is_superuser:
            return _("Full rights")
        return ", ".join(group.name for group in account.groups.all()) or "–"


class RoleAdmin(RightsAdmin, django_auth.GroupAdmin):
    deleted = gettext_lazy("Role deleted.")
    only_from_above = ["permissions"]

    def rights(self, item):
        return rights_of_role(item)

    def accounts(self, item):
        return list(item.user_set.all())


admin.site.unregister([User, Group])  # Django's own, registered by the import above
# allauth's: secrets are in them, and all that staff need of them is on an account's own pages.
admin.site.unregister([EmailAddress, Authenticator, UserSession])
admin.site.register(User, AccountAdmin)
admin.site.register(Group, RoleAdmin)

"""Accounts are added by inviting people: nobody ever knows another person's password."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.accounts.invitations import link_for, send_invitation, waits


class InviteForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "groups", "is_superuser"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first_name", "email"):
            self.fields[name].required = True

    def clean_email(self):
        email = self.cleaned_data["email"]
        there = User.objects.filter(email__iexact=email).first()
        if there:
            told = _(
                "“%(name)s” has this address already. If the invitation was never used, choose "
                "“Invite again” in the list."
            )
            raise forms.ValidationError(told % {"name": there.get_username()})
        return email

    def clean(self):
        given = super().clean()
        if not (given.get("groups") or given.get("is_superuser")):
            self.add_error("groups", _("Choose a role: without one, this person can do nothing."))
        return given

    def save(self, commit=True):
        account = self.instance
        account.username, account.is_staff = self.free_username(), True
        account.set_unusable_password()
        return super().save(commit)

    def free_username(self):
        """“ana.ruiz”: of the name, or, in other letters than Latin ones, of the address."""
        name = slugify(f"{self.instance.first_name} {self.instance.last_name}").replace("-", ".")
        name = (name or slugify(self.instance.email.partition("@")[0]) or "colleague")[:120]
        taken = User.objects.filter(username__istartswith=name).values_list("username", flat=True)
        taken, number, free = {each.lower() for each in taken}, 1, name
        while free in taken:
            number += 1
            free = f"{name}{number}"
        return free


class Invites:
    """For the admin of accounts, before Django's. What is mailed is mailed when all of it stands in
    the database, and no longer keeps others from writing."""

    add_form = InviteForm
    add_form_template = "admin/auth/user/invite.html"
    add_fieldsets = [(None, {"fields": [("first_name", "last_name"), "email", "groups"]})]

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        if obj is None and request.user.is_superuser:
            return [*found, (None, {"fields": ["is_superuser"]})]
        return found

    def add_view(self, request, form_url="", extra_context=None):
        title = {"title": _("Invite a colleague"), **(extra_context or {})}
        answer = super().add_view(request, form_url, title)
        return self.hand_over(request) or answer

    def changelist_view(self, request, extra_context=None):
        answer = super().changelist_view(request, extra_context)
        return self.hand_over(request) or answer

    def response_add(self, request, obj, post_url_continue=None):
        request.invited = [obj]
        return HttpResponseRedirect(reverse("admin:auth_user_changelist"))

    @admin.action(
        permissions=["change"], description=gettext_lazy("Invite again (the first link was lost)")
    )
    def invite_again(self, request, queryset):
        chosen = [account for account in queryset if waits(account) and account.is_active]
        request.invited = [account for account in chosen if self.outranks(request, account)]
        for account in request.invited:  # another unusable password: links from before are dead
            account.set_unusable_password()
            account.save(update_fields=["password"])
        if not request.invited:
            told = _("Nobody was invited: these people have signed in already, or may not sign in.")
            self.message_user(request, told, messages.WARNING)

    def hand_over(self, request):
        """None when all were mailed; else a page with the links, shown this once."""
        left = []
        for account in getattr(request, "invited", []):
            link, name = link_for(account), {"name": account.get_full_name(), "to": account.email}
            if account.email and send_invitation(account, link, request.user):
                told = _("An invitation for %(name)s was sent to %(to)s. It works for three days.")
                messages.success(request, told % name)
            else:
                left.append((account, link))
        if not left:
            return None
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Hand over this link"),
            "links": left,
        }
        return TemplateResponse(request, "admin/auth/user/invitation.html", context)

"""Where an administrator adds people and places, gives roles and ends them.

Nobody is deleted here, and no role: the trail speaks of them. Each change is told to the trail.
"""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm, TypedChoiceField
from django.http import HttpRequest

from mscc import clock
from mscc.events import Actor
from mscc.people import changes
from mscc.people.models import Assignment, Channel, ContactPoint, Organisation, User

admin.site.site_header = admin.site.site_title = "People and places – MSCC coordination"
admin.site.index_title = "Administration"


class _Kept(admin.ModelAdmin):
    """What is never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AssignmentInline(admin.TabularInline):
    model = Assignment
    extra = 0
    autocomplete_fields = ("organisation",)
    can_delete = False  # a role is ended, so that the past stays true


class ContactForm(ModelForm):
    """A way to be reached; at another address nothing is proven, and nothing has failed, yet."""

    def save(self, commit: bool = True) -> ContactPoint:
        if {"channel", "address"} & set(self.changed_data):
            self.instance.proven_at = self.instance.marked_bad_at = None
        kept: ContactPoint = super().save(commit)
        return kept


class PlaceContactForm(ContactForm):
    """The last resort of a place: messages only, since nobody makes a telephone ring by itself."""

    channel = TypedChoiceField(
        choices=[
            ("", "---------"),
            *(c for c in Channel.choices if c[0] not in (Channel.VOICE, Channel.PUSH)),
        ]
    )


class ContactInline(admin.TabularInline):
    model = ContactPoint
    form = ContactForm
    extra = 0
    fields = ("channel", "address", "priority", "proven_at", "marked_bad_at")
    readonly_fields = ("proven_at", "marked_bad_at")


class PlaceContactInline(ContactInline):
    form = PlaceContactForm
    fields = ("channel", "address", "priority", "marked_bad_at")
    readonly_fields = ("marked_bad_at",)
    verbose_name = "way to tell the switchboard"
    verbose_name_plural = "Switchboard: told when nobody on duty can be reached"


@admin.register(User)
class UserAdmin(_Kept):
    list_display = ("name", "email", "job_title", "is_active")
    list_filter = ("is_active", "assignments__role")
    search_fields = ("name", "email")
    fields = ("email", "name", "job_title", "phone", "is_active")
    inlines = (AssignmentInline, ContactInline)
    actions = ("sign_out_everywhere",)

    @admin.action(description="Sign out everywhere")
    def sign_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For a lost phone or a stolen token: they can sign in again."""
        for person in queryset:
            changes.end_every_session(person, by=Actor.user(request.user), at=clock.now())

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """Keep a person; a new one chooses a password by the link for a forgotten one."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not form.changed_data:
            return
        by, at = Actor.user(request.user), clock.now()
        if "is_active" in form.changed_data and not obj.is_active:
            changes.disable(obj, by=by, at=at)
        else:
            changes.tell(obj.pk, "changed" if change else "added", by=by, at=at, held=None)

    def save_formset(
        self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool
    ) -> None:
        """Keep the roles and contact points that were added or changed."""
        super().save_formset(request, form, formset, change)
        by, at = Actor.user(request.user), clock.now()
        for kept, what in (
            *((kept, "added") for kept in formset.new_objects),
            *((kept, "changed") for kept, _ in formset.changed_objects),
            *((kept, "removed") for kept in formset.deleted_objects),
        ):
            held = kept if isinstance(kept, Assignment) else None
            thing = "role" if held else "contact"
            changes.tell(form.instance.pk, f"{thing} {what}", by=by, at=at, held=held)


@admin.register(Organisation)
class OrganisationAdmin(_Kept):
    list_display = ("name", "kind", "parent", "code")
    list_filter = ("kind",)
    search_fields = ("name", "code")
    autocomplete_fields = ("parent",)
    fields = ("kind", "parent", "name", "code", "phone")
    inlines = (PlaceContactInline,)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Organisation | None = None
    ) -> tuple[str, ...]:
        # Moving a place would move the past with it.
        return ("kind", "parent") if obj else ()

    @transaction.atomic
    def save_model(
        self, request: HttpRequest, obj: Organisation, form: ModelForm, change: bool
    ) -> None:
        """Keep a place."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            self._tell(request, obj, "changed" if change else "added")

    def save_formset(
        self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool
    ) -> None:
        """Keep how its switchboard is told."""
        super().save_formset(request, form, formset, change)
        for what, kept in (
            ("added", formset.new_objects),
            ("changed", formset.changed_objects),
            ("removed", formset.deleted_objects),
        ):
            for _ in kept:
                self._tell(request, form.instance, f"contact {what}")

    @staticmethod
    def _tell(request: HttpRequest, place: Organisation, change: str) -> None:
        changes.tell_of_place(place, change, by=Actor.user(request.user), at=clock.now())

"""Roles held at places, and how they are read."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from mscc import clock
from mscc.people.loading import person_by_id, person_by_token
from mscc.people.models import Assignment, Organisation, User
from mscc.people.roles import Permission
from tests.factories.people import (
    LONG_AGO,
    AssignmentFactory,
    OrganisationFactory,
    Place,
    UserFactory,
    person,
)

pytestmark = pytest.mark.django_db


def loaded(user, at=None):
    return User.objects.with_assignments(at or clock.now()).get(pk=user.pk)


def test_a_person_and_all_their_roles_arrive_in_one_statement(django_assert_num_queries):
    place = Place.build()
    somebody = person("coordinator", place)
    AssignmentFactory(user=somebody, role="service_lead", organisation=place.trust)
    AssignmentFactory(
        user=somebody, role="specialty_contact", organisation=place.trust, specialty="oncology"
    )
    with django_assert_num_queries(1):
        found = loaded(somebody)
        held = [(h.role.key, h.place.name, h.specialty) for h in found.assignments_now]
        assert found.can(Permission.SEE_FIGURES)
    assert held == [
        ("coordinator", place.alliance.name, None),
        ("service_lead", place.trust.name, None),
        ("specialty_contact", place.trust.name, "oncology"),
    ]


def test_the_statement_of_a_request_answers_as_the_query_does(django_assert_num_queries):
    place, now = Place.build(), clock.now()
    somebody = person("coordinator", place)
    AssignmentFactory(
        user=somebody, role="specialty_contact", organisation=place.ward, specialty="radiology"
    )
    AssignmentFactory(user=somebody, role="referrer", organisation=place.ward, starts_at=now)
    AssignmentFactory(user=somebody, role="referrer", organisation=place.trust, ends_at=now)
    person("referrer", place)
    with django_assert_num_queries(1):
        by_id = person_by_id(somebody.pk, now)
    assert by_id == somebody
    assert by_id.assignments_now == loaded(somebody, now).assignments_now
    assert [held.role.key for held in by_id.assignments_now] == [
        "coordinator",
        "specialty_contact",
        "referrer",
    ]


def test_somebody_disabled_or_unknown_is_not_loaded():
    gone = person("coordinator", is_active=False)
    assert person_by_id(gone.pk, clock.now()) is None
    assert person_by_id(0, clock.now()) is None
    assert person_by_token("x" * 40, clock.now()) is None


def test_somebody_without_a_role_is_loaded_with_none():
    assert person_by_id(UserFactory().pk, clock.now()).assignments_now == ()


def test_roles_can_also_be_read_from_a_person_loaded_plainly(django_assert_num_queries):
    somebody = User.objects.get(pk=person("coordinator").pk)
    with django_assert_num_queries(1):
        assert somebody.holds("coordinator")
        assert not somebody.holds("administrator")


def test_a_role_counts_from_its_start_until_just_before_its_end():
    now = clock.now()
    place = Place.build()
    somebody = UserFactory()
    held = AssignmentFactory(
        user=somebody,
        organisation=place.alliance,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )
    at = Assignment.objects.current
    assert not at(now - timedelta(microseconds=1)).exists()
    assert at(now).get() == held
    assert at(now + timedelta(minutes=59)).exists()
    assert not at(now + timedelta(hours=1)).exists()


def test_a_role_covers_its_place_and_everything_inside_and_nothing_beside():
    here, there = Place.build(), Place.build()
    beside = Place.build(here.alliance)
    lead = loaded(person("service_lead", here.trust))
    for inside in (here.trust, here.hospital, here.ward):
        assert lead.can(Permission.SEE_REFERRALS, inside)
    for outside in (here.alliance, beside.trust, beside.ward, there.trust, there.ward):
        assert not lead.can(Permission.SEE_REFERRALS, outside)


def test_places_of_a_permission_give_one_condition_each():
    place = Place.build()
    somebody = loaded(person("referrer", place))
    [ward] = somebody.places(Permission.SEE_REFERRALS)
    assert ward.condition() == {"ward_id": place.ward.pk}
    assert ward.condition("referral__") == {"referral__ward_id": place.ward.pk}
    assert (ward.alliance_id, ward.trust_id, ward.hospital_id) == (
        place.alliance.pk,
        place.trust.pk,
        place.hospital.pk,
    )
    assert somebody.places(Permission.MANAGE_PEOPLE) == []


def test_people_holding_a_role_are_found_at_a_place_and_around_it():
    here, there = Place.build(), Place.build()
    at_alliance = person("coordinator", here)
    at_trust = person("coordinator", here.trust)
    person("coordinator", there)
    person("coordinator", here, is_active=False)
    person("senior_clinician", here)
    found = User.objects.holding("coordinator", here.ward, clock.now())
    assert set(found) == {at_alliance, at_trust}


def test_everything_within_a_place_is_found():
    here = Place.build()
    Place.build()
    inside = Organisation.objects.within(here.trust)
    assert set(inside) == {here.trust, here.hospital, here.ward}
    assert set(Organisation.objects.within(here.alliance.ref)) == {here.alliance, *inside}


@pytest.mark.parametrize(
    ("role", "specialty"), [("specialty_contact", None), ("coordinator", "oncology")]
)
def test_a_specialty_belongs_to_a_specialty_contact_and_to_nobody_else(role, specialty):
    place = Place.build()
    with pytest.raises(IntegrityError, match="assignment_specialty_for_specialty_contacts_only"):
        AssignmentFactory(role=role, specialty=specialty, organisation=place.trust)


def test_an_unknown_role_cannot_be_stored():
    with pytest.raises(IntegrityError, match="assignment_role_is_known"):
        AssignmentFactory(role="emperor")


def test_the_same_open_role_is_held_once():
    first = AssignmentFactory()
    with pytest.raises(IntegrityError, match="assignment_open_once"):
        AssignmentFactory(user=first.user, organisation=first.organisation)


def test_a_role_ends_after_it_starts():
    with pytest.raises(IntegrityError, match="assignment_ends_after_it_starts"):
        AssignmentFactory(ends_at=LONG_AGO)


def test_a_role_is_refused_where_it_cannot_be_held():
    place = Place.build()
    wrong = Assignment(
        user=UserFactory(), role="alliance_lead", organisation=place.ward, starts_at=LONG_AGO
    )
    with pytest.raises(ValidationError, match="held at"):
        wrong.full_clean()


@pytest.mark.parametrize(
    ("kind", "parent"),
    [("trust", None), ("ward", "trust"), ("hospital", "alliance"), ("alliance", "alliance")],
)
def test_a_place_sits_where_its_kind_belongs(kind, parent):
    place = Place.build()
    with pytest.raises(IntegrityError, match="organisation_sits_where_its_kind_belongs"):
        OrganisationFactory(kind=kind, parent=getattr(place, parent) if parent else None)


def test_an_email_address_belongs_to_one_person_however_it_is_typed():
    User.objects.create_user("Sam@Example.NHS.uk", name="Sam")
    with pytest.raises(IntegrityError):
        User.objects.create_user("sam@example.nhs.uk", name="Other Sam")

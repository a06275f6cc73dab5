"""The care bundle on the person's page: what applies, what is due, and recording it."""

from datetime import timedelta

import pytest

from mscc import clock
from referrals.clinical import bundle
from referrals.clinical.bundle import Status
from referrals.domain import care
from referrals.domain.care import CareGiven, Told
from referrals.domain.refusals import IllegalTransition, Invalid, NeedsConfirmation
from referrals.models import CareEntry
from tests.factories.referrals import AT, METASTASES, ReferralFactory, command, refer

GIVEN, NOT_APPLICABLE = "given", "not_applicable"


def entries(referral):
    found = CareEntry.objects.filter(referral=referral).order_by("item")
    return [(each.item, each.status, each.reason) for each in found]


def on_steroids(team, at=AT):
    return refer(team, at=at, sections={"care": {"dexamethasone": "yes"}})


# The command


def record(referral, team, *told, at=AT, **more):
    given = CareGiven(tuple(Told(*each) for each in told), **more)
    return care.record_care(referral.pk, given, command=command(team.coordinator, at))


def test_the_states_of_an_item_are_the_same_for_the_rules_and_on_record():
    assert {each.value for each in Status} == set(CareEntry.Status.values)


def test_several_items_are_recorded_at_once(team):
    referral = refer(team)
    record(referral, team, ("skin", GIVEN), ("stockings", "contraindicated", "Leg ulcer"))
    record(referral, team, ("skin", "declined", "Asleep"))

    assert entries(referral) == [
        ("skin", "given", ""),
        ("skin", "declined", "Asleep"),
        ("stockings", "contraindicated", "Leg ulcer"),
    ]
    referral.refresh_from_db()
    assert referral.care_stale


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ([], "told"),
        ([("skin", "declined")], "skin_reason"),
        ([("skin", "declined", "  ")], "skin_reason"),
        ([("skin", "perhaps")], "skin_status"),
        ([("tea", GIVEN)], "tea_status"),
        ([("skin", GIVEN), ("skin", GIVEN)], "skin_status"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_item(team, told, field):
    referral = refer(team)
    with pytest.raises(Invalid) as refused:
        record(referral, team, *told)

    assert list(refused.value.errors) == [field]
    assert entries(referral) == []


def test_what_does_not_fit_is_asked_about_and_kept_when_confirmed(team):
    referral = on_steroids(team)
    told = ("dexamethasone", NOT_APPLICABLE, "None given")
    with pytest.raises(NeedsConfirmation) as asked:
        record(referral, team, told)
    assert "a course is running" in asked.value.errors["dexamethasone_status"]

    record(referral, team, told, confirmed=True)
    assert entries(referral) == [told]


def test_nothing_is_recorded_on_a_closed_referral(team):
    referral = ReferralFactory(team=team, discharged=True)
    with pytest.raises(IllegalTransition):
        record(referral, team, ("skin", GIVEN), at=AT + timedelta(hours=1))


# The page


def test_what_applies_comes_first_with_when_it_is_due_and_where_it_comes_from(
    team, coordinator, form
):
    referral = on_steroids(team, clock.now() - timedelta(hours=6))
    opened = form(coordinator, referral, "care").opened

    assert opened.status == 200
    now, _, rest = opened.html.partition("What may apply")
    assert 'id="item-stomach_protection"' in now
    assert "Overdue by 2 h" in opened.text
    assert "#r-1-8-8" in now
    assert 'id="item-end_of_life_care"' in rest
    # Dexamethasone was told of by the ward: nobody has to write it down twice.
    assert "Last: Given" in opened.text


def test_care_is_recorded_shown_on_the_card_and_told_in_the_timeline(team, coordinator, form, page):
    referral = on_steroids(team, clock.now() - timedelta(hours=6))
    sent = form(coordinator, referral, "care").send(
        stomach_protection_status=GIVEN,
        glucose_status="declined",
        glucose_reason="Needle phobia",
        given_at__choice="now",
    )
    assert sent.status == 302, sent.text

    shown = page(coordinator, sent.url).text
    assert (
        "Care recorded. Stomach protection (PPI): given. Blood glucose: offered and declined"
        in (shown)
    )
    assert "Needle phobia" in shown
    assert "Blood glucose : Offered and declined: Needle phobia" in shown
    assert CareEntry.objects.filter(referral=referral).count() == 2


def test_the_card_says_what_is_overdue_in_a_word_and_leads_to_the_form(
    team, coordinator, a_referral, page
):
    referral = a_referral(at=clock.now() - timedelta(hours=3))
    shown = page(coordinator, f"/referrals/{referral.reference}/")

    card = shown.html.partition('id="care"')[2].partition('id="dexamethasone"')[0]
    assert "Immobilisation overdue by 2 h" in " ".join(card.split())
    assert f"/referrals/{referral.reference}/care/" in card


def test_a_reason_without_a_choice_and_a_choice_without_a_reason_are_asked_for(
    team, coordinator, a_referral, form
):
    referral = a_referral()
    care_form = form(coordinator, referral, "care")

    assert "Say what became of at least one item." in care_form.send().text
    lonely = care_form.send(skin_reason="Red heel")
    assert lonely.status == 422
    assert "say what became of it" in lonely.text
    bare = care_form.send(skin_status="declined")
    assert bare.status == 422
    assert "Skin and pressure ulcers: say why." in bare.text
    assert entries(referral) == []


def test_a_contradiction_is_asked_once_and_saved_when_confirmed(team, coordinator, form):
    referral = on_steroids(team, clock.now() - timedelta(hours=1))
    typed = {"dexamethasone_status": NOT_APPLICABLE, "dexamethasone_reason": "Not wanted"}
    care_form = form(coordinator, referral, "care")
    asked = care_form.send(**typed)
    assert asked.status == 422
    assert "a course is running" in asked.text
    assert "I have checked this, and it is right" in asked.text

    assert care_form.send_on(**typed, confirmed="on").status == 302
    assert entries(referral) == [("dexamethasone", NOT_APPLICABLE, "Not wanted")]


def test_what_was_recorded_more_than_once_has_its_history(team, coordinator, form):
    referral = refer(team, at=clock.now() - timedelta(hours=3))
    at = clock.now() - timedelta(hours=2)
    record(referral, team, ("skin", GIVEN), at=at)
    record(referral, team, ("skin", "declined", "Asleep"), at=at + timedelta(minutes=5))

    assert "Recorded 2 times" in form(coordinator, referral, "care").opened.text


def test_every_item_can_be_told_whether_it_applies_or_not(team, coordinator, a_referral, form):
    opened = form(coordinator, a_referral(presentation=METASTASES), "care").opened

    for item in bundle.all_items():
        assert f'id="item-{item.key}"' in opened.html


def test_somebody_who_may_not_record_is_refused(team, signed_in, a_referral):
    referral = a_referral()
    nurse = signed_in(team.nurse)
    assert nurse.get(f"/referrals/{referral.reference}/care/").status_code in (403, 404)

import pytest

from referrals.models import Referral
from tests.web.intake.reading import text

pytestmark = pytest.mark.django_db


def test_a_ward_refers_in_six_short_steps(nurse):
    nurse.fill("limb_weakness")
    page = nurse.get("check")
    assert "6 of 6: check and send" in text(page)
    answer = nurse.send()
    referral = Referral.objects.get()
    assert answer.url == f"/referrals/{referral.reference}/sent/"
    page = nurse.browser.get(answer.url)
    assert referral.suspicion == "mscc"

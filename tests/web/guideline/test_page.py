"""The page of the guideline: everything is there, can be found, and says where it lives."""

import re

import pytest
from django.test import Client

from referrals.clinical import library
from referrals.clinical.library import LibraryError
from referrals.views.guideline_places import LETTERS, SCREENS, SETTINGS, place
from tests.factories.people import person


@pytest.fixture
def browser(db, signed_in):
    return signed_in(person("referrer"))


def numbers_in(html):
    return re.findall(r'<article class="mscc-guide" id="(r-[\w-]+)"', html)


@pytest.fixture
def look(browser):
    """`look(q="taper")`: the page of a search; its words, and the anchors of what was found."""

    def get(**asked):
        answer = browser.get("/guideline/", asked)
        assert answer.status_code == 200
        html = answer.content.decode()
        return html, numbers_in(html)

    return get


def anchors(*sources):
    return [library.said(source).anchor for source in sources]


def test_the_page_asks_for_a_sign_in():
    assert Client().get("/guideline/").url.startswith("/accounts/login/")


def test_everything_is_there_in_the_librarys_order(look):
    html, found = look()
    assert found == anchors(*library.entries())
    assert "All 117 recommendations" in html


def test_every_source_a_rule_may_name_has_its_place_on_the_page(look):
    html, _ = look()
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(anchors(*library.sources())) <= ids


def test_no_two_places_of_the_page_share_a_name(look):
    ids = re.findall(r'\bid="([^"]+)"', look()[0])
    assert len(ids) == len(set(ids))


def test_each_entry_says_how_strongly_for_whom_and_where_it_lives(look):
    html, _ = look(q="1.4.4")
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    each = library.recommendation("1.4.4")
    for said in (each.wording, each.for_whom, "Ensure", "2023"):
        assert said in text
    assert f"Clock: {library.target('stability_24h').name}" in text
    assert re.search(r"Rules: [\w., ]*immobilisation\.expert_advice", text)


def test_another_source_is_headed_by_its_name_with_its_capitals(look):
    assert re.search(r"<h4[^>]*>Urgent MRI</h4>", look(q="urgent mri", section="summary")[0])


def test_a_place_that_is_a_page_is_a_link(look):
    assert '<a href="/duty/">On duty</a>' in look(q="1.1.7")[0]


def test_what_stays_with_people_is_said(look):
    assert "Stays with people:" in look(q="1.1.7")[0]


def test_what_is_left_to_practice_says_why(look):
    html, found = look(q="1.1.4")
    assert found == ["r-1-1-4"]
    assert library.recommendation("1.1.4").practice in html


def test_a_number_finds_itself_and_the_start_of_a_number_its_section(look):
    assert look(q="1.8.1")[1] == ["r-1-8-1"]
    assert look(q="NG234 1.1.1")[1] == ["r-1-1-1"]
    assert look(q="1.1")[1] == anchors(*(f"1.1.{last}" for last in range(1, 29)))


@pytest.mark.parametrize("words", ["stem cell", "STEM cell", "harvest stem"])
def test_words_are_found_in_any_order_and_case(look, words):
    assert "r-1-10-3" in look(q=words)[1]


def test_what_the_product_does_can_be_searched(look):
    assert "r-1-8-1" in look(q="steroids.first_dose")[1]
    assert "r-1-5-2" in look(q="clock mri")[1]


def test_section_and_strength_narrow_what_is_shown(look):
    assert look(section="1.9")[1] == anchors("1.9.1", "1.9.2", "1.9.3")
    assert look(section="1.5", strength="do_not")[1] == anchors("1.5.6", "1.5.9")
    assert all(found.startswith("r-summary-") for found in look(section="summary")[1])


def test_a_search_that_fits_nothing_says_so_and_leads_back(look):
    html, found = look(q="zebra")
    assert found == []
    assert "Nothing fits" in html
    assert 'href="/guideline/"' in html


def test_what_was_typed_is_shown_as_text(look):
    html, _ = look(q='"><script>alert(1)</script>')
    assert "<script>alert(1)" not in html


def test_an_unknown_filter_finds_nothing_and_a_long_search_is_cut(look):
    assert look(section="9.9")[1] == []
    assert look(q="x" * 5000)[1] == []


def test_the_page_is_in_the_menu_of_whoever_is_signed_in(look):
    assert re.search(r'<a href="/guideline/" aria-current="page">Guideline</a>', look()[0])


POINTERS = sorted({pointer for each in library.entries().values() for pointer in each.acts})


@pytest.mark.parametrize("pointer", POINTERS)
def test_every_pointer_leads_to_code_that_exists(pointer):
    found = place(pointer)
    assert found.kind
    assert found.name


@pytest.mark.parametrize(
    "pointer",
    [
        "rule:steroids.no_such_rule",
        "rule:no_such_module.rule",
        "rule:steroids",
        "item:no_such_item",
        "clock:no_such_clock",
        "form:refer/no_such_page",
        "form:add/no_such_section",
        "form:noticed",
        "screen:no_such_page",
        "action:no_such_action",
        "role:porter",
        "letter:no_such_letter",
        "setting:no_such_setting",
        "measure:no_such_measure",
    ],
)
def test_a_pointer_to_what_does_not_exist_is_an_error(pointer):
    with pytest.raises(LibraryError, match=re.escape(pointer.partition(":")[2])):
        place(pointer)


@pytest.mark.parametrize(
    "pointers", [("screen", SCREENS), ("letter", LETTERS), ("setting", SETTINGS)]
)
def test_no_place_is_kept_that_nothing_points_at(pointers):
    kind, names = pointers
    assert {f"{kind}:{name}" for name in names} <= set(POINTERS)


@pytest.mark.parametrize("name", SCREENS)
def test_a_page_that_is_linked_opens_or_asks_for_a_right(browser, name):
    href = place(f"screen:{name}").href
    if href:
        assert browser.get(href).status_code in (200, 302, 403)

"""How the numbers behind a statement are drawn: for the eye, for a screen reader and on paper."""

import re

from django.template import engines

DRAW = '{% from "components/guideline.html" import numbers %}{{ numbers(sources, link=link) }}'


def drawn(*sources, link=True):
    return engines["pages"].env.from_string(DRAW).render(sources=sources, link=link)


def heard(html):
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def seen(html):
    hidden = r'<span class="nhsuk-u-visually-hidden">[^<]*</span>'
    return heard(re.sub(hidden, "", html))


def test_a_number_leads_to_its_place_in_the_library():
    html = drawn("1.8.1")
    assert html.strip() == '<a href="/guideline/#r-1-8-1">NG234 1.8.1</a>'


def test_the_guidelines_name_is_seen_once_and_heard_with_every_number():
    html = drawn("1.8.1", "1.8.5")
    assert seen(html) == "NG234 1.8.1, 1.8.5"
    assert heard(html) == "NG234 1.8.1, NG234 1.8.5"


def test_a_number_after_another_source_says_whose_it_is():
    html = drawn("summary: taper", "1.8.1")
    assert seen(html) == "Management summary: taper, NG234 1.8.1"


def test_other_sources_are_said_in_words_and_have_a_place_too():
    html = drawn("local: not known is not no")
    assert seen(html) == "Local rule: not known is not no"
    assert 'href="/guideline/#r-local-not-known-is-not-no"' in html


def test_a_page_for_people_who_are_not_signed_in_gets_the_words_alone():
    html = drawn("1.8.1", "1.8.5", link=False)
    assert "<a" not in html
    assert seen(html) == "NG234 1.8.1, 1.8.5"


def test_nothing_is_drawn_for_a_statement_without_a_source():
    assert drawn().strip() == ""

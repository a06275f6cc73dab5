"""What stands on a page, as somebody reads it."""

import re
from html import unescape


def text(page):
    """The words of a page's main part, with single spaces."""
    html = page.content.decode()
    main = re.search(r"<main.*?</main>", html, re.S)
    drawn = re.sub(r"<(script|svg).*?</\1>", " ", main[0] if main else html, flags=re.S)
    # A new block begins a new word; what is only marked within a line does not.
    words = re.sub(r"<[^>]+>", "", re.sub(r"<(?=/?(p|li|h\d|dt|dd|div|br|span))", " <", drawn))
    return re.sub(r" (?=[,.:;])", "", " ".join(unescape(words).split()))


def token_in(page):
    """The CSRF token of the first form on a page."""
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]

"""Lines of tabs keep away from what stands below them."""

import pytest

pytestmark = pytest.mark.browser

TAB = """
<div id="record-tab">
  <nav class="tabs" aria-label="Parts"><a href="#" aria-current="page">One</a></nav>
  {below}
</div>"""
BELOW = (
    '<section><section class="sec"><header><h2>Contacts</h2></header></section></section>',
    '<div class="note-box late">Not saved.</div>',
    '<form class="compose"><textarea aria-label="Text"></textarea></form>',
)


@pytest.mark.parametrize("below", BELOW)
@pytest.mark.parametrize("device", ["desk", "phone"])
def test_what_a_tab_shows_stands_a_little_below_the_line(request, site, device, below):
    page = request.getfixturevalue(device)
    site.show("/tab", TAB.replace("{below}", below))
    page.goto("/tab")
    line = page.locator(".tabs").bounding_box()
    shown = page.locator(".tabs + *").bounding_box()
    gap = shown["y"] - line["y"] - line["height"]
    assert 8 <= gap <= 16

"""The checks of every page find what they are for."""

import pytest
from playwright.sync_api import Browser

from tests.browser.checks import Watch

pytestmark = pytest.mark.browser

PAGE = """<!DOCTYPE html><html lang="zh-Hans"><title>注销</title>
<meta name="viewport" content="width=device-width"><main><h1>注销</h1>{}</main></html>"""
FAULTS = {
    "<p style='width:500px'>宽</p>": "at 320",
    "<p style='color:#bbb'>看不清的文字</p>": "color-contrast",
    "<a href='/1'>一</a>" * 9: "target-size",
    "<script>console.warn('慢')</script>": "console: 慢",
    "<script>nothing()</script>": "nothing is not defined",
    "<img alt='' src='http://127.0.0.1:9/'>": "failed: http://127.0.0.1:9/",
}


@pytest.mark.parametrize(("fault", "found"), FAULTS.items(), ids=FAULTS.values())
def test_they_name_the_fault(chrome: Browser, fault: str, found: str) -> None:
    with chrome.new_context(viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        watch = Watch(page)
        page.set_content(PAGE.format(fault))
        with pytest.raises(AssertionError, match=found):
            watch.look(200, scripts=True)


def test_a_page_in_order_passes(chrome: Browser) -> None:
    with chrome.new_context(viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        watch = Watch(page)
        page.set_content(PAGE.format("<p>在</p>"))
        watch.look(200, scripts=True)

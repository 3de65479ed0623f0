from dataclasses import replace

import pytest

from tests.notice.checking.drafts import CONTEXT, codes, places


@pytest.mark.parametrize(
    "body",
    [
        "热线（工作日 9:00 至 18:00）：400-885-9898",
        "400-885-9898，400-\n885-9898".partition("，")[0],
        "订单 4008 元，验证码 123456，共 4000 次",
        "北京网聘信息技术有限公司、北京智联三珂人才服务有限公司及关联公司",
        "由北京网聘信息技术有限公司提供",
    ],
)
def test_what_the_settings_say_is_sound(body):
    assert codes(body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("热线：400-885-989", [("S01", 9, 4)]),
        ("拨打 **400**-885-9899。", [("S01", 9, 6)]),
        ("４００-885-9898", [("S01", 9, 1)]),
        ("客服电话 13800000000", [("S01", 9, 6)]),
        ("由上海网聘股份有限公司提供", [("S02", 9, 1)]),
        ("甲方，智联有限责任公司", [("S02", 9, 4)]),
        ("由北京网聘信息**技木**有限公司", [("S02", 9, 2)]),
    ],
)
def test_what_they_do_not_say_is_found(body, expected):
    assert places(body) == expected


def test_other_settings_make_the_notice_wrong():
    context = replace(CONTEXT, hotline="400-000-0000", companies=("甲公司",))
    assert codes("北京网聘信息技术有限公司，400-885-9898", context) == ["S02", "S01"]

"""What a problem is, and the codes of all problems, in the order of the manual for legal."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """An error stands in the way of publishing."""

    ERROR = "错误"
    WARNING = "警告"


class Problem(NamedTuple):
    """`line` and `column` count from 1, columns in characters. `str()` is the line to print."""

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    what: str
    how: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}  {self.code}  {self.severity}：{self.what}  {self.how}"


CODES: Mapping[str, str] = {
    "E01": "文件不是 UTF-8 编码",
    "E02": "文件开头有 BOM（字节顺序标记）",
    "E03": "行尾不是 LF（CRLF 或 CR）",
    "H01": "文件不以标题开头",
    "H02": "标题之后缺少“更新日期：”“生效日期：”或“版本：”一行",
    "H03": "“更新日期：”“生效日期：”或“版本：”写了两次",
    "H04": "“更新日期：”“生效日期：”或“版本：”一行的写法不对",
    "H05": "日期或版本用了全角数字或字母",
    "H06": "日历上没有这一天",
    "H07": "版本与文件名不一致",
    "H08": "另一个文件也写着这个版本",
    "D01": "生效日期早于更新日期",
    "D02": "从发布到生效不足 7 天（电子商务法第三十四条）",
    "B01": "加粗没有成对：有 ** 开头而没有 ** 结尾，或者反过来",
    "B02": "空的加粗：两个 ** 之间没有文字",
    "B03": "** 与要加粗的文字之间有空格，加粗没有生效",
    "B04": "文字中留有没有生效的加粗符号",
    "B05": "单个 * 或 _：是斜体或普通字符，不是加粗",
    "B06": "加粗之内又有加粗，多半是 ** 配错了对",
    "C01": "编号不连续",
    "C02": "编号重复",
    "C03": "同级编号的标点或数字有全角、半角等不同写法",
    "C04": "同级编号之后有的有空格，有的没有",
    "C05": "提到的条款不存在",
    "C06": "段落开头像编号，但写法不会被当作编号",
    "L01": "# 链接没有在设置中给出去处，页面上是普通文字",
    "L02": "链接没有能去的地方或没有文字，页面上不是链接",
    "L03": "链接用了不加密的 http://",
    "L04": "链接的写法没有生效，方括号和地址会原样出现在页面上",
    "T01": "HTML 写法：标签会原样出现在页面上，字符代码会被换掉",
    "T02": "图片：须知只能有文字",
    "T03": "看不见的控制字符、零宽字符或改变文字方向的字符",
    "T04": "制表符（Tab）",
    "T05": "行尾有多余的空格",
    "T06": "这里的文字不会出现在页面上",
    "S01": "电话号码与设置中的客服热线不一致",
    "S02": "公司名称不在设置中",
    "P01": "已发布的文件被改动过",
    "P02": "published.toml 读不出来或登记不完整",
    "P03": "published.toml 登记的文件不存在",
}
"""What each code means."""

WARNINGS = frozenset({"B05", "C03", "C04", "C06", "L01", "T04", "T05"})
"""The codes that do not stand in the way of publishing."""

"""Files to import, made up: the customer sheet of 16 columns, every column filled."""

import csv
import random
from pathlib import Path

HEADINGS = (
    "客户编号,客户名称,联系人,职位,联系方式,电子邮箱,所属行业,客户类型,合作阶段,签约金额(万元),合作起始日期,"
    "最近跟进日期,跟进内容,跟进人,下次跟进计划,备注"
).split(",")
PLACES = "常州 苏州 无锡 宁波 杭州 上海 南京 武汉 成都 重庆 长沙 青岛".split()
NAMES = "恒泰 启钧 瑞丰 联创 华盛 金桥 宏远 博锐 嘉禾 天工 锐拓 盛达".split()
TRADES = "机床 精密机械 自动化设备 食品 包装材料 电子科技".split()
GIVEN = "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超秀霞平刚桂英华慧建国志文雨佳晨"
FAMILY = "王李张刘陈杨赵黄周吴徐孙"
LATIN = "Calder Ashford Wexford Merton Harlow Sennet".split()
WORKS = "Precision Foods Bearings Logistics Packaging Optics".split()
PEOPLE = "Emma Oliver Marta James Sofia Daniel".split()


def made(path: Path, rows: int, seed: int) -> Path:
    """A sheet of so many rows; the same seed makes the same."""
    chance = random.Random(seed)  # noqa: S311 - makes up names, guards nothing
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(row(chance) for _ in range(rows))
    return path


def row(chance: random.Random) -> list[str]:
    """A customer with a contact, the last contact, a next step and a remark."""
    chinese = chance.random() < 0.6
    middle = "".join(chance.sample(GIVEN, 3))
    latin = f"{chance.choice(LATIN)} {chance.randint(1, 10**7)} {chance.choice(WORKS)} Ltd"
    return [
        "",
        f"{chance.choice(PLACES)}{chance.choice(NAMES)}{middle}{chance.choice(TRADES)}有限公司"
        if chinese
        else latin,
        chance.choice(FAMILY) + "".join(chance.sample(GIVEN, 2))
        if chinese
        else f"{chance.choice(PEOPLE)} {chance.choice(LATIN)}",
        chance.choice(("经理", "采购经理", "厂长")),
        f"13{chance.randint(0, 10**9 - 1):09d}",
        f"u{chance.randint(0, 10**9)}@f{chance.randint(0, 9999)}.example",
        chance.choice(("C35专用设备制造业", "零售贸易", "C34")),
        chance.choice(("潜在客户", "意向客户", "成交客户")),
        chance.choice(("初次接触", "需求沟通", "合作中")),
        str(chance.randint(1, 500)),
        f"202{chance.randint(0, 5)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
        f"2025/{chance.randint(1, 12)}/{chance.randint(1, 28)}",
        "电话沟通了交期，对方希望提前一周",
        chance.choice(("王专员", "李助理")),
        "2026-12-20 电话确认",
        chance.choice(("预算有限", "偏好纸质合同")),
    ]

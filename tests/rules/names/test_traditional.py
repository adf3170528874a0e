"""The table of traditional characters is the one that OpenCC has."""

import traditional
from crmlite.rules.names import name_key


def test_the_table_is_up_to_date():
    assert traditional.FILE.read_text("utf-8") == traditional.written()
    assert len(traditional.pairs()) > 2500


def test_names_are_the_same_in_both_scripts():
    assert name_key("蘇州利博優美網絡服務有限公司") == name_key("苏州利博优美网络服务有限公司")
    assert name_key("濱州協耀信息諮詢有限公司") == name_key("滨州协耀信息咨询有限公司")

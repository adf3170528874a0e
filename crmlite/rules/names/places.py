"""Places that stand in Chinese company names, and that two names of one company may differ in."""

import re

# Provinces, municipalities and autonomous regions, as they are called in names of companies.
PROVINCES = frozenset(
    """
    北京 天津 上海 重庆 河北 山西 内蒙古 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南
    湖北 湖南 广东 广西 海南 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾
    """.split()
)
# Cities at prefecture level by GB/T 2260, and the county cities that most companies are in.
CITIES = frozenset(
    """
    石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州
    晋中 运城 忻州 临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布
    沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛 长春 四平 辽源 通化
    白山 松原 白城 延边 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河
    绥化 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴
    湖州 绍兴 金华 衢州 舟山 台州 丽水 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳
    宿州 六安 亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 南昌 景德镇 萍乡 九江
    新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照
    临沂 德州 聊城 滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡
    南阳 商丘 信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施
    长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 广州 韶关 深圳 珠海
    汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁
    柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 三沙 儋州 成都
    自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 凉山
    贵阳 六盘水 遵义 安顺 毕节 铜仁 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 大理 红河 拉萨
    日喀则 昌都 林芝 山南 那曲 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 兰州 嘉峪关
    金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 西宁 海东 银川 石嘴山 吴忠 固原 中卫
    乌鲁木齐 克拉玛依 吐鲁番 哈密 喀什 伊犁 昌吉 台北 高雄 新竹 江阴 宜兴 常熟 张家港 昆山 太仓
    启东 如皋 丹阳 靖江 余姚 慈溪 瑞安 乐清 海宁 平湖 桐乡 诸暨 义乌 永康 温岭 福清 石狮 晋江
    胶州 滕州 龙口 莱州 寿光 诸城 荣成 邹平 巩义 新郑 长葛 仙桃 潜江 浏阳 宁乡 醴陵 台山 开平
    鹤山 都江堰 简阳 峨眉山 神木 瓦房店 海城 公主岭
    """.split()
)
LATIN_CITIES = frozenset(
    """
    beijing shanghai tianjin chongqing guangzhou shenzhen suzhou hangzhou nanjing wuxi ningbo
    wenzhou changzhou nantong jiaxing shaoxing jinhua yiwu qingdao jinan yantai weihai dalian
    shenyang wuhan changsha zhengzhou chengdu xian xiamen fuzhou quanzhou dongguan foshan zhuhai
    zhongshan huizhou hefei kunshan kunming nanchang harbin changchun hongkong macau taipei
    guangdong zhejiang jiangsu shandong fujian sichuan hubei hunan henan hebei anhui china uk
    usa
    """.split()
)
# What is left of such names without the place says nothing: 南京银行 is not every 银行.
TOO_GENERAL = frozenset(
    """
    银行 大学 学院 医院 学校 中学 小学 酒店 宾馆 饭店 航空 机场 电力 供电 燃气 热力 自来水 水务
    公交 地铁 港口 港务 日报 晚报 电视台 出版社 啤酒 证券 信托 保险 农商银行 商业银行 村镇银行
    城投 建工 地产 房产 旅游 旅行社 铁路 高速 交通 水泥 钢铁 石化 化工 机床 汽车 公司 集团 中心
    开发 投资 发展 科技 贸易 实业 商贸
    """.split()
)
SUFFIX = r"(?:省|市|特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|地区|盟)?"
NAMED = sorted(PROVINCES | CITIES, key=len, reverse=True)
KNOWN = re.compile(f"(?:{'|'.join(NAMED)}){SUFFIX}")
# 超市, 城市 and the like are no places.
ANY_CITY = re.compile(r"[一-龥]{2,4}?(?<![超城都夜股门花上])市(?!场)")
DISTRICT = re.compile(
    r"[一-龥]{1,6}?(?:经济技术开发区|经济开发区|高新技术开发区|高新区|新区|开发区|保税区|自治县|自治旗)"
    r"|[一-龥]{2,3}?(?<![社校景园厂])(?:区|县|旗)(?!域|长)"
)


def without_places(name: str) -> str:
    """A name without the places at its front; whole where too little would be left."""
    rest = name
    for pattern in (KNOWN, KNOWN, ANY_CITY, DISTRICT):
        match = pattern.match(rest)
        if match and is_enough(rest[match.end() :]):
            rest = rest[match.end() :]
    return rest


def without_place_behind(name: str) -> str:
    """A name without a city at its end: 李尔汽车系统扬州, 鸿雁五金电器铜陵市."""
    bare = name.removesuffix("省").removesuffix("市")
    for length in (4, 3, 2):
        if bare[-length:] in CITIES | PROVINCES and len(bare) - length >= 4:
            return bare[:-length]
    return name


def is_place(text: str) -> bool:
    """Whether a text is the name of a place and nothing else, or of the country."""
    text = text.replace(" ", "")
    return (
        text in ("中国", "国际", "全国") or text in LATIN_CITIES or bool(KNOWN.fullmatch(text))
    ) or bool(ANY_CITY.fullmatch(text) or DISTRICT.fullmatch(text))


def is_enough(rest: str) -> bool:
    """Whether what is left of a name still tells one company from another."""
    return len(rest) >= 2 and rest not in TOO_GENERAL

"""Readings that a dictionary of single characters gets wrong: surnames, places, words of trade.

Pinyin with the tone behind each syllable.
"""

# Common in names, and the dictionary's further readings of them have died out.
ONE_SOUND = frozenset(
    "市族治南司平有限化石溪青技合古港沙信达明土服塔术园红甘件食池万包太景邑屯吴房汽路部怀甸果勒方庄"
    "能胶肥团温霍告施内精斯前陆谷余鹿属侗察造游厂桃育控印体格祁齐墨胜划售居昆英沂寨桐彭呼咸波蓝超杭"
    "陶封鼎份叶扶零思浩潼汾芦喀投研灯副野支承活介冷共涂枝昂蔡舒至洞姚横洮登棱灌佬皇若汤皋越于淳揭年"
    "勤离休泥事射鞋综租跨氏渠盟汕澳睢蒲册刀税洁餐价墅净草末滑招柜烟列乃栗尚许汪蕉仡潘湛杜伯湟敦赫汶"
    "婺次王立莉彬鑫洋淑月彦倩培冰喜才增震萌祖圣昕宪捷均皓蕊姣羽炎婕盼熙从言弟冉丁以魁焱声映甫允幸祝"
    "儿机俊科"
    "達術園紅滿團溫內陸屬廠體齊勝劃藍葉蘆燈塗湯離綜稅潔價淨煙許濟聖憲從聲鞏業機慶華"
)

SURNAMES = {
    pair[0]: pair[1:]
    for pair in """
    单shan4 曾zeng1 仇qiu2 解xie4 查zha1 朴piao2 区ou1 盖ge3 缪miao4 逄pang2 翟zhai2 冼xian3 洗xian3
    种chong2 折she2 那na1 晁chao2 瞿qu2 钭tou3 召shao4 繁po2 覃qin2 谌chen2 郗xi1 郇xun2 车che1 牟mu4
    应ying1 於yu1 訾zi1 隗wei3 粘nian2 过guo1 句gou1 佴nai4 乜nie4 撒sa4 能nai4 臧zang1 薄bo2 纪ji3
    哈ha3 盛sheng4 葛ge3 宿su4 都du1 眭sui1 台tai2 柏bai3 秘bi4 费fei4 曲qu1 员yun4 贠yun4 乐yue4
    任ren2 华hua4 宁ning2 燕yan1 占zhan1 尹yin3 石shi2 万wan4 俞yu2 冯feng2 令ling2
    宓mi4 黑he4 祭zhai4 尉wei4 教jiao4 阚kan4 卜bu3 强qiang2 呙guo1 昝zan3 亓qi2 解xie4 缑gou1
    單shan4 區ou1 蓋ge3 繆miao4 華hua4 寧ning2 員yun4 樂yue4 過guo1 應ying1 紀ji3 於yu1 車che1 費fei4
    諶chen2 任ren2 馮feng2 萬wan4
    """.split()
}

COMPOUND_SURNAMES = {
    pair[:2]: pair[2:].split("-")
    for pair in """
    长孙zhang3-sun1 尉迟yu4-chi2 万俟mo4-qi2 单于chan2-yu2 澹台tan2-tai2 乐正yue4-zheng4 令狐ling2-hu2
    皇甫huang2-fu3 宰父zai3-fu3 诸葛zhu1-ge3 欧阳ou1-yang2 司马si1-ma3 上官shang4-guan1 夏侯xia4-hou2
    东方dong1-fang1 赫连he4-lian2 公孙gong1-sun1 慕容mu4-rong2 钟离zhong1-li2 宇文yu3-wen2 司徒si1-tu2
    鲜于xian1-yu2 闾丘lv2-qiu1 亓官qi2-guan1 太史tai4-shi3 申屠shen1-tu2 端木duan1-mu4 拓跋tuo4-ba2
    百里bai3-li3 呼延hu1-yan2 南宫nan2-gong1 独孤du2-gu1 濮阳pu2-yang2 淳于chun2-yu2 公冶gong1-ye3
    長孫zhang3-sun1 尉遲yu4-chi2 單于chan2-yu2 澹臺tan2-tai2 樂正yue4-zheng4
    """.split()
}

WORDS = {
    pair[:2]: pair[2:].split("-")
    for pair in """
    重庆chong2-qing4 长沙chang2-sha1 长春chang2-chun1 长江chang2-jiang1 长城chang2-cheng2 长安chang2-an1
    长兴chang2-xing1 长治chang2-zhi4 长宁chang2-ning2 长乐chang2-le4 长虹chang2-hong2 长远chang2-yuan3
    长征chang2-zheng1 长青chang2-qing1 长风chang2-feng1 长白chang2-bai2 长三chang2-san1 长葛chang2-ge3
    延长yan2-chang2 厦门xia4-men2 成都cheng2-du1 首都shou3-du1 都市du1-shi4 都江du1-jiang1 朝阳chao2-yang2
    番禺pan1-yu2 蚌埠beng4-bu4 六安lu4-an1 丽水li2-shui3 台州tai1-zhou1 天台tian1-tai1 东莞dong1-guan3
    济南ji3-nan2 济宁ji3-ning2 单县shan4-xian4 西藏xi1-zang4 大厦da4-sha4 铅山yan2-shan1 涡阳guo1-yang2
    燕山yan1-shan1 燕郊yan1-jiao1 乐山le4-shan1 乐清yue4-qing1 音乐yin1-yue4 乐器yue4-qi4 乐队yue4-dui4
    银行yin2-hang2 商行shang1-hang2 洋行yang2-hang2 车行che1-hang2 行业hang2-ye4 同行tong2-hang2
    会计kuai4-ji4 大夫dai4-fu5 人参ren2-shen1 海参hai3-shen1 调味tiao2-wei4 空调kong1-tiao2 传记zhuan4-ji4
    重工zhong4-gong1 重型zhong4-xing2 重阳chong2-yang2 弹簧tan2-huang2 血液xue4-ye4 什锦shi2-jin3
    便宜pian2-yi2 不锈bu2-xiu4 佛山fo2-shan1 佛教fo2-jiao4 宝藏bao3-zang4 中藏zhong1-zang4 藏药zang4-yao4
    高分gao1-fen1 分子fen1-zi3 种植zhong4-zhi2 种子zhong3-zi3 华山hua4-shan1 尉犁yu4-li2 大学da4-xue2
    百色bo2-se4 柏林bo2-lin2 龟兹qiu1-ci2 浚县xun4-xian4 荥阳xing2-yang2 莘县shen1-xian4 闽侯min3-hou4
    歙县she4-xian4 枞阳zong1-yang2 黟县yi1-xian4 泌阳bi4-yang2 洪洞hong2-tong2 渑池mian3-chi2 鄱阳po2-yang2
    重慶chong2-qing4 長沙chang2-sha1 長春chang2-chun1 長江chang2-jiang1 長城chang2-cheng2 廈門xia4-men2
    銀行yin2-hang2 音樂yin1-yue4 會計kuai4-ji4 濟南ji3-nan2 東莞dong1-guan3 大廈da4-sha4
    """.split()
}

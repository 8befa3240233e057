#!/usr/bin/env python3
"""Makes long Chinese chats and questions about them, in LoCoMo's form: tests/chinese_dialogues.py OUT.json

Five pairs of friends talk over months. Each fact is told once, in one wording; its question uses another. Around it lie small
talk and distractors: the other one speaks of the same matter, or the same person of a like one. Always the same for the same
seed. The people and what they say are made up.
"""

import json
import random
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

PAIRS = [("小明", "小红"), ("阿强", "阿珍"), ("小李", "小王"), ("丽丽", "大伟"), ("小雨", "小林")]

# (what leads to it or "", the fact as it is told, what the other one answers, what the other one tells of the like, the question)
# {a} tells, {b} listens; words in {} are drawn from WORDS.
FACTS = [
    ("最近下班都忙什么呢？", "我报了个{sport}班，每周{weekday}晚上去练。", "坚持下去，身体会好很多。", "我也想找个班上，可是一直没空。", "{a}学{sport}是星期几？"),
    ("你家里怎么有叫声？", "忘了说，我们领养了一只{animal}，取名叫{pet}。", "太可爱了，下次带来看看！", "我邻居家那只天天半夜叫，吵死了。", "{a}的宠物叫什么名字？"),
    ("周末去哪儿了？", "带孩子去了{sight}，人多得走不动。", "节假日都这样。", "我周末在家睡了两天。", "{a}领着小孩去哪里玩了？"),
    ("听说你换工作了？", "对，下个月到一家做{industry}的公司报到，职位是{job}。", "恭喜恭喜！", "我们公司还在裁员，人心惶惶。", "{a}的新单位是哪个行业的？"),
    ("", "昨天体检报告出来了，医生说我{illness}，让我少吃油腻的。", "身体要紧，听医生的。", "我上次体检倒是什么都没查出来。", "{a}检查出了什么毛病？"),
    ("生日想要什么礼物？", "别破费啦，我老公已经送了我一{gift}。", "真让人羡慕。", "我那位从来不记得日子。", "{a}从爱人那里收到了什么？"),
    ("装修进行到哪一步了？", "客厅的墙最后刷成了{colour}，比图纸上好看。", "等着去你新家做客。", "我家那面墙又渗水了。", "{a}家客厅用的是什么颜色？"),
    ("", "我妈下周要来住一阵子，她坐{transport}过来。", "阿姨来了一起吃个饭。", "我爸妈还是不肯出远门。", "{a}的母亲怎么来的？"),
    ("你那本书看完了吗？", "看完了，《{book}》，结尾把我看哭了。", "我也去借一本。", "我最近只看短视频，静不下心。", "哪本小说让{a}流泪？"),
    ("中午吃什么好？", "公司楼下新开了一家{cuisine}馆子，我点的{dish}特别香。", "改天一起去。", "我又吃了外卖，没什么味道。", "{a}在新开的餐厅要了哪道菜？"),
    ("", "车子送去修了，师傅说{carpart}坏了，要{money}块。", "也太贵了吧。", "我的车下个月也该保养了。", "{a}修车花了多少钱？"),
    ("孩子上几年级了？", "开学就{grade}年级了，班主任教{subject}。", "时间过得真快。", "我侄子还在上幼儿园呢。", "{a}小孩的老师是教哪门课的？"),
    ("", "今年年假我打算去{city}待一个星期，机票都买好了。", "那边现在天气正好。", "我的假早就用光了。", "{a}休假准备飞到哪座城市？"),
    ("睡得怎么样？", "老失眠，后来每天睡前{habit}，好多了。", "这个办法不错，我也试试。", "我倒是沾枕头就着。", "{a}靠什么方法改善睡眠？"),
    ("", "我终于把驾照考下来了，科目二考了{times}次才过。", "不容易，恭喜！", "我拿本子十年了，还是不敢上高速。", "{a}路考前补考了几回？"),
    ("阳台上种的什么？", "种了几盆{plant}，前天开花了。", "拍张照片给我看看。", "我养什么死什么，连仙人掌都活不了。", "{a}家里养的哪种花木开了？"),
    ("", "我们部门来了个新领导，姓{surname}，要求特别严。", "慢慢就适应了。", "我们经理倒是整天不见人影。", "{a}的上司贵姓？"),
    ("晚上看球了吗？", "看了，我支持的{team}队又输了，气得我没睡着。", "下一场会赢的。", "我从来不看这些比赛。", "{a}喜欢的球队是哪一支？"),
    ("", "手机掉水里了，只好换了一部{brand}的。", "数据还在吗？", "我的屏幕也摔裂了，先凑合用。", "{a}现在用什么牌子的电话？"),
    ("你弟弟怎么样了？", "他考上{university}了，学的是{major}。", "太争气了！", "我表妹今年复读，压力挺大。", "{a}的弟弟读什么专业？"),
    ("", "周末我要去做志愿者，在{place}帮忙。", "真有爱心。", "我只捐过几件旧衣服。", "{a}在什么地方做义工？"),
    ("奶奶身体还好吗？", "上个月摔了一跤，{bone}骨折，还在住院。", "希望老人家早日康复。", "我外婆九十了还天天散步。", "{a}的祖母伤到了哪里？"),
    ("", "我把头发剪短了，还染成了{haircolour}。", "照片呢？让我瞧瞧！", "我好久没去理发店了。", "{a}现在的发色是什么？"),
    ("最近在追什么剧？", "在看《{show}》，一口气看了{episodes}集。", "我也听说挺火的。", "我家电视早就没开过了。", "{a}迷上了哪部连续剧？"),
    ("", "下个月我表姐结婚，请我当{role}。", "那得好好打扮打扮。", "我同事的婚礼我没去成。", "{a}在亲戚的婚礼上担任什么？"),
    ("房子找到了吗？", "找到了，在{district}，月租{rent}，离地铁很近。", "价钱还可以。", "我的房东又说要涨价。", "{a}租的屋子在哪个区？"),
    ("", "咖啡我戒了，现在早上改喝{drink}。", "对胃好。", "我一天不喝三杯就没精神。", "{a}早晨用什么饮料代替咖啡？"),
    ("钱包找着了？", "找着了，原来落在{lostplace}了，好心人交给了保安。", "还是好人多。", "我丢的那把伞再也没回来。", "{a}丢失的钱包是在哪儿发现的？"),
    ("", "我开始学{instrument}了，老师说我手指太硬。", "慢慢来，熟能生巧。", "小时候我妈逼我练过琴，早忘光了。", "{a}在练习哪种乐器？"),
    ("今年收成怎么样？", "老家的{fruit}丰收了，爸爸寄了两大箱过来。", "分我一点！", "超市里的水果又涨价了。", "{a}的父亲寄来了什么水果？"),
    ("", "我对{allergen}过敏，昨天不小心吃了，浑身起疹子。", "赶紧去医院看看。", "我什么都能吃，就是怕辣。", "{a}不能吃什么东西？"),
    ("你们公司年会在哪儿开？", "定在{hotel}，我还要上台表演{performance}。", "到时候录下来给我看。", "我们今年不办了，省钱。", "{a}会在年会上演什么节目？"),
    ("", "我欠小陈的{money}块钱，这个月发工资就还上。", "亲兄弟明算账。", "我借出去的钱到现在都没要回来。", "{a}向谁借了钱？"),
    ("跑步还坚持吗？", "报名了{month}月的{racecity}马拉松，现在每天跑十公里。", "太厉害了！", "我爬三层楼都喘。", "{a}参加的长跑比赛在哪里举行？"),
    ("", "女儿的牙掉了一颗，她说要留给{fairy}。", "童言无忌，真好玩。", "我下周要去拔智齿，好怕。", "{a}的闺女想把牙齿送给谁？"),
    ("电脑修好了？", "没有，干脆买了台新的，是{colour2}的，打折才{price}。", "捡到便宜了。", "我那台还是大学时候买的。", "{a}买的新电脑多少钱？"),
    ("", "我和大学室友{friend}十年没见，昨天在机场碰上了。", "世界真小。", "我的老同学基本都没联系了。", "{a}偶然遇见的老同学叫什么？"),
    ("搬家定在哪天？", "定在{month}月{day}号，叫了搬家公司。", "需要帮忙就说。", "我搬了五次家，搬怕了。", "{a}哪一天搬到新居？"),
    ("", "我把烟戒了，因为{reason}。", "支持你！", "我爸抽了一辈子，怎么劝都不听。", "{a}为什么不再抽烟？"),
    ("爷爷的生日怎么过的？", "全家给他做了一桌{homedish}，他今年{age}岁了。", "祝老人家长寿。", "我爷爷走得早，没什么印象。", "{a}的祖父多大年纪？"),
    ("", "周五晚上我去听了{singer}的演唱会，嗓子都喊哑了。", "票很难抢吧？", "我最近只在地铁上听听歌。", "{a}看了谁的现场表演？"),
    ("露营好玩吗？", "半夜下大雨，帐篷漏水，我们躲到{shelter}里过了一夜。", "哈哈，难忘的经历。", "我就在公园里搭过一次帐篷。", "{a}露营遇雨后在哪里过夜？"),
    ("", "我给自己定了个目标，今年要{goal}。", "年底来检查你。", "我年年立目标，年年完不成。", "{a}新年的计划是什么？"),
    ("相机买了吗？", "买了二手的，从{seller}手里收的，成色很新。", "会拍照的人就是不一样。", "我手机拍拍就够了。", "{a}的相机是跟谁买的？"),
    ("", "家里的{appliance}坏了，维修的人说要等三天才有配件。", "这几天可难熬了。", "我家停了一天水，差点疯了。", "{a}家哪样电器出了故障？"),
    ("你妹妹回国了吗？", "还没，她在{country}找到工作了，打算多待两年。", "在外面历练历练也好。", "我堂哥去年就回来创业了。", "{a}的妹妹在哪个国家上班？"),
]

WORDS = {
    "sport": ["游泳", "瑜伽", "羽毛球", "攀岩", "拳击"], "weekday": ["二", "三", "四", "五", "一"],
    "animal": ["橘猫", "柴犬", "兔子", "鹦鹉", "仓鼠"], "pet": ["豆豆", "团子", "雪球", "可乐", "年糕"],
    "sight": ["海洋馆", "科技馆", "古城墙", "植物园", "游乐场"], "industry": ["新能源", "在线教育", "医疗器械", "物流", "游戏"],
    "job": ["产品经理", "会计", "设计师", "销售主管", "测试工程师"], "illness": ["血脂偏高", "有点脂肪肝", "尿酸高", "贫血", "胆囊息肉"],
    "gift": ["条珍珠项链", "块手表", "个烤箱", "双登山鞋", "把吉他"], "colour": ["浅灰色", "米白色", "墨绿色", "天蓝色", "淡黄色"],
    "transport": ["高铁", "飞机", "长途大巴", "轮船", "顺风车"], "book": ["活着", "平凡的世界", "边城", "城南旧事", "呼兰河传"],
    "cuisine": ["湘菜", "粤菜", "云南", "东北", "新疆"], "dish": ["剁椒鱼头", "白切鸡", "过桥米线", "锅包肉", "大盘鸡"],
    "carpart": ["发动机", "刹车片", "变速箱", "水箱", "空调"], "money": ["三千", "八百", "一千二", "五千", "两千六"],
    "grade": ["一", "二", "三", "四", "五"], "subject": ["数学", "语文", "英语", "科学", "体育"],
    "city": ["昆明", "厦门", "西安", "成都", "青岛"], "habit": ["泡脚", "听雨声", "写日记", "喝热牛奶", "做拉伸"],
    "times": ["三", "两", "四", "五", "六"], "plant": ["茉莉", "绣球", "月季", "栀子", "君子兰"],
    "surname": ["赵", "孙", "周", "吴", "郑"], "team": ["山东", "上海", "北京", "广州", "武汉"],
    "brand": ["华为", "小米", "苹果", "三星", "荣耀"], "university": ["浙大", "武大", "南开", "川大", "厦大"],
    "major": ["法律", "土木", "临床医学", "考古", "天文"], "place": ["养老院", "图书馆", "流浪动物站", "山区小学", "社区食堂"],
    "bone": ["手腕", "大腿", "脚踝", "肋骨", "锁骨"], "haircolour": ["栗棕", "酒红", "亚麻灰", "蓝黑", "奶茶色"],
    "show": ["甄嬛传", "琅琊榜", "觉醒年代", "山海情", "漫长的季节"], "episodes": ["八", "十", "六", "十二", "九"],
    "role": ["伴娘", "主持人", "证婚人", "摄影师", "司机"], "district": ["海淀", "浦东", "天河", "武侯", "雨花"],
    "rent": ["四千五", "三千八", "两千", "六千", "五千二"], "drink": ["豆浆", "红茶", "蜂蜜水", "柠檬水", "大麦茶"],
    "lostplace": ["出租车后座", "超市储物柜", "健身房更衣室", "电影院", "食堂"], "instrument": ["古筝", "尤克里里", "小提琴", "架子鼓", "口琴"],
    "fruit": ["荔枝", "苹果", "柚子", "樱桃", "石榴"], "allergen": ["虾", "花生", "芒果", "鸡蛋", "牛奶"],
    "hotel": ["希尔顿", "郊区的农家乐", "公司食堂", "会展中心", "一条游船上"], "performance": ["魔术", "相声", "街舞", "合唱", "小品"],
    "month": ["三", "四", "九", "十", "十一"], "racecity": ["无锡", "厦门", "北京", "兰州", "重庆"],
    "fairy": ["圣诞老人", "外婆", "月亮", "小熊", "牙仙子"], "colour2": ["银色", "黑色", "粉色", "深蓝", "白色"],
    "price": ["四千", "五千八", "三千六", "六千九", "七千"], "friend": ["大刘", "老赵", "胖子", "阿杰", "小马"],
    "day": ["六", "十八", "二十一", "九", "二十七"], "reason": ["孩子闻到就咳嗽", "老婆怀孕了", "肺上查出了结节", "嗓子总是疼", "和同事打了赌"],
    "homedish": ["饺子", "红烧肉", "家乡菜", "长寿面", "火锅"], "age": ["八十", "七十五", "九十", "八十六", "六十八"],
    "singer": ["五月天", "周杰伦", "陈奕迅", "朴树", "李宗盛"], "shelter": ["车", "山洞", "护林员的小屋", "寺庙", "农家院"],
    "goal": ["读完五十本书", "瘦十斤", "学会做蛋糕", "存够首付", "去一次西藏"], "seller": ["前同事", "网上的卖家", "楼下邻居", "摄影协会的老师", "堂弟"],
    "appliance": ["冰箱", "洗衣机", "热水器", "空调", "微波炉"], "country": ["德国", "日本", "加拿大", "新加坡", "澳大利亚"],
}

TALK = [
    ("早啊，今天好冷。", "是啊，多穿点。"), ("在吗？", "在的，怎么了？"), ("今天堵车堵了一个小时。", "辛苦了，路上注意安全。"), ("哈哈哈笑死我了。", "什么事这么好笑？"),
    ("晚饭吃了没？", "刚吃完，你呢？"), ("这周好累啊。", "再坚持一天就周末了。"), ("下雨了，忘带伞。", "等雨小一点再走吧。"), ("你看群里的消息了吗？", "还没，我等下看。"),
    ("改天出来聚聚？", "好啊，你定时间。"), ("我先去开会了。", "好，回头聊。"), ("这个月又超支了。", "都一样，省着点花吧。"), ("昨晚停电了。", "我们这边还好。"),
    ("天气预报说要降温。", "我把厚被子拿出来了。"), ("你上次推荐的那家店不错。", "我就说嘛，味道很正。"), ("快递到了吗？", "还在路上，估计明天。"), ("我有点感冒。", "多喝水，早点休息。"),
    ("放假有什么安排？", "还没想好，可能在家待着。"), ("刚跑完步，出了一身汗。", "真自律，向你学习。"), ("帮我看看这件衣服怎么样？", "颜色挺适合你的。"), ("今天被老板夸了。", "那要请客了！"),
    ("我儿子又考砸了。", "别太着急，慢慢来。"), ("你说人为什么要上班。", "为了能周末不上班。"), ("外面好热，不想出门。", "在家吹空调最舒服。"), ("周末看电影去？", "看什么片子？"),
    ("最近物价涨得厉害。", "可不是，青菜都贵了。"), ("我学会做一道新菜了。", "下次做给我尝尝。"), ("地铁上人挤人。", "早高峰都这样。"), ("我想养点花。", "先从绿萝开始吧。"),
    ("你家孩子睡了吗？", "刚睡着，终于清静了。"), ("明天要早起。", "那早点休息吧，晚安。"), ("我妈又催我回家。", "父母都这样，常回去看看。"), ("电影票我来买。", "那爆米花我请。"),
    ("手机没电了，先不说了。", "好，晚点再聊。"), ("楼上又在装修，吵死了。", "戴个耳塞吧。"), ("我把闹钟关了接着睡。", "然后就迟到了吧。"), ("那件事谢谢你。", "客气什么，小事一桩。"),
]


# A second question about each fact, nearer to how it was told.
NEARER = [
    "{a}报的{sport}班在周几上课？", "{a}领养的小家伙取了什么名？", "{a}和孩子周末逛了什么地方？", "{a}跳槽后在公司做什么职位？", "医生看了{a}的体检报告怎么说？",
    "{a}的老公送了什么生日礼物？", "{a}装修时墙面刷成什么颜色？", "{a}的妈妈坐什么车来住？", "{a}看完哪本书哭了？", "{a}在楼下那家馆子点了什么菜？",
    "{a}送修的车哪里坏了？", "{a}家孩子的班主任教什么？", "{a}年假买了去哪里的机票？", "{a}睡前做什么就不失眠了？", "{a}考驾照的科目二考了几次？",
    "{a}阳台的花盆里种着什么？", "{a}部门新来的领导姓什么？", "{a}看球时支持哪个队？", "{a}的手机掉水里后换了什么？", "{a}的弟弟考上了哪所大学？",
    "{a}周末当志愿者去哪帮忙？", "{a}的奶奶摔伤后哪里骨折？", "{a}剪短的头发染成什么颜色？", "{a}最近看的剧一口气看了几集？", "{a}的表姐结婚时{a}当什么？",
    "{a}找到的房子月租多少？", "{a}戒了咖啡后早上喝什么？", "{a}的钱包落在哪里了？", "{a}开始学什么乐器？", "{a}老家寄来的两箱是什么？",
    "{a}吃什么会过敏起疹子？", "{a}公司的年会定在哪里？", "{a}欠的钱是谁的？", "{a}报名的马拉松是几月？", "{a}女儿掉的牙要留给谁？",
    "{a}新买的电脑是什么颜色？", "{a}在机场碰上了哪位室友？", "{a}哪天叫了搬家公司？", "{a}戒烟是因为什么？", "{a}全家给爷爷做了什么吃？",
    "{a}周五听的演唱会是谁的？", "{a}的帐篷漏水后躲到了哪儿？", "{a}今年给自己定了什么目标？", "{a}从谁手里收的二手相机？", "{a}家里坏了要等配件的是什么？", "{a}的妹妹在哪国找到工作？",
]


def filled(text: str, words: dict[str, str]) -> str:
    return text.format(**words)


def chosen(text: str, number: int) -> str:
    """One of the choices in each {one|other}, and other braces as they are."""
    return re.sub(r"\{([^{}]*\|[^{}]*)\}", lambda found: found[1].split("|")[number % (found[1].count("|") + 1)], text)


def dialogue(number: int, chance: random.Random, pair: tuple[str, str] | None = None, facts: list[tuple] = FACTS,
             nearer: list[str] | None = None) -> dict:
    first, second = pair or PAIRS[number]
    nearer = NEARER if nearer is None else nearer
    sessions: list[list[tuple[str, str, int | None]]] = [[] for _ in range(23)]
    questions = []
    for index, (lead, fact, answer, like, question) in enumerate(facts):
        a, b = (first, second) if (index + number) % 2 == 0 else (second, first)
        words = {name: choices[(number * 2 + index) % len(choices)] for name, choices in WORDS.items()} | {"a": a, "b": b}
        at = chance.randrange(len(sessions))
        told = ([(b, filled(lead, words), None)] if lead else []) + [(a, filled(fact, words), index), (b, filled(answer, words), None)]
        sessions[at] += told
        elsewhere = (at + 1 + chance.randrange(len(sessions) - 1)) % len(sessions)
        sessions[elsewhere] += [(b, filled(like, words), None), (a, chance.choice(["是吗？", "哎呀。", "这样啊。", "哈哈。"]), None)]
        questions += [(index, filled(text, words)) for text in (question, *nearer[index:index + 1])]
    conversation: dict = {"speaker_a": first, "speaker_b": second}
    place_of: dict[int, str] = {}
    moment = datetime(2024, 1, 6, 9, 30) + timedelta(days=40 * number)
    for at, told in enumerate(sessions, start=1):
        lines = list(told)
        for _ in range(max(0, (26 - len(lines)) // 2) + 1):
            one, two = chance.choice(TALK)
            speakers = (first, second) if chance.random() < 0.5 else (second, first)
            place = chance.randrange(len(lines) + 1)
            while place < len(lines) and place > 0 and (lines[place][2] is not None or lines[place - 1][2] is not None):
                place += 1  # not between a question and its answer
            lines[place:place] = [(speakers[0], one, None), (speakers[1], two, None)]
        turns = []
        for line, (speaker, text, fact) in enumerate(lines, start=1):
            turns.append({"speaker": speaker, "dia_id": f"D{at}:{line}", "text": text})
            if fact is not None:
                place_of[fact] = f"D{at}:{line}"
        conversation[f"session_{at}"] = turns
        conversation[f"session_{at}_date_time"] = moment.strftime("%I:%M %p on %d %B, %Y").lstrip("0").lower().replace("am", "am")
        moment += timedelta(days=chance.randrange(5, 12), hours=chance.randrange(-6, 9), minutes=chance.randrange(60))
    qa = [{"question": text, "evidence": [place_of[index]], "category": 4} for index, text in questions]
    return {"sample_id": f"chinese-{number + 1}", "conversation": conversation, "qa": qa}


def dialogues() -> list[dict]:
    return [dialogue(number, random.Random(20240106 + number)) for number in range(len(PAIRS))]


def tell(made: list[dict]) -> None:
    messages = sum(len(turns) for one in made for name, turns in one["conversation"].items() if name.startswith("session_") and isinstance(turns, list))
    print(f"{len(made)} dialogues, {messages} messages, {sum(len(one['qa']) for one in made)} questions")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    made = dialogues()
    Path(sys.argv[1]).write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
    tell(made)

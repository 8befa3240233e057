#include "memory/text/irregular.h"

#include <array>
#include <unordered_map>

namespace hearth::memory {
namespace {

// Each line is one word's forms. What Porter's stemmer connects by itself is left out.
constexpr std::string_view kForms =
    "go went gone\nbuy bought\nbring brought\nthink thought\nteach taught\ncatch caught\nseek sought\nfight fought\nsee saw seen\n"
    "eat ate eaten\ndrink drank drunk\nsing sang sung\nring rang rung\nswim swam swum\nbegin began begun\nrun ran\ncome came\n"
    "become became\ngive gave given\ntake took taken\nmake made\nget got gotten\nforget forgot forgotten\nwrite wrote written\n"
    "drive drove driven\nride rode ridden\nrise rose risen\nspeak spoke spoken\nbreak broke broken\nchoose chose chosen\n"
    "steal stole stolen\nfreeze froze frozen\nwear wore worn\ntear tore torn\nknow knew known\ngrow grew grown\nthrow threw thrown\n"
    "fly flew flown\ndraw drew drawn\nshow shown\nblow blew blown\nfall fell fallen\nfeel felt\nkeep kept\nsleep slept\n"
    "leave left\nmeet met\nlose lost\nsend sent\nspend spent\nlend lent\nbuild built\nbend bent\nsell sold\ntell told\nhold held\n"
    "stand stood\nunderstand understood\nfind found\nhear heard\nsay said\npay paid\nlay laid\nlie lay lain\nsit sat\nwin won\n"
    "shoot shot\nlead led\nread\nfeed fed\nstick stuck\nstrike struck\nhang hung\ndig dug\nwake woke woken\nhide hid hidden\n"
    "bite bit bitten\nshake shook shaken\nmistake mistook mistaken\nswear swore sworn\nbear bore born borne\nbind bound\n"
    "wind wound\ndeal dealt\ndream dreamt\nlearn learnt\nburn burnt\nmean meant\nkneel knelt\nlight lit\nshine shone\n"
    "sink sank sunk\nshrink shrank shrunk\nspring sprang sprung\nspin spun\nswing swung\nweave wove woven\nflee fled\n"
    "withdraw withdrew withdrawn\novercome overcame\nhave had\n"
    "child children\nman men\nwoman women\nperson people\nfoot feet\ntooth teeth\nmouse mice\ngoose geese\nwife wives\nlife lives\n"
    "knife knives\nleaf leaves\nshelf shelves\nhalf halves\nwolf wolves\nloaf loaves\nthief thieves\ngood better best\nbad worse worst\n"
    "far further farther\nphoto photograph picture\nmum mom mother mama\ndad father papa\nbike bicycle\nphone telephone\ntv television\n";

// Chinese words of every day that say the same; each line is one meaning.
constexpr std::string_view kChinese =
    "妈妈 母亲 我妈 老妈 妈咪\n爸爸 父亲 我爸 老爸\n爷爷 祖父\n奶奶 祖母\n外婆 姥姥 外祖母\n外公 姥爷 外祖父\n老公 丈夫 先生 爱人\n"
    "老婆 妻子 太太 爱人 媳妇\n孩子 小孩 娃娃 宝宝\n女儿 闺女\n儿子 男孩\n朋友 好友 伙伴\n手机 电话\n电脑 计算机 笔记本\n房子 屋子 住处 公寓\n"
    "搬家 搬到 搬去 新居 新家\n工作 上班 职业 岗位\n公司 单位 企业\n领导 上司 经理 老板\n同事 同僚\n医院 诊所\n医生 大夫\n生病 患病 不舒服\n"
    "体检 检查\n饭馆 餐厅 餐馆 饭店 馆子\n早上 早晨 清晨 上午\n晚上 夜里 傍晚\n中午 午间\n旅游 旅行 出游 度假\n休假 年假 假期 放假\n"
    "飞机 航班 机票\n火车 高铁 动车 列车\n汽车 车子 轿车\n修理 维修 修好 送修\n坏了 故障 出毛病\n电视剧 连续剧 追剧\n电影 影片 片子\n"
    "演唱会 音乐会\n唱歌 歌手\n乐器 弹琴 练琴\n跑步 长跑 马拉松\n锻炼 健身 运动\n比赛 竞赛\n球队 足球 看球\n礼物 礼品\n生日 过生日\n结婚 婚礼 成亲\n"
    "颜色 色彩\n头发 发型 发色\n宠物 养猫 养狗 小猫 小狗\n植物 花木 盆栽\n水果 果子\n睡觉 睡眠 入睡 失眠\n喜欢 喜爱 爱好 热爱\n讨厌 不喜欢\n"
    "高兴 开心 快乐\n难过 伤心 流泪\n生气 发火\n学校 校园\n大学 高校\n老师 教师\n学习 练习\n书籍 小说 读书 看书\n价格 价钱 多少钱 费用\n便宜 实惠 打折\n"
    "购买 买了 买的\n赠送 送给 送了\n丢失 弄丢 丢了\n租房 租金 房租 月租\n志愿者 义工\n电器 家电\n照相机 相机\n照片 相片\n年纪 岁数 年龄\n"
    "计划 打算 目标\n碰上 遇见 遇到 碰见\n开会 会议\n吃饭 用餐 聚餐\n自行车 单车\n下雨 遇雨\n";

using Table = std::unordered_map<std::string_view, std::vector<std::string_view>>;

Table read_table() {
  Table table;
  std::vector<std::string_view> line;
  const auto end_line = [&] {
    for (const auto word : line) {
      for (const auto other : line) {
        if (other != word) table[word].push_back(other);
      }
    }
    line.clear();
  };
  for (const auto forms : {kForms, kChinese}) {
    for (std::size_t at = 0; at < forms.size();) {
      const auto end = forms.find_first_of(" \n", at);
      line.push_back(forms.substr(at, end - at));
      if (forms[end] == '\n') end_line();
      at = end + 1;
    }
  }
  return table;
}

}  // namespace

std::vector<std::string_view> irregular_forms(std::string_view word) {
  static const Table table = read_table();
  const auto found = table.find(word);
  return found == table.end() ? std::vector<std::string_view>() : found->second;
}

}  // namespace hearth::memory

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
  for (std::size_t at = 0; at < kForms.size();) {
    const auto end = kForms.find_first_of(" \n", at);
    line.push_back(kForms.substr(at, end - at));
    if (kForms[end] == '\n') end_line();
    at = end + 1;
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

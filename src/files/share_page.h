#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/types.h"
#include "gateway/http.h"

// The pages that visitors of a share link see: in their language, no scripts, nothing from elsewhere but the mark.
namespace hearth::files {

struct SharedFolder {
  std::string token;
  std::string name;        // of the shared thing
  std::string below;       // "" or "/sub/folder": where in it the visitor is
  std::vector<Entry> entries;
  bool complete = true;
};

gateway::Response share_folder_page(const SharedFolder& folder, Language language);
gateway::Response share_file_page(std::string_view token, const Entry& file, Language language);
enum class PasswordNotice { None, Wrong, Wait };
gateway::Response share_password_page(std::string_view action, PasswordNotice notice, Duration wait, Language language);
// 404, 410 and the like: what is wrong.
gateway::Response share_problem_page(int status, std::string_view en, std::string_view zh, Language language);

std::string human_size(std::uint64_t bytes);

}  // namespace hearth::files

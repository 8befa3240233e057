#pragma once
#include <libpst/libpst.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "memory/extract/input.h"

namespace hearth::memory::extract {

struct FreeOutlookItem {
  void operator()(pst_item* item) const { ::pst_freeItem(item); }
};
using OutlookItem = std::unique_ptr<pst_item, FreeOutlookItem>;

// An Outlook data file ([MS-PST], also OST), read by libpst. libpst reads through the Input and never opens a file. What is
// broken may end the process: the caller says before what it is about to read.
class OutlookFile {
 public:
  // A message, contact, appointment ...
  struct Node {
    std::uint32_t number = 0;  // the file's number for it: the same as long as it is in the file
    pst_desc_tree* entry = nullptr;
  };

  // Corrupt when its tables cannot be read. The input outlives it.
  static Result<std::unique_ptr<OutlookFile>> open(const Input& input);
  ~OutlookFile();
  OutlookFile(const OutlookFile&) = delete;
  OutlookFile& operator=(const OutlookFile&) = delete;

  // All items of the folders that a person sees, and those whose folder is lost; by number.
  const std::vector<Node>& nodes() const { return nodes_; }
  // Null when it cannot be read.
  OutlookItem read(const Node& node);
  // The message that an attachment of `item` is; null when it is none or cannot be read.
  OutlookItem read_embedded(const pst_item_attach& attachment);
  std::string bytes_of(pst_item_attach& attachment);
  // The folders that it lies in, the outermost first, without the one that holds all.
  std::vector<std::string> folders(const Node& node);

 private:
  OutlookFile() = default;
  void find_nodes();

  std::unique_ptr<Input> unpacked_;
  struct Cookie;
  std::unique_ptr<Cookie> cookie_;
  pst_file file_{};
  const pst_desc_tree* top_ = nullptr;
  std::vector<Node> nodes_;
  std::vector<std::pair<const pst_desc_tree*, std::string>> names_;  // of folders, sorted
};

// A text of an item's as UTF-8; "" without one.
std::string outlook_text(pst_item& item, const pst_string& text);
// The charset of a code page by its number (Windows), such as "GB18030"; "" when it is none that is known.
std::string charset_of_code_page(int page);
// None when it is not set or no such time.
std::optional<Time> outlook_time(const FILETIME* time);

}  // namespace hearth::memory::extract

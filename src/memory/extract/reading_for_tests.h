#pragma once
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// What a file gives when it is read as hearth-extract reads it.
struct ReadFile {
  std::string format;  // "" when it is none
  std::vector<ItemText> items;
  std::vector<std::string> originals;  // of each item, its bytes
  std::vector<std::string> failures;

  std::vector<std::string> texts() const {
    std::vector<std::string> found;
    for (const auto& item : items) found.push_back(item.text);
    return found;
  }
};

namespace reading {

class Collect final : public Sink {
 public:
  Collect(const Input& input, ReadFile& read) : input_(input), read_(read) {}
  Result<bool> begin(Extent at) override {
    EXPECT_GE(at.offset, 0);
    EXPECT_GE(at.length, 0);
    return true;
  }
  Result<> item(ItemText item, Original original) override {
    EXPECT_EQ(item.item.key.size(), 32u);
    EXPECT_TRUE(is_utf8(item.text) && is_utf8(item.item.title) && is_utf8(item.within) && is_utf8(item.item.external_id));
    for (const auto& person : item.item.people) EXPECT_TRUE(is_utf8(person.name) && is_utf8(person.address));
    for (const auto& attachment : item.item.attachments) EXPECT_TRUE(is_utf8(attachment.name));
    for (const auto& tag : item.item.tags) EXPECT_TRUE(is_utf8(tag));
    read_.originals.push_back(original.bytes ? *original.bytes
                                             : input_.read(original.extent.offset, static_cast<std::size_t>(original.extent.length)).value());
    read_.items.push_back(std::move(item));
    return {};
  }
  Result<> failed(std::string reason) override {
    read_.failures.push_back(std::move(reason));
    return {};
  }

 private:
  const Input& input_;
  ReadFile& read_;
};

}  // namespace reading

inline ReadFile read_input(std::string name, const Input& input, std::string path = "", std::optional<Time> modified = {}) {
  ReadFile result;
  Request request;
  request.path = path.empty() ? name : std::move(path);
  request.name = std::move(name);
  request.modified = modified;
  const auto* format = find_format(request, input);
  if (!format) return result;
  result.format = format->name;
  reading::Collect sink(input, result);
  if (const auto read = format->read(request, input, sink); !read) result.failures.push_back(read.error().message());
  return result;
}

inline ReadFile read_bytes(std::string name, std::string_view bytes, std::string path = "", std::optional<Time> modified = {}) {
  return read_input(std::move(name), BytesInput(std::string(bytes)), std::move(path), modified);
}

inline std::string time_of(const ItemText& item) {
  auto time = item.item.time ? format_time(*item.item.time) : "";
  if (time.ends_with(".000Z")) time.replace(time.size() - 5, 5, "Z");
  return time;
}
inline std::string author_of(const ItemText& item) {
  for (const auto& person : item.item.people) {
    if (person.role == Role::Author) return person.name;
  }
  return "";
}

}  // namespace hearth::memory::extract

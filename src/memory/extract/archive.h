#pragma once
#include "memory/extract/zip.h"

namespace hearth::memory::extract {

// Archives: each member is read as an input of its own, by whatever format it is, and its items lie `within` the archive at
// the member's path. What cannot be read costs that member. Members of no format that is read are counted and passed by.
bool is_zip_archive(const Probe& probe);
bool is_tar_archive(const Probe& probe);
bool is_gzip_file(const Probe& probe);
Result<> read_zip_archive(const Request& request, const Input& input, Sink& sink);
Result<> read_tar_archive(const Request& request, const Input& input, Sink& sink);
// A compressed tar archive, or one compressed file.
Result<> read_gzip_file(const Request& request, const Input& input, Sink& sink);

// How deep archives may lie in one another.
inline constexpr int kDeepestArchive = 3;

// Reads one thing that lies inside another at `path`, such as a member of an archive or an attachment. `at`: where its
// bytes lie in the outer input, when they lie there as they are. `numbers` counts what was begun in the outer input, which
// is how the sink knows it.
Result<> read_inside(const Request& outer, const Member& member, std::string_view path, const Input& input, std::optional<Extent> at,
                     std::int64_t& numbers, Sink& sink);

}  // namespace hearth::memory::extract

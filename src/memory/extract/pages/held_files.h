#pragma once
#include <filesystem>

namespace hearth::memory::extract {

// Maps the files below a folder, so that libraries in this program that open one by fopen() can still do so once the sandbox
// has closed the file system. Poppler reads the tables for Chinese, Japanese and Korean fonts when a document needs one.
// Nothing is read before it is needed. A folder that is not there is left out.
void hold_files(const std::filesystem::path& folder);

}  // namespace hearth::memory::extract

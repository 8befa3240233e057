#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// The rule for names and paths, the same at every door (operations, downloads, uploads, WebDAV, shares):
//  - a path is absolute within a home: "/" is the home itself, "/a/b" a file in it; one '/' at the end is allowed;
//  - a name is well-formed UTF-8 of at most 255 bytes, stored in Unicode's NFC, whatever form it came in;
//  - case matters: "a" and "A" are two files;
//  - no ".", "..", empty names, control characters, bidirectional overrides, line separators or noncharacters.
// Files that came onto the disk behind Hearth's back under other names are neither listed nor reachable.
namespace hearth::files {

// The name in NFC. InvalidInput says what is wrong with it.
Result<std::string> clean_name(std::string_view name);

// The path in canonical form: "/" or "/a/b", every name clean. At most 4,096 bytes.
Result<std::string> clean_path(std::string_view path);

// InvalidInput unless `path` is in canonical form already.
Result<> check_canonical(std::string_view path);

std::vector<std::string> path_names(std::string_view path);     // of a clean path
std::string path_name(std::string_view path);                   // the last name; "" of "/"
std::string path_parent(std::string_view path);                 // "/" of "/"
std::string path_join(std::string_view folder, std::string_view name);
bool path_is_within(std::string_view path, std::string_view folder);  // the folder itself counts

// What search compares: compatibility forms, case and accents folded ("Ｒésumé" → "resume").
std::string fold(std::string_view text);

// Sorts as people expect, in every locale alike: folded, digit runs by their number ("img2" before "img10"), Latin before
// Chinese, Chinese by code point (for the common characters: by radical and strokes). a < b.
bool natural_less(std::string_view a, std::string_view b);
// A key whose byte order is natural_less.
std::string natural_key(std::string_view text);

// "report.pdf" → "report (2).pdf"; "archive.tar.gz" → "archive (2).tar.gz"; the result fits in 255 bytes.
std::string numbered_name(std::string_view name, int number);

}  // namespace hearth::files

#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "files/content_type.h"
#include "files/root.h"
#include "gateway/http.h"

// How the byte surfaces of this room answer.
namespace hearth::files {

int http_status_of(Code code);

// {"error":{"code":…,"message":…}} with the status that the code stands for.
gateway::Response problem(const Error& error, Language language);

std::string format_http_date(Time time);                        // RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<Time> parse_http_date(std::string_view text);

// One part of a file asked for by Range.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

// What a Range header asks of a file of `size` bytes (RFC 9110 §14). None: answer with all of it: there is no range, it is
// malformed, or it asks for several (which the RFC lets a server answer whole). An empty range: 416.
std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size);

// The preconditions of a read (RFC 9110 §13.2.2): 200, 304 or 412.
int check_read_conditions(const gateway::Headers& headers, const Status& status);
// Of a write; `status` none: there is no file yet. 200 or 412.
int check_write_conditions(const gateway::Headers& headers, const std::optional<Status>& status);

// Answers GET and HEAD with an open file: ranges, preconditions, and headers that keep what strangers wrote from acting on
// this origin. Attachment: always saved, never shown.
enum class Show { WhereSafe, Attachment };
Task<Result<>> respond_with_file(gateway::Exchange& exchange, Descriptor file, const Status& status, std::string_view name,
                                 Show show, gateway::Headers extra = {});

}  // namespace hearth::files

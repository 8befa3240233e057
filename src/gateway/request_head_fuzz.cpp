#include "gateway/request_head.h"

#include <cstdlib>
#include <string>

#include "gateway/access_policy.h"
#include "gateway/response_head.h"
#include "gateway/static_files.h"

// Whatever a client sends: no crash, views stay inside the bytes, and an accepted head has one reading of its length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hearth::gateway;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  HeadScanner whole;
  const auto state = whole.scan(bytes);
  HeadScanner pieces;
  auto last = HeadScanner::State::Incomplete;
  for (std::size_t i = 1; i <= bytes.size() && last == HeadScanner::State::Incomplete; ++i) {
    last = pieces.scan(std::string_view(bytes).substr(0, i));
  }
  // However it arrives, a head is complete or not; only a refusal may come earlier in pieces.
  if (state == HeadScanner::State::Complete && last != HeadScanner::State::Complete) std::abort();
  RequestHead head;
  if (state == HeadScanner::State::Complete && !parse_request_head(bytes, head)) {
    if (head.length > bytes.size() || (head.chunked && head.content_length)) std::abort();
    Entrance entrance;
    entrance.rules = {{"/admin", Access::TwoFactor}, {"/public", Access::Public}};
    (void)access_of(entrance, head.path);
    if (const auto path = file_path_of(head.path); path && path->find("/..") != std::string::npos) std::abort();
  }
  ResponseHead response;
  (void)parse_response_head(bytes, response);
  return 0;
}

#pragma once
#include <functional>
#include <memory>
#include <set>

#include "memory/live/imap_values.h"
#include "memory/live/stream.h"

namespace hearth::memory::live {

// Speaks IMAP4rev1 (RFC 3501) with IDLE (RFC 2177) to read a mailbox; nothing there is changed. Blocking, one thread. After
// an error the client is of no more use.
class ImapClient {
 public:
  enum class Protection { Tls, StartTls, None };
  struct Options {
    Stream::Options server;
    Protection protection = Protection::Tls;
    std::string user;
    std::string password;
    std::size_t largest_message = 128 << 20;
  };

  struct Folder {
    std::string name;  // as the server writes it
    std::string path;  // UTF-8
    std::set<std::string> attributes;  // in lower case, "\\noselect"
  };
  struct Selected {
    std::uint32_t validity = 0;
    std::uint64_t exists = 0;
    std::uint32_t next = 0;     // UIDNEXT; 0: the server does not say
    std::uint64_t changes = 0;  // HIGHESTMODSEQ (RFC 7162); 0: the server keeps none
  };
  struct Size {
    std::uint32_t uid = 0;
    std::uint64_t bytes = 0;
  };
  // A message's size and the header fields by which it is known; what the server does not say is 0 or empty.
  struct Head {
    std::uint32_t uid = 0;
    std::uint64_t bytes = 0;
    std::string fields;
  };
  struct Message {
    std::uint32_t uid = 0;
    std::string bytes;
  };

  // Unauthenticated when the server refuses the password. `stop` outlives the client.
  static Result<std::unique_ptr<ImapClient>> open(Options options, const Stop& stop);

  Result<std::vector<Folder>> folders();
  // Opens a folder for reading only. NotFound when it is gone, Forbidden when the server refuses.
  Result<Selected> examine(const std::string& name);
  // The numbers of all messages of the folder that is open, each once.
  Result<std::vector<std::uint32_t>> search_all();
  // What a folder is like without opening it, as one text that changes when the folder does. "" when the server refuses.
  Result<std::string> status(const std::string& name);
  Result<std::vector<Size>> sizes(const UidSet& uids);
  // None when the server refuses.
  Result<std::vector<Head>> heads(const UidSet& uids);

  // Asks for messages; they come one by one from next_message(), in the server's order, none at the end.
  Result<> fetch(const UidSet& uids);
  Result<std::optional<Message>> next_message();

  bool can_idle() const { return capabilities_.contains("IDLE"); }
  // Waits for news of the folder that is open, at most so long; whether there are any.
  Result<bool> idle(Duration time);
  // Whether the server said that the folder changed since this was asked last.
  bool take_news() { return std::exchange(news_, false); }

 private:
  struct Response {
    std::string tag;  // "*", "+" or a tag of ours
    std::vector<ImapValue> values;  // without the tag
    std::string text;               // the line as it came, without the tag
  };

  ImapClient(Options options, std::unique_ptr<Stream> stream) : options_(std::move(options)), stream_(std::move(stream)) {}
  Result<> greet();
  Result<> log_in();
  Result<> say_who_asks();
  Result<> read_capabilities();
  Result<std::string> send(const std::string& command);  // gives its tag
  Result<Response> read();
  void note(const Response& response);
  // Reads until the command's end. Its refusal is an error with this code.
  Result<> finish(const std::string& tag, Code refused, const std::function<void(Response&)>& take = {});
  Result<> run(const std::string& command, Code refused, const std::function<void(Response&)>& take = {});

  Options options_;
  std::unique_ptr<Stream> stream_;
  std::set<std::string> capabilities_;
  int tags_ = 0;
  std::string fetching_;  // the tag of a fetch under way
  UidSet asked_;
  bool news_ = false;
};

}  // namespace hearth::memory::live

#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/describe.h"
#include "base/task.h"
#include "kernel/label.h"
#include "kernel/principal.h"

namespace hearth::kernel {

// What an operation does to the world, in rising order.
enum class Effect {
  Read,
  Write,  // changes own data
  Admin,  // changes the box
  Send,   // lets data leave the box
  Spend,  // costs money
};
HEARTH_DESCRIBE_ENUM(Effect, Read, Write, Admin, Send, Spend)

// The least a caller must be to make a call without a grant. Apps, runs, devices and peers always need a grant, except
// for operations open to Anyone.
enum class Audience { Anyone, Guest, Member, Owner };
HEARTH_DESCRIBE_ENUM(Audience, Anyone, Guest, Member, Owner)

// A text in the two languages of the box.
struct Text {
  std::string_view en;
  std::string_view zh;
};

// Where a call comes from, for sessions and the audit.
struct Origin {
  std::string address;  // numeric network address, or "unix"
  std::string agent;    // the User-Agent header, cut to 256 bytes
  std::string session;  // the id of the session or token that authenticated the call, "" without
  std::string url;      // "https://hearth.localhost:8443": scheme, host and port the caller used; "" on the unix socket
  bool two_factor = false;  // the session passed a second factor or a passkey
};

// What a call asks of the surface that carries it, beyond its output. The HTTP surface turns it into a cookie.
struct SessionChange {
  std::string token;  // "" ends the session
  Time expires;
};

// One call, as its handler sees it. Copyable at little cost; valid while the handler runs.
class Call {
 public:
  Call(Principal principal, Origin origin, std::optional<SessionChange>* session_change);
  Call(const Call& other);
  Call(Call&& other) noexcept;
  Call& operator=(Call other) noexcept;
  ~Call();

  const Principal& principal() const { return content_->principal; }
  // The person who acts, or on whose behalf. Never empty in operations whose audience is at least Guest.
  const std::string& person() const { return content_->principal.person; }
  const Origin& origin() const { return content_->origin; }
  void change_session(SessionChange change) const;

 private:
  struct Content {
    Principal principal;
    Origin origin;
  };
  std::shared_ptr<const Content> content_;
  std::optional<SessionChange>* session_change_;
};

struct Outcome {
  Json value;
  Label label;
};

// Takes one event of a streaming operation. Fails with Cancelled when nobody listens any more; waits when they are slow.
using Emit = std::function<Task<Result<>>(Json)>;

// Emits events of type T.
template <typename T>
class Emitter {
 public:
  explicit Emitter(const Emit& emit) : emit_(&emit) {}
  Task<Result<>> operator()(const T& event) const { return (*emit_)(to_json(event)); }

 private:
  const Emit* emit_;  // the caller of the operation keeps it alive
};

struct OperationOptions {
  Audience audience = Audience::Member;
  bool audited = true;  // false only for high-frequency reads that reveal nothing: each use has a reason
  // What a call touches beside what its input names, as a grant would match it ("files:/a/b"): for input that names things
  // by an id. Asked before the call is admitted, with input that nobody has looked at yet.
  std::function<Task<Result<std::vector<std::string>>>(Call, Json)> resources = nullptr;
};

// An operation: the one definition from which HTTP, TypeScript, CLI, form, help and tool schema come.
struct Operation {
  std::string name;  // "<room>.<verb>"
  Effect effect;
  Text summary;
  OperationOptions options;
  bool streaming = false;
  Json (*input_schema)();  // made when asked for
  Json (*output_schema)();
  Result<> (*check)(const Json&);  // whether an input can be read; InvalidInput names the field
  // Reads the input itself. `emit` is null for a unary operation.
  std::function<Task<Result<Outcome>>(Call, Json, const Emit*)> run;
};

namespace operation_detail {

template <typename T>
struct HandlerTraits : HandlerTraits<decltype(&T::operator())> {};
template <typename C, typename R, typename In>
struct HandlerTraits<Task<Result<R>> (C::*)(Call, In) const> {
  using Input = In;
  using Output = R;
};
template <typename C, typename In, typename Event>
struct HandlerTraits<Task<Result<>> (C::*)(Call, In, Emitter<Event>) const> {
  using Input = In;
  using Output = Event;
};

template <typename T>
struct Unlabelled {
  using Type = T;
};
template <typename T>
struct Unlabelled<Labelled<T>> {
  using Type = T;
};
template <>
struct Unlabelled<void> {
  using Type = Nothing;
};

// Output without a label of its own is the person's private data, written by the system; no output is no data.
template <typename T>
Outcome outcome_of(const Call& call, T value) {
  if constexpr (std::is_same_v<T, Nothing>) return {to_json(value), Label()};
  return {to_json(value), {Confidentiality::Private, call.person(), Integrity::Owner}};
}
template <typename T>
Outcome outcome_of(const Call&, Labelled<T> labelled) {
  return {to_json(labelled.value), std::move(labelled.label)};
}

Task<Result<Outcome>> refused(Error error);

template <typename Input>
Result<> check_input(const Json& json) {
  if (auto input = from_json<Input>(json); !input) return std::unexpected(std::move(input).error());
  return {};
}

template <typename T>
Task<Result<Outcome>> outcome_of(Call call, Task<Result<T>> running) {
  auto output = co_await std::move(running);
  if (!output) co_return std::unexpected(std::move(output).error());
  if constexpr (std::is_void_v<T>) {
    co_return outcome_of(call, Nothing{});
  } else {
    co_return outcome_of(call, *std::move(output));
  }
}

}  // namespace operation_detail

// Makes an Operation of a handler `(Call, Input) -> Task<Result<Output>>`; Output may be Labelled<…> or void. Input and
// output are described structs.
template <typename Handler>
Operation make_operation(std::string name, Effect effect, Text summary, Handler handler, OperationOptions options) {
  using namespace operation_detail;
  using Traits = HandlerTraits<Handler>;
  using Output = Unlabelled<typename Traits::Output>::Type;
  auto shared = std::make_shared<const Handler>(std::move(handler));  // the std::function is copied
  return {std::move(name), effect, summary, std::move(options), false, &schema_of<typename Traits::Input>, &schema_of<Output>,
          &check_input<typename Traits::Input>, [shared](Call call, Json json, const Emit*) {
            auto input = from_json<typename Traits::Input>(json);
            if (!input) return refused(std::move(input).error());
            auto running = (*shared)(call, *std::move(input));
            return outcome_of(std::move(call), std::move(running));
          }};
}

// The same of `(Call, Input, Emitter<Event>) -> Task<Result<>>`: the output schema is that of one event.
template <typename Handler>
Operation make_streaming_operation(std::string name, Effect effect, Text summary, Handler handler,
                                   OperationOptions options) {
  using namespace operation_detail;
  using Traits = HandlerTraits<Handler>;
  auto shared = std::make_shared<const Handler>(std::move(handler));
  return {std::move(name), effect, summary, std::move(options), true, &schema_of<typename Traits::Input>,
          &schema_of<typename Traits::Output>, &check_input<typename Traits::Input>,
          [shared](Call call, Json json, const Emit* emit) {
            auto input = from_json<typename Traits::Input>(json);
            if (!input) return refused(std::move(input).error());
            auto running = (*shared)(call, *std::move(input), Emitter<typename Traits::Output>(*emit));
            return outcome_of(std::move(call), std::move(running));
          }};
}

}  // namespace hearth::kernel

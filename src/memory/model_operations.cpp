#include "memory/entries.h"
#include "memory/identities.h"
#include "memory/implementation.h"
#include "memory/keep.h"

namespace hearth::memory {
namespace {

using kernel::Call;
using kernel::Effect;
using store::Connection;

LessCareful allowed_to(const Call& call) {
  return call.principal().kind == kernel::Principal::Kind::Person ? LessCareful::Allowed : LessCareful::Refused;
}

// The audit says what was changed, not only that something was.
Task<Result<LabelOutput>> label(Memory::Implementation& memory, Call call, LabelInput input) {
  const auto person = call.person();
  const auto less_careful = allowed_to(call);
  CO_TRY(auto output, co_await memory.writing(person, [=](Connection& c) { return set_label(c, person, input, less_careful); }));
  const auto text = [](const kernel::Label& label) { return enum_name(label.confidentiality) + "/" + enum_name(label.integrity); };
  CO_CHECK(co_await memory.kernel.record(call.principal(), "memory.label",
                                         input.source.empty() ? "memory_item:" + input.item : "memory:" + input.source,
                                         fmt::format("{} -> {}", text(output.before), text(output.label))));
  if (!input.source.empty()) {
    CO_TRY(const auto source, number_of(input.source, "source"));
    memory.tell(person, source, "labelled");
  }
  co_return output;  // what is said of an item is not what it says
}

void define_people(kernel::Kernel& kernel, Memory::Implementation& memory) {
  kernel.define("memory.people", Effect::Read, {"Lists the people whom your memory names.", "列出记忆中提到的人。"},
                [&memory](Call call, PeopleInput in) {
                  return memory.reading(call.person(), [person = call.person(), in](Connection& c) { return list_people(c, person, in); });
                });
  kernel.define("memory.person", Effect::Read,
                {"Shows a person: addresses, recent items, and who is with them.", "显示一个人：地址、最近条目和常见同伴。"},
                [&memory](Call call, PersonInput in) {
                  return memory.reading(call.person(), [person = call.person(), in](Connection& c) { return read_person(c, person, in); });
                });
  kernel.define("memory.merge_people", Effect::Write, {"Says that two people are the same one.", "将两个人合并为同一人。"},
                [&memory](Call call, MergePeopleInput in) {
                  return memory.writing(call.person(), [in, now = memory.clock.now()](Connection& c) { return merge_people(c, in, now); });
                });
  kernel.define("memory.undo_merge", Effect::Write, {"Takes back that two people are the same one.", "撤销人员合并。"},
                [&memory](Call call, UndoMergeInput in) {
                  return memory.writing(call.person(), [in](Connection& c) { return undo_merge(c, in); });
                });
  kernel.define("memory.merge_suggestions", Effect::Read, {"Lists people who may be the same one.", "列出可能是同一人的人员。"},
                [&memory](Call call, MergeSuggestionsInput in) {
                  return memory.reading(call.person(), [person = call.person(), in](Connection& c) { return suggest_merges(c, person, in); });
                });
}

void define_timeline(kernel::Kernel& kernel, Memory::Implementation& memory) {
  kernel.define("memory.timeline", Effect::Read, {"Lists items by time, newest first.", "按时间列出条目，最新在前。"},
                [&memory](Call call, TimelineInput in) {
                  return memory.reading(call.person(), [person = call.person(), in](Connection& c) { return read_timeline(c, person, in); });
                });
  kernel.define("memory.on_this_day", Effect::Read, {"Lists what happened on this day in earlier years.", "列出往年今日的条目。"},
                [&memory](Call call, OnThisDayInput in) {
                  return memory.reading(call.person(), [person = call.person(), in, now = memory.clock.now()](Connection& c) {
                    return read_on_this_day(c, person, in, now);
                  });
                });
  kernel.define("memory.thread", Effect::Read, {"Shows a whole conversation, page by page.", "分页显示整个会话。"},
                [&memory](Call call, ThreadInput in) {
                  return memory.reading(call.person(), [person = call.person(), in](Connection& c) { return read_thread(c, person, in); });
                });
  kernel.define("memory.promises", Effect::Read,
                {"Lists open promises, meetings and deadlines of recent items.", "列出近期条目中未了的承诺、约会和期限。"},
                [&memory](Call call, PromisesInput in) {
                  return memory.reading(call.person(), [person = call.person(), in, now = memory.clock.now()](Connection& c) {
                    return read_promises(c, person, in, now);
                  });
                });
  kernel.define("memory.settle_promise", Effect::Write, {"Marks a promise as done, as none, or as open again.", "将承诺标记为完成、忽略或重新打开。"},
                [&memory](Call call, SettlePromiseInput in) {
                  return memory.writing(call.person(), [in, now = memory.clock.now()](Connection& c) { return settle_promise(c, in, now); });
                });
}

void define_keeping(kernel::Kernel& kernel, Memory::Implementation& memory) {
  kernel.define("memory.save_search", Effect::Write, {"Keeps a search under a name.", "以名称保存一个搜索。"},
                [&memory](Call call, SaveSearchInput in) {
                  return memory.writing(call.person(), [in, now = memory.clock.now()](Connection& c) { return save_search(c, in, now); });
                });
  kernel.define("memory.saved_searches", Effect::Read, {"Lists the searches that you keep.", "列出已保存的搜索。"},
                [&memory](Call call, Nothing) { return memory.reading(call.person(), saved_searches); });
  kernel.define("memory.remove_search", Effect::Write, {"Removes a saved search.", "删除已保存的搜索。"},
                [&memory](Call call, RemoveSearchInput in) {
                  return memory.writing(call.person(), [in](Connection& c) { return remove_search(c, in); });
                });
  kernel.define("memory.label", Effect::Write,
                {"Changes the label of a source or an item; less careful only by the person themselves.",
                 "更改来源或条目的标签；只有本人可以放宽。"},
                [&memory](Call call, LabelInput in) { return label(memory, std::move(call), std::move(in)); });
  kernel.define("memory.forget_preview", Effect::Read, {"Says how much a call to memory.forget would remove.", "说明 memory.forget 将清除多少内容。"},
                [&memory](Call call, ForgetInput in) {
                  return memory.reading(call.person(), [in](Connection& c) { return preview_forget(c, in); });
                });
}

}  // namespace

void define_model_operations(kernel::Kernel& kernel, Memory::Implementation& implementation) {
  define_people(kernel, implementation);
  define_timeline(kernel, implementation);
  define_keeping(kernel, implementation);
}

}  // namespace hearth::memory

#include "base/bytes.h"
#include "memory/implementation.h"
#include "memory/transcription.h"

namespace hearth::memory {
namespace {

using kernel::Call;
using kernel::Effect;
using kernel::JobRun;
using kernel::Labelled;

Task<Result<Labelled<OriginalOutput>>> read_original(Memory& memory, Call call, std::string item) {
  CO_TRY(auto original, co_await memory.original(call.person(), std::move(item)));
  auto& value = original.value;
  OriginalOutput output{value.name, value.type, static_cast<std::int64_t>(value.bytes.size()), {}, {}};
  if (is_utf8(value.bytes)) {
    output.text = std::move(value.bytes);
  } else {
    output.base64 = to_base64(value.bytes);
  }
  co_return Labelled<OriginalOutput>{std::move(output), std::move(original.label)};
}

}  // namespace

void define_operations(kernel::Kernel& kernel, Memory& memory) {
  kernel.define("memory.import", Effect::Write, {"Reads mail, chats, notes, documents and more into your memory.", "把邮件、聊天记录、笔记、文档等读入你的记忆。"},
                [&memory](Call call, ImportInput in) { return memory.import(std::move(call), std::move(in)); });
  kernel.define("memory.connect", Effect::Send,
                {"Adds a mail, calendar or contacts server to your memory and follows it, or changes how it is reached.",
                 "把邮件、日历或联系人服务器添加为来源并持续关注，或更改其连接方式。"},
                [&memory](Call call, ConnectInput in) { return memory.connect(std::move(call), std::move(in)); });
  kernel.define("memory.sources", Effect::Read, {"Lists where your memory comes from.", "列出记忆的来源。"},
                [&memory](Call call, Nothing) { return memory.sources(call.person()); });
  kernel.define("memory.search", Effect::Read, {"Searches your memory.", "搜索你的记忆。"},
                [&memory](Call call, SearchInput in) { return memory.search(call.person(), std::move(in)); });
  kernel.define("memory.ask", Effect::Read,
                {"Answers a question with the passages of your memory that fit, word for word.", "用记忆中的原文片段回答问题。"},
                [&memory](Call call, AskInput in) { return memory.ask(call.person(), std::move(in)); });
  kernel.define("memory.item", Effect::Read, {"Shows one item of your memory.", "显示记忆中的一个条目。"},
                [&memory](Call call, ItemInput in) { return memory.item(call.person(), std::move(in.item)); });
  kernel.define("memory.original", Effect::Read, {"Gives an item as it came in, byte by byte. Downloads of any size, at /originals/<item>, stand under this too.",
                 "给出条目的原件，逐字节不变。通过 /originals/<条目> 下载（不限大小）也属于此操作。"},
                [&memory](Call call, ItemInput in) { return read_original(memory, std::move(call), std::move(in.item)); });
  kernel.define("memory.forget", Effect::Write,
                {"Forgets a source, an item, what a person wrote, or a time: from the index, the originals and the disk.",
                 "遗忘一个来源、一个条目、某人所写的内容或一段时间：从索引、原件和磁盘中清除。"},
                [&memory](Call call, ForgetInput in) { return memory.forget(call.person(), std::move(in)); });

  auto* implementation = memory.implementation_.get();
  kernel.define_job<ImportJob, ImportResult>(
      "memory.import", [implementation](JobRun& run, ImportJob job) { return implementation->run_import(run, std::move(job)); });
  kernel.define("memory.export", Effect::Write,
                {"Writes your memory to a folder of your files in open formats; memory.import takes such a folder in again.",
                 "以开放格式将记忆导出到你的文件夹；memory.import 可将其重新导入。"},
                [&memory](Call call, ExportInput in) { return memory.export_to(std::move(call), std::move(in)); });
  kernel.define_job<ExportJob, ExportResult>(
      "memory.export", [implementation](JobRun& run, ExportJob job) { return implementation->run_export(run, std::move(job)); });
  kernel.define_job<RestoreJob, ImportResult>(
      "memory.restore", [implementation](JobRun& run, RestoreJob job) { return implementation->run_restore(run, std::move(job)); });
  kernel.define_job<Nothing, ForgetResult>("memory.forget", [implementation](JobRun& run, Nothing) { return implementation->run_forget(run); });
  define_model_operations(kernel, *implementation);
  kernel.define_job<EmbedJob, EmbedResult>(
      "memory.embed", [implementation](JobRun& run, EmbedJob job) { return implementation->run_embed(run, std::move(job)); });
  kernel.define_job<Nothing, TranscribeResult>(
      "memory.transcribe", [implementation, under_way = std::make_shared<Transcribing>()](JobRun& run, Nothing) { return run_transcribe(*implementation, run, under_way); });
}

}  // namespace hearth::memory

#include "files/files.h"
#include "files/implementation.h"
#include "files/path.h"

namespace hearth::files {
namespace {

using kernel::Call;
using kernel::Effect;
using kernel::JobRun;
using kernel::Label;
using kernel::Labelled;

Label names_of(const Call& call) { return label_of_names(call.person()); }
Label content_of(const Call& call) { return label_of_content(call.person()); }

// A grant's pattern is matched with the path as it was written. Those who need a grant must therefore write it in the one
// form it has, or a pattern could be made to cover what it does not mean.
Result<> check_spelling(const Call& call, std::string_view path) {
  if (call.principal().kind == kernel::Principal::Kind::Person) return {};
  return check_canonical(path);
}

Task<Result<CopyJobOutput>> run_copy(Files& files, JobRun& run, CopyInput input) {
  // The checkpoint is "placing" from just before the copy is moved into its place.
  if (run.checkpoint().text("stage") != "placing") {
    auto staged = co_await files.stage_copy(run.person(), input, run.id(),
                                            [&run](std::int64_t count, std::int64_t, std::string path) -> Result<> {
                                              if (run.stopping()) return fail(Code::Cancelled, "The copy was stopped.");
                                              run.progress(count, 0, std::move(path));
                                              return {};
                                            });
    if (!staged) co_return std::unexpected(std::move(staged).error());
    CO_CHECK(co_await run.save(Json::object({{"stage", "placing"}, {"files", staged->files}, {"bytes", staged->bytes}})));
  }
  CO_CHECK(co_await files.place_copy(run.person(), input, run.id()));
  const auto number = [&](std::string_view name) {
    const auto* value = run.checkpoint().find(name);
    return value && value->as_integer() ? *value->as_integer() : 0;
  };
  co_return CopyJobOutput{input.to, number("files"), number("bytes")};
}

void define_reading(kernel::Kernel& kernel, Files& files) {
  kernel.define("files.list", Effect::Read, {"Lists a folder of your home.", "列出个人文件夹中的内容。"},
                [&files](Call call, ListInput in) -> Task<Result<Labelled<ListOutput>>> {
                  CO_CHECK(check_spelling(call, in.path));
                  CO_TRY(auto output, co_await files.list(call.person(), std::move(in)));
                  co_return Labelled<ListOutput>{std::move(output), names_of(call)};
                });
  kernel.define("files.stat", Effect::Read, {"Tells about one file or folder.", "查看一个文件或文件夹的信息。"},
                [&files](Call call, PathInput in) -> Task<Result<Labelled<Entry>>> {
                  CO_CHECK(check_spelling(call, in.path));
                  CO_TRY(auto output, co_await files.stat(call.person(), in.path));
                  co_return Labelled<Entry>{std::move(output), names_of(call)};
                });
  kernel.define("files.search", Effect::Read,
                {"Finds files and folders by a part of their name.", "按名称的一部分查找文件和文件夹。"},
                [&files](Call call, SearchInput in) -> Task<Result<Labelled<SearchOutput>>> {
                  CO_CHECK(check_spelling(call, in.path));
                  CO_TRY(auto output, co_await files.search(call.person(), std::move(in)));
                  co_return Labelled<SearchOutput>{std::move(output), names_of(call)};
                });
  kernel.define("files.read", Effect::Read,
                {"Reads a text file, or its beginning. Downloads of whole files, at /files/<path>, stand under this too.",
                 "读取文本文件或其开头。通过 /files/<路径> 下载文件也属于此操作。"},
                [&files](Call call, ReadTextInput in) -> Task<Result<Labelled<ReadTextOutput>>> {
                  CO_CHECK(check_spelling(call, in.path));
                  CO_TRY(auto output, co_await files.read_text(call.person(), std::move(in)));
                  co_return Labelled<ReadTextOutput>{std::move(output), content_of(call)};
                });
  kernel.define("files.space", Effect::Read,
                {"Tells how much room your files take and how much is free.", "查看文件占用的空间与剩余空间。"},
                [&files](Call call, Nothing) -> Task<Result<SpaceOutput>> { co_return co_await files.space(call.person()); });
  kernel.define_stream("files.watch", Effect::Read,
                       {"Tells of changes in one folder as they happen.", "实时报告一个文件夹中的变化。"},
                       [&files](Call call, PathInput in, kernel::Emitter<Change> emit) -> Task<Result<>> {
                         CO_CHECK(check_spelling(call, in.path));
                         co_return co_await files.watch(call.person(), in.path, emit);
                       });
}

void define_writing(kernel::Kernel& kernel, Files& files) {
  kernel.define("files.write", Effect::Write,
                {"Writes a text file. Uploads, at /uploads, stand under this too.",
                 "写入文本文件。通过 /uploads 上传文件也属于此操作。"},
                [&files](Call call, WriteInput in) -> Task<Result<Entry>> {
                  CO_CHECK(check_spelling(call, in.path));
                  co_return co_await files.write(call.person(), std::move(in));
                });
  kernel.define("files.make_folder", Effect::Write, {"Makes a folder.", "新建文件夹。"},
                [&files](Call call, PathInput in) -> Task<Result<Entry>> {
                  CO_CHECK(check_spelling(call, in.path));
                  co_return co_await files.make_folder(call.person(), in.path);
                });
  kernel.define("files.move", Effect::Write,
                {"Moves or renames a file or folder; its links follow it.", "移动或重命名文件或文件夹；分享链接随之移动。"},
                [&files](Call call, MoveInput in) -> Task<Result<Entry>> {
                  CO_CHECK(check_spelling(call, in.from));
                  CO_CHECK(check_spelling(call, in.to));
                  co_return co_await files.move(call.person(), std::move(in));
                });
  kernel.define("files.copy", Effect::Write,
                {"Copies a file at once, or a folder as a job.", "复制文件（立即完成）或文件夹（作为任务执行）。"},
                [&files, &kernel](Call call, CopyInput in) -> Task<Result<CopyOutput>> {
                  CO_CHECK(check_spelling(call, in.from));
                  CO_CHECK(check_spelling(call, in.to));
                  CO_TRY(auto source, co_await files.stat(call.person(), in.from));
                  if (source.kind == EntryKind::File) {
                    CO_TRY(auto entry, co_await files.copy_file(call.person(), std::move(in)));
                    co_return CopyOutput{std::move(entry), std::nullopt};
                  }
                  if (path_is_within(in.to, in.from)) co_return fail(Code::InvalidInput, "A folder cannot be copied into itself.");
                  if (co_await files.stat(call.person(), in.to)) {
                    co_return fail(Code::AlreadyExists, "There already is a “{}”.", in.to);
                  }
                  const auto title = translated("Copy {} to {}", in.from, in.to);
                  CO_TRY(auto job, co_await kernel.start_job("files.copy", call.person(), title, std::move(in)));
                  co_return CopyOutput{std::nullopt, std::move(job)};
                });
  kernel.define_job<CopyInput, CopyJobOutput>("files.copy", [&files](JobRun& run, CopyInput in) {
    return run_copy(files, run, std::move(in));
  });
}

// A grant for some folders does not reach into the trash of others: what is taken out counts by where it was.
Task<Result<std::vector<std::string>>> restored_from(Files& files, Call call, Json input) {
  CO_TRY(auto paths, co_await files.trashed_paths(call.person(), {std::string(input.text("id"))}));
  for (auto& path : paths) path.insert(0, "files:");
  co_return paths;
}

void define_trash(kernel::Kernel& kernel, Files& files) {
  kernel.define("files.trash", Effect::Write,
                {"Puts a file or folder into the trash; its links end.", "将文件或文件夹移入回收站；其分享链接随之失效。"},
                [&files](Call call, PathInput in) -> Task<Result<TrashedEntry>> {
                  CO_CHECK(check_spelling(call, in.path));
                  co_return co_await files.trash(call.person(), in.path);
                });
  kernel.define("files.trashed", Effect::Read, {"Lists the trash.", "列出回收站中的内容。"},
                [&files](Call call, TrashedInput in) -> Task<Result<Labelled<TrashedOutput>>> {
                  CO_TRY(auto output, co_await files.trashed(call.person(), std::move(in)));
                  co_return Labelled<TrashedOutput>{std::move(output), names_of(call)};
                });
  kernel.define("files.restore", Effect::Write,
                {"Takes something out of the trash, back to where it was.", "从回收站还原到原来的位置。"},
                [&files](Call call, RestoreInput in) -> Task<Result<Entry>> {
                  if (in.to) CO_CHECK(check_spelling(call, *in.to));
                  co_return co_await files.restore(call.person(), std::move(in));
                },
                {.resources = [&files](Call call, Json input) { return restored_from(files, std::move(call), std::move(input)); }});
  kernel.define("files.empty_trash", Effect::Write,
                {"Removes what is in the trash for good.", "永久删除回收站中的内容。"},
                [&files](Call call, EmptyTrashInput in) -> Task<Result<EmptyTrashOutput>> {
                  co_return co_await files.empty_trash(call.person(), std::move(in));
                });
}

void define_sharing(kernel::Kernel& kernel, Files& files) {
  kernel.define("files.share", Effect::Send,
                {"Makes a link through which anyone who has it can see and download a file or folder.",
                 "生成分享链接，任何持有者均可查看并下载该文件或文件夹。"},
                [&files](Call call, ShareInput in) -> Task<Result<Share>> {
                  CO_CHECK(check_spelling(call, in.path));
                  co_return co_await files.share(call.person(), std::move(in));
                });
  kernel.define("files.shares", Effect::Read, {"Lists your links.", "列出你的分享链接。"},
                [&files](Call call, Nothing) -> Task<Result<SharesOutput>> { co_return co_await files.shares(call.person()); });
  kernel.define("files.unshare", Effect::Write, {"Ends a link.", "取消分享链接。"},
                [&files](Call call, UnshareInput in) -> Task<Result<>> {
                  co_return co_await files.unshare(call.person(), in.id);
                });
}

}  // namespace

Doors doors_of(kernel::Kernel& kernel) {
  return {
      [&kernel](kernel::Principal principal, kernel::Origin origin, std::string operation, std::string resource) {
        std::optional<kernel::Label> gives;
        if (operation == "files.read") gives = label_of_content(principal.person);
        if (operation == "files.list" || operation == "files.stat") gives = label_of_names(principal.person);
        return kernel.permit(std::move(principal), std::move(origin), std::move(operation), std::move(resource), std::move(gives));
      },
      [&kernel](kernel::Principal principal, std::string action, std::string resource, std::string outcome) {
        return kernel.record(std::move(principal), std::move(action), std::move(resource), std::move(outcome));
      },
      [&kernel](kernel::Event event) { kernel.publish(std::move(event)); },
  };
}

void define_operations(kernel::Kernel& kernel, Files& files) {
  define_reading(kernel, files);
  define_writing(kernel, files);
  define_trash(kernel, files);
  define_sharing(kernel, files);
}

}  // namespace hearth::files

#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/describe.h"
#include "base/task.h"
#include "kernel/operation.h"

namespace hearth::kernel {

//   Queued ──► Running ──► Done
//     ▲          │  └────► Failed
//     └─restart──┤
//                └───────► Cancelled
enum class JobState { Queued, Running, Done, Failed, Cancelled };
HEARTH_DESCRIBE_ENUM(JobState, Queued, Running, Done, Failed, Cancelled)

// Long work, as stored and shown.
struct Job {
  std::string id;
  std::string kind;    // "memory.import": names the handler
  std::string person;  // whose job it is
  std::string title;   // for people: "Import mail.mbox"; what ends in _zh is the same in Chinese, "" when it is equal
  std::string title_zh;
  JobState state = JobState::Queued;
  std::int64_t done = 0;
  std::int64_t total = 0;  // 0: not known yet
  std::string note;        // what it is doing now
  std::string note_zh;
  std::string error;       // why it failed
  std::string error_zh;
  Json result;
  Time created;
  std::optional<Time> finished;
  int attempts = 0;  // how often it was started: more than 1 after a crash
};
HEARTH_DESCRIBE(Job, (id, "Its id.", .zh = "编号。"), (kind, "What kind of work.", .zh = "任务种类。"),
                (person, "Whose it is.", .zh = "属于谁。"), (title, "What it does.", .zh = "做什么。"),
                (title_zh, "The same in Chinese; empty when it is equal.", .zh = "同上，中文；相同时为空。"),
                (state, "Where it stands.", .zh = "状态。"), (done, "Units done.", .zh = "已完成的数量。"),
                (total, "Units in all; 0 when not known yet.", .zh = "总数；0 表示未知。"),
                (note, "What it is doing now.", .zh = "正在做什么。"),
                (note_zh, "The same in Chinese; empty when it is equal.", .zh = "同上，中文；相同时为空。"),
                (error, "Why it failed.", .zh = "失败原因。"),
                (error_zh, "The same in Chinese; empty when it is equal.", .zh = "同上，中文；相同时为空。"),
                (result, "What it gave.", .zh = "结果。"), (created, "When it was started.", .zh = "创建时间。"),
                (finished, "When it ended.", .zh = "结束时间。"), (attempts, "How often it was started.", .zh = "启动次数。"))

// A job at work, as its handler sees it. Home thread.
class JobRun {
 public:
  virtual ~JobRun() = default;
  virtual const std::string& id() const = 0;
  virtual const std::string& person() const = 0;
  // What save() stored last, in this run or in one before a crash; null at first.
  virtual const Json& checkpoint() const = 0;
  // Stores a checkpoint; once it returns, a restart begins from it.
  virtual Task<Result<>> save(Json checkpoint) = 0;
  // Shows progress; cheap, may be called for every item (stored and published a few times a second).
  virtual void progress(std::int64_t done, std::int64_t total, Message note) = 0;
  // True once somebody cancelled, or the box is stopping. The handler should then return fail(Code::Cancelled, …) soon:
  // cancelled by a person it ends, by a stop of the box it is resumed at the next start.
  virtual bool stopping() const = 0;
};

// Handlers are idempotent from any checkpoint: after kill -9 they run again from the last one.
using JobHandler = std::function<Task<Result<Json>>(JobRun&, Json)>;

}  // namespace hearth::kernel

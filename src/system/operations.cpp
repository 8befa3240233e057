#include <cmath>

#include "system/system.h"

namespace hearth::system {

struct WatchInput {
  double seconds = 1;
};
HEARTH_DESCRIBE(WatchInput, (seconds, "The time between two samples, in seconds.", .zh = "两次采样的间隔（秒）。", .defaulted = true,
                             .minimum = 0.2, .maximum = 3600))

void define_operations(kernel::Kernel& kernel, System& system) {
  using kernel::Call;
  using kernel::Effect;

  kernel.define("system.state", Effect::Read,
                {"Says what the machine is: its parts, its addresses, and the room the box takes.",
                 "说明这台机器：部件、地址以及盒子占用的空间。"},
                [&system](Call, Nothing) -> Task<Result<kernel::Labelled<State>>> {
                  CO_TRY(auto state, co_await system.state());
                  co_return kernel::Labelled<State>{std::move(state),
                                                    {kernel::Confidentiality::Household, "", kernel::Integrity::Owner}};
                });
  // Not audited: every open desktop holds one of these, and it tells how busy the machine is, nothing about a person.
  kernel.define_stream("system.watch", Effect::Read,
                       {"Shows how the machine is doing, live: processor, memory, disk, network and graphics.",
                        "实时显示机器状况：处理器、内存、磁盘、网络与显卡。"},
                       [&system](Call, WatchInput input, kernel::Emitter<Sample> emit) -> Task<Result<>> {
                         const Duration interval(std::llround(input.seconds * 1e6));
                         auto watch = system.watch();
                         for (;;) {
                           CO_TRY(const auto sample, co_await watch.next(interval));
                           CO_CHECK(co_await emit(sample));
                         }
                       },
                       {.audited = false});
}

}  // namespace hearth::system

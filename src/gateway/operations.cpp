#include "gateway/entrances.h"

namespace hearth::gateway {

void define_operations(kernel::Kernel& kernel, Entrances& entrances) {
  using kernel::Audience;
  using kernel::Call;
  using kernel::Confidentiality;
  using kernel::Effect;
  using kernel::Integrity;
  using kernel::Labelled;

  kernel.define("entrances.list", Effect::Read, {"Lists the apps' web addresses.", "列出应用的网址入口。"},
                [&entrances](Call, Nothing) -> Task<Result<Labelled<EntranceList>>> {
                  co_return Labelled<EntranceList>{entrances.list(), {Confidentiality::Household, "", Integrity::Owner}};
                });
  kernel.define("entrances.set", Effect::Admin,
                {"Gives an app a web address of its own, or changes who may pass.", "为应用设置网址入口，或更改谁可以访问。"},
                [&entrances](Call, SetEntranceInput in) -> Task<Result<Labelled<EntranceInfo>>> {
                  CO_TRY(auto info, co_await entrances.set(std::move(in)));
                  co_return Labelled<EntranceInfo>{std::move(info), {Confidentiality::Household, "", Integrity::Owner}};
                },
                {.audience = Audience::Owner});
  kernel.define("entrances.remove", Effect::Admin, {"Takes a web address away from its app.", "移除一个网址入口。"},
                [&entrances](Call, EntranceInput in) -> Task<Result<>> {
                  co_return co_await entrances.remove(std::move(in.id));
                },
                {.audience = Audience::Owner});
  kernel.define("entrances.key", Effect::Admin,
                {"Shows the key with which an app checks who its visitors are.", "显示入口的密钥，应用用它核对访问者的身份。"},
                [&entrances](Call call, EntranceInput in) -> Task<Result<Labelled<EntranceKey>>> {
                  CO_TRY(auto key, entrances.key(in.id));
                  co_return Labelled<EntranceKey>{std::move(key), {Confidentiality::Secret, call.person(), Integrity::Owner}};
                },
                {.audience = Audience::Owner});
  kernel.define("entrances.domains", Effect::Read,
                {"Lists the names that the box answers to and its entrances lie below.", "列出盒子所响应的、入口位于其下的名称。"},
                [&entrances](Call, Nothing) -> Task<Result<Labelled<DomainList>>> {
                  co_return Labelled<DomainList>{{entrances.domains()}, {Confidentiality::Household, "", Integrity::Owner}};
                });
  kernel.define("entrances.add_domain", Effect::Admin,
                {"Makes the box answer to another name, and its entrances to names below it.", "让盒子响应另一个名称，其入口也位于该名称之下。"},
                [&entrances](Call, DomainInput in) -> Task<Result<Labelled<DomainList>>> {
                  CO_TRY(auto domains, co_await entrances.add_domain(std::move(in.domain)));
                  co_return Labelled<DomainList>{std::move(domains), {Confidentiality::Household, "", Integrity::Owner}};
                },
                {.audience = Audience::Owner});
  kernel.define("entrances.remove_domain", Effect::Admin,
                {"Takes a name away from the box and its entrances.", "移除盒子及其入口的一个名称。"},
                [&entrances](Call, DomainInput in) -> Task<Result<Labelled<DomainList>>> {
                  CO_TRY(auto domains, co_await entrances.remove_domain(std::move(in.domain)));
                  co_return Labelled<DomainList>{std::move(domains), {Confidentiality::Household, "", Integrity::Owner}};
                },
                {.audience = Audience::Owner});
}

}  // namespace hearth::gateway

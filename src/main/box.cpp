#include "main/box.h"

namespace hearth {

Box::Box(Options options, Home home, Executor executor, Clock& clock)
    : options_(std::move(options)), home_(std::move(home)), executor_(std::move(executor)), clock_(clock) {}

Result<std::unique_ptr<Box>> Box::open(Options options, Executor executor, Clock& clock) {
  auto home = TRY(Home::open(options.home));
  std::unique_ptr<Box> box(new Box(std::move(options), std::move(home), std::move(executor), clock));
  TRY(box->open_rooms());
  return box;
}

Result<> Box::open_rooms() {
  system_ = TRY(store::Database::open(home_ / "system.db", {kernel::kernel_schema()}));
  auto audit_key = TRY(home_.key("audit"));
  kernel_ = TRY(kernel::Kernel::create(*system_, std::move(audit_key), clock_, executor_, {}));
  kernel::define_operations(*kernel_);
  return {};
}

Task<Result<>> Box::start() {
  CO_CHECK(co_await kernel_->start());
  gateway::Options listen;
  listen.http = options_.http;
  listen.https = options_.https;
  listen.unix_socket = home_ / "hearth.sock";
  listen.certificate_folder = home_ / "keys";
  listen.desktop_folder = options_.desktop;
  listen.handler_paths = {"/api/", "/events"};
  CO_TRY(gateway_, gateway::Gateway::open(std::move(listen), executor_,
                                          [this](gateway::Exchange& exchange) { return serve(exchange); }));
  co_return Result<>{};
}

void Box::announce(std::ostream& console) const {
  console << "Hearth is at http://hearth.localhost:" << gateway_->http_port() << "\n";
  if (gateway_->https_port() != 0) console << "        and https://hearth.localhost:" << gateway_->https_port() << "\n";
  console << std::flush;
}

Task<> Box::stop() {
  if (gateway_) co_await gateway_->stop(std::chrono::seconds(2));
  co_await kernel_->stop();
}

Task<> Box::serve(gateway::Exchange& exchange) {
  const auto& path = exchange.request().path;
  if (path.starts_with("/api/")) {
    co_await surfaces::serve_operation(*kernel_, authentication_, exchange);
  } else if (path == "/events") {
    co_await surfaces::serve_events(*kernel_, authentication_, exchange);
  } else {
    co_await surfaces::respond_error(exchange, Error(Code::NotFound, "There is nothing at " + path + "."));
  }
}

}  // namespace hearth

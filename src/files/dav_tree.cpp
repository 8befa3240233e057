#include <unistd.h>

#include "base/bytes.h"
#include "files/answers.h"
#include "files/copies.h"
#include "files/dav.h"

// The methods that change the tree: PUT, MKCOL, DELETE, COPY, MOVE (RFC 4918 §9.3 to §9.9).
namespace hearth::files {
namespace {

std::optional<gateway::Response> created_or_replaced(bool existed) { return dav_status(existed ? 204 : 201); }

}  // namespace

DavRequest::Answer DavRequest::put() {
  CO_CHECK(co_await permit("files.write", path_));
  if (request_.headers.find("Content-Range")) {
    co_return fail(Code::InvalidInput, "A PUT replaces the whole file; use /uploads to send it in parts.");
  }
  CO_TRY(auto before, co_await status_of_path(path_));
  if (path_ == "/" || (before && before->folder)) co_return dav_status(405);
  CO_CHECK(co_await check_parent(path_));
  if (check_write_conditions(request_.headers, before) != 200) co_return dav_status(412);
  CO_CHECK(check_locks(path_, before ? Touch::Content : Touch::Entry));

  CO_TRY(auto home, co_await inside_.home_of(person_));
  const auto temporary = home->temporary();
  const auto expected = request_.content_length.value_or(0);
  auto opened = co_await offload(inside_.pool, [home, temporary, expected]() -> Result<Descriptor> {
    if (TRY(writable_space(home->uploads)) < expected) {
      return fail(Code::NoSpace, "The disk has no room for this file. Free some space and try again.");
    }
    return home->uploads.create_file(temporary);
  });
  if (!opened) co_return std::unexpected(std::move(opened).error());
  const auto file = std::make_shared<Descriptor>(*std::move(opened));  // shared with the pool
  const auto receive = [](DavRequest& self, HomePointer where, std::shared_ptr<Descriptor> to) -> Task<Result<>> {
    std::uint64_t offset = 0;
    while (true) {
      CO_TRY(auto piece, co_await self.exchange_.read());
      if (piece.empty()) break;
      const auto size = piece.size();
      CO_CHECK(co_await offload(self.inside_.pool, [where, to, offset, piece = std::move(piece)]() -> Result<> {
        if (TRY(writable_space(where->uploads)) < piece.size()) {
          return fail(Code::NoSpace, "The disk is full. Free some space and try again.");
        }
        return write_all(to->get(), piece, offset);
      }));
      offset += size;
    }
    co_return co_await offload(self.inside_.pool, [to]() -> Result<> {
      if (::fsync(to->get()) == 0) return {};
      return std::unexpected(Error::from_errno(errno, "Writing the file"));
    });
  };
  auto received = co_await receive(*this, home, file);
  // The world went on while the body came: what the request was allowed to replace must still be that.
  if (received) received = check_locks(path_, before ? Touch::Content : Touch::Entry);
  std::string etag;
  if (received) {
    auto placed = co_await offload(inside_.pool, [home, temporary, path = path_]() -> Result<std::string> {
      TRY(place(*home, home->uploads, temporary, path, Taken::Replace));
      return TRY(home->home.status(path)).etag();
    });
    if (placed) {
      etag = *placed;
    } else {
      received = std::unexpected(std::move(placed).error());
    }
  }
  if (!received) {
    (void)co_await offload(inside_.pool, [home, temporary] { return home->uploads.remove_tree(temporary); });
    co_return std::unexpected(std::move(received).error());
  }
  inside_.changed(person_, path_);
  auto response = dav_status(before ? 204 : 201);
  response.headers.add("ETag", etag);
  co_return response;
}

DavRequest::Answer DavRequest::make_folder() {
  CO_CHECK(co_await permit("files.make_folder", path_));
  CO_TRY(auto body, co_await exchange_.read_all(kLongestXml));
  if (!body.empty()) co_return fail(Code::Unsupported, "MKCOL takes no body here.");
  CO_TRY(auto before, co_await status_of_path(path_));
  if (before) co_return dav_status(405);
  CO_CHECK(co_await check_parent(path_));
  CO_CHECK(check_locks(path_, Touch::Entry));
  CO_TRY(auto made, co_await files_.make_folder(person_, path_));
  co_return dav_status(201);
}

DavRequest::Answer DavRequest::remove() {
  CO_CHECK(co_await permit("files.trash", path_));
  if (path_ == "/") co_return std::unexpected(dav_error(403, translated("The home itself cannot be removed.")));
  CO_TRY(auto depth, parse_depth(request_.headers.find("Depth"), Depth::Infinity));
  CO_TRY(auto before, co_await status_of_path(path_));
  if (!before) co_return dav_status(404);
  if (before->folder && depth != Depth::Infinity) co_return fail(Code::InvalidInput, "A folder is removed as a whole.");
  if (check_write_conditions(request_.headers, before) != 200) co_return dav_status(412);
  CO_CHECK(check_locks(path_, Touch::Tree));
  CO_TRY(auto trashed, co_await files_.trash(person_, path_));
  inside_.locks->remove_within(person_, path_);
  co_return dav_status(204);
}

Task<Result<DavRequest::Destination>> DavRequest::destination() {
  const auto header = request_.headers.find("Destination");
  if (!header) co_return fail(Code::InvalidInput, "The Destination header is missing.");
  Destination to;
  CO_TRY(to.path, dav_path(*header, request_));
  const auto overwrite = request_.headers.find("Overwrite").value_or("T");
  if (overwrite != "T" && overwrite != "F") co_return fail(Code::InvalidInput, "Overwrite must be T or F.");
  to.overwrite = overwrite == "T";
  if (to.path == "/" || path_ == "/") co_return std::unexpected(dav_error(403, translated("The home itself stays where it is.")));
  if (path_is_within(to.path, path_) || path_is_within(path_, to.path)) {
    co_return std::unexpected(dav_error(403, translated("A folder cannot go into itself, nor replace what holds it.")));
  }
  CO_TRY(auto source, co_await status_of_path(path_));
  if (!source) co_return fail(Code::NotFound, "There is no “{}”.", path_);
  CO_CHECK(co_await check_parent(to.path));
  CO_TRY(to.status, co_await status_of_path(to.path));
  if (to.status && !to.overwrite) {
    co_return std::unexpected(dav_error(412, translated("There already is a “{}”.", to.path)));
  }
  CO_CHECK(check_locks(to.path, to.status ? Touch::Tree : Touch::Entry));
  co_return to;
}

Task<Result<>> DavRequest::stage_tree(std::string path, std::string staging, Depth depth) {
  CO_TRY(auto home, co_await inside_.home_of(person_));
  if (depth == Depth::Zero) {
    co_return co_await offload(inside_.pool, [home, staging] { return home->uploads.make_folder(staging); });
  }
  CO_TRY(auto made, co_await offload(inside_.pool, [home, path, staging] { return TreeCopy::create(home, path, staging); }));
  const std::shared_ptr<TreeCopy> tree = std::move(made);  // shared with the pool
  while (true) {
    CO_TRY(auto done, co_await offload(inside_.pool, [tree] { return tree->step(std::chrono::milliseconds(500), {}); }));
    if (done) co_return Result<>();
  }
}

DavRequest::Answer DavRequest::copy() {
  CO_TRY(auto depth, parse_depth(request_.headers.find("Depth"), Depth::Infinity));
  if (depth == Depth::One) co_return fail(Code::InvalidInput, "A COPY has Depth 0 or infinity.");
  CO_CHECK(co_await permit("files.copy", path_));
  CO_TRY(auto to, co_await destination());
  CO_CHECK(co_await permit("files.copy", to.path));
  CO_TRY(auto source, co_await status_of_path(path_));
  if (!source) co_return dav_status(404);
  CO_TRY(auto home, co_await inside_.home_of(person_));
  const auto staging = home->temporary();
  Result<> staged;
  if (source->folder) {
    staged = co_await stage_tree(path_, staging, depth);
  } else {
    staged = co_await offload(inside_.pool, [home, from = path_, staging] {
      return copy_file_bytes(home->home, from, home->uploads, staging, {});
    });
  }
  // A file replaces a file at once; what else is in the way goes into the trash.
  const bool at_once = to.status && !to.status->folder && !source->folder;
  if (staged && to.status && !at_once) {
    auto trashed = co_await files_.trash(person_, to.path);
    if (!trashed && trashed.error().code() != Code::NotFound) staged = std::unexpected(std::move(trashed).error());
  }
  if (staged) {
    auto placed = co_await offload(inside_.pool, [home, staging, at_once, path = to.path] {
      return place(*home, home->uploads, staging, path, at_once ? Taken::Replace : Taken::Refuse);
    });
    if (!placed) staged = std::unexpected(std::move(placed).error());
  }
  if (!staged) {
    (void)co_await offload(inside_.pool, [home, staging] { return home->uploads.remove_tree(staging); });
    co_return std::unexpected(std::move(staged).error());
  }
  CO_CHECK(co_await inside_.system.write([person = person_, from = path_, path = to.path, depth](store::Connection& c) {
    return copy_dead_properties(c, person, from, path, depth == Depth::Zero ? Reach::Itself : Reach::Children);
  }));
  inside_.changed(person_, to.path);
  co_return created_or_replaced(to.status.has_value());
}

DavRequest::Answer DavRequest::move() {
  CO_TRY(auto depth, parse_depth(request_.headers.find("Depth"), Depth::Infinity));
  CO_CHECK(co_await permit("files.move", path_));
  CO_TRY(auto to, co_await destination());
  CO_CHECK(co_await permit("files.move", to.path));
  CO_CHECK(check_locks(path_, Touch::Tree));
  CO_TRY(auto source, co_await status_of_path(path_));
  if (!source) co_return dav_status(404);
  if (source->folder && depth != Depth::Infinity) co_return fail(Code::InvalidInput, "A folder is moved as a whole.");
  const bool at_once = to.status && !to.status->folder && !source->folder;
  if (to.status && !at_once) {
    CO_TRY(auto trashed, co_await files_.trash(person_, to.path));
  }
  if (at_once) {
    CO_CHECK(co_await inside_.on_disk(person_, [from = path_, path = to.path](const Home& home) -> Result<> {
      TRY(home.home.rename(from, home.home, path, Root::Existing::Replace));
      TRY(home.home.sync_folder(path_parent(from)));
      return home.home.sync_folder(path_parent(path));
    }));
    CO_CHECK(co_await inside_.moved(person_, path_, to.path));
    inside_.changed(person_, path_);
    inside_.changed(person_, to.path);
  } else {
    CO_TRY(auto moved, co_await files_.move(person_, {path_, to.path, false}));
  }
  // Locks do not move along (§9.9); one on a replaced file stays with its address.
  inside_.locks->remove_within(person_, path_);
  co_return created_or_replaced(to.status.has_value());
}

}  // namespace hearth::files

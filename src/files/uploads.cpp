#include "files/uploads.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "files/answers.h"
#include "files/implementation.h"
#include "store/blob_store.h"

// Resumable uploads: the tus protocol 1.0.0 with creation, creation-with-upload, expiration, checksum and termination.
//
//   row ──► data grows in <person>/uploads/<id> ──► all there, synced ──► renamed into the home ──► row says where
//
// The offset a client is told is the length of the data file. Within one boot of the machine that is true even after
// kill -9: the kernel has the bytes. Across boots (a power cut) only `synced` counts, so the row keeps the boot under which
// more was written; while an unchecked checksum is under way it keeps none.
namespace hearth::files {
namespace {

constexpr std::string_view kVersion = "1.0.0";
constexpr std::string_view kExtensions = "creation,creation-with-upload,expiration,checksum,termination";
constexpr std::uint64_t kSyncEvery = 64 << 20;
constexpr Duration kKeepFinished = std::chrono::days(1);

struct Upload {
  std::string id;
  std::string person;
  std::string path;
  std::int64_t length = 0;
  std::string metadata;
  Time expires;
  std::int64_t synced = 0;
  std::string boot;
  std::optional<std::string> finished;
};

Upload read_upload(store::Statement& s) {
  return {s.text(0), s.text(1), s.text(2), s.integer(3), s.text(4), s.time(5), s.integer(6), s.text(7), s.optional_text(8)};
}

std::string boot_id() { return store::read_file("/proc/sys/kernel/random/boot_id").value_or("unknown"); }

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// What one PATCH works on; shared with the pool.
struct Writing {
  Descriptor file;
  std::uint64_t offset = 0;
  std::uint64_t unsynced = 0;
  std::unique_ptr<EVP_MD_CTX, FreeDigest> digest;
};

class Tus {
 public:
  Tus(Files::Implementation& files, gateway::Exchange& exchange, kernel::Principal principal, kernel::Origin origin)
      : files_(files), exchange_(exchange), principal_(std::move(principal)), origin_(std::move(origin)) {}

  Task<> serve(std::string_view rest) {
    const auto& request = exchange_.request();
    auto method = request.method;
    if (const auto other = request.headers.find("X-HTTP-Method-Override"); other && method == "POST") method = *other;
    if (method == "OPTIONS") {
      (void)co_await exchange_.respond(answer(204));
      co_return;
    }
    if (request.headers.find("Tus-Resumable") != kVersion) {
      auto response = problem(Error(Code::InvalidInput, translated("Send “Tus-Resumable: 1.0.0”: this address speaks that version of tus.")),
                              request.language());
      response.status = 412;
      response.headers.add("Tus-Version", kVersion);
      response.headers.add("Tus-Resumable", kVersion);
      (void)co_await exchange_.respond(std::move(response));
      co_return;
    }
    const bool collection = rest.empty() || rest == "/";
    const auto id = collection ? "" : std::string(rest.substr(1));
    Result<gateway::Response> response = fail(Code::NotFound, "There is no such upload.");
    if (collection && method == "POST") {
      response = co_await create();
    } else if (collection || (method != "HEAD" && method != "PATCH" && method != "DELETE")) {
      response = gateway::Response{405, {{"Allow", collection ? "OPTIONS, POST" : "OPTIONS, HEAD, PATCH, DELETE"}}, ""};
    } else if (!is_id(id)) {
    } else if (method == "HEAD") {
      response = co_await head(id);
    } else if (method == "PATCH") {
      response = co_await patch(id);
    } else {
      response = co_await terminate(id);
    }
    if (!response) response = problem(response.error(), exchange_.request().language());
    response->headers.set("Tus-Resumable", kVersion);
    (void)co_await exchange_.respond(*std::move(response));
  }

 private:
  static gateway::Response answer(int status) {
    return {status,
            {{"Tus-Resumable", std::string(kVersion)},
             {"Tus-Version", std::string(kVersion)},
             {"Tus-Extension", std::string(kExtensions)},
             {"Tus-Checksum-Algorithm", "sha1,sha256"},
             {"Cache-Control", "no-store"}},
            ""};
  }

  static gateway::Response answer(int status, const Upload& upload, std::uint64_t offset) {
    gateway::Response response{status, {{"Cache-Control", "no-store"}, {"Upload-Offset", std::to_string(offset)}}, ""};
    if (upload.finished) {
      if (!upload.finished->empty()) response.headers.add("Hearth-Path", percent_encode(*upload.finished, "/"));
    } else {
      response.headers.add("Upload-Expires", format_http_date(upload.expires));
    }
    return response;
  }

  Task<Result<>> permit(std::string path) {
    return files_.doors.permit(principal_, origin_, "files.write", "files:" + std::move(path));
  }

  Task<Result<gateway::Response>> create() {
    const auto& headers = exchange_.request().headers;
    const auto length_text = headers.find("Upload-Length");
    if (!length_text) {
      co_return fail(Code::InvalidInput, "Upload-Length is missing; the box takes no uploads of unknown length.");
    }
    const auto length = parse_upload_number(*length_text);
    if (!length) co_return fail(Code::InvalidInput, "Upload-Length must be a number of bytes.");
    Upload upload;
    upload.metadata = headers.find("Upload-Metadata").value_or("");
    const auto metadata = parse_upload_metadata(upload.metadata);
    if (!metadata) co_return fail(Code::InvalidInput, "Upload-Metadata must be keys with base64 values, separated by commas.");
    CO_TRY(upload.path, upload_target(*metadata));
    CO_CHECK(co_await permit(upload.path));
    upload.id = make_id();
    upload.person = principal_.person;
    upload.length = *length;
    upload.expires = files_.clock.now() + files_.options.upload_lifetime;
    CO_CHECK(co_await files_.on_disk(upload.person, [length = *length, path = upload.path](const Home& home) -> Result<> {
      TRY(home.home.check_folders(path_parent(path)));  // better said now than when every byte is there
      if (TRY(writable_space(home.uploads)) >= static_cast<std::uint64_t>(length)) return {};
      return fail(Code::NoSpace, "The disk has no room for a file of {} bytes. Free some space and try again.", length);
    }));
    CO_CHECK(co_await files_.system.write([upload, now = files_.clock.now()](store::Connection& c) {
      return c.run(R"(INSERT INTO files_uploads (id, person, path, length, metadata, created, expires, synced, boot)
                      VALUES (?, ?, ?, ?, ?, ?, ?, 0, ''))",
                   upload.id, upload.person, upload.path, upload.length, upload.metadata, now, upload.expires);
    }));
    const auto type = headers.find("Content-Type");
    const bool with_upload = type == "application/offset+octet-stream";
    Result<gateway::Response> response = answer(201, upload, 0);
    if (upload.length == 0) {
      response = co_await complete(upload);
    } else if (with_upload) {
      response = co_await receive(upload, 0);
    }
    // The upload exists, whatever became of the bytes that came along: the client must learn its address.
    if (!response) response = problem(response.error(), exchange_.request().language());
    if (response->status == 204) response->status = 201;
    response->headers.set("Location", "/uploads/" + upload.id);
    co_return response;
  }

  Task<Result<Upload>> load(std::string id) {
    CO_TRY(auto row, co_await files_.system.read([id, person = principal_.person](store::Connection& c) {
      return c.one(R"(SELECT id, person, path, length, metadata, expires, synced, boot, finished FROM files_uploads
                      WHERE id = ? AND person = ?)",
                   read_upload, id, person);
    }));
    if (!row) co_return fail(Code::NotFound, "There is no such upload; begin it anew.");
    if (row->expires <= files_.clock.now()) co_return fail(Code::Expired, "This upload has expired; begin it anew.");
    co_return *std::move(row);
  }

  // How much is there, as far as it counts. A finished upload has its whole length.
  Task<Result<std::uint64_t>> offset_of(Upload& upload) {
    if (upload.finished) co_return static_cast<std::uint64_t>(upload.length);
    auto size = co_await files_.on_disk(upload.person, [upload](const Home& home) -> Result<std::uint64_t> {
      const auto file = home.uploads.open_for_writing("/" + upload.id);
      if (!file) {
        if (file.error().code() == Code::NotFound) return static_cast<std::uint64_t>(upload.synced);
        return std::unexpected(file.error());
      }
      const auto status = TRY(status_of(file->get()));
      const auto synced = static_cast<std::uint64_t>(upload.synced);
      if (upload.boot == boot_id() || status.size <= synced) return status.size;
      if (::ftruncate(file->get(), static_cast<off_t>(synced)) != 0) {
        return std::unexpected(Error::from_errno(errno, "Resuming the upload"));
      }
      return synced;
    });
    co_return size;
  }

  Task<Result<gateway::Response>> head(std::string id) {
    UploadSlots::Turn turn(*files_.uploads, id);  // whoever asks for the offset is about to go on
    co_await turn.settle();
    CO_TRY(auto upload, co_await load(id));
    CO_CHECK(co_await permit(upload.path));
    CO_TRY(auto offset, co_await offset_of(upload));
    if (!upload.finished && offset == static_cast<std::uint64_t>(upload.length)) {
      CO_TRY(auto ignored, co_await complete(upload));  // a crash came between the last byte and its place
    }
    auto response = answer(200, upload, offset);
    response.headers.add("Upload-Length", std::to_string(upload.length));
    if (!upload.metadata.empty()) response.headers.add("Upload-Metadata", upload.metadata);
    co_return response;
  }

  Task<Result<gateway::Response>> patch(std::string id) {
    const auto& headers = exchange_.request().headers;
    if (headers.find("Content-Type") != "application/offset+octet-stream") {
      co_return fail(Code::Unsupported, "A PATCH carries Content-Type: application/offset+octet-stream.");
    }
    const auto offset_text = headers.find("Upload-Offset");
    const auto asked = offset_text ? parse_upload_number(*offset_text) : std::nullopt;
    if (!asked) co_return fail(Code::InvalidInput, "Upload-Offset is missing or no number.");
    UploadSlots::Turn turn(*files_.uploads, id);
    co_await turn.settle();
    CO_TRY(auto upload, co_await load(id));
    CO_CHECK(co_await permit(upload.path));
    CO_TRY(auto offset, co_await offset_of(upload));
    if (static_cast<std::uint64_t>(*asked) != offset) {
      auto response = problem(Error(Code::Conflict, translated("The upload stands at {}, not {}: go on from there.", offset,
                                                              *asked)),
                              exchange_.request().language());
      response.headers.add("Upload-Offset", std::to_string(offset));
      co_return response;
    }
    if (upload.finished) co_return answer(204, upload, offset);
    co_return co_await receive(upload, offset, turn);
  }

  Task<Result<gateway::Response>> receive(Upload& upload, std::uint64_t offset) {
    UploadSlots::Turn turn(*files_.uploads, upload.id);
    co_return co_await receive(upload, offset, turn);
  }

  Task<Result<gateway::Response>> receive(Upload& upload, std::uint64_t offset, UploadSlots::Turn& turn) {
    const auto& request = exchange_.request();
    const auto length = static_cast<std::uint64_t>(upload.length);
    if (request.content_length && *request.content_length > length - offset) {
      co_return fail(Code::TooLarge, "This is more than Upload-Length announced: {} bytes are missing.", length - offset);
    }
    std::optional<UploadChecksum> checksum;
    if (const auto header = request.headers.find("Upload-Checksum")) {
      checksum = parse_upload_checksum(*header);
      if (!checksum) co_return fail(Code::InvalidInput, "Upload-Checksum must be “sha1” or “sha256” and a base64 digest.");
    }
    auto writing = std::make_shared<Writing>();
    writing->offset = offset;
    if (checksum) {
      writing->digest.reset(EVP_MD_CTX_new());
      const auto* algorithm = checksum->algorithm == UploadChecksum::Algorithm::Sha1 ? EVP_sha1() : EVP_sha256();
      EVP_DigestInit_ex(writing->digest.get(), algorithm, nullptr);
    }
    CO_CHECK(co_await files_.on_disk(upload.person, [writing, id = upload.id](const Home& home) -> Result<> {
      auto file = home.uploads.create_file("/" + id);
      if (!file) file = home.uploads.open_for_writing("/" + id);
      if (!file) return std::unexpected(file.error());
      writing->file = *std::move(file);
      if (::fdatasync(writing->file.get()) != 0) return std::unexpected(Error::from_errno(errno, "Writing the upload"));
      return home.uploads.sync_folder("/");
    }));
    // From here to the verdict, bytes past `offset` of an upload with a checksum do not count.
    upload.boot = checksum ? "" : boot_id();
    upload.synced = static_cast<std::int64_t>(offset);
    CO_CHECK(co_await save(upload));

    auto streamed = co_await stream(upload, writing, length, turn);
    if (!turn.mine()) co_return fail(Code::Conflict, "Another connection goes on with this upload.");
    if (checksum) {
      std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
      unsigned size = 0;
      EVP_DigestFinal_ex(writing->digest.get(), digest.data(), &size);
      const bool matches = checksum->digest == std::string_view(reinterpret_cast<char*>(digest.data()), size);
      if (!streamed || !matches) {
        CO_CHECK(co_await truncate(writing, offset));
        writing->offset = offset;
      }
      if (streamed && !matches) {
        auto response = problem(Error(Code::Corrupt, translated("The bytes do not match Upload-Checksum; send them again.")),
                                exchange_.request().language());
        response.status = 460;
        response.headers.add("Upload-Offset", std::to_string(offset));
        co_return response;
      }
    }
    // Also when the client has gone or the disk is full: what came stays, and the next HEAD finds it.
    auto synced = co_await sync(writing);
    if (synced) {
      upload.synced = static_cast<std::int64_t>(writing->offset);
      upload.boot = boot_id();
      upload.expires = files_.clock.now() + files_.options.upload_lifetime;
      CO_CHECK(co_await save(upload));
    }
    if (!streamed || !synced) {
      auto response = problem(streamed ? synced.error() : streamed.error(), exchange_.request().language());
      response.headers.add("Upload-Offset", std::to_string(upload.synced));
      co_return response;
    }
    if (writing->offset == length) co_return co_await complete(upload);
    co_return answer(204, upload, writing->offset);
  }

  // The body into the data file, piece by piece: the client is read no faster than the disk takes it.
  Task<Result<>> stream(Upload& upload, std::shared_ptr<Writing> writing, std::uint64_t length, UploadSlots::Turn& turn) {
    CO_TRY(auto home, co_await files_.home_of(upload.person));
    while (true) {
      CO_TRY(auto piece, co_await exchange_.read());
      if (piece.empty()) co_return Result<>();
      if (piece.size() > length - writing->offset) {
        co_return fail(Code::TooLarge, "This is more than Upload-Length announced.");
      }
      if (!turn.begin_write()) co_return fail(Code::Conflict, "Another connection goes on with this upload.");
      auto written = co_await offload(files_.pool, [writing, home, piece = std::move(piece)]() -> Result<> {
        if (TRY(writable_space(home->uploads)) < piece.size()) {
          return fail(Code::NoSpace, "The disk is full. Free some space and resume the upload: nothing that arrived is lost.");
        }
        TRY(write_all(writing->file.get(), piece, writing->offset));
        if (writing->digest) EVP_DigestUpdate(writing->digest.get(), piece.data(), piece.size());
        writing->offset += piece.size();
        writing->unsynced += piece.size();
        return {};
      });
      turn.end_write();
      if (!written) {
        // A part of the piece may have been written before the disk was full: it counts.
        if (!writing->digest) {
          if (const auto status = status_of(writing->file.get())) writing->offset = status->size;
        }
        co_return written;
      }
      if (writing->unsynced >= kSyncEvery && !writing->digest) {
        CO_CHECK(co_await sync(writing));
        upload.synced = static_cast<std::int64_t>(writing->offset);
        CO_CHECK(co_await save(upload));
      }
    }
  }

  Task<Result<>> sync(std::shared_ptr<Writing> writing) {
    return offload(files_.pool, [writing]() -> Result<> {
      if (::fdatasync(writing->file.get()) != 0) return std::unexpected(Error::from_errno(errno, "Writing the upload"));
      writing->unsynced = 0;
      return {};
    });
  }

  Task<Result<>> truncate(std::shared_ptr<Writing> writing, std::uint64_t offset) {
    return offload(files_.pool, [writing, offset]() -> Result<> {
      if (::ftruncate(writing->file.get(), static_cast<off_t>(offset)) == 0) return {};
      return std::unexpected(Error::from_errno(errno, "Taking back the upload's last part"));
    });
  }

  Task<Result<>> save(Upload upload) {
    return files_.system.write([upload](store::Connection& c) {
      return c.run("UPDATE files_uploads SET synced = ?, boot = ?, expires = ?, finished = ? WHERE id = ?", upload.synced,
                   upload.boot, upload.expires, upload.finished, upload.id);
    });
  }

  // All bytes are there and synced: puts the file into its place.
  Task<Result<gateway::Response>> complete(Upload& upload) {
    CO_TRY(auto placed, co_await files_.on_disk(upload.person, [upload](const Home& home) -> Result<std::string> {
      const auto data = "/" + upload.id;
      if (upload.length == 0) {
        if (auto made = home.uploads.create_file(data); !made && made.error().code() != Code::AlreadyExists) {
          return std::unexpected(made.error());
        }
      } else if (!home.uploads.status(data)) {
        return "";  // a crash came between the rename and its row: it is in its place already
      }
      TRY(home.home.make_folders(path_parent(upload.path)));
      return place(home, home.uploads, data, upload.path, Taken::Number);
    }));
    upload.finished = placed;
    upload.synced = upload.length;
    upload.expires = files_.clock.now() + kKeepFinished;
    CO_CHECK(co_await save(upload));
    files_.changed(upload.person, placed.empty() ? upload.path : placed);
    co_return answer(204, upload, static_cast<std::uint64_t>(upload.length));
  }

  Task<Result<gateway::Response>> terminate(std::string id) {
    UploadSlots::Turn turn(*files_.uploads, id);
    co_await turn.settle();
    CO_TRY(auto upload, co_await load(id));
    CO_CHECK(co_await permit(upload.path));
    CO_CHECK(co_await files_.system.write(
        [id](store::Connection& c) { return c.run("DELETE FROM files_uploads WHERE id = ?", id); }));
    CO_CHECK(co_await files_.on_disk(upload.person, [id](const Home& home) { return home.uploads.remove_tree("/" + id); }));
    co_return gateway::Response{204, {}, ""};
  }

  Files::Implementation& files_;
  gateway::Exchange& exchange_;
  kernel::Principal principal_;
  kernel::Origin origin_;
};

}  // namespace

Task<> serve_upload(Files::Implementation& files, gateway::Exchange& exchange, kernel::Principal principal,
                    kernel::Origin origin, std::string_view rest) {
  Tus tus(files, exchange, std::move(principal), std::move(origin));
  co_await tus.serve(rest);
}

Task<> Files::Implementation::clean_up() {
  while (true) {
    co_await clock.sleep_for(std::chrono::hours(1));
    auto expired = co_await system.read([now = clock.now()](store::Connection& c) {
      return c.all("SELECT id, person FROM files_uploads WHERE expires <= ?",
                   [](store::Statement& s) { return std::pair(s.text(0), s.text(1)); }, now);
    });
    if (!expired) {
      log::warning("files: looking for expired uploads: {}", expired.error().describe());
      continue;
    }
    for (const auto& [id, person] : *expired) {
      UploadSlots::Turn turn(*uploads, id);
      co_await turn.settle();
      auto removed = co_await system.write(
          [id](store::Connection& c) { return c.run("DELETE FROM files_uploads WHERE id = ?", id); });
      if (removed) {
        removed = co_await on_disk(person, [id](const Home& home) { return home.uploads.remove_tree("/" + id); });
      }
      if (!removed) log::warning("files: removing the expired upload {}: {}", id, removed.error().describe());
    }
  }
}

}  // namespace hearth::files

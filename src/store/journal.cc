#include "store/journal.h"

#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace faultline::store {

namespace {

// The kernel's numbers (statfs(2), linux/magic.h): NFS, SMB, CIFS, SMB2, AFS, Ceph, Coda, Lustre, 9P.
constexpr std::array<std::uint32_t, 9> kNetworkFileSystems = {
    0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x00c36400, 0x73757245, 0x0bd00bd0, 0x01021997};

bool on_network(const std::filesystem::path& file) {
  struct statfs system {};
  if (::statfs(file.c_str(), &system) != 0) return false;
  const auto type = static_cast<std::uint32_t>(system.f_type);
  return std::find(kNetworkFileSystems.begin(), kNetworkFileSystems.end(), type) != kNetworkFileSystems.end();
}

}  // namespace

void choose_journal(Database& database, const std::filesystem::path& file) {
  // Where SQLite cannot keep a log it answers with the journal that it keeps instead.
  database.execute(on_network(file) ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL");
  database.execute("PRAGMA synchronous = FULL");
}

}  // namespace faultline::store

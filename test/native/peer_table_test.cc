// PeerTable: small numbers for peers.
#include "core/peer_table.h"

#include <gtest/gtest.h>

#include <string>

namespace sctp {
namespace {

Address Peer(size_t i) {
  return Address::Parse("2001:db8::" + std::to_string(i / 10000) + ":" + std::to_string(i % 10000),
                        1)
      .value();
}

void ExpectEntry(PeerTable::Entry entry, uint32_t number, bool is_new) {
  EXPECT_EQ(entry.number, number);
  EXPECT_EQ(entry.is_new, is_new);
}

TEST(PeerTable, NumbersInOrderOfAppearance) {
  PeerTable table;
  ExpectEntry(table.Find(Peer(7)), 0, true);
  ExpectEntry(table.Find(Peer(8)), 1, true);
  ExpectEntry(table.Find(Peer(7)), 0, false);
  ExpectEntry(table.Find(Peer(9)), 2, true);
  ExpectEntry(table.Find(Peer(8)), 1, false);
}

TEST(PeerTable, PortsAndFormsAreDifferentPeers) {
  PeerTable table;
  ExpectEntry(table.Find(Address::Parse("192.0.2.1", 1).value()), 0, true);
  ExpectEntry(table.Find(Address::Parse("192.0.2.1", 2).value()), 1, true);
  ExpectEntry(table.Find(Address::Parse("::ffff:192.0.2.1", 1).value()), 2, true);
  ExpectEntry(table.Find(Address::Parse("fe80::1%1", 1).value()), 3, true);
  ExpectEntry(table.Find(Address::Parse("fe80::1%2", 1).value()), 4, true);
  ExpectEntry(table.Find(Address()), 5, true);
  ExpectEntry(table.Find(Address()), 5, false);
}

TEST(PeerTable, BeginsAnewWhenFull) {
  PeerTable table;
  for (size_t i = 0; i < PeerTable::kCapacity; ++i) {
    ExpectEntry(table.Find(Peer(i)), static_cast<uint32_t>(i), true);
  }
  // Full, but all known peers keep their numbers.
  for (const size_t i : {size_t{0}, size_t{1}, PeerTable::kCapacity - 1}) {
    ExpectEntry(table.Find(Peer(i)), static_cast<uint32_t>(i), false);
  }
  // One too many: numbers restart, and each peer is introduced again.
  ExpectEntry(table.Find(Peer(PeerTable::kCapacity)), 0, true);
  ExpectEntry(table.Find(Peer(1)), 1, true);
  ExpectEntry(table.Find(Peer(0)), 2, true);
  ExpectEntry(table.Find(Peer(PeerTable::kCapacity)), 0, false);
}

}  // namespace
}  // namespace sctp

// Runs a scenario to its end, in virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/association.h"
#include "native/engine/simulation/ledger.h"
#include "native/engine/simulation/network.h"
#include "native/engine/simulation/scenario.h"

namespace sctp::engine::simulation {

struct Totals {
  uint64_t packets = 0;
  uint64_t accepted = 0;
  uint64_t delivered = 0;
  uint64_t abandoned = 0;
  uint64_t resets = 0;
  uint64_t restarts = 0;
  uint64_t graceful = 0;
  uint64_t aborted = 0;
  uint64_t crossed = 0;  // INITs that were on their way at the same time
  uint64_t guarded = 0;  // shutdowns that took too long for T5
  Duration passed{};
};

class Simulation {
 public:
  // `trace` prints what happens.
  Simulation(uint64_t seed, bool trace);

  // What went wrong, if anything did.
  std::optional<std::string> Run();
  const Totals& totals() const { return totals_; }

 private:
  struct End {
    std::unique_ptr<test::SeededRandom> random;
    std::unique_ptr<Association> association;
    std::optional<Connected> agreed;
    std::optional<Closed::Reason> closed;
    bool reading = true;
    size_t unread = 0;  // bytes to be consumed
    bool shut_down = false;
    Time shut_down_at{};
    bool aborted = false;
    int incarnation = 0;
    uint64_t events = 0;
    bool has_begun = false;  // by an INIT
    bool has_heard = false;  // of the other end
    size_t bytes_left = 0;
  };
  using Act = std::function<void()>;

  Ledger& SentBy(int end) { return *ledgers_[end]; }
  Ledger& ReceivedBy(int end) { return *ledgers_[1 - end]; }

  // plan.cc: what is to happen, and when
  void Plan();
  void PlanMessages(int end);
  void PlanEnding();
  void At(Duration when, Act act) { acts_.emplace(Time(when), std::move(act)); }
  Duration Sometime() { return dice_.Between(Duration(0), scenario_.busy); }
  uint16_t AnyStream();
  size_t AnySize();
  Reliability AnyReliability();
  void SendOne(int end);
  void ResetSome(int end);
  void WishReset(int end);
  void AddSome(int end);
  void Reschedule(int end);
  void Pause(int end);
  void Restart(int end);
  void ShutDown(int end);
  void Abort(int end);

  // simulation.cc
  void Begin(int end);
  bool Step();
  void Deliver();
  void Flush(int end);
  void FlushPackets(int end);
  void NoteInit(int end, ByteView packet);
  void Read(int end);
  void Handle(int end, Event& event);
  void HandleClosed(int end, const Closed& closed);
  bool over() const;

  // checks.cc
  void CheckBounds(int end);
  void CheckProgress();
  void CheckEnding();
  bool has_work(int end) const;
  uint64_t achieved() const;
  void Trace(int end, const std::string& what) const;
  void TracePacket(int end, const char* what, ByteView packet) const;

  uint64_t seed_;
  bool trace_;
  Scenario scenario_;
  Dice dice_;
  Network network_;
  Verdict verdict_;
  std::unique_ptr<Ledger> ledgers_[2];
  End ends_[2];
  std::multimap<Time, Act> acts_;
  Time now_{};
  ByteVector buffer_;
  int restarts_ = 0;
  bool ending_ = false;
  uint64_t achieved_ = 0;
  Time achieved_at_{};
  uint64_t steps_ = 0;
  Totals totals_;
};

}  // namespace sctp::engine::simulation

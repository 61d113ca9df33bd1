#include "node/environment.h"

namespace sctp::node {

Environment::Environment(Napi::Env env) : outgoing_(env) {
  Napi::Uint32Array rows = Napi::Uint32Array::New(env, kRowWords);
  row_words_ = rows.Data();
  rows_ = Napi::Persistent(rows);
}

ReceiveSlots& Environment::slots() {
  if (!slots_) slots_ = std::make_unique<ReceiveSlots>();
  return *slots_;
}

}  // namespace sctp::node

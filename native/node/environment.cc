#include "node/environment.h"

namespace sctp::node {
namespace {

// To set a property through Node-API takes as long as this function.
constexpr const char* kNewAddress =
    "(address, isIPv4, port) => ({ address, family: isIPv4 ? 'IPv4' : 'IPv6', port })";

}  // namespace

Environment::Environment(Napi::Env env) : outgoing_(env) {
  Napi::Uint32Array rows = Napi::Uint32Array::New(env, kRowWords);
  row_words_ = rows.Data();
  rows_ = Napi::Persistent(rows);
  new_address_ = Napi::Persistent(env.RunScript(kNewAddress).As<Napi::Function>());
}

napi_value Environment::NewAddress(std::initializer_list<napi_value> host_is_ipv4_port) const {
  if (new_address_.IsEmpty()) return nullptr;  // it was made as a worker ended
  const Napi::Env env = new_address_.Env();
  napi_value address = nullptr;
  napi_call_function(env, env.Undefined(), new_address_.Value(), host_is_ipv4_port.size(),
                     host_is_ipv4_port.begin(), &address);
  return address;
}

ReceiveSlots& Environment::slots() {
  if (!slots_) slots_ = std::make_unique<ReceiveSlots>();
  return *slots_;
}

}  // namespace sctp::node

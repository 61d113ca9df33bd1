// Options: SCTP-AUTH (RFC 4895).
#include "core/abi.h"
#include "core/options/layouts.h"

namespace sctp {
namespace {

constexpr Field kChunk[] = {{"value", offsetof(sctp_authchunk, sauth_chunk), FieldType::kU8}};

constexpr Field kHmacIdent[] = {
    {"value", offsetof(sctp_hmacalgo, shmac_idents), FieldType::kU16List, FieldType::kU32,
     offsetof(sctp_hmacalgo, shmac_num_idents)},
};

constexpr Field kKey[] = {
    {"assocId", offsetof(sctp_authkey, sca_assoc_id), FieldType::kI32},
    {"keyNumber", offsetof(sctp_authkey, sca_keynumber), FieldType::kU16},
    {"key", offsetof(sctp_authkey, sca_key), FieldType::kU8List, FieldType::kU16,
     offsetof(sctp_authkey, sca_keylength)},
};

constexpr Field kKeyNumber[] = {
    {"assocId", offsetof(sctp_authkeyid, scact_assoc_id), FieldType::kI32},
    {"value", offsetof(sctp_authkeyid, scact_keynumber), FieldType::kU16},
};

constexpr Field kChunks[] = {
    {"assocId", offsetof(sctp_authchunks, gauth_assoc_id), FieldType::kI32},
    {"value", offsetof(sctp_authchunks, gauth_chunks), FieldType::kU8List, FieldType::kU32,
     offsetof(sctp_authchunks, gauth_number_of_chunks)},
};

constexpr OptionLayout kOptions[] = {
    {"hmacIdent", IPPROTO_SCTP, SCTP_HMAC_IDENT, sizeof(sctp_hmacalgo), kHmacIdent},
    {"authChunks", IPPROTO_SCTP, SCTP_AUTH_CHUNK, sizeof(sctp_authchunk), kChunk},
    {"authKey", IPPROTO_SCTP, SCTP_AUTH_KEY, sizeof(sctp_authkey), kKey},
    {"authActiveKey", IPPROTO_SCTP, SCTP_AUTH_ACTIVE_KEY, sizeof(sctp_authkeyid), kKeyNumber},
    {"authDeactivateKey", IPPROTO_SCTP, SCTP_AUTH_DEACTIVATE_KEY, sizeof(sctp_authkeyid),
     kKeyNumber},
    {"authDeleteKey", IPPROTO_SCTP, SCTP_AUTH_DELETE_KEY, sizeof(sctp_authkeyid), kKeyNumber},
    {"localAuthChunks", IPPROTO_SCTP, SCTP_LOCAL_AUTH_CHUNKS, sizeof(sctp_authchunks), kChunks},
    {"peerAuthChunks", IPPROTO_SCTP, SCTP_PEER_AUTH_CHUNKS, sizeof(sctp_authchunks), kChunks},
};

}  // namespace

std::span<const OptionLayout> AuthOptions() { return kOptions; }

}  // namespace sctp

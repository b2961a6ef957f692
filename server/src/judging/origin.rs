//! Whether a submission is the device's own: its key signed it.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use domain::id::LedgerId;
use domain::ledger::{Command, DeviceKey, DeviceSignature};

use crate::ledger::Origin;

/// What the signature says of a command. It is checked before the command is entered, so that nothing
/// forged ever stands in a ledger (docs/adr/0012); a device without a key signs nothing.
pub(super) fn origin(
    key: Option<&DeviceKey>,
    signature: Option<DeviceSignature>,
    command: &Command,
    ledger: &LedgerId,
) -> Origin {
    let Some(key) = key else { return Origin::Unsigned };
    let Some(signature) = signature else { return Origin::Forged };
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.0);
    let holds = command.statement(ledger).bytes().is_ok_and(|bytes| key.verify(&bytes, &signature.0).is_ok());
    if holds { Origin::Signed(signature) } else { Origin::Forged }
}

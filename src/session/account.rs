//! Whose tokens they are, without saying who it is.

/// A salted mark of a customer's e-mail address: it tells whether somebody who signs in is the same, and cannot be read back.
/// Whoever guesses an address can check the guess, so it stands in the record beside the tokens, and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    salt: u32,
    mark: u64,
}

impl Account {
    /// Of an address in its normal spelling (see [`Host::normal_email`](crate::host::Host::normal_email)).
    pub fn of(email: &str, salt: u32) -> Self {
        // A multiplicative hash. What is kept of it is a number that JavaScript can hold.
        let mixed = email.bytes().fold(u64::from(salt) << 1 | 1, |mixed, byte| {
            let next = (mixed ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            next ^ next >> 29
        });
        Self::known(salt, mixed >> 16)
    }

    /// One that was stored.
    pub fn known(salt: u32, mark: u64) -> Self {
        Self { salt, mark }
    }

    /// Whether it is the mark of this address, in its normal spelling.
    pub fn is_of(&self, email: &str) -> bool {
        *self == Self::of(email, self.salt)
    }

    /// What makes the marks of one address differ.
    pub fn salt(&self) -> u32 {
        self.salt
    }

    /// The mark.
    pub fn mark(&self) -> u64 {
        self.mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn it_tells_addresses_apart_under_every_salt() {
        let addresses: Vec<_> = (0..500).map(|n| format!("buyer+{n}@example.com")).collect();
        let mut marks = BTreeSet::new();
        for salt in [0, 1, 7, u32::MAX] {
            for address in &addresses {
                let account = Account::of(address, salt);
                assert!(account.is_of(address));
                assert!(!account.is_of("buyer@example.com"));
                assert!(account.mark() < 1 << 48);
                marks.insert(account.mark());
            }
        }
        assert_eq!(marks.len(), 2_000);
    }
}

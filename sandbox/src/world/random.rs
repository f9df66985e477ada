//! Ids and tokens out of a seed, so that a run can be repeated.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// SplitMix64: tiny, fast and well mixed. Nobody outside this machine is to be kept from guessing.
#[derive(Debug)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Letters and digits that mean nothing, like the platform's tokens.
    pub(crate) fn opaque(&mut self, length: usize) -> String {
        (0..length)
            .map(|_| char::from(ALPHABET[(self.next() % 62) as usize]))
            .collect()
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let bits = u128::from(self.next()) << 64 | u128::from(self.next());
        uuid::Builder::from_random_bytes(bits.to_be_bytes())
            .into_uuid()
            .to_string()
    }

    /// 24 hexadecimal digits, the form of the platform's document ids.
    pub(crate) fn document_id(&mut self) -> String {
        format!("{:016x}{:08x}", self.next(), self.next() >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself() {
        assert_eq!(Random::new(7).opaque(28), Random::new(7).opaque(28));
        assert_ne!(Random::new(7).opaque(28), Random::new(8).opaque(28));
    }

    #[test]
    fn ids_have_their_shape() {
        let mut random = Random::new(1);
        assert_eq!(random.opaque(32).len(), 32);
        assert_eq!(random.document_id().len(), 24);
        let uuid = random.uuid();
        assert_eq!(
            uuid.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        assert_eq!(&uuid[14..15], "4");
    }
}

//! Random numbers that are the same on every machine and for ever: xoshiro256++, seeded with splitmix64.
//!
//! Both are public domain designs by Blackman and Vigna. No floating point beyond exact multiplication, because
//! `ln` and `exp` differ between platforms.

/// A stream of random numbers.
pub(crate) struct Rng([u64; 4]);

impl Rng {
    /// The stream that belongs to `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self([1, 2, 3, 4].map(|n| mix(seed, n)))
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A number from `0..n`; 0 where `n` is 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        below(self.next(), n)
    }

    /// True in `share` of all cases.
    pub(crate) fn chance(&mut self, share: f64) -> bool {
        unit(self.next()) < share
    }

    /// A place in a list of weights, as often as its weight says; 0 where all weights are 0.
    pub(crate) fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u64 = weights.clone().map(u64::from).sum();
        let mut rest = self.below(total);
        for (place, weight) in weights.enumerate() {
            match rest.checked_sub(u64::from(weight)) {
                Some(left) => rest = left,
                None => return place,
            }
        }
        0
    }

    /// A value from a distribution that is given by its quantiles: `(per mille, value)` in rising order, straight
    /// lines between.
    pub(crate) fn quantile(&mut self, knots: &[(u64, u64)]) -> u64 {
        let at = self.below(1_000_000);
        let mut below = (0, 0);
        for &(mille, value) in knots {
            let here = mille * 1_000;
            if at < here {
                return below.1 + (value - below.1) * (at - below.0) / (here - below.0);
            }
            below = (here, value);
        }
        below.1
    }
}

/// Two numbers into one that looks like neither: splitmix64's finaliser. Used where a value must follow from its
/// place, and not from what was drawn before.
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut z = a
        .wrapping_add(b.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Maps 64 random bits to `0..n`.
pub(crate) fn below(bits: u64, n: u64) -> u64 {
    ((u128::from(bits) * u128::from(n)) >> 64) as u64
}

/// Maps 64 random bits to `0..n` with a heavy head: the first tenth is drawn almost half of the time.
pub(crate) fn skewed(bits: u64, n: u64) -> u64 {
    let u = unit(bits);
    ((u * u * u * n as f64) as u64).min(n.saturating_sub(1))
}

fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws from the generator's own description: with state 1, 2, 3, 4 the first outputs are known.
    #[test]
    fn xoshiro_follows_its_definition() {
        let mut rng = Rng([1, 2, 3, 4]);
        assert_eq!(rng.next(), 41_943_041);
        assert_eq!(rng.next(), 58_720_359);
    }

    #[test]
    fn quantiles_hit_their_knots() {
        let mut rng = Rng::new(7);
        let mut drawn: Vec<u64> = (0..20_001)
            .map(|_| rng.quantile(&[(0, 10), (500, 100), (1000, 200)]))
            .collect();
        drawn.sort_unstable();
        assert!(drawn[0] >= 10 && drawn[20_000] <= 200);
        assert!(
            (97..=103).contains(&drawn[10_000]),
            "median {}",
            drawn[10_000]
        );
    }

    #[test]
    fn skew_prefers_the_head() {
        let mut rng = Rng::new(7);
        let head = (0..10_000).filter(|_| skewed(rng.next(), 100) < 10).count();
        assert!(
            (4_400..4_900).contains(&head),
            "the first tenth was drawn {head} times of 10,000"
        );
        assert_eq!(skewed(u64::MAX, 1), 0);
        assert_eq!(skewed(u64::MAX, 0), 0);
    }

    #[test]
    fn weights_decide() {
        let mut rng = Rng::new(1);
        let mut seen = [0; 3];
        for _ in 0..9_000 {
            seen[rng.weighted([2, 0, 1].into_iter())] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!((5_700..6_300).contains(&seen[0]), "{seen:?}");
    }
}

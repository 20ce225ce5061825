//! HyperLogLog: how many different hashes there were, from the longest run of zeros of each of many parts of them.
//!
//! Flajolet et al., "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm" (2007); the estimate
//! is that of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), which needs no tables.

/// The sketch: a register for every value of the first bits of a hash.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    bits: u32,
    registers: Vec<u8>,
}

impl Sketch {
    /// With 2^`bits` registers, whose standard error is 1.04 / √(2^bits).
    pub(super) fn new(bits: u32) -> Self {
        Sketch {
            bits,
            registers: vec![0; 1 << bits],
        }
    }

    /// The sketch with these registers, if there can be one.
    pub(super) fn from_registers(registers: &[u8]) -> Option<Self> {
        registers.len().is_power_of_two().then(|| Sketch {
            bits: registers.len().trailing_zeros(),
            registers: registers.to_vec(),
        })
    }

    pub(super) fn registers(&self) -> &[u8] {
        &self.registers
    }

    /// Takes a hash of 64 good bits.
    pub(super) fn add(&mut self, hash: u64) {
        let place = (hash >> (64 - self.bits)) as usize;
        // A mark behind the bits of the run bounds it.
        let rest = hash << self.bits | 1 << (self.bits - 1);
        let run = rest.leading_zeros() as u8 + 1;
        if let Some(register) = self.registers.get_mut(place) {
            *register = run.max(*register);
        }
    }

    /// Takes what a sketch of as many registers holds.
    pub(super) fn merge(&mut self, registers: &[u8]) {
        for (ours, theirs) in self.registers.iter_mut().zip(registers) {
            *ours = (*ours).max(*theirs);
        }
    }

    /// How many different hashes there were, about.
    pub(super) fn estimate(&self) -> f64 {
        let longest = 64 - self.bits as usize;
        let mut counts = vec![0u32; longest + 2];
        for register in &self.registers {
            if let Some(count) = counts.get_mut(usize::from(*register)) {
                *count += 1;
            }
        }
        let size = self.registers.len() as f64;
        let count = |run: usize| f64::from(counts.get(run).copied().unwrap_or(0));
        let mut sum = size * tau(1.0 - count(longest + 1) / size);
        for run in (1..=longest).rev() {
            sum = 0.5 * (sum + count(run));
        }
        sum += size * sigma(count(0) / size);
        size * size / (2.0 * std::f64::consts::LN_2 * sum)
    }
}

/// x + Σ x^(2^k) · 2^(k-1)
fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut power, mut sum) = (1.0, x);
    loop {
        x *= x;
        let before = sum;
        sum += x * power;
        power += power;
        if sum == before {
            return sum;
        }
    }
}

/// ⅓ · (1 − x − Σ (1 − x^(2^−k))² · 2^−k)
fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut power, mut sum) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = sum;
        power *= 0.5;
        sum -= (1.0 - x) * (1.0 - x) * power;
        if sum == before {
            return sum / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh64::xxh64;

    use super::*;

    #[test]
    fn estimates_are_near() {
        for (bits, tolerance) in [(18, 0.01), (14, 0.04), (7, 0.4)] {
            let mut sketch = Sketch::new(bits);
            let mut counted = 0u64;
            for wanted in [10u64, 5_000, 100_000, 400_000] {
                while counted < wanted {
                    sketch.add(xxh64(&counted.to_le_bytes(), 0));
                    counted += 1;
                }
                let off = (sketch.estimate() - wanted as f64).abs() / wanted as f64;
                assert!(off < tolerance, "{bits} bits, {wanted}: {off}");
            }
        }
    }

    #[test]
    fn merged_sketches_are_those_of_all_values() {
        let (mut left, mut right, mut all) = (Sketch::new(10), Sketch::new(10), Sketch::new(10));
        for value in 0u64..5_000 {
            let hash = xxh64(&value.to_le_bytes(), 0);
            all.add(hash);
            if value % 3 == 0 {
                &mut left
            } else {
                &mut right
            }
            .add(hash);
        }
        left.merge(right.registers());
        assert_eq!(left.registers(), all.registers());
        assert!(Sketch::new(10).estimate() < 0.5);
    }
}

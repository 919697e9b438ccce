//! Rounding of published shares. Bounds are rounded away from each other, so that no rounding makes a figure look better than it is.
//!
//! Input and output: shares from 0 to 1, or differences of shares. Every published share and bound has three decimals (0.1 %), which is
//! what a survey of some hundred respondents bears.

/// Steps of a published share in 1.
const STEPS: f64 = 1000.0;

/// What floating point may add to a share that is a whole number of steps, in steps: 0.57 is stored as 569.999… steps.
const RESIDUE: f64 = 1e-9;

/// Half of the last published digit: how far a published share may be from the exact one.
pub const HALF_DIGIT: f64 = 0.5 / STEPS;

/// Rounds a lower bound down to 0.1 %.
pub fn round_down(share: f64) -> f64 {
    whole_steps((share * STEPS + RESIDUE).floor())
}

/// Rounds an upper bound up to 0.1 %.
pub fn round_up(share: f64) -> f64 {
    whole_steps((share * STEPS - RESIDUE).ceil())
}

/// Rounds a share to the nearest 0.1 %, and one in the middle down: 353 of 400 are 88.2 %.
pub fn round_nearest(share: f64) -> f64 {
    whole_steps((share * STEPS - 0.5 - RESIDUE).ceil())
}

/// A share of so many steps. Adding 0.0 turns -0.0 into 0.0.
fn whole_steps(steps: f64) -> f64 {
    steps / STEPS + 0.0
}

/// A share as per cent with one decimal: `88.5%`.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// A lower bound as per cent, rounded down.
pub fn percent_down(share: f64) -> String {
    percent(round_down(share))
}

/// An upper bound as per cent, rounded up.
pub fn percent_up(share: f64) -> String {
    percent(round_up(share))
}

/// Per cent of a rounded share without the digits that floating point adds, for comparison with a target.
pub(super) fn exact_percent(rounded: f64) -> f64 {
    (rounded * STEPS).round() / (STEPS / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_not_rounded_towards_a_target() {
        // Lower bounds of 353 and 354 of 400.
        assert_eq!((percent_down(0.847_22), percent_down(0.850_021)), ("84.7%".into(), "85.0%".into()));
        assert_eq!(
            (percent_down(0.8496), percent_down(0.849_99), percent_up(0.850_01)),
            ("84.9%".into(), "84.9%".into(), "85.1%".into())
        );
        assert_eq!(
            (percent_down(0.85), percent_up(0.85), percent_down(0.0), percent_up(1.0)),
            ("85.0%".into(), "85.0%".into(), "0.0%".into(), "100.0%".into())
        );
        assert_eq!((round_down(-0.0411), round_up(-0.0411), round_up(-0.0001)), (-0.042, -0.041, 0.0));
    }

    #[test]
    fn the_middle_between_two_steps_is_rounded_down() {
        assert_eq!((round_nearest(0.8825), round_nearest(0.88251), round_nearest(0.88249)), (0.882, 0.883, 0.882));
    }

    #[test]
    fn every_published_step_keeps_its_value() {
        for steps in 0..=1000_u32 {
            let share = f64::from(steps) / 1000.0;
            assert_eq!((round_down(share), round_up(share), round_nearest(share)), (share, share, share));
            assert_eq!(exact_percent(share), f64::from(steps) / 10.0);
        }
    }
}

//! Linear programs, for the attack on what is published: the least and the greatest value of a sum under equations.
//!
//! Dense, two-phase, largest coefficient first and Bland's rule when that goes on too long. Written for the test alone, so that the
//! attack shares no reasoning with what it attacks.

const EPS: f64 = 1e-9;

/// A tableau whose basis meets all equations; one right-hand side per row, last.
pub struct Feasible {
    rows: Vec<Vec<f64>>,
    basis: Vec<usize>,
    variables: usize,
}

impl Feasible {
    /// Variables are at least 0; every equation is a row of coefficients and what they sum to. `None` when nothing meets them all.
    pub fn new(variables: usize, equations: &[(Vec<f64>, f64)]) -> Option<Feasible> {
        let width = variables + equations.len() + 1;
        let mut rows = Vec::new();
        for (at, (coefficients, sum)) in equations.iter().enumerate() {
            let sign = if *sum < 0.0 { -1.0 } else { 1.0 };
            let mut row = vec![0.0; width];
            coefficients.iter().enumerate().for_each(|(i, c)| row[i] = sign * c);
            row[variables + at] = 1.0;
            row[width - 1] = sign * sum;
            rows.push(row);
        }
        let mut tableau =
            Feasible { rows, basis: (variables..variables + equations.len()).collect(), variables: width - 1 };
        let mut cost = vec![0.0; width - 1];
        cost[variables..].fill(-1.0);
        let missed = tableau.maximize(&cost)?;
        if missed < -1e-6 {
            return None;
        }
        // What is left of the helpers is zero: another variable takes their place, or the equation says nothing new.
        let mut at = 0;
        while at < tableau.rows.len() {
            if tableau.basis[at] >= variables {
                match (0..variables).find(|v| tableau.rows[at][*v].abs() > 1e-7) {
                    Some(v) => tableau.pivot(at, v),
                    None => {
                        tableau.rows.swap_remove(at);
                        tableau.basis.swap_remove(at);
                        continue;
                    }
                }
            }
            at += 1;
        }
        for row in &mut tableau.rows {
            let sum = row[width - 1];
            row.truncate(variables);
            row.push(sum);
        }
        tableau.variables = variables;
        Some(tableau)
    }

    /// The least and the greatest value of a sum of variables.
    pub fn range(&self, cost: &[f64]) -> (f64, f64) {
        let run = |cost: &[f64]| {
            let mut copy = Feasible { rows: self.rows.clone(), basis: self.basis.clone(), variables: self.variables };
            copy.maximize(cost).unwrap_or(f64::INFINITY)
        };
        let negated: Vec<f64> = cost.iter().map(|c| -c).collect();
        (-run(&negated), run(cost))
    }

    /// `None` when there is no end to it.
    fn maximize(&mut self, cost: &[f64]) -> Option<f64> {
        let last = self.variables;
        for round in 0.. {
            let priced =
                |v: usize| cost[v] - self.basis.iter().zip(&self.rows).map(|(b, row)| cost[*b] * row[v]).sum::<f64>();
            let gains = (0..self.variables).map(|v| (v, priced(v))).filter(|(_, gain)| *gain > EPS);
            let entering =
                if round < 500 { gains.max_by(|a, b| a.1.total_cmp(&b.1)) } else { gains.min_by_key(|(v, _)| *v) };
            let Some((entering, _)) = entering else { break };
            let limits = self
                .rows
                .iter()
                .enumerate()
                .filter(|(_, row)| row[entering] > EPS)
                .map(|(at, row)| (at, row[last] / row[entering]));
            let (leaving, _) = limits.min_by(|a, b| a.1.total_cmp(&b.1).then(self.basis[a.0].cmp(&self.basis[b.0])))?;
            self.pivot(leaving, entering);
            assert!(round < 20_000, "the simplex does not end");
        }
        Some(self.basis.iter().zip(&self.rows).map(|(b, row)| cost[*b] * row[last]).sum())
    }

    fn pivot(&mut self, at: usize, entering: usize) {
        let by = self.rows[at][entering];
        self.rows[at].iter_mut().for_each(|x| *x /= by);
        let pivot = self.rows[at].clone();
        for (other, row) in self.rows.iter_mut().enumerate() {
            let factor = row[entering];
            if other != at && factor != 0.0 {
                row.iter_mut().zip(&pivot).for_each(|(x, p)| *x -= factor * p);
            }
        }
        self.basis[at] = entering;
    }
}

#[test]
fn the_attack_itself_adds_and_subtracts() {
    // a + b = 10, b + c = 7, c = 3.
    let equations = [(vec![1.0, 1.0, 0.0], 10.0), (vec![0.0, 1.0, 1.0], 7.0), (vec![0.0, 0.0, 1.0], 3.0)];
    let known = Feasible::new(3, &equations).unwrap();
    assert_eq!(known.range(&[1.0, 0.0, 0.0]), (6.0, 6.0));
    let open = Feasible::new(3, &equations[..2]).unwrap();
    assert_eq!(open.range(&[1.0, 0.0, 0.0]), (3.0, 10.0));
    assert!(Feasible::new(1, &[(vec![1.0], 1.0), (vec![1.0], 2.0)]).is_none());
    let twice = Feasible::new(2, &[(vec![1.0, 1.0], 4.0), (vec![2.0, 2.0], 8.0)]).unwrap();
    assert_eq!(twice.range(&[0.0, 1.0]), (0.0, 4.0));
}

//! Least squares with a few parameters that cannot be negative.
//!
//! The best parameters are those of the best unconstrained fit on the columns
//! that are not zero in it, and with three columns there are seven choices: all
//! are tried. That is exact and needs no iteration.

/// Finds the parameters `p` at least zero for which the sum of squares of
/// `1 - row · p` over the rows is the smallest, among those in which parameter
/// `needed` (if any) is not zero.
///
/// Returns them and the root of the mean square. Parameters that the rows cannot
/// tell apart are left at zero.
///
/// # Panics
///
/// When there are no rows, or no column fits.
pub(super) fn fit<const K: usize>(rows: &[[f64; K]], needed: Option<usize>) -> ([f64; K], f64) {
    let choices = (1usize..1 << K).filter(|chosen| needed.is_none_or(|k| chosen >> k & 1 == 1));
    let fits = choices.filter_map(|chosen| {
        let parameters = solve(normal(rows, chosen))?;
        let legal = parameters.iter().all(|&parameter| parameter >= 0.0);
        legal.then(|| (parameters, error(rows, &parameters)))
    });
    fits.min_by(|(_, a), (_, b)| a.total_cmp(b))
        .expect("a single column fits")
}

fn error<const K: usize>(rows: &[[f64; K]], parameters: &[f64; K]) -> f64 {
    let squares = rows.iter().map(|row| {
        let value: f64 = row.iter().zip(parameters).map(|(a, b)| a * b).sum();
        (1.0 - value).powi(2)
    });
    (squares.sum::<f64>() / rows.len() as f64).sqrt()
}

/// Linear equations: coefficients and the right side.
type Equations<const K: usize> = ([[f64; K]; K], [f64; K]);

/// The normal equations; a column that is not chosen has a zero for a solution.
fn normal<const K: usize>(rows: &[[f64; K]], chosen: usize) -> Equations<K> {
    let is_chosen = |column: usize| chosen >> column & 1 == 1;
    let (mut matrix, mut right) = ([[0.0; K]; K], [0.0; K]);
    for a in 0..K {
        if !is_chosen(a) {
            matrix[a][a] = 1.0;
            continue;
        }
        right[a] = rows.iter().map(|row| row[a]).sum();
        for b in (0..K).filter(|&b| is_chosen(b)) {
            matrix[a][b] = rows.iter().map(|row| row[a] * row[b]).sum();
        }
    }
    (matrix, right)
}

/// Solves by Gauss's elimination with pivots; `None` if the solution is not one.
fn solve<const K: usize>((mut matrix, mut right): Equations<K>) -> Option<[f64; K]> {
    /// Of the largest coefficient of its column: what is less is rounding.
    const SINGULAR: f64 = 1e-12;
    for column in 0..K {
        let largest = |rows: std::ops::Range<usize>| {
            rows.max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()))
        };
        let pivot = largest(column..K)?;
        let scale = largest(0..K)?;
        if matrix[pivot][column].abs() <= SINGULAR * matrix[scale][column].abs() {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let above = matrix[column];
        for row in (0..K).filter(|&row| row != column) {
            let factor = matrix[row][column] / above[column];
            for (value, above) in matrix[row].iter_mut().zip(above) {
                *value -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    Some(std::array::from_fn(|k| right[k] / matrix[k][k]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::array::uniform3;
    use proptest::collection::vec;
    use proptest::prelude::*;

    #[test]
    fn a_parameter_that_would_be_negative_is_zero() {
        // 1 = 2a - b and 1 = a - b/2 + ... ask for a negative b.
        let rows = [[1.0, 1.0], [2.0, 3.0]];
        let (parameters, error) = fit(&rows, None);
        assert_eq!(parameters[1], 0.0);
        assert!((parameters[0] - 0.6).abs() < 1e-12, "{parameters:?}");
        assert!(error > 0.1);
    }

    #[test]
    fn columns_that_are_the_same_share_no_parameter() {
        let (parameters, error) = fit(&[[1.0, 1.0], [1.0, 1.0]], Some(0));
        assert_eq!((parameters, error), ([1.0, 0.0], 0.0));
    }

    proptest! {
        /// No step that is legal makes the fit better, so that it is the best: the
        /// sum of squares is convex.
        #[test]
        fn no_legal_step_is_better(
            rows in vec(uniform3(0.01..2.0f64), 3..9),
            step in uniform3(-0.01..0.01f64),
        ) {
            let (parameters, best) = fit(&rows, None);
            let moved = std::array::from_fn(|k| (parameters[k] + step[k]).max(0.0));
            prop_assert!(error(&rows, &moved) >= best - 1e-9);
        }
    }
}

//! Numbers as text, written straight into the line.
//!
//! The formatting machinery of the standard library costs more than the whole rest of a
//! line, hence these few loops.

/// Appends a number in decimal.
#[inline]
pub(crate) fn decimal(out: &mut Vec<u8>, mut number: u64) {
    /// The digits of the largest 64-bit number.
    const LONGEST: usize = 20;
    let mut digits = [0; LONGEST];
    let mut start = LONGEST;
    loop {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

/// Returns the two last decimal digits of a number.
#[inline]
pub(crate) fn two_digits(number: u64) -> [u8; 2] {
    [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8]
}

/// Appends the last `digits` hexadecimal digits of a number.
#[inline]
pub(crate) fn hexadecimal(out: &mut Vec<u8>, number: u64, digits: u32) {
    for place in (0..digits).rev() {
        out.push(b"0123456789abcdef"[(number >> (4 * place) & 15) as usize]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_are() {
        let mut out = Vec::new();
        for number in [0, 9, 10, 4_096, u64::MAX] {
            out.clear();
            decimal(&mut out, number);
            assert_eq!(out, number.to_string().as_bytes());
        }
        out.clear();
        hexadecimal(&mut out, 0x00c0_ffee, 8);
        assert_eq!(out, b"00c0ffee");
        assert_eq!(two_digits(7), *b"07");
    }
}

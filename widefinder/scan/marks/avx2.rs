//! Masks on x86-64 with AVX2, which nearly all of these processors have: 32
//! bytes at a time.

use std::arch::x86_64::{
    __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8,
    _mm256_or_si256, _mm256_set1_epi8,
};

use super::{BLOCK, Marks, Masks};

pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("popcnt")
}

/// Finds the marks of `text`.
pub(super) fn find(marks: &mut Marks, text: &[u8]) {
    assert!(is_available(), "looked whether it is available");
    // SAFETY: the processor has what the function needs.
    #[expect(unsafe_code)]
    unsafe {
        find_available(marks, text);
    }
}

#[target_feature(enable = "avx2,bmi1,popcnt")]
fn find_available(marks: &mut Marks, text: &[u8]) {
    marks.find_with(text, |block| masks(block));
}

#[target_feature(enable = "avx2")]
#[inline]
fn masks(block: &[u8; BLOCK]) -> Masks {
    let (halves, _) = block.as_chunks();
    let low = masks_of(load(&halves[0]));
    let high = masks_of(load(&halves[1]));
    let join = |low: u32, high: u32| u64::from(high) << 32 | u64::from(low);
    Masks {
        marks: join(low.0, high.0),
        blanks: join(low.1, high.1),
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn load(bytes: &[u8; 32]) -> __m256i {
    // SAFETY: 32 bytes can be read; they need no alignment.
    #[expect(unsafe_code)]
    unsafe {
        _mm256_loadu_si256(bytes.as_ptr().cast())
    }
}

/// Marks and blanks.
#[target_feature(enable = "avx2")]
#[inline]
fn masks_of(bytes: __m256i) -> (u32, u32) {
    let quotes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'"'.cast_signed()));
    let ends = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'\n'.cast_signed()));
    let space = _mm256_set1_epi8(b' '.cast_signed());
    let blanks = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, space), bytes);
    (
        _mm256_movemask_epi8(_mm256_or_si256(quotes, ends)).cast_unsigned(),
        _mm256_movemask_epi8(blanks).cast_unsigned(),
    )
}

//! Huge pages for large tables.
//!
//! A table is read all over, which needs many pages of 4 KiB at a time, and each
//! costs a fault when it is first used. Linux gives pages of 2 MiB to whom asks for them.

/// Two pages; what is smaller would be rounded up to much more than it is.
#[cfg(target_os = "linux")]
const WORTH: usize = 4 << 20;

/// Asks for huge pages for the memory of `words`, its unused capacity included.
/// It is a hint: without it, or where there are none, a table is slower and no
/// less right.
///
/// The pages are advised that hold any part of it, not only whole ones: else an
/// allocator's own mapping is split in two by the advice, and cannot be moved as
/// one when the vector grows, but is copied.
#[cfg(target_os = "linux")]
pub(super) fn huge_pages(words: &mut Vec<u64>) {
    let bytes = words.capacity() * size_of::<u64>();
    if bytes < WORTH {
        return;
    }
    let page = rustix::param::page_size();
    let start = words.as_mut_ptr().cast::<u8>();
    let inset = start.addr() % page;
    let first = start.wrapping_sub(inset).cast();
    let length = (inset + bytes).next_multiple_of(page);
    let advice = rustix::mm::Advice::LinuxHugepage;
    // SAFETY: all pages of the range hold a part of the vector, so they are
    // there, and the advice changes neither what is in them nor whether they
    // are there.
    #[expect(unsafe_code)]
    let _ = unsafe { rustix::mm::madvise(first, length, advice) };
}

/// Other systems decide for themselves.
#[cfg(not(target_os = "linux"))]
pub(super) fn huge_pages(_words: &mut Vec<u64>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_stays() {
        let mut words: Vec<u64> = (0..1 << 20).collect();
        huge_pages(&mut words);
        assert!(words.iter().copied().eq(0..1 << 20));
        huge_pages(&mut Vec::new());
    }
}

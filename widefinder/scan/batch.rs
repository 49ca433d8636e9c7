//! The seam between scanning and counting: a few rows, column by column.
//!
//! A scanner cuts rows out of a chunk and a counter consumes them; neither
//! knows the other. Rows travel in batches, so that the two can each be a tight
//! loop, and by column, because a table reads one column of all rows.

/// Rows of a full batch: what a mask's bits can name.
pub const ROWS: usize = Mask::BITS as usize;

/// A set of rows of a batch: a bit a row, the lowest for the first.
pub type Mask = u64;

/// Up to [`ROWS`] rows, of the columns that the question needs.
#[derive(Clone, Debug)]
pub struct Batch<'c> {
    rows: usize,
    texts: Vec<[&'c [u8]; ROWS]>,
    numbers: Vec<[u64; ROWS]>,
    /// For each column of numbers, the rows that have one.
    present: Vec<Mask>,
    masks: Vec<Mask>,
}

impl<'c> Batch<'c> {
    /// Makes an empty batch with so many columns of each kind.
    pub fn new(texts: usize, numbers: usize, masks: usize) -> Batch<'c> {
        Batch {
            rows: 0,
            texts: vec![[&[][..]; ROWS]; texts],
            numbers: vec![[0; ROWS]; numbers],
            present: vec![0; numbers],
            masks: vec![0; masks],
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Whether there is no room for another row.
    pub fn is_full(&self) -> bool {
        self.rows == ROWS
    }

    /// A column of slices of the chunk.
    pub fn text(&self, column: usize) -> &[&'c [u8]] {
        &self.texts[column][..self.rows]
    }

    /// A column of numbers.
    pub fn number(&self, column: usize) -> &[u64] {
        &self.numbers[column][..self.rows]
    }

    /// The rows that have a number in this column; the others' are undefined.
    pub fn present(&self, column: usize) -> Mask {
        self.present[column]
    }

    /// All rows.
    pub fn all(&self) -> Mask {
        match self.rows {
            ROWS => Mask::MAX,
            rows => (1 << rows) - 1,
        }
    }

    /// A set of rows: bit *i* is set if row *i* belongs to it.
    pub fn mask(&self, column: usize) -> Mask {
        self.masks[column]
    }

    /// Removes all rows.
    pub fn clear(&mut self) {
        self.rows = 0;
        self.present.fill(0);
        self.masks.fill(0);
    }

    /// Sets a text of the row that [`Batch::push`] will add.
    pub fn set_text(&mut self, column: usize, text: &'c [u8]) {
        self.texts[column][self.rows] = text;
    }

    /// Sets a number of the row that [`Batch::push`] will add.
    pub fn set_number(&mut self, column: usize, number: u64) {
        self.numbers[column][self.rows] = number;
        self.present[column] |= 1 << self.rows;
    }

    /// Adds the row that [`Batch::push`] will add to a set.
    pub fn set_mask(&mut self, column: usize) {
        self.masks[column] |= 1 << self.rows;
    }

    /// Makes a set consist of `rows`.
    pub fn replace_mask(&mut self, column: usize, rows: Mask) {
        self.masks[column] = rows;
    }

    /// Adds a row of what has been set.
    ///
    /// # Panics
    ///
    /// The setters panic when the batch is full.
    pub fn push(&mut self) {
        self.rows += 1;
    }
}

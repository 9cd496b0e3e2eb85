//! What intervals of numbers cover together.
//!
//! ```
//! use starter_name::{Interval, merged};
//!
//! let some = [Interval::new(5, 7)?, Interval::new(1, 3)?, Interval::new(2, 4)?];
//! assert_eq!(merged(some), [Interval::new(1, 4)?, Interval::new(5, 7)?]);
//! # Ok::<(), starter_name::Backwards>(())
//! ```

mod intervals;

pub use intervals::{Backwards, Interval, merged};

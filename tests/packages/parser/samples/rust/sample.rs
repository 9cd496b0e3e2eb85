use std::collections::HashMap;
use std::{fmt, io};

/// Holds items.
#[derive(Debug)]
pub struct Shelf {
    items: Vec<i32>,
}

pub trait Named {
    fn name(&self) -> String;
}

enum Size {
    Small,
    Large,
}

/// Says how a number looks.
pub fn classify(number: i32, flag: bool) -> String {
    if number > 10 && flag {
        for index in 0..number {
            if index == 3 {
                println!("{}", index);
            }
        }
    } else if number < 0 {
        return "negative".to_string();
    } else {
        return join("a", "b");
    }
    String::new()
}

impl Shelf {
    /// Adds an item.
    #[inline]
    pub fn add(&mut self, item: i32, rest: &HashMap<i32, i32>) {
        match item {
            1 => self.items.push(item),
            _ => rest.values().for_each(|one| self.items.push(*one)),
        }
    }
}

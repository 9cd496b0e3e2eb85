const std = @import("std");
const helpers = @import("helpers.zig");

/// Holds items.
const Shelf = struct {
    size: u32,

    /// Adds an item.
    pub fn add(self: *Shelf, item: u32) void {
        switch (item) {
            1 => self.push(item),
            else => helpers.drop(item),
        }
    }
};

/// Says how a number looks.
fn classify(number: i32, flag: bool) []const u8 {
    if (number > 10 and flag) {
        while (number > 0) {
            if (number == 3) {
                std.debug.print("three", .{});
            }
        }
    } else if (number < 0) {
        return "negative";
    } else {
        return join("a", "b");
    }
    return "other";
}

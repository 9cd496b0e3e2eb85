import Foundation
import struct Library.Item

/// Holds items.
class Shelf: Base, Named {
    init(size: Int) {
        self.size = size
    }

    /// Says how a number looks.
    func classify(_ number: Int, with flag: Bool = false) -> String {
        if number > 10 && flag {
            for index in 0..<number {
                if index == 3 {
                    print(index)
                }
            }
        } else if number < 0 {
            return "negative"
        } else {
            return join("a", "b")
        }
        return "other"
    }

    func add(item: Int, rest: [Int]) {
        switch item {
        case 1:
            items.append(item)
        default:
            rest.forEach { items.append($0) }
        }
    }
}

protocol Named {
    func name() -> String
}

struct Point {}
enum Size { case small, large }

package library

import kotlin.math.max
import java.nio.file.Paths as Files

/** Holds items. */
class Shelf(val size: Int) : Base(), Named {
    // Says how a number looks.
    fun classify(number: Int, flag: Boolean = false): String {
        if (number > 10 && flag) {
            for (index in 0..number) {
                if (index == 3) {
                    println(index)
                }
            }
        } else if (number < 0) {
            return "negative"
        } else {
            return Files.get("a", "b").toString()
        }
        return "other"
    }

    fun add(item: Int, vararg rest: Int) {
        when (item) {
            1 -> items.add(item)
            else -> rest.forEach { one -> items.add(one) }
        }
    }
}

interface Named {
    fun name(): String
}

object Registry

enum class Size { SMALL, LARGE }

package library

import scala.collection.mutable
import java.nio.file.{Files, Paths}

/** Holds items. */
class Shelf(size: Int) extends Base with Named {
  // Says how a number looks.
  def classify(number: Int, flag: Boolean = false): String = {
    if (number > 10 && flag) {
      while (number > 0) {
        if (number == 3) {
          println(number)
        }
      }
    } else if (number < 0) {
      return "negative"
    } else {
      return Paths.get("a", "b").toString
    }
    "other"
  }

  def add(item: Int, rest: Int*): Unit = item match {
    case 1 => items.append(item)
    case _ => rest.foreach(one => items.append(one))
  }
}

trait Named {
  def name: String
}

object Registry

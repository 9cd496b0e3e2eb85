<?php
namespace Library;

use Library\Storage\Disk;
require_once 'helpers.php';

/** Holds items. */
class Shelf extends Base implements Named
{
    /** Says how a number looks. */
    public function classify(int $number, ?bool $flag = false): string
    {
        if ($number > 10 && $flag) {
            foreach (range(0, $number) as $index) {
                if ($index === 3) {
                    printf("%d", $index);
                }
            }
        } elseif ($number < 0) {
            return "negative";
        } else {
            return join("a", $this->names);
        }
        return "other";
    }

    public function add($item, &...$rest)
    {
        switch ($item) {
            case 1:
                $this->items->push($item);
                break;
            default:
                array_map(fn($one) => new Disk($one), $rest);
        }
    }
}

interface Named {}
trait Countable {}

function helper() {}

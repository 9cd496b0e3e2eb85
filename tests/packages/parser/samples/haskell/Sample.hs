module Library.Shelf where

import qualified Data.Map as Map
import Data.List (sort)

-- | Holds items.
data Shelf = Shelf { items :: [Int] }

newtype Name = Name String

class Named a where
  name :: a -> String

-- | Says how a number looks.
classify :: Int -> Bool -> String
classify number flag =
  if number > 10 && flag
    then show (sort [number])
    else case number of
      0 -> "zero"
      _ -> "other"

double x = x * 2

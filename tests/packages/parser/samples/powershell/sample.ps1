using module Library
Import-Module Storage

# Says how a number looks.
function Get-Classification {
    param([int]$Number, [switch]$Flag)
    if ($Number -gt 10 -and $Flag) {
        foreach ($index in 0..$Number) {
            if ($index -eq 3) {
                Write-Output $index
            }
        }
    } elseif ($Number -lt 0) {
        return "negative"
    } else {
        return Join-Path "a" "b"
    }
    return "other"
}

class Shelf {
    [void] Add([string]$item) {
        switch ($item) {
            "one" { $this.Push($item) }
            default { $this.Drop($item) }
        }
    }
}

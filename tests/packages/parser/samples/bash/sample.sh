#!/usr/bin/env bash
source ./helpers.sh

# Says how a number looks.
classify() {
  local number=$1
  if [[ $number -gt 10 && -n $2 ]]; then
    for index in $(seq "$number"); do
      if [[ $index -eq 3 ]]; then
        echo "$index"
      fi
    done
  elif [[ $number -lt 0 ]]; then
    echo "negative"
  else
    basename "a/b"
  fi
}

function add {
  case $1 in
    one) echo one ;;
    *) classify "$1" || exit 1 ;;
  esac
}

-module(sample).
-export([classify/2]).
-include("shelf.hrl").
-import(lists, [map/2]).

%% Says how a number looks.
classify(Number, Flag) when Number > 10 ->
    case Flag andalso Number of
        true -> io:format("many");
        _ -> join("a", "b")
    end;
classify(Number, _) ->
    if
        Number < 0 -> negative;
        true -> other
    end.

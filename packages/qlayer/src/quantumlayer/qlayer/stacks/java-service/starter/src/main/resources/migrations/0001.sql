-- Notes, the example of a domain.
create table notes (
    id integer primary key,
    text text not null
) strict;

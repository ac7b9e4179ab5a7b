-- Nothing is found by it: versions are found by their links, all else by its number. And every change that is accepted was put into it, to be
-- taken out again as soon as it is applied.
DROP INDEX journal_asides;

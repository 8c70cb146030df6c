-- The journal's months, each a table of its own, refuse to be emptied as the journal as a whole does.

CREATE OR REPLACE FUNCTION store_guard_months() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month regclass;
BEGIN
    FOR month IN
        SELECT i.inhrelid::regclass FROM pg_inherits AS i
        WHERE i.inhparent = 'store_journal'::regclass AND NOT EXISTS (
            SELECT FROM pg_trigger AS t WHERE t.tgrelid = i.inhrelid AND t.tgname = 'journal_not_emptied'
        )
    LOOP
        EXECUTE format('CREATE TRIGGER journal_not_emptied BEFORE TRUNCATE ON %s '
            'FOR EACH STATEMENT EXECUTE FUNCTION store_journal_is_append_only()', month);
    END LOOP;
END $$;

-- Make the monthly partitions of both tables from the month of `first` on; a month that exists is left alone.
CREATE OR REPLACE FUNCTION store_make_partitions(first date, months integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month date := date_trunc('month', first);
    parent text;
BEGIN
    FOR i IN 1..months LOOP
        FOREACH parent IN ARRAY ARRAY['store_run', 'store_journal'] LOOP
            IF to_regclass(format('%s_%s', parent, to_char(month, 'YYYYMM'))) IS NULL THEN
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                    format('%s_%s', parent, to_char(month, 'YYYYMM')), parent, month, (month + interval '1 month')::date);
            END IF;
        END LOOP;
        month := (month + interval '1 month')::date;
    END LOOP;
    PERFORM store_guard_months();
END $$;

SELECT store_guard_months();

from django.db import migrations, models

# The words of a prospect's names without case, accents or punctuation, so that their beginnings can be looked up.
NAMES = r"""
CREATE FUNCTION prospects_names(first_name text, last_name text, company text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.simple', regexp_replace(regexp_replace(
        normalize(replace(replace(lower(
            first_name || ' ' || last_name || ' ' || company), 'œ', 'oe'), 'æ', 'ae'), NFKD),
        '[\u0300-\u036f]+', '', 'g'), '[-_./@&+,;:()''’]+', ' ', 'g'))
$$;
CREATE INDEX prospects_by_name ON prospects_prospect USING gin (prospects_names(first_name, last_name, company));
"""


class Migration(migrations.Migration):
    dependencies = [("prospects", "0002_erasure_and_clock_in_the_database")]
    operations = [
        migrations.RunSQL(NAMES, "DROP INDEX prospects_by_name; DROP FUNCTION prospects_names;"),
        migrations.AddIndex(
            model_name="contactdetail",
            index=models.Index(
                fields=["address"],
                opclasses=["text_pattern_ops"],
                condition=models.Q(("medium__in", ["email", "phone"])),
                name="details_by_beginning",
            ),
        ),
    ]

from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import DO_NOTHING, PROTECT

# Foreign keys that most rows leave empty keep an index of those that do not; one that another index begins with needs
# none of its own. The keys themselves, with their ON DELETE in the database, are not touched.
UNUSED = {
    "prospects_contactdetail_prospect_id_b4c8bc6c": "prospects_contactdetail (prospect_id)",
    "prospects_source_also_of_id_69ce4704": "prospects_source (also_of_id)",
    "prospects_source_notice_id_d4a7f61d": "prospects_source (notice_id)",
    "prospects_prospect_activity_id_1b09ee46": "prospects_prospect (activity_id)",
}


class Migration(migrations.Migration):
    dependencies = [("prospects", "0013_some_holds_leave_erasure_free")]
    operations = [
        migrations.AddIndex(
            "prospect",
            models.Index(fields=["activity"], condition=Q(activity__isnull=False), name="prospects_of_an_activity"),
        ),
        migrations.AddIndex(
            "source", models.Index(fields=["also_of"], condition=Q(also_of__isnull=False), name="further_sources")
        ),
        migrations.AddIndex(
            "source", models.Index(fields=["notice"], condition=Q(notice__isnull=False), name="sources_of_a_notice")
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX {index}", f"CREATE INDEX {index} ON {columns}")
                for index, columns in UNUSED.items()
            ],
            state_operations=[
                migrations.AlterField(
                    "contactdetail",
                    "prospect",
                    models.ForeignKey(
                        "prospects.prospect",
                        DO_NOTHING,
                        db_index=False,
                        related_name="details",
                        verbose_name="prospect",
                    ),
                ),
                migrations.AlterField(
                    "source",
                    "also_of",
                    models.ForeignKey(
                        "prospects.contactdetail",
                        DO_NOTHING,
                        blank=True,
                        db_index=False,
                        help_text="The detail whose further provenance this is: collected again, or merged.",
                        null=True,
                        related_name="further_sources",
                    ),
                ),
                migrations.AlterField(
                    "source",
                    "notice",
                    models.ForeignKey(
                        "consent.notice",
                        PROTECT,
                        blank=True,
                        db_index=False,
                        null=True,
                        verbose_name="notice shown",
                    ),
                ),
                migrations.AlterField(
                    "prospect",
                    "activity",
                    models.ForeignKey(
                        "prospects.activity",
                        PROTECT,
                        blank=True,
                        db_index=False,
                        null=True,
                        verbose_name="activity",
                    ),
                ),
            ],
        ),
    ]

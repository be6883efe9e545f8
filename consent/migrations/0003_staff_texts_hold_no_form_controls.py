from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0002_evidence_cannot_change'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='box',
            constraint=models.CheckConstraint(condition=models.Q(('label_fr__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('label_en__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), _connector='OR', _negated=True), name='no_form_control_in_a_box', violation_error_message='The text holds a form control, such as <input>. Only Loyal draws the boxes, always unticked and free to leave so: write text or Markdown.'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('information_fr__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('information_en__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), _connector='OR', _negated=True), name='no_form_control_in_a_notice', violation_error_message='The text holds a form control, such as <input>. Only Loyal draws the boxes, always unticked and free to leave so: write text or Markdown.'),
        ),
        migrations.AddConstraint(
            model_name='purpose',
            constraint=models.CheckConstraint(condition=models.Q(('name_fr__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('name_en__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('description_fr__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('description_en__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('partner__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), _connector='OR', _negated=True), name='no_form_control_in_a_purpose', violation_error_message='The text holds a form control, such as <input>. Only Loyal draws the boxes, always unticked and free to leave so: write text or Markdown.'),
        ),
        migrations.AddConstraint(
            model_name='signupform',
            constraint=models.CheckConstraint(condition=models.Q(('title_fr__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('title_en__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('introduction_fr__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('introduction_en__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('resource_title_fr__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('resource_title_en__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('resource_text_fr__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), ('resource_text_en__iregex', '<\\s*/?\\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)'), _connector='OR', _negated=True), name='no_form_control_in_a_form', violation_error_message='The text holds a form control, such as <input>. Only Loyal draws the boxes, always unticked and free to leave so: write text or Markdown.'),
        ),
        migrations.AlterConstraint(
            model_name='box',
            name='opt_out_only_where_information_may_suffice',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'opt_in'), ('channel__in', ['post', 'phone']), _connector='OR'), name='opt_out_only_where_information_may_suffice', violation_error_message='Only post and phone calls may be refused instead of agreed to; every other channel needs a yes.'),
        ),
        migrations.AlterConstraint(
            model_name='signupform',
            name='a_form_asks_for_an_address',
            constraint=models.CheckConstraint(condition=models.Q(('asks_email', True), ('asks_phone', True), ('asks_post', True), _connector='OR'), name='a_form_asks_for_an_address', violation_error_message='The form must ask for an e-mail address, a phone number or a postal address.'),
        ),
        migrations.AlterConstraint(
            model_name='signupform',
            name='a_form_has_what_it_gives',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resource', 'file'), ('resource_file', ''), _negated=True), models.Q(('resource', 'page'), ('resource_url', ''), _negated=True)), name='a_form_has_what_it_gives', violation_error_message='Add the file or the address of what the form gives.'),
        ),
    ]

"""Staff's texts in templates."""

from django import template
from django.utils.safestring import SafeString

from consent.markdown import to_html

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Show Markdown as the HTML that it may hold."""
    return to_html(text)

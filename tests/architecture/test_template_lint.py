"""What is wrong in a template is found, each kind of it, and what is right is left alone."""

import pytest

from lint_templates import all_faults
from template_lint import faults

PAGE = "crmlite/customers/templates/customers/list.html"
PART = "crmlite/customers/templates/customers/_row.html"


def told(source, path=PAGE):
    """The sentences about a template."""
    return [sentence for _line, sentence in faults(source, path)]


def test_the_templates_of_crmlite_have_no_faults():
    assert all_faults() == []


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("<script>go()</script>", "inline"),
        ('<script src="https://cdn.example/x.js"></script>', "another host"),
        ("<style>a { }</style>", "inline"),
        ('<p style="color: red"></p>', "style="),
        ('<p style="{{ x }}"></p>', "style="),
        ('<p {% if x %}style="a"{% endif %}></p>', "style="),
        ('<p onclick="go()"></p>', "handler"),
        ('<p hx-on:click="go()"></p>', "handler"),
        ('<p data-hx-on-click="go()"></p>', "handler"),
        ('<a href="javascript:go()"></a>', "JavaScript"),
        ("<p hx-vals='js:{a: 1}'></p>", "JavaScript"),
        ('<p hx-trigger="keyup[key==1]"></p>', "filter"),
        ('<p hx-vars="a:1"></p>', "hx-vars"),
        ('<p hx-get="/x" hx-trigger="load, every 60s"></p>', "signed in"),
        ("<p class=wide></p>", "not quoted"),
        ("<p class={{ x }}></p>", "not quoted"),
        ('<a target="_blank" href="{{ x }}"></a>', "noopener"),
        ("{{ x|safe }}", "|safe"),
        ("{{ Markup(x) }}", "Markup("),
        ("{% autoescape false %}{{ x }}{% endautoescape %}", "autoescape"),
        ('{% include "cases/_row.html" %}', "another room"),
        ('{% from "cases/macros.html" import x %}', "another room"),
    ],
)
def test_what_is_unsafe_or_crosses_rooms_is_named(source, word):
    assert [sentence for sentence in told(source) if word in sentence]


@pytest.mark.parametrize(
    "source",
    [
        "<p>Save</p>",
        "<p>保存</p>",
        "<p>{{ n }} rows</p>",
        '<p title="Save"></p>',
        '<input placeholder="{% if x %}Name{% endif %}">',
        '{{ btn("Save") }}',
        '{{ btn(text="Save now") }}',
        '{{ "Yes" if x else "-" }}',
        '{% set names = {"a": "Name"} %}',
        '{% set names = ["名称"] %}',
    ],
)
def test_text_that_is_not_translated_is_named(source):
    assert any("not translated" in sentence for sentence in told(source))


@pytest.mark.parametrize(
    "source",
    [
        '<p title="{{ _("Save") }}">{{ _("Save") }} · 3 %</p>',
        "<p>{% trans name=name %}Hello {{ name }}{% endtrans %}</p>",
        '<kbd>Ctrl</kbd> {{ keys(["Ctrl Enter", "g t"]) }}',
        '<a lang="en" href="?lang=en">English</a>',
        '{% if kind == "RadioField" or "Multiple" in kind %}{{ icon("plus") }}{% endif %}',
        '{{ ngettext("One row", "%(num)s rows", n) }}',
        '{% macro described() %} aria-describedby="{{ id }}-hint" aria-invalid="true"{% endmacro %}',
        '<p hx-headers=\'{"X-CSRFToken": "{{ csrf_token() }}"}\'></p>',
        '<input hx-trigger="input changed delay:150ms">',
        '{% include "ui/icon.html" %}{% include "customers/_row.html" %}',
        '{# Comments may say <script>anything</script> #}<img src="{{ x }}" alt="">',
    ],
)
def test_what_is_right_is_left_alone(source):
    assert told(source) == []


@pytest.mark.parametrize(
    "source",
    [
        '<tr id="row-{{ n }}"><td>{{ x }}</td></tr>',
        '{% from "ui/icon.html" import icon %}{% set a = 1 %}<p id="a">{{ icon("x") }}</p>',
        '{% if x %}<p id="a">1</p>{% else %}<div id="a"></div>{% endif %}',
        '<ul id="a">{% for x in y %}<li>{{ x }}</li>{% else %}<li></li>{% endfor %}</ul>',
        '<div id="a">{% if x %}<a>{% else %}<p>{% endif %}{% if x %}</a>{% else %}</p>{% endif %}</div>',
        '{% macro m() %}<p></p><p></p>{% endmacro %}<div id="a">{{ m() }}</div>',
        '{% set body %}<p></p>{% endset %}<div id="a">{{ body }}</div>',
        '{% call form_for(form, url, id="a") %}<p></p>{{ x }}{% call b() %}1{% endcall %}{% endcall %}',
        '{% call(x) list(id="a") %}{% if x %}<p></p>{% endif %}{% endcall %}',
        '{{ panel("x", id="a") }}',
        "{% macro only() %}<p></p>{{ caller() }}{% endmacro %}",
        '<dialog id="a"><input name="b"><br><img src="c" alt=""></dialog>',
    ],
)
def test_a_part_with_one_root_and_an_id_is_right(source):
    assert told(source, PART) == []


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("<tr><td></td></tr>", "needs an id"),
        ('<p id="a"></p><p id="b"></p>', "not 2"),
        ('{% if x %}<p id="a"></p>{% endif %}', "leave different"),
        ('{% if x %}<p id="a"></p>{% elif y %}<p id="a"></p>{% endif %}', "leave different"),
        ('{% for x in y %}<p id="a"></p>{% endfor %}', "leave different"),
        ('<p id="a"></p>{{ x }}', "not 2"),
        ('<p id="a"></p> · ', "outside its root"),
        ('<p id="a">', "not closed"),
        ("{{ panel() }}", "given its id"),
        ("{% call form_for(form, url) %}<p></p>{% endcall %}", "given its id"),
        ('{% call a(id="b") %}{% endcall %}{% call a(id="c") %}{% endcall %}', "not 2"),
        ('{% include "customers/_row.html" %}', "by `include`"),
        ("", "not 0"),
    ],
)
def test_a_part_that_is_not_one_element_with_an_id_is_named(source, word):
    assert any(word in sentence for sentence in told(source, PART))


def test_faults_are_told_with_their_lines():
    source = '{# a\nb #}\n<p\n  class="a">\n{%- if x\n  and y %}\n\n  Save{% endif %}</p>'
    assert list(faults(source, PAGE)) == [(8, "'Save' is not translated")]

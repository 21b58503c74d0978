"""The bundle a figure is displayed as: four forms of the same picture, each fit for its readers."""

import base64
import re
import xml.etree.ElementTree as xml


def every_bundle(executed, look):
    found = [b for path in executed.values() for b in look.bundles(path)]
    assert len(found) >= 2
    return found


def test_four_forms_of_every_figure(executed, look):
    for bundle in every_bundle(executed, look):
        assert {"text/html", "image/svg+xml", "application/pdf", "text/plain"} <= set(bundle)


def test_html_is_one_image_holding_the_svg(executed, look):
    for bundle in every_bundle(executed, look):
        [(alt, svg)] = look.images(bundle["text/html"])
        assert svg.strip() == bundle["image/svg+xml"].strip()
        assert alt == look.sentence(bundle)


def test_svg_draws_and_is_clean(executed, look):
    for bundle in every_bundle(executed, look):
        svg = bundle["image/svg+xml"]
        root = xml.fromstring(svg)
        look.assert_draws(svg)
        assert svg.startswith("<svg") and "<?xml" not in svg and "<script" not in svg and "<style" not in svg
        assert "gnuplot" not in svg.lower()
        assert re.fullmatch(r"\d+(px)?", root.get("width", "")) and re.fullmatch(r"\d+(px)?", root.get("height", ""))
        assert root.get("role") == "img"


def test_ids_of_different_figures_do_not_meet(executed, look):
    seen = {}
    for bundle in every_bundle(executed, look):
        svg = bundle["image/svg+xml"]
        ids = re.findall(r'\bid="([^"]+)"', svg)
        assert len(ids) == len(set(ids))
        for name in ids:
            assert seen.setdefault(name, svg) == svg, name
        for name in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg):
            assert (name[0] or name[1]) in ids


def test_pdf_is_whole_and_carries_no_date_of_today(executed, look):
    for bundle in every_bundle(executed, look):
        pdf = base64.b64decode(bundle["application/pdf"])
        assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")
        assert len(set(re.findall(rb"/CreationDate \(D:(\d{14})", pdf))) <= 1
        assert b"/CreationDate (D:20" not in pdf or b"/CreationDate (D:2000" in pdf


def test_text_is_one_sentence(executed, look):
    for bundle in every_bundle(executed, look):
        text = bundle["text/plain"]
        panels = max(text.count("Plot"), 1)
        assert text.endswith(".") and "\n" not in text and len(text) <= 500 * panels

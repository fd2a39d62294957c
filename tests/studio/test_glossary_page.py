import io

from PIL import Image

from limner.provenance.disclosure import read_disclosure
from limner.studio.glossary import sample_page


def test_a_page_of_samples_is_small_and_says_that_it_is_synthetic(studio):
    data = sample_page(studio, "palette", limit=3)
    page = Image.open(io.BytesIO(data))
    assert page.format == "JPEG"
    assert page.width > 3 * 112
    assert page.height < page.width
    assert len(data) < 3 * 8_000
    assert "Iptc4xmpExt:DigitalSourceType" in read_disclosure(data)

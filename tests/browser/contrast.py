"""How well texts stand out from their ground, as WCAG 2 counts it."""

from playwright.sync_api import Page

TEXTS = """
() => {
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/u.test(color) && color !== "transparent") return color;
    }
    return getComputedStyle(document.body).backgroundColor;
  };
  const found = new Map();
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
    if (!own || !element.checkVisibility() || element.closest("svg, option, :disabled")) continue;
    const style = getComputedStyle(element);
    found.set(`${style.color} on ${ground(element)}`, element.textContent.trim().slice(0, 40));
  }
  return [...found];
}
"""


def luminance(color: str) -> float:
    """0..1, of "rgb(12, 34, 56)"."""
    levels = [int(part) / 255 for part in color.strip("rgba()").split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in levels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ratio(text: str, ground: str) -> float:
    light, dark = sorted((luminance(text), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def contrasts(page: Page) -> list[tuple[str, float]]:
    """Each pair of colors on the page that a text has, with one of the texts."""
    return [
        (f"{told} ({colors})", ratio(*colors.split(" on ")))
        for colors, told in page.evaluate(TEXTS)
    ]

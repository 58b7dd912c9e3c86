"""What real cameras do to a picture, put on rendered frames: noise, compression, scaling, blur, sharpening, grey and infrared, casts, writing."""
import cv2
import numpy as np

from data import written

"""Normal numbers, read from any place on: drawing new ones for each picture costs more than all the rest."""
GRAINS = np.random.default_rng(7).standard_normal(1 << 21).astype(np.float32)
"""The strongest noise, sigma in grey levels at middle grey."""
MOST_NOISE = 27


def grains(rng, *shape):
    size = int(np.prod(shape))
    at = int(rng.integers(0, len(GRAINS) - size)) if size < len(GRAINS) else 0
    return np.resize(GRAINS[at : at + size], shape)


def compressed(rng, image, low=25, high=91):
    """JPEG of a random quality; chroma at half size, as in video."""
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(low, high))])[1], 1)


def noisy(rng, image):
    """Shot noise that grows with the root of the light and read noise that does not, mostly the same in all channels; the colour part is coarse, as after demosaicing and denoising."""
    h, w = image.shape[:2]
    sigma = MOST_NOISE * rng.random() ** 2.2 + 0.8
    shot = rng.random()
    level = np.sqrt(shot * np.arange(256) / 128 + (1 - shot)).astype(np.float32) * sigma
    own = rng.uniform(0, 0.7)
    grain = grains(rng, h, w)
    if rng.random() < 0.4:
        grain = cv2.blur(grain, (2, 2)) * 1.6
    colour = cv2.resize(grains(rng, (h + 1) // 2, (w + 1) // 2, 3), (w, h), interpolation=cv2.INTER_LINEAR) * own
    strength = cv2.LUT(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), level)
    return cv2.add(image, (grain[..., None] + colour) * strength[..., None], dtype=cv2.CV_8U)


def scaled(rng, image):
    """Through a smaller picture and back, each way by one of the usual methods."""
    h, w = image.shape[:2]
    k = rng.uniform(0.4, 0.9)
    down, up = rng.choice([cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_NEAREST], p=[0.5, 0.4, 0.1]), rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC])
    small = cv2.resize(image, (int(w * k), int(h * rng.uniform(0.9, 1.1) * k)), interpolation=int(down))
    return cv2.resize(small, (w, h), interpolation=int(up))


def blurred(rng, image):
    """Out of focus (a disc) or shaken (a line)."""
    if rng.random() < 0.6:
        return cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.6)))
    size = int(rng.choice([3, 5, 7]))
    kernel = np.zeros((size, size), np.float32)
    angle, middle = rng.uniform(0, np.pi), size // 2
    reach = np.array([np.cos(angle), np.sin(angle)]) * middle
    cv2.line(kernel, tuple(int(v) for v in np.round(middle - reach)), tuple(int(v) for v in np.round(middle + reach)), 1.0)
    return cv2.filter2D(image, -1, kernel / kernel.sum())


def sharpened(rng, image):
    """Halos, as cheap cameras draw them."""
    amount = rng.uniform(0.4, 1.8)
    return cv2.addWeighted(image, 1 + amount, cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.8, 2))), -amount, 0)


def smeared(image):
    """Denoised until small things run together."""
    return cv2.medianBlur(image, 3)


def tinted(rng, image):
    """A cast, low or high saturation, gamma, and a black level that haze or a bad lens lifts."""
    grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    colour = rng.choice([rng.uniform(0, 0.5), rng.uniform(0.5, 1.3)], p=[0.35, 0.65])
    image = cv2.addWeighted(image, colour, grey, 1 - colour, 0)
    ramp = np.linspace(0, 1, 256, dtype=np.float32)[:, None] ** np.exp(rng.uniform(-0.4, 0.4))
    low = rng.uniform(0, 0.2) if rng.random() < 0.3 else 0.0
    gains = np.exp(rng.normal(0, 0.1, 3)) * rng.uniform(0.75, 1.1)
    return cv2.LUT(image, ((low + (1 - low) * ramp * gains) * 255).clip(0, 255).astype(np.uint8)[None])


def infrared(rng, image):
    """Grey, bright in the middle where the camera's own lamp reaches, dark at the edges; bright things glare."""
    h, w = image.shape[:2]
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if rng.random() < 0.5:
        # Dyes mirror infrared whatever their colour: things become lighter and more alike.
        grey = cv2.max(grey, cv2.addWeighted(image[..., 2], 0.6, image[..., 1], 0.4, 0))
    across = np.abs(np.linspace(-1, 1, w, dtype=np.float32) - rng.uniform(-0.3, 0.3)) ** 2
    down = np.abs(np.linspace(-1, 1, h, dtype=np.float32) - rng.uniform(-0.1, 0.6)) ** 2
    lamp = np.exp(-(across[None] + down[:, None]) * rng.uniform(0.5, 2)) * rng.uniform(1, 1.6)
    out = cv2.multiply(grey, lamp + rng.uniform(0, 0.25), dtype=cv2.CV_8U)
    if rng.random() < 0.4:
        out = cv2.addWeighted(out, 1, cv2.GaussianBlur(cv2.max(out, 170) - 170, (0, 0), 5), 1.2, 0)
    return cv2.cvtColor(out, cv2.COLOR_GRAY2BGR)


def vignetted(rng, image):
    h, w = image.shape[:2]
    out = np.linspace(-1, 1, w, dtype=np.float32)[None] ** 2 + np.linspace(-1, 1, h, dtype=np.float32)[:, None] ** 2
    return cv2.multiply(image, cv2.merge([1 - out * np.float32(rng.uniform(0.05, 0.35))] * 3), dtype=cv2.CV_8U)


def combed(rng, image):
    """Two fields of an interlaced picture, a few pixels apart."""
    out = image.copy()
    out[1::2] = np.roll(image[1::2], int(rng.integers(1, 5)) * rng.choice([-1, 1]), 1)
    return out


def degraded(rng, image):
    """A picture (uint8 BGR, any size, left as it is) as another camera would have sent it; a few steps of the way from lens to stream, each by chance, in their order."""
    steps = (
        (0.6, lambda i: tinted(rng, i)),
        (0.15, lambda i: infrared(rng, i)),
        (0.15, lambda i: vignetted(rng, i)),
        (0.3, lambda i: blurred(rng, i)),
        (0.3, lambda i: scaled(rng, i)),
        (0.25, lambda i: sharpened(rng, i)),
        (0.6, lambda i: noisy(rng, i)),
        (0.08, smeared),
        (0.03, lambda i: combed(rng, i)),
        (0.2, lambda i: written(rng, i.copy())),
        (0.6, lambda i: compressed(rng, i, *((8, 35) if rng.random() < 0.4 else (30, 91)))),
    )
    grey = rng.random() < 0.1
    for chance, step in steps:
        if rng.random() < chance:
            image = step(image)
    return cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR) if grey else image

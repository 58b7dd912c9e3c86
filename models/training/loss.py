"""Which cell answers for which box (task-aligned), and what it costs to be wrong."""
import torch
from torch.nn import functional as F

TOP = 10


def giou(a, b):
    """Intersection over union and its generalised form for boxes of equal leading shape."""
    low = torch.maximum(a[..., :2], b[..., :2])
    high = torch.minimum(a[..., 2:], b[..., 2:])
    inter = (high - low).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).clamp(min=0).prod(-1) + (b[..., 2:] - b[..., :2]).clamp(min=0).prod(-1) - inter
    iou = inter / union.clamp(min=1e-6)
    hull = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    return iou, iou - (hull - union) / hull.clamp(min=1e-6)


def inside(points, boxes):
    """Whether each point lies in each box: [B,M,N]; a box with no cell centre in it takes those next to its own."""
    p = points[None, None]
    b = boxes[:, :, None]
    centre = (b[..., :2] + b[..., 2:]) / 2
    half = ((b[..., 2:] - b[..., :2]) / 2).clamp(min=4.5)
    return ((p - centre).abs() < half).all(-1)


def start_metric(points, strides, boxes):
    """Before the network knows anything: near the middle, on the level that fits the size."""
    b = boxes[:, :, None]
    size = (b[..., 2:] - b[..., :2]).clamp(min=1)
    off = ((points[None, None] - (b[..., :2] + b[..., 2:]) / 2) / size).pow(2).sum(-1)
    fit = (torch.log2(size.amax(-1) / 5) - torch.log2(strides[:, 0])[None, None]).abs()
    return torch.exp(-6 * off - 1.2 * fit)


@torch.no_grad()
def assign(scores, boxes, points, strides, truth, early):
    """Soft class targets [B,N,C], the box each cell answers for [B,N,4] and the cells' weights [B,N]."""
    gt, cls, real = truth["boxes"], truth["classes"], truth["real"]
    batch, count, _ = gt.shape
    near = inside(points, gt) & real[..., None]
    iou = giou(gt[:, :, None], boxes[:, None])[0]
    own = scores.gather(2, cls[:, None].expand(-1, scores.shape[1], -1)).transpose(1, 2)
    metric = start_metric(points, strides, gt) if early else own * iou.pow(6)
    metric = metric * near
    top = metric.topk(TOP, dim=-1)
    chosen = torch.zeros_like(metric).scatter_(2, top.indices, (top.values > 1e-9).float())
    rank = torch.where(chosen > 0, start_metric(points, strides, gt) if early else iou + 1e-6, torch.zeros_like(iou))
    best = rank.argmax(1)
    positive = chosen.amax(1) > 0
    single = F.one_hot(best, count).transpose(1, 2) * chosen * positive[:, None]
    peak = (metric * single).amax(-1, keepdim=True).clamp(min=1e-9)
    quality = torch.ones_like(iou) if early else metric / peak * (iou * single).amax(-1, keepdim=True)
    weight = (quality * single).amax(1)
    box = gt.gather(1, best[..., None].expand(-1, -1, 4))
    label = cls.gather(1, best)
    target = F.one_hot(label, scores.shape[-1]).float() * weight[..., None]
    return target, box, weight, positive


@torch.no_grad()
def forbidden(points, truth, classes):
    """1 where a class must not be seen [B,N,C]: its data set labels the class, and no box that is ignored for it is there."""
    there = (inside(points, truth["ignored"]) & truth["ignored_real"][..., None]).float()
    ignored = there.transpose(1, 2) @ F.one_hot(truth["ignored_classes"], classes).float()
    return (ignored == 0) * truth["labelled"][:, None]


def loss(logits, boxes, points, strides, truth, early):
    scores = logits.detach().sigmoid()
    target, box, weight, positive = assign(scores, boxes.detach(), points, strides, truth, early)
    total = weight.sum().clamp(min=1.0)
    focus = torch.where(target > 0, torch.ones_like(target), (0.75 * scores.pow(2) + 0.02) * forbidden(points, truth, scores.shape[-1]))
    cls = (F.binary_cross_entropy_with_logits(logits, target, reduction="none") * focus).sum() / total
    fit = ((1 - giou(boxes, box)[1]) * weight * positive).sum() / total
    return cls + 2.5 * fit, cls.detach(), fit.detach()

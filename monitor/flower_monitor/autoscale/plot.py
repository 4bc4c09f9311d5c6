"""A simulation as a picture of characters."""

from collections.abc import Sequence

from flower_monitor.autoscale.simulate import Step


def picture(steps: Sequence[Step], width: int, height: int) -> str:
    """Work above capacity, over the hours of a simulation: one picture below the other, which need no colors.

    Args:
        steps: The decisions.
        width: Characters of the pictures, without their axes.
        height: Lines of each.
    """
    hours = [(step.at - steps[0].at) / 3600 for step in steps]
    work = _figure(hours, [step.work for step in steps], "work", width, height)
    capacity = _figure(hours, [step.capacity for step in steps], "capacity", width, height)
    return f"{work}\n\n{capacity}"


def _figure(hours: Sequence[float], values: Sequence[float], name: str, width: int, height: int) -> str:
    import plotille  # for this command only

    figure = plotille.Figure()
    figure.width, figure.height = width, height
    figure.with_colors = False
    figure.x_label, figure.y_label = "hours", name
    figure.register_label_formatter(float, _label)
    figure.set_x_limits(min_=0.0, max_=max(hours[-1], 0.001))
    figure.set_y_limits(min_=0.0, max_=max(1.0, *values) * 1.05)
    figure.plot(hours, values)
    return str(figure.show())


def _label(value: float, chars: int, delta: float, left: bool = False) -> str:
    """A number at an axis: plotille's own has ten digits."""
    text = f"{value:.4g}"
    return text.ljust(chars) if left else text.rjust(chars)

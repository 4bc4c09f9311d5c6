"""A simulation as a picture of characters."""

from collections.abc import Sequence

from flower_monitor.autoscale.simulate import Step


def picture(steps: Sequence[Step], width: int, height: int, *, color: bool) -> str:
    """Work and capacity over the hours of a simulation."""
    import plotille  # for this command only

    figure = plotille.Figure()
    figure.width, figure.height = width, height
    figure.with_colors = color
    figure.x_label, figure.y_label = "hours", "tasks"
    figure.set_x_limits(min_=0.0)
    figure.set_y_limits(min_=0.0, max_=max(1.0, *(max(step.work, step.capacity) for step in steps)) * 1.05)
    figure.register_label_formatter(float, _label)
    hours = [(step.at - steps[0].at) / 3600 for step in steps]
    figure.plot(hours, [step.work for step in steps], lc="red" if color else None, label="work")
    figure.plot(hours, [step.capacity for step in steps], lc="green" if color else None, label="capacity")
    return str(figure.show(legend=True))


def _label(value: float, chars: int, delta: float, left: bool = False) -> str:
    """A number at an axis: plotille's own has ten digits."""
    text = f"{value:.4g}"
    return text.ljust(chars) if left else text.rjust(chars)

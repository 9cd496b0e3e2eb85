"""What each alias of the declarations' grammar means: the function of its name."""

from quantumlayer.builtin.language import declaring, forms, lives, naming, openings, specs

ACTIONS = {
    name: action
    for module in (specs, forms, naming, declaring, openings, lives)
    for name, action in vars(module).items()
    if callable(action)
    and name[0].islower()
    and getattr(action, "__module__", "").startswith(__package__)
}

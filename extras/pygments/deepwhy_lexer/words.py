"""Written by scripts/refresh-docs; the language's own tables are the source."""

KEYWORDS = frozenset([
    "and", "animate", "by", "check", "do", "else", "end", "for", "if", "in", "interact", "not", "or", "otherwise",
    "repeat", "when", "while",
])
TRUTHS = frozenset([
    "false", "true",
])
BUILTINS = frozenset([
    "NaN", "abs", "accuracy", "acos", "again", "all", "any", "argmax", "argmin", "asin", "ask", "atan", "bars",
    "batchnorm", "ceil", "choose", "clear", "clip", "columns", "confusion", "contour", "conv", "cos", "cosh", "cost",
    "count", "cumsum", "decision_tree", "dense", "describe", "det", "diff", "digits", "distinct", "dot", "dropout",
    "edit", "eigenvalues", "eigenvectors", "elu", "embed", "erf", "exp", "eye", "flatten", "floor", "fraction",
    "gelu", "grad", "guess", "hessian", "hist", "hline", "image", "inf", "integral", "inverse", "join", "kinks",
    "layernorm", "leaky", "line", "linspace", "load", "log", "log10", "log2", "max", "mean", "meanpool", "median",
    "min", "minimize", "mod", "nearest", "norm", "normal", "normal_cdf", "note", "number", "ones", "params", "pi",
    "plot", "points", "polynomial_fit", "pool", "print", "product", "quantile", "randomize", "region", "regions",
    "relu", "reverse", "root", "round", "rows", "sample", "save", "seed", "shift", "show", "shuffle", "sigmoid",
    "sign", "silu", "sin", "sinh", "size", "slope", "softmax", "softplus", "solve", "sort", "split", "sqrt",
    "standardize", "std", "sum", "surface", "table", "tan", "tanh", "text", "train", "transpose", "uniform", "unit",
    "variance", "vline", "windows", "words", "zeros", "Φ", "π", "σ", "∞",
])

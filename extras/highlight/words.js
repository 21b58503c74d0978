/* Written by scripts/refresh-docs; the language's own tables are the source. */
const deepwhyWords = {
  keywords: [
    "and", "animate", "by", "check", "do", "else", "end", "for", "if", "in", "interact", "not", "or", "otherwise",
    "repeat", "when", "while",
  ],
  truths: [
    "false", "true",
  ],
  builtins: [
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
  ],
  symbols: [
    ["alpha", "α"], ["beta", "β"], ["gamma", "γ"], ["delta", "δ"], ["epsilon", "ε"], ["varepsilon", "ε"],
    ["zeta", "ζ"], ["eta", "η"], ["theta", "θ"], ["iota", "ι"], ["kappa", "κ"], ["lambda", "λ"], ["mu", "μ"],
    ["nu", "ν"], ["xi", "ξ"], ["pi", "π"], ["rho", "ρ"], ["sigma", "σ"], ["tau", "τ"], ["upsilon", "υ"], ["phi", "φ"],
    ["varphi", "φ"], ["chi", "χ"], ["psi", "ψ"], ["omega", "ω"], ["Gamma", "Γ"], ["Delta", "Δ"], ["Theta", "Θ"],
    ["Lambda", "Λ"], ["Xi", "Ξ"], ["Pi", "Π"], ["Sigma", "Σ"], ["Phi", "Φ"], ["Psi", "Ψ"], ["Omega", "Ω"],
    ["ell", "ℓ"], ["nabla", "∇"], ["grad", "∇"], ["hessian", "∇²"], ["infty", "∞"], ["inf", "∞"], ["to", "→"],
    ["rightarrow", "→"], ["mapsto", "↦"], ["le", "≤"], ["leq", "≤"], ["ge", "≥"], ["geq", "≥"], ["ne", "≠"],
    ["neq", "≠"], ["approx", "≈"], ["pm", "±"], ["in", "∈"], ["cdot", "·"], ["times", "*"], ["sqrt", "sqrt"],
    ["sum", "sum"], ["int", "integral"], ["top", "ᵀ"], ["^T", "ᵀ"], ["^-", "⁻"], ["^0", "⁰"], ["^1", "¹"],
    ["^2", "²"], ["^3", "³"], ["^4", "⁴"], ["^5", "⁵"], ["^6", "⁶"], ["^7", "⁷"], ["^8", "⁸"], ["^9", "⁹"],
    ["_0", "₀"], ["_1", "₁"], ["_2", "₂"], ["_3", "₃"], ["_4", "₄"], ["_5", "₅"], ["_6", "₆"], ["_7", "₇"],
    ["_8", "₈"], ["_9", "₉"],
  ],
};

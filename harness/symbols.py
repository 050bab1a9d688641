"""The standard symbols, for theorem files: ``from harness.symbols import eta, loss``.

Notation: N samples, n inputs, m outputs, h hidden width; a two-layer linear network is
W = W1 W2 with W1 in R^{n x h}, W2 in R^{h x m}; l(W) is the loss as a function of the product,
L(W1, W2) = l(W1 W2). The data matrix is reduced first (X replaced by its invertible r x r part),
so n means r below. sigma_min(W) is the min(n, m)-th singular value of an n x m matrix, and
lambda_k the k-th largest eigenvalue (0 when there are fewer than k).
"""

from harness.vocabulary.symbol import symbol as symbol

samples = symbol("samples", "number of samples N", "configuration", "N")
features = symbol("features", "number of input features before the reduction", "configuration")
outputs = symbol("outputs", "number of outputs m", "configuration", "m")
width = symbol("width", "hidden width h", "configuration", "h")
iid_init = symbol(
    "iid_init",
    "1 when the entries of W1 and W2 are independent draws from one continuous law, else 0",
    "configuration",
)
squared = symbol("squared", "1 when l(W) = 1/2 |Y - X W|_F^2, else 0", "configuration")

inputs = symbol(
    "inputs", "n: rank of the data matrix, the inputs left by the reduction", "run", "n"
)
K = symbol("K", "smoothness constant of l; sigma_max(X)^2 for the squared loss", "run")
mu = symbol("mu", "strong convexity constant of l; sigma_min(X)^2 for the squared loss", "run")
norm_Y = symbol("norm_Y", "|Y|_F, reduced targets", "run", r"\|Y\|_F")
smin_Y = symbol("smin_Y", "sigma_min(Y), reduced targets", "run", r"\sigma_{\min}(Y)")
smin_target = symbol("smin_target", "sigma_min of the minimiser W*", "run", r"\sigma_{\min}(W^*)")
smax_target = symbol("smax_target", "sigma_max of the minimiser W*", "run", r"\sigma_{\max}(W^*)")

t = symbol("t", "index of the step, from 0")
eta = symbol("eta", "step size from this state to the next", "transition", r"\eta")
loss = symbol(
    "loss", "excess loss L - L*: a sum over samples, with the 1/2, without 1/N", latex="L"
)
grad_norm = symbol("grad_norm", "|grad L|_F over all weights", latex=r"\|\nabla L\|_F")
smoothness = symbol(
    "smoothness",
    "upper bound of |Hessian of L|_2 between this iterate and the next",
    "transition",
    latex=r"K_L",
)
residual = symbol("residual", "|Y - X W|_F", latex=r"\|E\|_F")
distance = symbol("distance", "|W - W*|_F", latex=r"\|W-W^*\|_F")
product_grad = symbol("product_grad", "|grad l(W)|_F", latex=r"\|\nabla\ell\|_F")
smax_W1 = symbol("smax_W1", "sigma_max(W1)", latex=r"\sigma_{\max}(W_1)")
smax_W2 = symbol("smax_W2", "sigma_max(W2)", latex=r"\sigma_{\max}(W_2)")
smin_W = symbol("smin_W", "sigma_min(W)", latex=r"\sigma_{\min}(W)")
smax_W = symbol("smax_W", "sigma_max(W)", latex=r"\sigma_{\max}(W)")
tau_min = symbol(
    "tau_min",
    "lambda_n(W1 W1') + lambda_m(W2' W2), the least eigenvalue of U -> U W2' W2 + W1 W1' U",
    latex=r"\lambda_{\min}(\tau)",
)
lamn_W1W1 = symbol("lamn_W1W1", "lambda_n(W1 W1')", latex=r"\lambda_n(W_1W_1^\top)")
lamm_W2W2 = symbol("lamm_W2W2", "lambda_m(W2' W2)", latex=r"\lambda_m(W_2^\top W_2)")
lam1_D = symbol("lam1_D", "lambda_1(D), D = W1' W1 - W2 W2'", latex=r"\lambda_1(D)")
lamn_D = symbol("lamn_D", "lambda_n(D)", latex=r"\lambda_n(D)")
lam1_mD = symbol("lam1_mD", "lambda_1(-D)", latex=r"\lambda_1(-D)")
lamm_mD = symbol("lamm_mD", "lambda_m(-D)", latex=r"\lambda_m(-D)")
movement = symbol(
    "movement",
    "|theta(t) - theta(0)|, all trained weights as one vector",
    latex=r"\|\theta(t)-\theta(0)\|",
)
training_loss = symbol(
    "training_loss",
    "the loss on all data as the criterion gives it: no minimum subtracted, its own normalisation",
    latex=r"\mathcal{L}",
)
drift = symbol("drift", "|D(t) - D(0)|_F", latex=r"\|D(t)-D(0)\|_F")
drift_step = symbol("drift_step", "|D(t+1) - D(t)|_F", "transition", latex=r"\|D(t+1)-D(t)\|_F")

flow_time = symbol("flow_time", "time T for which gradient flow has run", "run", "T")
flow_loss = symbol("flow_loss", "excess loss L - L* of gradient flow at time T", "run", "L(T)")
flow_frozen = symbol(
    "flow_frozen", "|F W2(T)|_F, F the rows of W1 that gradient flow leaves alone", "run"
)
coupling = symbol(
    "coupling", "|(F W2, F W1')|_F at the start, F the rows of W1 that are never trained", "run"
)
init_exponent = symbol(
    "init_exponent", "a: W1 and W2 have independent N(0, h^(-2a)) entries", "configuration", "a"
)

init_scale = symbol("init_scale", "a: every eigenvalue of W(0) is a times a number", "run", "a")
init_least = symbol("init_least", "least eigenvalue of W(0)/a", "run")
init_largest = symbol("init_largest", "largest eigenvalue of W(0)/a", "run")
mode_first = symbol("mode_first", "s_1, largest eigenvalue of the target", "run", "s_1")
mode_learned = symbol("mode_learned", "s_k of the target, k the rank compared with", "run", "s_k")
mode_next = symbol("mode_next", "s_{k+1} of the target; 0 for the last k", "run", "s_{k+1}")
mode_last = symbol("mode_last", "s_K, least eigenvalue of the target", "run", "s_K")
mode_ratio = symbol("mode_ratio", "max_k s_{k+1}/s_k over k < K; 0 for K = 1", "run")
rank_gap = symbol("rank_gap", "|W(T) - Y_k|_2, Y_k the best approximation of rank k", "run")
tolerance = symbol("tolerance", "how close the flow is asked to come", "run", "e")

depth = symbol("depth", "number of weight matrices L of a multilayer perceptron", "configuration")
relu_net = symbol("relu_net", "1 when every activation is max(z, 0), else 0", "configuration")
linear_net = symbol(
    "linear_net", "1 when every activation is the identity, else 0", "configuration"
)
smax_data = symbol("smax_data", "sigma_max(X), one sample a row", "run", r"\sigma_{\max}(X)")
norm_targets = symbol("norm_targets", "|Y|_F, one sample a row", "run", r"\|Y\|_F")
misfit = symbol("misfit", "|f(X) - Y|_F over all samples and outputs", latex=r"\|f(X)-Y\|_F")
ntk_min = symbol(
    "ntk_min",
    "least eigenvalue of J J', J the Jacobian of all outputs by all weights; no 1/N, no 1/h",
    latex=r"\lambda_{\min}(JJ^\top)",
)
ntk_max = symbol("ntk_max", "largest eigenvalue of J J'", latex=r"\lambda_{\max}(JJ^\top)")
sign_change = symbol(
    "sign_change",
    "share of hidden pre-activations, over samples and units, that are positive now or at the start, "
    "not both",
)
linearization_gap = symbol(
    "linearization_gap",
    "|f(X) - g(X)|_F, g the network linearised at the start and trained by the same steps",
    latex=r"\|f(X)-g(X)\|_F",
)
smax_first = symbol("smax_first", "sigma_max(W_1)", latex=r"\sigma_{\max}(W_1)")
smax_last = symbol("smax_last", "sigma_max(W_L)", latex=r"\sigma_{\max}(W_L)")
smax_layers = symbol("smax_layers", "max_l sigma_max(W_l)", latex=r"\max_l\sigma_{\max}(W_l)")
movement_first = symbol("movement_first", "|W_1(t) - W_1(0)|_F")
movement_last = symbol("movement_last", "|W_L(t) - W_L(0)|_F")
movement_layers = symbol("movement_layers", "max_l |W_l(t) - W_l(0)|_F")
